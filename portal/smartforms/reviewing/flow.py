"""A form from its first page to its ends, one row after the other. The picture and the list beside it are made of the
same rows, so that they always say the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.smartforms.definition.conditions import Condition
from portal.smartforms.definition.model import Definition, Destination, Outcome, Step, StepKind
from portal.smartforms.reviewing.ways import Way
from portal.smartforms.rules_in_words import in_words


@dataclass(frozen=True, slots=True)
class Stop:
    """A page. `when` is empty for one that always comes, unless the form ended before."""

    step: Step
    when: str
    notes: tuple[str, ...]
    is_on: bool


@dataclass(frozen=True, slots=True)
class Exit:
    """After the page above, when the rule holds, nothing more is asked. `to`: how it ends then."""

    to: str
    when: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Ending:
    outcome: Outcome
    when: str
    notes: tuple[str, ...]
    is_on: bool


Row = Stop | Exit | Ending


@dataclass(frozen=True)
class Flow:
    """`shown`: the way that stands out, if any: `is_on` says what is on it."""

    rows: tuple[Row, ...]
    shown: Way | None = None


def flow_of(
    definition: Definition, ways: Iterable[Way], *, shown: Way | None = None, services: Mapping[str, str]
) -> Flow:
    """`ways` may be empty: those of a form that is not proved are not known. `services`: names by slug."""
    return Flow(tuple(_Drawing(definition, list(ways), shown, services).rows()), shown)


@dataclass(frozen=True)
class _Drawing:
    definition: Definition
    ways: list[Way]
    shown: Way | None
    services: Mapping[str, str]

    def rows(self) -> Iterable[Row]:
        through = Counter(key for way in self.ways for key in way.step_keys)
        for step in self.definition.steps:
            when = self._when(step.show_when) if step.show_when else ""
            notes = [*_about(step), *self._share(through[step.key])]
            yield Stop(step, when, tuple(notes), self._is_on(step))
            for end in self.definition.ends_after(step):
                is_on = bool(self.shown and self.shown.ended_by is end)
                yield Exit(self._title_of(end.outcome), self._when(end.when), is_on)
        yield from self._endings()

    def _when(self, rule: Condition) -> str:
        return _("when %(rule)s") % {"rule": in_words(rule, self.definition)}

    def _is_on(self, step: Step) -> bool:
        return bool(self.shown and step.key in self.shown.step_keys)

    def _share(self, count: int) -> list[str]:
        every = len(self.ways)
        if not every or count == every:
            return []
        return [_("on %(count)d of %(every)d ways") % {"count": count, "every": every}]

    def _title_of(self, key: str) -> str:
        """Empty: the rows of outcomes decide."""
        return next((outcome.title for outcome in self.definition.outcomes if outcome.key == key), "")

    # --- how it ends ---

    def _endings(self) -> Iterable[Ending]:
        by_outcome = Counter(way.outcome.key for way in self.ways if way.outcome)
        for number, outcome in enumerate(self.definition.outcomes):
            otherwise = _("in every other case") if number else ""
            when = self._when(outcome.when) if outcome.when else otherwise
            notes = [*self._goes(outcome), *self._share(by_outcome[outcome.key])]
            is_on = bool(self.shown and self.shown.outcome and self.shown.outcome.key == outcome.key)
            yield Ending(outcome, when, tuple(notes), is_on)

    def _goes(self, outcome: Outcome) -> Iterable[str]:
        if not outcome.sends:
            return [_("Nothing is sent: this page explains.")]
        ended = {id(way.destination) for way in self.ways if way.outcome and way.outcome.key == outcome.key}
        rows = [row for row in self.definition.destinations if not self.ways or id(row) in ended]
        return dict.fromkeys(goes_to(row, self.services) for row in rows)


def goes_to(row: Destination, services: Mapping[str, str]) -> str:
    parts = [_("Case for %(service)s") % {"service": services.get(row.service, row.service)}]
    if row.team:
        parts.append(_("team %(team)s") % {"team": row.team})
    if row.urgency != "normal":
        parts.append(_("urgency %(urgency)s") % {"urgency": row.urgency})
    if row.next_steps:
        parts.append(_("the first message says: “%(words)s”") % {"words": row.next_steps})
    if row.tells_team:
        parts.append(_("the team is told by e-mail"))
    return ", ".join(parts)


def _about(step: Step) -> list[str]:
    notes = []
    if step.kind is StepKind.GROUP:
        notes.append(_("again for each %(item)s") % {"item": step.item_name})
    if step.kind is StepKind.INFORMATION:
        notes.append(_("a page that tells something"))
    if step.questions:
        count = len(step.questions)
        words = ngettext("%d question", "%d questions", count) % count
        only = sum(question.show_when is not None for question in step.questions)
        notes.append(f"{words}, {_only(only)}" if only else words)
    return notes


def _only(count: int) -> str:
    return ngettext("%d of them only sometimes", "%d of them only sometimes", count) % count
