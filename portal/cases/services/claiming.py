"""A request that was made for somebody without an account joins theirs: by a code on paper, once.

The code has ten signs (23^10). It is made from the key of the form that asks for it and a secret of the portal, so that
a form that is sent twice shows one code; what is kept is a slow hash. The case is locked first, then its code: of two
people who type it at one moment, one has it.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from barnet.customers.selectors import customer_of
from barnet.kit.languages import in_english
from barnet.kit.references import SIGNS, InvalidReferenceError, parse_reference
from barnet.notifications.models import Message
from portal.cases.enums import EntryKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case, ClaimCode, Follower
from portal.cases.registry import claimers
from portal.cases.services.writing import lock_case, save, write_entry

CODE_LENGTH = 10
_SALT = "portal.cases.claiming"


@dataclass(frozen=True)
class Slip:
    """What is shown once, and printed."""

    case: Case
    code: str
    expires_on: dt.date

    @property
    def spaced(self) -> str:
        return f"{self.code[:5]} {self.code[5:]}"


def may_have_code(case: Case) -> bool:
    """Nobody's account has it yet."""
    return case.customer is None or case.customer.user_id is None


@in_english()
@transaction.atomic
def make_claim_code(case: Case, *, actor: Actor, submission_key: str) -> Slip:
    """An older code stops working. Raises MoveRefusedError for a request that is in an account."""
    case = lock_case(case)
    if not may_have_code(case):
        raise MoveRefusedError(_("This request is in somebody's account already."))
    code = _code_of(case, submission_key)
    held = ClaimCode.objects.select_for_update().filter(case=case).first()
    if held and held.used_at is None and check_password(code, held.code_hash):
        return Slip(case, code, timezone.localdate(held.expires_at))
    expires_at = timezone.now() + dt.timedelta(days=settings.CLAIM_CODE_DAYS)
    ClaimCode.objects.update_or_create(
        case=case,
        defaults={
            "code_hash": make_password(code),
            "made_by": actor.user,
            "made_at": timezone.now(),
            "expires_at": expires_at,
            "used_at": None,
            "used_by": None,
        },
    )
    words = _("A new claim code was made; the one before is void.") if held else _("A claim code was made.")
    write_entry(case, EntryKind.CLAIM, actor=actor, subject=case.customer, internal_text=words)
    return Slip(case, code, timezone.localdate(expires_at))


@in_english()
@transaction.atomic
def claim_case(user: User, *, reference: str, code: str) -> Case | None:
    """The request, when the code is its own, unused and in time. None says nothing of which of them it was not.

    Whoever has joined it may send the same form again.
    """
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    case = _case_of(reference)
    held = _locked_code(lock_case(case)) if case else None
    if held is None:
        make_password(typed)  # the same work as for a request that has a code
        return None
    if not check_password(typed, held.code_hash):
        return None
    if held.used_by_id == user.pk:
        return held.case
    if held.used_at or held.expires_at <= timezone.now() or not may_have_code(held.case):
        return None
    held.used_at, held.used_by = timezone.now(), user
    held.save(update_fields=["used_at", "used_by"])
    _join(held.case, customer_of(user), by=user)
    return held.case


def _locked_code(case: Case) -> ClaimCode | None:
    held = ClaimCode.objects.select_for_update().filter(case=case).first()
    if held:
        held.case = case
    return held


def _join(case: Case, customer: Customer, *, by: User) -> None:
    """What hangs on this request goes with it; the record that it was made with keeps everything else."""
    earlier = case.customer
    case.customer = customer
    save(case, "customer")
    Follower.objects.filter(case=case, customer=customer).delete()  # they would be told everything twice
    if earlier:
        Message.objects.filter(about=case.reference, customer=earlier).update(customer=customer)
    for claim in claimers():
        claim(case, customer)
    write_entry(
        case,
        EntryKind.CLAIM,
        actor=Actor.online(by, customer),
        subject=customer,
        internal_text=_("Joined to an account with its claim code."),
    )


def _case_of(reference: str) -> Case | None:
    try:
        return Case.objects.filter(reference=parse_reference(reference)).first()
    except InvalidReferenceError:
        return None


def _code_of(case: Case, submission_key: str) -> str:
    number = int(salted_hmac(_SALT, f"{case.pk}:{submission_key}", algorithm="sha256").hexdigest(), 16)
    signs = []
    for _place in range(CODE_LENGTH):
        number, remainder = divmod(number, len(SIGNS))
        signs.append(SIGNS[remainder])
    return "".join(signs)
