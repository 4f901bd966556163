"""What changes a customer or a login; `delegating` and `inviting` change who may act for whom.

Reads of personal data by staff are recorded here, too.
"""

from collections.abc import Iterable, Mapping

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from barnet.customers import access
from barnet.customers.enums import CustomerKind, Language, SecurityEventKind
from barnet.customers.models import ApiKey, Customer, Need, User
from barnet.customers.reaching.typed_addresses import tell_gazetteer
from barnet.customers.signing_in import mail, sessions, watch
from barnet.gazetteer.models import Address


def ensure_customer(user: User) -> Customer:
    """The customer behind a login, made on first need; two tabs at once get the same one."""
    return Customer.objects.of(user)


def record_access(*, actor: User, customer: Customer | None, what: str, purpose: str) -> None:
    """A member of staff read somebody's data. Written once for a request, however often it is asked."""
    access.record(actor=actor, customer=customer, what=what, purpose=purpose)


def record_readings(*, actor: User | ApiKey, read: Iterable[tuple[Customer | None, str]], purpose: str) -> None:
    """As `record_access`, for everything that a list shows or a call of another system is given, in one query."""
    access.record_all(actor=actor, read=read, purpose=purpose)


@transaction.atomic
def create_customer(
    *,
    name: str,
    email: str = "",
    phone: str = "",
    address: Address | None = None,
    address_text: str = "",
    kind: CustomerKind = CustomerKind.PERSON,
    submission_key: str = "",
) -> Customer:
    """Somebody who has no login, as staff meet them. The same filled form twice makes one record."""
    fields = {
        "kind": kind,
        "name": name,
        "email": email.lower(),
        "phone": phone,
        "address": address,
        "address_text": "" if address else address_text[:300],
    }
    if not submission_key:
        customer, is_new = Customer.objects.create(**fields), True
    else:
        customer, is_new = Customer.objects.get_or_create(submission_key=submission_key, defaults=fields)
    if is_new and address_text:
        tell_gazetteer(customer)
    return customer


@transaction.atomic
def change_details(
    customer: Customer, *, name: str, phone: str, address: Address | None, address_text: str = ""
) -> Customer:
    """The name that others read beside what a resident did follows; the name of a member of staff is not theirs."""
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    customer.name = name
    customer.phone = phone
    customer.address = address
    customer.address_text = "" if address else address_text[:300]
    customer.save(update_fields=["name", "phone", "address", "address_text"])
    tell_gazetteer(customer)
    User.objects.filter(pk=customer.user_id, is_staff=False).update(first_name=name[:100], last_name="")  # type: ignore[misc]
    return customer


def choose_language(customer: Customer, language: str) -> None:
    """Of what we write to them from now on."""
    Customer.objects.filter(pk=customer.pk).update(language=Language(language))


@transaction.atomic
def set_needs(customer: Customer, told: Mapping[str, str], *, by: User) -> None:
    """`told`: each kind that is needed now, with its words. What is the same keeps the day on which it was agreed."""
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    kept = set()
    for need in customer.needs.filter(ended_at=None):
        if told.get(need.kind) == need.words:
            kept.add(need.kind)
        else:
            need.ended_at = timezone.now()
            need.save(update_fields=["ended_at"])
    for kind, words in told.items():
        if kind not in kept:
            Need.objects.create(customer=customer, kind=kind, words=words, recorded_by=by)


@transaction.atomic
def follow_login_email(user: User) -> None:
    """The customer is written to where the login is: called whenever the e-mail of a login changes."""
    customer = Customer.objects.select_for_update().filter(user=user).first()
    if customer and customer.email != user.email:
        customer.email = user.email
        customer.save(update_fields=["email"])


@transaction.atomic
def tell_of_email_change(user: User, *, new_email: str) -> None:
    """To the address that the login has now: somebody asked for another one."""
    mail.send(
        "account-email-change-asked",
        email=user.email,
        user=user,
        fields={
            "when": timezone.now(),
            "new_email": new_email,
            "reset_link": settings.BASE_URL + reverse("account_reset_password"),
        },
    )


@transaction.atomic
def forget_unproved_password(user: User) -> None:
    """Whoever registered this address never proved that it is theirs; now its owner signs in by e-mailed code.

    The password may be a stranger's, so it must not open the account: the owner sets one of their own.
    """
    if user.has_usable_password() and not EmailAddress.objects.filter(user=user, verified=True).exists():
        user.set_unusable_password()
        user.save(update_fields=["password"])


@transaction.atomic
def forget_authenticator(user: User) -> bool:
    """For somebody who lost telephone and recovery codes, after an operator made sure who they are.

    They sign in without a second step next, and are told by mail, in case it was not them. False: there was none.
    """
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if gone:
        watch.record(SecurityEventKind.SECOND_STEP_REMOVED, request=None, user=user, detail="by an operator")
        sessions.end_all(user)
        mail.send(
            "account-second-step-removed",
            email=user.email,
            user=user,
            fields={
                "when": timezone.now(),
                "reset_link": settings.BASE_URL + reverse("account_reset_password"),
            },
        )
    return bool(gone)
