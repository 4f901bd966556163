"""A request of ours becomes one of the office; what happens to it later is told where the office takes that.

The key under which a request is posted is that of the first delivery of the request to the office, whatever becomes of
that delivery: so no way of trying again makes a second request at an office that heeds it.
"""

from portal.cases.delivery.kinds import NotToldError, RefusedError, UnavailableError
from portal.cases.delivery.models import Delivery, OfficeCase
from portal.cases.delivery.open311.attributes import attributes_to_send
from portal.cases.delivery.open311.options import chosen, service_code
from portal.cases.delivery.open311.protocol import Fields, get, post, text, written
from portal.cases.delivery.webhook import contact_of, position_of
from portal.cases.enums import OPEN_STATES, CaseState, CaseUrgency, EntryKind
from portal.cases.models import Case
from portal.cases.registry import public_pictures_of

LONGEST_DESCRIPTION = 4000
LONGEST_UPDATE = 1000
LONGEST_REFERENCE = 100
_EXTENDED = {
    CaseState.RECEIVED: "OPEN",
    CaseState.ASSIGNED: "IN_PROGRESS",
    CaseState.WAITING: "INVESTIGATING",
    CaseState.HELD: "ACTION_SCHEDULED",
    CaseState.RESOLVED: "CLOSED",
    CaseState.WITHDRAWN: "NO_FURTHER_ACTION",
}


def hand_over(delivery: Delivery) -> str:
    known = OfficeCase.objects.filter(office=delivery.office, case=delivery.case).first()
    if known is None or not (known.reference or known.token):
        return _post_request(delivery)
    if delivery.entry.kind == EntryKind.RECEIVED:
        return ""  # that it was posted was kept before the worker stopped
    if chosen(delivery.office, "updates") == "no":
        raise NotToldError
    if not (known.reference or ask_reference(known)):
        raise UnavailableError("The office has not said yet what it calls the request.")
    _post_update(delivery, known.reference)
    return ""


def ask_reference(known: OfficeCase) -> str:
    """What the office calls a request of which it gave a token, if it says so by now. It is kept."""
    for row in get(known.office, "tokens", known.token):
        if reference := _reference(text(row, "service_request_id")):
            known.reference = reference
            known.save(update_fields=["reference"])
            return reference
    return ""


# --- the request ------------------------------------------------------------------------------------------------------


def _post_request(delivery: Delivery) -> str:
    office, case = delivery.office, delivery.case
    if not office.services.filter(pk=case.service_id).exists():
        raise NotToldError  # it moved away before the office heard of it
    first = Delivery.objects.filter(office=office, case=case).order_by("pk")[0]
    for row in post(office, "requests", fields=_fields(delivery), key=str(first.key)):
        if reference := _reference(text(row, "service_request_id")):
            return reference
        if token := text(row, "token"):
            if len(token) > 2 * LONGEST_REFERENCE:
                raise RefusedError("The token of the office is too long to be kept.")
            OfficeCase.objects.update_or_create(office=office, case=case, defaults={"token": token})
            return ""
    raise UnavailableError("The answer says neither service_request_id nor token.")


def _reference(said: str) -> str:
    if len(said) > LONGEST_REFERENCE:
        raise RefusedError("What the office calls the request is too long to be kept.")
    return said


def _fields(delivery: Delivery) -> Fields:
    office, case = delivery.office, delivery.case
    lat, long = position_of(case)
    fields = [
        ("service_code", service_code(office, case.service)),
        ("lat", "" if lat is None else str(lat)),
        ("long", "" if long is None else str(long)),
        ("address_string", case.place),
        ("address_id", str(case.address_id or "") if chosen(office, "uprn") == "yes" else ""),
        ("description", _description(case, with_details=chosen(office, "details") == "yes")),
        *(("media_url", url) for url in public_pictures_of(case)[:1]),  # the standard takes one
        *attributes_to_send(office, case),
    ]
    if id_attribute := chosen(office, "id_attribute"):
        fields.append((f"attribute[{id_attribute}]", case.reference))
    if office.hears_contact:
        fields += _contact(case)
    return fields


def _description(case: Case, *, with_details: bool) -> str:
    lines = [case.title]
    if case.urgency != CaseUrgency.NORMAL:
        lines.append(str(CaseUrgency(case.urgency).label))
    if with_details:
        lines += [f"{label}: {value}" for label, value in case.details]
    return _shortened("\n".join(lines), LONGEST_DESCRIPTION)


def _contact(case: Case) -> Fields:
    said = contact_of(case)
    first, _space, last = said["name"].rpartition(" ")
    return [
        ("first_name", first or last),
        ("last_name", last if first else ""),
        ("email", said["email"]),
        ("phone", said["phone"]),
    ]


# --- what happens later -----------------------------------------------------------------------------------------------


def _post_update(delivery: Delivery, reference: str) -> None:
    office, entry = delivery.office, delivery.entry
    state = CaseState(entry.state)
    plain = "OPEN" if state in OPEN_STATES else "CLOSED"
    words = entry.public_text if chosen(office, "details") == "yes" else state.sentence
    fields = [
        ("service_request_id", reference),
        ("update_id", str(entry.pk)),
        ("updated_datetime", written(entry.at)),
        ("status", _EXTENDED[state] if chosen(office, "statuses") == "fixmystreet" else plain),
        ("description", _shortened(words, LONGEST_UPDATE)),
    ]
    try:
        post(office, "servicerequestupdates", fields=fields, key=str(delivery.key))
    except RefusedError as refused:
        # FixMyStreet answers so when it took the update and we did not hear it.
        if "already exist" not in str(refused).lower() or delivery.attempts.count() < 2:
            raise


def _shortened(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
