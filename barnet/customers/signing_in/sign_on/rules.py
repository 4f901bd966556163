"""Whose login a provider's account opens: for residents by link alone, for staff by the groups that it names today."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from barnet.customers import services
from barnet.customers.enums import StaffChange, StaffSource
from barnet.customers.models import User
from barnet.customers.records import IdentityCheck, StaffEvent
from barnet.customers.signing_in import mail
from barnet.customers.signing_in.sign_on.configuration import STAFF, ProviderSettings
from barnet.customers.signing_in.sign_on.identity import Identity
from barnet.customers.signing_in.sign_on.refusals import Reason, SignOnRefusedError
from barnet.customers.staff import staffing


def login_for(provider: ProviderSettings, identity: Identity) -> User:
    """The login that this person may use from now on. SignOnRefusedError says why there is none."""
    try:
        user = _staff(provider, identity) if provider.key == STAFF else _resident(provider, identity)
    except staffing.StaffingRefusedError as changed:  # by somebody else, at this moment
        raise SignOnRefusedError(Reason.PROVIDER_ERROR, str(changed)) from changed
    if not user.is_active:
        raise SignOnRefusedError(Reason.CLOSED, user=user)
    note_identity(user, provider, identity)
    return user


def link(user: User, provider: ProviderSettings, identity: Identity) -> None:
    """`user` is signed in and proved a moment ago that the login is theirs."""
    holder = linked(provider, identity)
    if holder and holder != user:
        raise SignOnRefusedError(Reason.OTHERS, user=user)
    if user.is_superuser and provider.key == STAFF:
        raise SignOnRefusedError(Reason.KEPT_APART, user=user)
    if provider.key == STAFF:
        _follow_groups(user, provider, identity)
    if holder is None:
        _link(user, provider, identity)
    note_identity(user, provider, identity)


def unlink(user: User, provider: ProviderSettings) -> bool:
    """The login stays and opens by code or password. False: it was not linked."""
    gone, _rows = SocialAccount.objects.filter(user=user, provider=provider.issuer).delete()
    if gone:
        _tell(user, provider, "account-sign-on-unlinked")
    return bool(gone)


def linked(provider: ProviderSettings, identity: Identity) -> User | None:
    """Known by issuer and subject together: another issuer's subject may be the same text."""
    account = (
        SocialAccount.objects.select_related("user").filter(provider=provider.issuer, uid=identity.subject).first()
    )
    return account.user if account else None


def note_identity(user: User, provider: ProviderSettings, identity: Identity) -> None:
    if provider.key == STAFF:
        return
    IdentityCheck.objects.create(
        customer=services.ensure_customer(user),
        provider=provider.name[:40],
        issuer=provider.issuer[:200],
        confidence=identity.confidence,
        credential=identity.credential,
        is_proved=identity.is_proved,
    )


# --- Residents ---


def _resident(provider: ProviderSettings, identity: Identity) -> User:
    if known := linked(provider, identity):
        return known
    if not identity.email:
        raise SignOnRefusedError(Reason.EMAIL)
    try:
        with transaction.atomic():
            _refuse_taken(identity.email)
            user = User(email=identity.email, first_name=identity.first_name, last_name=identity.last_name)
            user.set_unusable_password()
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            SocialAccount.objects.create(user=user, provider=provider.issuer, uid=identity.subject)
            customer = services.ensure_customer(user)
            if identity.phone and not customer.phone:
                customer.phone = identity.phone
                customer.save(update_fields=["phone"])
            return user
    except IntegrityError:  # the same person, a moment ago, in another tab
        if known := linked(provider, identity):
            return known
        raise SignOnRefusedError(Reason.TAKEN) from None


def _refuse_taken(email: str) -> None:
    """An address that has a login is never taken over, confirmed by the provider or not."""
    holder = User.objects.filter(email=email).first()
    known = EmailAddress.objects.filter(email__iexact=email).select_related("user").first()
    if holder or known:
        raise SignOnRefusedError(Reason.TAKEN, user=holder or (known.user if known else None))


# --- Staff ---


def _staff(provider: ProviderSettings, identity: Identity) -> User:
    user = linked(provider, identity)
    is_linked = user is not None
    if user is None and identity.email:
        user = User.objects.filter(email=identity.email).first()
    if user and user.is_superuser:
        raise SignOnRefusedError(Reason.KEPT_APART, user=user)
    if user and not (is_linked or user.is_staff) and roles_of(provider, identity):
        raise SignOnRefusedError(Reason.TAKEN, user=user)  # a resident's login: they link it themselves
    if user is None or not (is_linked or user.is_staff):
        user = _joined(provider, identity)
    else:
        _follow_groups(user, provider, identity)
    if not is_linked:
        _link(user, provider, identity)
    return User.objects.get(pk=user.pk)


def _joined(provider: ProviderSettings, identity: Identity) -> User:
    roles = roles_of(provider, identity)
    if not roles:
        raise SignOnRefusedError(Reason.NO_ROLE)
    if not identity.email:
        raise SignOnRefusedError(Reason.EMAIL)
    return staffing.join(
        identity.email,
        roles=roles,
        cause=_cause(provider),
        first_name=identity.first_name,
        last_name=identity.last_name,
    ).user


def _follow_groups(user: User, provider: ProviderSettings, identity: Identity) -> None:
    """Roles are what the provider says today. Somebody without a role is refused, and closed if they worked here."""
    roles = roles_of(provider, identity)
    cause = _cause(provider)
    if not roles:
        if user.is_staff and user.is_active:
            staffing.leave(user, cause=cause)
        raise SignOnRefusedError(Reason.NO_ROLE, user=user)
    if user.is_staff and user.is_active:
        staffing.move(user, roles=roles, cause=cause)
    elif user.is_active or _was_closed_by_groups(user):
        staffing.join(user.email, roles=roles, cause=cause)
    else:
        raise SignOnRefusedError(Reason.CLOSED, user=user)


def roles_of(provider: ProviderSettings, identity: Identity) -> list[str]:
    return sorted({role for group in identity.groups for role in provider.roles.get(group, ())})


def _was_closed_by_groups(user: User) -> bool:
    """What people closed, people open again."""
    last = StaffEvent.objects.filter(user=user).order_by("-at", "-pk").first()
    return last is not None and (last.kind, last.source) == (StaffChange.LEFT, StaffSource.CLAIM)


def _cause(provider: ProviderSettings) -> staffing.Cause:
    return staffing.Cause(StaffSource.CLAIM, provider.name, reason="Groups at sign-in")


# --- Links ---


def _link(user: User, provider: ProviderSettings, identity: Identity) -> None:
    if SocialAccount.objects.filter(user=user, provider=provider.issuer).exists():
        raise SignOnRefusedError(Reason.OTHERS, "another account of the provider is linked", user=user)
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user=user, provider=provider.issuer, uid=identity.subject)
            _tell(user, provider, "account-sign-on-linked")
    except IntegrityError:
        if linked(provider, identity) != user:
            raise SignOnRefusedError(Reason.OTHERS, user=user) from None


def _tell(user: User, provider: ProviderSettings, kind: str) -> None:
    fields = {
        "when": timezone.now(),
        "provider": provider.name,
        "reset_link": settings.BASE_URL + reverse("account_reset_password"),
    }
    mail.send(kind, email=user.email, user=user, fields=fields)
