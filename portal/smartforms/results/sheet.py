"""What was sent, to be read: in the order and the words of the version in which it was given.

What its reader may not see is not in the sheet at all, so that no template, print or export can show it by mistake.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from barnet.customers.enums import Right
from barnet.kit.wording import date_long
from portal.smartforms.definition.model import DataClass, Definition
from portal.smartforms.files.keeping import ids_in
from portal.smartforms.kinds import Kind, kind_named
from portal.smartforms.models import Answer, AnswerCorrection, FormFile, Submission
from portal.smartforms.results.paths import Place, kept_of, place_of
from portal.smartforms.results.rewalking import differences, facts_of, kept_then, walked
from portal.smartforms.results.special import told_by
from portal.smartforms.running.prefilling import ASKED_AGAIN, BEFORE, EARLIER, JOURNEY, SOURCES
from portal.smartforms.versions import definition_of


@dataclass(frozen=True)
class Corrected:
    """`by`: of staff, and for staff only. Texts are empty where the answer is not shown."""

    at: dt.datetime
    by: str
    was_asked: bool  # the customer gave it anew, because staff had asked
    reason: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    pk: int
    path: str
    label: str
    source: str
    is_special: bool
    is_shown: bool
    words: str = ""
    files: tuple[FormFile, ...] = ()
    corrections: tuple[Corrected, ...] = ()
    is_correctable: bool = False


@dataclass(frozen=True)
class Section:
    """A step, or one thing of a group."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    submission: Submission
    definition: Definition
    sections: tuple[Section, ...]
    outcome: str
    calculated: tuple[tuple[str, str], ...]
    consequences: tuple[str, ...] = ()  # of corrections: another way through the form

    @property
    def rows(self) -> Iterator[Row]:
        return (row for section in self.sections for row in section.rows)

    @property
    def has_special(self) -> bool:
        return any(row.is_special for row in self.rows)

    @property
    def shows_special(self) -> bool:
        return any(row.is_special and row.is_shown for row in self.rows)


def sheet_of(submission: Submission, *, sees_special: bool) -> Sheet:
    """Five small queries, however many answers and things of groups."""
    definition = definition_of(submission.version)
    answers = list(submission.answers.prefetch_related("corrections__by"))
    files = {str(file.pk): file for file in submission.files.all()}
    rows = [
        (place_of(definition, answer.path), _row(definition, submission, answer, files, sees_special))
        for answer in answers
    ]
    sections = [
        Section(title, tuple(row for _place, row in found))
        for title, found in groupby(rows, key=lambda pair: _title(pair[0]))
    ]
    outcomes = {outcome.key: outcome.title for outcome in definition.outcomes}
    private = set() if sees_special else told_by(definition)
    calculated = [
        (row.label, submission.calculated[row.key])
        for row in definition.calculations
        if row.key in submission.calculated and row.key not in private
    ]
    return Sheet(
        submission,
        definition,
        tuple(sections),
        outcomes.get(submission.outcome, ""),
        tuple(calculated),
        tuple(_consequences(submission, definition, answers, sees_special)),
    )


def _consequences(
    submission: Submission, definition: Definition, answers: list[Answer], sees_special: bool
) -> list[str]:
    if not any(answer.corrections.all() for answer in answers):
        return []
    facts = facts_of(submission)
    before = walked(definition, kept_then(answers), facts)
    after = walked(definition, kept_of((answer.path, answer.value) for answer in answers), facts)
    return differences(definition, before, after, submission.calculated, sees_special=sees_special)


def _title(place: Place) -> str:
    if place.step is None:
        return _("Other answers")
    if not place.number:
        return place.step.title
    return f"{place.step.title}: {place.step.item_name} {place.number}"


def _row(
    definition: Definition, submission: Submission, answer: Answer, files: dict[str, FormFile], sees_special: bool
) -> Row:
    question = place_of(definition, answer.path).question
    is_special = answer.data_class == DataClass.SPECIAL
    is_shown = sees_special or not is_special
    named = [files[key] for key in _file_ids(answer) if key in files] if is_shown else []
    return Row(
        pk=answer.pk,
        path=answer.path,
        label=question.label if question else answer.path,
        source=source_in_words(answer, submission),
        is_special=is_special,
        is_shown=is_shown,
        words=answer.words if is_shown else "",
        files=tuple(named),
        corrections=tuple(_corrections(answer, is_shown)),
        is_correctable=is_shown and question is not None and is_correctable(answer),
    )


def is_correctable(answer: Answer) -> bool:
    """A declaration and a signature are what somebody did; files are sent again by who has them; what a kind has done
    with an answer, such as to take a slot, is done."""
    kind = kind_named(answer.kind)
    has_acted = kind is None or type(kind).on_sent is not Kind.on_sent
    return not has_acted and answer.kind not in {"files", "declaration", "signature"}


def _file_ids(answer: Answer) -> list[str]:
    if answer.kind != "files" or not isinstance(answer.value, list):
        return []
    return [item["id"] for item in answer.value if ids_in(item)]


def _corrections(answer: Answer, is_shown: bool) -> Iterator[Corrected]:
    """Newest first. What came of one is what stood there before the next."""
    rows: list[AnswerCorrection] = list(answer.corrections.all())
    texts = [*(row.words_before for row in rows), answer.words]
    for row, (before, after) in reversed(list(zip(rows, pairwise(texts), strict=True))):
        texts_shown = (row.reason, before, after) if is_shown else ("", "", "")
        yield Corrected(row.at, "" if row.asked_id else str(row.by), bool(row.asked_id), *texts_shown)


def source_in_words(answer: Answer, submission: Submission) -> str:
    """From the account, March 2026; or who typed it, and when."""
    source = SOURCES.get(answer.source)
    if source:
        month = date_format(answer.as_of, "F Y") if answer.as_of else ""
        return ", ".join(filter(None, [_("From the account (%(what)s)") % {"what": source.label}, month]))
    sent = date_long(submission.sent_at)
    if found := _other_source(answer, date_long(answer.as_of) if answer.as_of else sent):
        return found
    if submission.right == Right.STAFF:
        return _("Typed by staff beside the customer, %(day)s") % {"day": sent}
    if submission.right == Right.DELEGATE:
        return _("Typed by somebody with the customer’s authority, %(day)s") % {"day": sent}
    return _("Typed, %(day)s") % {"day": sent}


def _other_source(answer: Answer, day: str) -> str:
    if answer.source == ASKED_AGAIN:
        return _("Given when we asked again, %(day)s") % {"day": day}
    if answer.source == BEFORE:
        return _("Told on the pages that led to the form, %(day)s") % {"day": day}
    if answer.source == JOURNEY:
        return _("Taken over from an earlier page of the form, %(day)s") % {"day": day}
    if answer.source.startswith(EARLIER):
        reference = answer.source.removeprefix(EARLIER)
        return _("Used again from %(reference)s, %(day)s") % {"reference": reference, "day": day}
    return ""
