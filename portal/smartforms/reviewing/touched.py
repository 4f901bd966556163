"""Whom a change touches: how many drafts of residents are under way, and what the change means for each.

It is said by the same `comparing.ask_again` that a draft meets when its person comes back. Answers are read for that,
and none is shown: what comes out are numbers and the sentences about the form.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count
from django.utils import timezone

from barnet.customers.enums import Right
from portal.smartforms.answers import read_answers
from portal.smartforms.comparing import Change, ChangeClass, Changes, ask_again, compare
from portal.smartforms.definition.model import Definition
from portal.smartforms.evaluating import Facts
from portal.smartforms.fees import fees_on
from portal.smartforms.models import Draft, DraftState, FormVersion, SmartForm
from portal.smartforms.versions import definition_of

MOST_READ = 2_000  # drafts that one look reads; of the others only the number is told


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is asked once more, and of how many."""

    sentence: str
    people: int


@dataclass(frozen=True, slots=True)
class OfVersion:
    """The drafts of one version. `read`: those that were looked into; the last saved come first."""

    version: FormVersion
    people: int
    read: int
    changes: Changes
    classed: Counter[ChangeClass | None]
    reasons: tuple[Reason, ...]

    @property
    def rows(self) -> list[tuple[ChangeClass, int]]:
        return [(named, self.classed[named]) for named in reversed(ChangeClass) if self.classed[named]]

    @property
    def untouched(self) -> int:
        return self.classed[None]

    @property
    def unread(self) -> int:
        return self.people - self.read

    @property
    def by_class(self) -> list[tuple[ChangeClass, list[Change]]]:
        found = {named: [row for row in self.changes.rows if row.change_class is named] for named in ChangeClass}
        return [(named, rows) for named, rows in reversed(found.items()) if rows]


def under_way(form: SmartForm) -> list[tuple[FormVersion, int]]:
    """The versions that drafts are filled in by, the last first, and how many each."""
    open_drafts = Draft.objects.filter(form=form, state=DraftState.OPEN, expires_at__gt=timezone.now())
    counts = dict(open_drafts.order_by().values_list("version").annotate(Count("pk")))
    return [(version, counts[version.pk]) for version in FormVersion.objects.filter(pk__in=counts).order_by("-number")]


def touched_by(form: SmartForm, new: Definition) -> list[OfVersion]:
    """As many queries for one draft as for all, of however many versions."""
    fees = fees_on(new, timezone.localdate())
    versions = under_way(form)
    drafts: dict[int, list[Draft]] = {}
    for draft in _last_saved(form):
        drafts.setdefault(draft.version_id, []).append(draft)
    return [_of_version(version, people, drafts.get(version.pk, []), new, fees) for version, people in versions]


def _last_saved(form: SmartForm) -> Iterable[Draft]:
    drafts = Draft.objects.filter(form=form, state=DraftState.OPEN, expires_at__gt=timezone.now())
    fields = ("version", "answers", "seen", "customer", "right", "channel")
    return drafts.only(*fields).order_by("-saved_at")[:MOST_READ]


def _of_version(
    version: FormVersion, people: int, drafts: list[Draft], new: Definition, fees: Mapping[str, Decimal]
) -> OfVersion:
    old = definition_of(version)
    changes = compare(old, new)
    classed: Counter[ChangeClass | None] = Counter()
    reasons: Counter[str] = Counter()
    for draft in drafts:
        answers = read_answers(old, draft.answers)
        again = ask_again(old, new, answers, _facts(draft, fees), draft.seen, changes=changes)
        classed[ChangeClass.ASK_AGAIN if again else _otherwise(changes)] += 1
        reasons.update({sentence for sentences in again.values() for sentence in sentences})
    told = tuple(Reason(sentence, count) for sentence, count in reasons.most_common())
    return OfVersion(version, people, len(drafts), changes, classed, told)


def _otherwise(changes: Changes) -> ChangeClass | None:
    """Of somebody who is asked nothing again: what is new comes later on their way, if at all."""
    whole = changes.change_class
    return whole and min(whole, ChangeClass.COMPATIBLE)


def _facts(draft: Draft, fees: Mapping[str, Decimal]) -> Facts:
    return Facts(
        on=timezone.localdate(),
        signed_in=draft.customer_id is not None,
        for_somebody_else=draft.right == Right.DELEGATE,
        with_staff=draft.right == Right.STAFF,
        fees=fees,
    )
