"""Whether corrected answers would have led another way through the form. Nothing is done about it but to say so."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any as Anything

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cases.enums import CaseUrgency
from portal.smartforms.answers import read_answers
from portal.smartforms.definition.model import Definition, Outcome
from portal.smartforms.evaluating import Facts, Walk, walk
from portal.smartforms.models import Answer, Submission
from portal.smartforms.results.paths import kept_of
from portal.smartforms.results.special import told_by
from portal.smartforms.running.prefilling import ASKED_AGAIN

Kept = Mapping[str, Anything]


def facts_of(submission: Submission) -> Facts:
    """As they were when it was sent."""
    kept = dict(submission.facts)
    fees = {key: Decimal(amount) for key, amount in kept.pop("fees", {}).items()}
    on = kept.pop("on", "") or timezone.localdate(submission.sent_at).isoformat()
    return Facts(on=dt.date.fromisoformat(on), fees=fees, **kept)


def kept_then(answers: Iterable[Answer]) -> dict[str, Anything]:
    """What was sent, before anything was corrected or asked for once more. With their corrections."""
    return kept_of((one.path, _original_of(one)) for one in answers if _was_sent(one))


def _was_sent(answer: Answer) -> bool:
    return answer.source != ASKED_AGAIN or bool(answer.corrections.all())


def _original_of(answer: Answer) -> Anything:
    first = next(iter(answer.corrections.all()), None)
    return first.before if first else answer.value


def walked(definition: Definition, kept: Kept, facts: Facts) -> Walk:
    return walk(definition, read_answers(definition, kept), facts, seen=[step.key for step in definition.steps])


def differences(
    definition: Definition, before: Walk, after: Walk, calculated: Mapping[str, str], *, sees_special: bool
) -> list[str]:
    """In sentences. `calculated`: what the request has now. Nothing of what is calculated from special-category answers
    for who may not see them."""
    if before.open_step:
        return [_("Some answers are no longer kept, so nobody can tell where the form would lead now.")]
    return [
        *_asked(before, after),
        *_ended(before, after),
        *_calculated(definition, calculated, after, set() if sees_special else told_by(definition)),
    ]


def _asked(before: Walk, after: Walk) -> Iterator[str]:
    old, new = _labels(before), _labels(after)
    for key in new.keys() - old.keys() - _answered(after):  # what is answered was asked for since
        yield _("The form would also have asked “%(label)s”.") % {"label": new[key]}
    last = before.steps[-1].step.key if before.steps else ""
    if after.open_step is None or after.open_step.key == last:
        for key in old.keys() - new.keys():
            yield _("The form would not have asked “%(label)s”.") % {"label": old[key]}


def _labels(walked: Walk) -> dict[tuple[str, str], str]:
    return {(shown.step.key, asked.key): asked.label for shown in walked.steps for asked in shown.questions}


def _answered(walked: Walk) -> set[tuple[str, str]]:
    return {
        (shown.step.key, asked.key) for shown in walked.steps for asked in shown.questions if asked.key in walked.values
    }


def _ended(before: Walk, after: Walk) -> Iterator[str]:
    if after.open_step:
        yield _("It would stop at “%(step)s”, because something there is not answered.") % {
            "step": after.open_step.title
        }
        return
    old, new = before.outcome, after.outcome
    if old != new:
        yield _("It would have ended with “%(new)s”, not with “%(old)s”.") % {"new": _title(new), "old": _title(old)}
    if before.destination != after.destination:
        yield from _sent_elsewhere(before, after)


def _sent_elsewhere(before: Walk, after: Walk) -> Iterator[str]:
    old, new = before.destination, after.destination
    if new is None:
        yield _("It would not have become a request.")
    elif old is not None:
        if (old.service, old.team) != (new.service, new.team):
            where = ", ".join(filter(None, [new.service, new.team]))
            yield _("It would have gone elsewhere: %(where)s.") % {"where": where}
        if old.urgency != new.urgency and new.urgency in CaseUrgency.values:
            yield _("Its urgency would be: %(urgency)s.") % {"urgency": CaseUrgency(new.urgency).label}


def _title(outcome: Outcome | None) -> str:
    return outcome.title if outcome else _("nothing")


def _calculated(definition: Definition, calculated: Mapping[str, str], after: Walk, private: set[str]) -> Iterator[str]:
    if after.open_step:
        return
    for key, row in definition.calculation.items():
        old, new = calculated.get(key), after.values.get(key)
        if old != (None if new is None else str(new)) and key not in private:
            yield _("“%(label)s” would be %(new)s, not %(old)s.") % {
                "label": row.label,
                "new": _("unknown") if new is None else new,
                "old": _("unknown") if old is None else old,
            }
