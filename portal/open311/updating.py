"""What the other system's people say of a report later: FixMyStreet's `POST servicerequestupdates`.

They are the words of whoever reported it, or of a passer-by: they reach the people who work on it. They never close a
request, and open it again only when they are newer than what closed it.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.api.api_keys import ApiKey
from barnet.kit.languages import in_english
from barnet.kit.uploads import CleanPhoto
from portal.cases.enums import CaseState
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case, Contact
from portal.cases.services import add_note, attach_photo, log_contact, reopen_case, write_message
from portal.cases.services.writing import lock_case, take_turn
from portal.open311.allowing import Reach
from portal.open311.problems import CallRefusedError
from portal.open311.reading import Sent, media_of
from portal.reports.models import PublicReport

LONGEST = 1000
# What the standard and FixMyStreet say, in any case.
_OPEN = {
    "open",
    "reopen",
    "investigating",
    "confirmed",
    "in_progress",
    "action_scheduled",
    "planned",
    "for_triage",
    "internal_referral",
}
_DONE = {
    "closed",
    "fixed",
    "fixed - user",
    "fixed - council",
    "cancelled",
    "duplicate",
    "no_further_action",
    "not_councils_problem",
    "not_councils_responsibility",
}


@in_english()
@transaction.atomic
def take_update(key: ApiKey, reach: Reach, sent: Sent, photos: Sequence[CleanPhoto] = ()) -> Contact:
    """The line in the log of contacts that it became: the same `update_id` of the same API key is the same line.
    Photos are for staff: a passer-by may have taken them."""
    theirs, status, text = _said(sent)
    once = hashlib.sha256(f"open311-update:{key.pk}:{theirs}".encode()).hexdigest()
    take_turn(f"open311-update:{once}")
    earlier = Contact.objects.filter(submission_key=once).select_related("case").first()
    reference = sent.one("service_request_id")
    if earlier:
        if earlier.case is None or earlier.case.reference != reference:
            raise CallRefusedError("This update_id was used for another request.", 409)
        return earlier
    report = PublicReport.objects.filter(case__reference=reference, api_key=key).select_related("case").first()
    if report is None:
        raise CallRefusedError("This api_key has reported no request with this service_request_id.", 404)
    if not reach.reports(report.case.service_id):
        raise CallRefusedError("This api_key may not report this service.", 403)
    case = lock_case(report.case)
    contact = log_contact(
        actor=Actor.visitor(),
        subject=case.customer,
        summary=_("Update through %(system)s") % {"system": key.name},
        submission_key=once,
        case=case,
    )
    _take(case, key, sent, status, text)
    try:
        for photo in photos:
            attach_photo(case, actor=Actor.visitor(), photo=photo, is_public=False)
    except MoveRefusedError as refused:
        raise CallRefusedError(str(refused)) from refused
    return contact


def _said(sent: Sent) -> tuple[str, str, str]:
    theirs, status = sent.one("update_id", longest=100), sent.one("status", longest=40).lower()
    if not theirs:
        raise CallRefusedError("Send update_id: the number of the update in your system.")
    if not sent.one("service_request_id"):
        raise CallRefusedError("Send service_request_id.")
    if status and status not in _OPEN | _DONE:
        raise CallRefusedError("status is OPEN or CLOSED.")
    words = [sent.one("description", longest=LONGEST), *(f"{_('Picture elsewhere')}: {url}" for url in media_of(sent))]
    return theirs, status, "\n".join(filter(None, words))


def _take(case: Case, key: ApiKey, sent: Sent, status: str, text: str) -> None:
    who = {"system": key.name, "words": text or _("nothing more.")}
    at = sent.moment("updated_datetime")
    is_newer = at is None or case.resolved_at is None or at > case.resolved_at
    actor = Actor.visitor()
    if case.state == CaseState.RESOLVED and status in _OPEN and is_newer:
        reopen_case(case, actor=actor, why=text or _("Told through another system that it is not fixed"))
    elif not case.is_open or not text:
        told = _("%(system)s told us that it is %(status)s: %(words)s") % {**who, "status": status or "as before"}
        add_note(case, actor=actor, text=told)
    elif status in _DONE:
        write_message(case, actor=actor, text=_("It is said to be done: %(words)s") % who)
    else:
        write_message(case, actor=actor, text=text)


def taken(contact: Contact) -> list[dict[str, Any]]:
    return [{"update_id": str(contact.pk)}]
