"""What was sent, batch by batch: three queries and one record of reading for each, and never more in memory.

The export as a whole is recorded once, with its purpose; and each person whose answers are in it, as the batch that
holds them goes out.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from barnet.customers.models import User
from barnet.customers.services import record_access, record_readings
from portal.cases.selectors import cases_seen_by
from portal.smartforms.asking.narrowing import reaches
from portal.smartforms.definition.model import DataClass, Definition, Question, Step, StepKind
from portal.smartforms.models import FormVersion, Submission
from portal.smartforms.versions import definition_of

EXPORT, READ_SPECIAL = "smartforms.export_answer", "smartforms.read_special_answer"
BATCH = 200


@dataclass(frozen=True)
class Export:
    """Which answers, for what, and whether special-category ones are among them."""

    version: FormVersion
    purpose: str
    with_special: bool = False
    from_on: dt.date | None = None
    until_on: dt.date | None = None

    @property
    def definition(self) -> Definition:
        return definition_of(self.version)

    @property
    def steps(self) -> list[tuple[Step, list[Question]]]:
        """Those with something to export, with the questions that may be."""
        found = [(step, [one for one in step.questions if self._may(one)]) for step in self.definition.steps]
        return [(step, questions) for step, questions in found if questions]

    @property
    def questions(self) -> list[Question]:
        return [one for step, questions in self.steps if step.kind is not StepKind.GROUP for one in questions]

    @property
    def groups(self) -> list[tuple[Step, list[Question]]]:
        return [(step, questions) for step, questions in self.steps if step.kind is StepKind.GROUP]

    @property
    def calculated(self) -> dict[str, str]:
        """Label by key. A number reckoned from a special-category answer is as private as it is."""
        private = set()
        if not self.with_special:
            private = {key for key, one in self.definition.questions.items() if one.data_class is DataClass.SPECIAL}
        rows = self.definition.calculations
        return {row.key: row.label for row in rows if not reaches(self.definition, row.key, private)}

    def _may(self, question: Question) -> bool:
        return self.with_special or question.data_class is not DataClass.SPECIAL

    @property
    def submissions(self) -> QuerySet[Submission]:
        rows = Submission.objects.filter(version=self.version)
        if self.from_on:
            rows = rows.filter(sent_at__gte=_midnight(self.from_on))
        if self.until_on:
            rows = rows.filter(sent_at__lt=_midnight(self.until_on + dt.timedelta(days=1)))
        return rows


def begin_export(export: Export, *, by: User) -> Iterator[list[Submission]]:
    """Records it, and gives the batches. Raises PermissionDenied, before anything is read."""
    if not by.has_perm(EXPORT) or (export.with_special and not by.has_perm(READ_SPECIAL)):
        raise PermissionDenied
    kind = "special-category answers" if export.with_special else "answers"
    what = f"{kind} of form {export.version.form_id}, version {export.version.number}, exported"
    record_access(actor=by, customer=None, what=what, purpose=export.purpose)
    return _batches(export, by)


def _batches(export: Export, by: User) -> Iterator[list[Submission]]:
    rows = (
        export.submissions.filter(case__in=cases_seen_by(by))
        .select_related("case", "subject")
        .prefetch_related("answers__corrections")
        .order_by("sent_at", "pk")
        .iterator(chunk_size=BATCH)
    )
    while batch := list(islice(rows, BATCH)):
        read = [(one.subject, f"answers of {one.case.reference}, exported") for one in batch]
        record_readings(actor=by, read=read, purpose=export.purpose)
        yield batch


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
