"""Invitations to act for somebody: made, accepted once, declined, withdrawn.

An e-mail carries no secret: the invitation opens only for a login that proved the address. A letter carries a code of
ten signs, shown once and kept as a keyed digest; whoever types it must know the inviter's postcode, too. After five
wrong postcodes the code is closed, and whoever types codes may try only so often (`portal.myaccount.people`).
"""

import datetime as dt
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnet.catalogue.models import Service
from barnet.customers import selectors
from barnet.customers.acting_for import delegating, telling
from barnet.customers.acting_for.delegating import AuthorityRefusedError, lock
from barnet.customers.enums import AuthorityKind, InvitationState, InvitationWay
from barnet.customers.models import Customer, Delegation, Invitation, User
from barnet.kit.references import SIGNS
from barnet.kit.wording import date_long

CODE_LENGTH = 10  # 23^10: four million million
MOST_WAITING = 10  # invitations of one person at a time, so that nobody mails the borough with ours
MOST_WRONG_TRIES = 5
DAYS = {InvitationWay.EMAIL: 14, InvitationWay.LETTER: 28}

log = structlog.get_logger("barnet.customers")


@dataclass(frozen=True)
class Offer:
    """What is offered to whom. `services` None: every service. `email` empty: by a code in a letter."""

    email: str = ""
    name: str = ""
    services: Collection[Service] | None = None
    ends_on: dt.date | None = None
    role: str = ""


@dataclass(frozen=True)
class Made:
    """`code` is empty for an e-mail, and for a form that was sent before: it is shown once."""

    invitation: Invitation
    code: str = ""


@transaction.atomic
def invite(principal: Customer, offer: Offer, *, by: User, submission_key: str) -> Made:
    """The caller checked that `by` may invite for `principal`. A second open invitation to the same address takes the
    place of the first."""
    principal = lock(principal)
    if known := Invitation.objects.filter(submission_key=submission_key).first():
        return Made(known)
    email = offer.email.strip().lower()
    _check(principal, offer, email, by)
    for old in principal.invitations.waiting().filter(email=email).exclude(email=""):
        _settle(old, InvitationState.CANCELLED, by=by)
    principal.invitations.filter(state=InvitationState.PENDING, email=email).exclude(email="").update(
        state=InvitationState.CANCELLED, settled_at=timezone.now()
    )
    way = InvitationWay.EMAIL if email else InvitationWay.LETTER
    code = "" if email else new_code()
    made = Invitation.objects.create(
        principal=principal,
        invited_by=by,
        way=way,
        email=email,
        code_digest=digest_of(code) if code else "",
        invited_name=offer.name.strip()[:150],
        kind=AuthorityKind.BUSINESS if offer.role else AuthorityKind.INVITED,
        role=offer.role,
        covers_everything=offer.services is None,
        ends_on=offer.ends_on,
        expires_at=timezone.now() + dt.timedelta(days=DAYS[way]),
        submission_key=submission_key,
    )
    made.services.set(offer.services or [])
    if email:
        _tell("authority-invitation", made, email=email, link=invitation_link(made))
    _tell("authority-invitation-made", made, customer=selectors.customer_of(by))
    return Made(made, code)


@transaction.atomic
def accept(invitation: Invitation, *, by: User, with_code: bool = False) -> Delegation:
    """One acceptance, whoever comes second is told. `with_code`: this session typed code and postcode."""
    lock(invitation.principal)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    _check_answer(invitation, by, with_code)
    customer = selectors.customer_of(by)
    if customer.pk == invitation.principal_id:
        raise AuthorityRefusedError(_("This is your own invitation. Somebody else accepts it."))
    made = delegating.begin(
        principal=invitation.principal,
        delegate=customer,
        kind=AuthorityKind(invitation.kind),
        role=invitation.role,
        services=None if invitation.covers_everything else list(invitation.services.all()),
        evidence=_evidence_of(invitation),
        ends_on=invitation.ends_on,
    )
    invitation.delegation = made
    _settle(invitation, InvitationState.ACCEPTED, by=by)
    return made


@transaction.atomic
def decline(invitation: Invitation, *, by: User, with_code: bool = False) -> None:
    lock(invitation.principal)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    _check_answer(invitation, by, with_code)
    _settle(invitation, InvitationState.DECLINED, by=by)
    who = selectors.customer_of(by)
    for customer in (selectors.customer_of(invitation.invited_by), who):
        _tell("authority-declined", invitation, customer=customer, delegate=str(who))


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> bool:
    """False: it was answered before, or had ended."""
    lock(invitation.principal)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.state != InvitationState.PENDING:
        return False
    _settle(invitation, InvitationState.CANCELLED, by=by)
    _tell("authority-withdrawn", invitation, customer=selectors.customer_of(invitation.invited_by))
    if invitation.email:
        _tell("authority-withdrawn", invitation, email=invitation.email)
    return True


def find_by_code(typed_code: str, typed_postcode: str) -> Invitation | None:
    """The open invitation of a letter, for its code and the inviter's postcode. A right code with a wrong postcode
    counts against the code, in a transaction of its own, and closes it in the end."""
    code = re.sub(r"[\s\-–—]", "", typed_code).upper()
    if len(code) != CODE_LENGTH:
        return None
    digests = [digest_of(code, secret=secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    found = Invitation.objects.waiting().filter(code_digest__in=digests).select_related("principal__address").first()
    if found is None:
        return None
    address = found.principal.address
    if address and address.postcode_key == re.sub(r"\s", "", typed_postcode).upper():
        return found
    _count_wrong_try(found)
    return None


@transaction.atomic
def _count_wrong_try(invitation: Invitation) -> None:
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    invitation.wrong_tries += 1
    if invitation.wrong_tries >= MOST_WRONG_TRIES and invitation.state == InvitationState.PENDING:
        invitation.state, invitation.settled_at = InvitationState.LOCKED, timezone.now()
        log.warning("invitation_locked", invitation=str(invitation.pk))
    invitation.save(update_fields=["wrong_tries", "state", "settled_at"])


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _number in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """As it is printed: two groups of five."""
    return f"{code[:5]} {code[5:]}"


def digest_of(code: str, *, secret: str | None = None) -> str:
    return salted_hmac("barnet.customers.acting_for.inviting", code, secret=secret, algorithm="sha256").hexdigest()


def invitation_link(invitation: Invitation) -> str:
    return settings.BASE_URL + reverse("account_invitation", args=[invitation.pk])


def _check(principal: Customer, offer: Offer, email: str, by: User) -> None:
    if principal.died_on:
        raise AuthorityRefusedError(_("Nobody can be invited to act for somebody who died."))
    if offer.services is not None and not offer.services:
        raise AuthorityRefusedError(_("Choose at least one service."))
    if offer.ends_on and offer.ends_on < timezone.localdate():
        raise AuthorityRefusedError(_("The last day must not be in the past."))
    delegating.check_owner(offer.role, offer.ends_on)
    if email and email in selectors.verified_emails(by):
        raise AuthorityRefusedError(_("This is your own e-mail address. Enter that of the other person."))
    if not email and not (principal.address and principal.address.postcode_key):
        raise AuthorityRefusedError(_("Add your address first: whoever types the code is asked for your postcode."))
    if principal.invitations.waiting().count() >= MOST_WAITING:
        raise AuthorityRefusedError(_("You have 10 open invitations. Withdraw one before you make another."))


def _check_answer(invitation: Invitation, by: User, with_code: bool) -> None:
    if invitation.way == InvitationWay.EMAIL:
        is_theirs = invitation.email in selectors.verified_emails(by)
    else:
        is_theirs = with_code
    if not is_theirs:
        raise AuthorityRefusedError(_("This invitation is not for the e-mail address that you signed in with."))
    if not invitation.is_waiting:
        raise AuthorityRefusedError(_("This invitation no longer works: it was used, withdrawn, or is too old."))


def _settle(invitation: Invitation, state: InvitationState, *, by: User) -> None:
    invitation.state, invitation.settled_at, invitation.settled_by = state, timezone.now(), by
    invitation.save(update_fields=["state", "settled_at", "settled_by", "delegation"])


def _evidence_of(invitation: Invitation) -> str:
    if invitation.way == InvitationWay.EMAIL:
        return _("Invitation to %(email)s, accepted with that address") % {"email": invitation.email}
    return _("Code of a letter, typed with the postcode of the person who gave it")


def _tell(
    key: str, invitation: Invitation, *, customer: Customer | None = None, email: str = "", **fields: str
) -> None:
    words: dict[str, object] = {
        "principal": str(invitation.principal),
        "delegate": invitation.whom or gettext_lazy("somebody who gets the code of a letter"),
        "kind": AuthorityKind(invitation.kind).label,
        "scope": partial(delegating.scope_of, invitation.covers_everything, list(invitation.services.all())),
        "until": partial(delegating.until, invitation.ends_on),
        "expires": partial(date_long, timezone.localtime(invitation.expires_at)),
        "when": timezone.now(),
        "link": delegating.people_link(),
        **fields,
    }
    telling.tell(key, event=f"invitation:{invitation.pk}:{key}", customer=customer, email=email, fields=words)
