"""What a contractor says about its rounds: suspended, late, or moved. The other system's reference names a notice."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone

from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import Area
from portal.waste.enums import NoticeKind
from portal.waste.importing.csv_file import Line, LineError, Tally, usable
from portal.waste.importing.words import STREAMS
from portal.waste.models import Round, RoundNotice
from portal.waste.notices import NoticeDraft, give_notice, reword_notice, withdraw_notice

REQUIRED = ("reference", "kind", "first_date", "words")
OPTIONAL = ("last_date", "round", "stream", "ward", "moved_to", "expected_date", "expected_time", "advice", "withdrawn")
_SAME = ("kind", "round_id", "stream", "area_id", "first_on", "last_on", "moved_to")
_KINDS = {kind.value: kind for kind in NoticeKind}
_YES = {"yes": True, "no": False}


def import_notices(lines: Iterable[Line], tally: Tally, *, today: dt.date) -> None:
    """Adds notices, changes the words of known ones, withdraws those that the file says are withdrawn."""
    rounds = {tour.code: tour for tour in Round.objects.all()}
    wards = {ward.code: ward for ward in Area.objects.valid(today).filter(kind=AreaKind.WARD)}
    first_seen: dict[str, int] = {}
    for line, (key, draft, is_withdrawn) in usable(lines, tally, lambda line: _notice(line, rounds, wards)):
        if key in first_seen:
            tally.refuse(line.number, f"this reference is already on line {first_seen[key]}")
            continue
        first_seen[key] = line.number
        try:
            tally.done[_save(key, draft, is_withdrawn)] += 1
        except LineError as reason:
            tally.refuse(line.number, reason)
        except ValidationError as error:
            tally.refuse(line.number, " ".join(error.messages))


def _notice(line: Line, rounds: dict[str, Round], wards: dict[str, Area]) -> tuple[str, NoticeDraft, bool]:
    code, ward = (line.text(column, longest=30, default="") for column in ("round", "ward"))
    if code and code not in rounds:
        raise LineError(f"round {code!r} is not known; import the rounds first")
    if ward and ward not in wards:
        raise LineError(f"ward {ward!r} is not the code of a ward of today")
    stream = line.choice("stream", {**STREAMS, "all": ""}, default="")
    if code and (stream or ward):
        raise LineError("name a round, or a stream and a ward, not both")
    first_on = line.day("first_date")
    draft = NoticeDraft(
        kind=line.choice("kind", _KINDS),
        first_on=first_on,
        last_on=line.day("last_date") if line.cells.get("last_date") else first_on,
        words=line.text("words", longest=300),
        advice=line.text("advice", longest=300, default=""),
        round=rounds.get(code),
        stream=stream,
        area=wards.get(ward),
        moved_to=line.day("moved_to") if line.cells.get("moved_to") else None,
        expected_at=_expected_at(line, first_on),
    )
    return f"import:{line.text('reference', longest=80)}", draft, line.choice("withdrawn", _YES, default=False)


def _expected_at(line: Line, first_on: dt.date) -> dt.datetime | None:
    if not line.cells.get("expected_time"):
        return None
    on = line.day("expected_date") if line.cells.get("expected_date") else first_on
    return timezone.make_aware(dt.datetime.combine(on, line.time("expected_time")))


def _save(key: str, draft: NoticeDraft, is_withdrawn: bool) -> str:
    known = RoundNotice.objects.filter(source_key=key).first()
    if known is None:
        notice = give_notice(draft, source_key=key, by=None)
        if is_withdrawn:
            withdraw_notice(notice)
        return "notices added"
    if any(getattr(known, name) != getattr(draft.unsaved(), name) for name in _SAME):
        raise LineError("a notice keeps what it is about and its days; withdraw it and send a new reference")
    if not known.is_standing:
        if not is_withdrawn:
            raise LineError("this notice was withdrawn; send a new reference")
        return "notices unchanged"
    if is_withdrawn:
        withdraw_notice(known)
        return "notices withdrawn"
    changed = reword_notice(known, words=draft.words, advice=draft.advice, expected_at=draft.expected_at)
    return "notices unchanged" if changed.changed_at == known.changed_at else "notices changed"
