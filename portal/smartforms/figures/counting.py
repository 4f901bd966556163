"""What the runner tells the figures, in the transaction of the change itself: one more statement a page.

Whatever is counted of a draft is counted once: the draft remembers what was (`Draft.counted`), under its own lock.
A page takes the time from the moment that somebody came to it until they sent it well for the first time. A page that
took longer than `BREAK`, or from which somebody saved for later, had a break: it counts, its time does not.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any as Anything

from django.utils import timezone

from barnet.kit.fields import errors_with_targets
from portal.smartforms.definition.model import Check
from portal.smartforms.evaluating import Walk
from portal.smartforms.models import CHECK, ENDED, Draft, FormVersion, StepEvent, What
from portal.smartforms.running.step_form import StepForm

BREAK = dt.timedelta(minutes=30)
FIELDS = ("stands_at", "stands_since", "had_break", "counted")
_SENTENCES_A_PAGE = 20

Refusals = Iterable[tuple[str, str]]  # question, sentence


def count_begin(draft: Draft, walk: Walk) -> None:
    _write([_event(draft, What.BEGAN), *_came_to(draft, place_of(walk))])


def count_change(draft: Draft, walk: Walk, *, newly_done: Iterable[str] = (), refusals: Refusals = (), at: str) -> None:
    """The caller holds the lock of the draft, and saves FIELDS. `at`: the step that was sent."""
    events = [
        _event(draft, What.REFUSED, at, question=question, sentence=sentence)
        for question, sentence in list(refusals)[:_SENTENCES_A_PAGE]
    ]
    events += [_event(draft, What.DONE, key, seconds=_seconds(draft, key)) for key in newly_done if _first(draft, key)]
    _write([*events, *_came_to(draft, place_of(walk))])


def count_sent(draft: Draft) -> None:
    """As the draft is locked. Nothing is kept of its steps after that."""
    events = [_event(draft, What.DONE, CHECK, seconds=_seconds(draft, CHECK)), _event(draft, What.SENT)]
    draft.counted = {}
    _write(events)


def count_left(draft: Draft) -> None:
    if draft.stands_at != ENDED:
        _write([_event(draft, What.LEFT, draft.stands_at)])


def count_new_version(draft: Draft, old: FormVersion, walk: Walk) -> None:
    """What was counted of the old version stays there; in the new one it begins where it stands."""
    gone = StepEvent(version=old, on=timezone.localdate(), what=What.MOVED, step=draft.stands_at)
    draft.counted, draft.stands_at = {}, ""
    _write([gone, _event(draft, What.CAME), *_came_to(draft, place_of(walk))])


def place_of(walk: Walk) -> str:
    if walk.open_step:
        return walk.open_step.key
    return CHECK if walk.outcome is None or walk.outcome.sends else ENDED


def _came_to(draft: Draft, here: str) -> list[StepEvent]:
    before = draft.stands_at
    if here == before:
        return []
    draft.stands_at, draft.stands_since, draft.had_break = here, timezone.now(), False
    events = []
    if ENDED in (here, before):
        events.append(_event(draft, What.EXPLAINED if here == ENDED else What.UNEXPLAINED, ENDED))
    if here != ENDED and here not in draft.counted.get("reached", []):
        draft.counted = {**draft.counted, "reached": [*draft.counted.get("reached", []), here]}
        events.append(_event(draft, What.REACHED, here))
    return events


def _first(draft: Draft, key: str) -> bool:
    done = draft.counted.get("done", [])
    if key in done:
        return False
    draft.counted = {**draft.counted, "done": [*done, key]}
    return True


def _seconds(draft: Draft, key: str) -> int | None:
    took = timezone.now() - draft.stands_since
    if key != draft.stands_at or draft.had_break or took > BREAK:
        return None
    return max(int(took.total_seconds()), 0)


def _event(draft: Draft, what: What, step: str = "", **more: Anything) -> StepEvent:
    return StepEvent(version_id=draft.version_id, on=timezone.localdate(), what=what, step=step, **more)


def _write(events: list[StepEvent]) -> None:
    if events:
        StepEvent.objects.bulk_create(events)


# --- Refusals ---------------------------------------------------------------------------------------------------------


def refusals_of(form: StepForm, group: str = "") -> list[tuple[str, str]]:
    """Of a page that was not accepted: each question with the sentence that is shown, without what was typed."""
    english = {check.message: getattr(check.message, "english", check.message) for check in _checks(form)}
    return [
        (
            f"{group}.{name}" if group else name,
            _without_answers(english.get(str(sentence), str(sentence)), _typed(form, name))[:200],
        )
        for name in form.fields
        if name in form.errors
        for sentence, _target in errors_with_targets(form[name])
    ]


def _checks(form: StepForm) -> list[Check]:
    return [check for question in form.questions for check in question.checks]


def _typed(form: StepForm, name: str) -> list[str]:
    """What was sent for a question, its parts and the names of its files; the longest first."""
    mine = re.compile(rf"{re.escape(name)}($|[-_])")
    sent: Anything = form.data
    files: Anything = form.files
    found = [text for key in sent if mine.match(key) for text in sent.getlist(key)]
    found += [file.name for key in files if mine.match(key) for file in files.getlist(key)]
    return sorted((text.strip() for text in found if isinstance(text, str) and text.strip()), key=len, reverse=True)


def _without_answers(sentence: str, typed: list[str]) -> str:
    """A sentence may name a file or repeat a word. Spaces and capitals may differ from what was typed."""
    for text in typed:
        letters = r"\s*".join(re.escape(letter) for letter in text[:200] if not letter.isspace())
        sentence = re.sub(rf"(?<!\w){letters}(?!\w)", "…", sentence, flags=re.IGNORECASE)
    return sentence
