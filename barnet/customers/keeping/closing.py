"""Closing an account: shut at once, called back within 14 days by signing in with a code, then made anonymous.

What the council keeps is the customer's record, the requests and who read them: those are the council's to keep, for as
long as its retention schedule says. What goes is the login: its address, its names, and every way in; and what rooms
held for the account alone, such as scans of documents that were seen (`keeping.leaving`).
"""

import datetime as dt

import structlog
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.acting_for import delegating
from barnet.customers.enums import BusinessRole, EndedBy, SecurityEventKind
from barnet.customers.keeping import leaving
from barnet.customers.models import Delegation, User
from barnet.customers.signing_in import mail, sessions, watch
from barnet.customers.signing_in.security import AccountClosure, KnownDevice, SignInSession
from barnet.kit.wording import date_long, moment

GRACE = dt.timedelta(days=14)

log = structlog.get_logger(__name__)


class ClosingRefusedError(ValueError):
    """The account of a member of staff ends when they leave, and not before."""


def is_pending(user: User) -> bool:
    return AccountClosure.objects.pending().filter(user=user).exists()


@transaction.atomic
def ask_to_close(user: User, *, request: HttpRequest | None) -> AccountClosure:
    """Everybody who is signed in to the account is signed out, this browser included. Twice is once."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff:
        raise ClosingRefusedError
    if closure := AccountClosure.objects.pending().filter(user=user).first():
        return closure
    now = timezone.now()
    closure = AccountClosure.objects.create(user=user, asked_at=now, due_at=now + GRACE)
    watch.record(SecurityEventKind.CLOSING_ASKED, request=request, user=user)
    sessions.end_all(user, request=request)
    mail.send(
        "account-closing",
        email=user.email,
        user=user,
        fields={
            "when": moment(now),
            "until": date_long(timezone.localdate(closure.due_at)),
            "code_link": settings.BASE_URL + reverse("account_request_login_code"),
        },
    )
    return closure


@transaction.atomic
def call_back(user: User, *, request: HttpRequest | None) -> bool:
    """The owner signed in with a code in time. False: nothing was to be called back."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    now = timezone.now()
    if not AccountClosure.objects.pending().filter(user=user).update(called_back_at=now):
        return False
    watch.record(SecurityEventKind.CALLED_BACK, request=request, user=user)
    mail.send(
        "account-reopened",
        email=user.email,
        user=user,
        fields={"when": moment(now), "reset_link": settings.BASE_URL + reverse("account_reset_password")},
    )
    return True


def close_due(now: dt.datetime | None = None) -> str:
    """Closes every account whose grace is over, each in a transaction of its own. Safe to run again at any time."""
    due = AccountClosure.objects.pending().filter(due_at__lte=now or timezone.now()).order_by("due_at", "pk")
    closed = sum(_close(pk) for pk in list(due.values_list("pk", flat=True)))
    return f"{closed} accounts closed"


@transaction.atomic
def _close(pk: int) -> bool:
    user_pk = AccountClosure.objects.values_list("user", flat=True).get(pk=pk)
    user = User.objects.select_for_update().get(pk=user_pk)
    # Its owner may have called it back, or become staff, while we came to it.
    if user.is_staff or not AccountClosure.objects.pending().filter(pk=pk).update(closed_at=timezone.now()):
        return False
    mail.send("account-closed", email=user.email, user=None, fields={"when": timezone.now()})
    _end_authorities(user)
    leaving.tell_rooms(user)
    _forget_ways_in(user)
    user.email = f"closed-{user.pk}@closed.invalid"
    user.first_name = user.last_name = ""
    user.is_active = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    watch.record(SecurityEventKind.CLOSED, request=None, user=user)
    log.info("account_closed", user_id=user.pk)
    return True


def _end_authorities(user: User) -> None:
    """Nobody acts for somebody who is gone, nor they for others. A business keeps its last owner until staff find
    another: what it has with us must not be left to nobody."""
    concerned = Q(principal__user=user) | Q(delegate__user=user)
    for delegation in Delegation.objects.filter(concerned, revoked_at=None).order_by("pk"):
        if delegation.role == BusinessRole.OWNER and delegating.is_last_owner(delegation):
            continue
        delegating.end_authority(delegation, by=None, side=EndedBy.SYSTEM, reason=str(_("The account was closed.")))


def _forget_ways_in(user: User) -> None:
    sessions.end_all(user)
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    KnownDevice.objects.filter(user=user).delete()
    SignInSession.objects.filter(user=user).delete()
    if apps.is_installed("allauth.socialaccount"):
        apps.get_model("socialaccount", "SocialAccount").objects.filter(user=user).delete()
