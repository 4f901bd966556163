"""Each change to a draft, under its lock: what one page says never overwrites what another page said."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any as Anything

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.smartforms.answers import is_given, write_answer
from portal.smartforms.definition.model import Question, Step
from portal.smartforms.evaluating import ShownStep, Value
from portal.smartforms.figures import counting
from portal.smartforms.files.keeping import discard, ids_in
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Draft, DraftState, FormFile
from portal.smartforms.running.run import Run

Change = Callable[[Draft], None]
_CHANGED = ("answers", "seen", "sources", "ask_again", "email", "saved_at", "expires_at", "warned_at")
_SHARED = ("answers", "seen", "sources", "ask_again", "email", "state", "saved_at", "expires_at")


def keep_time() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=settings.FORM_DRAFT_DAYS)


def save_step(
    run: Run,
    shown: ShownStep,
    answers: Mapping[str, Value],
    *,
    good: Iterable[str] | None = None,
    sources: Mapping[str, Mapping[str, str]] | None = None,
    refusals: counting.Refusals = (),
) -> None:
    """The answers to the shown questions of a step; what is missing in them is no longer answered.

    `good`: only these questions were answered well: they are kept, the others stay as they were, and the step is not
    done. What stands under hidden questions stays for somebody who changes their mind. `refusals`: for the figures.
    """
    keys = [question.key for question in shown.questions] if good is None else list(good)
    by_key = {question.key: question for question in shown.questions}

    def change(draft: Draft) -> None:
        for key in keys:
            _set(draft, draft.answers, by_key[key], answers.get(key), key)
            draft.sources.pop(key, None)
            if sources and key in sources:
                draft.sources[key] = dict(sources[key])
        if good is None:
            _done(draft, shown.step)

    _change(run, change, at=shown.step.key, refusals=refusals)


def save_thing(
    run: Run,
    shown: ShownStep,
    number: int,
    answers: Mapping[str, Value],
    *,
    sources: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """One thing of a group, counted from 0; the number behind the last adds one. Sent twice it is there once."""
    by_key = {question.key: question for question in shown.questions}

    def change(draft: Draft) -> None:
        things = list(draft.answers.get(shown.step.key) or [])
        thing: dict[str, Anything] = dict(things[number]) if number < len(things) else {}
        for key, question in by_key.items():
            _set(draft, thing, question, answers.get(key), f"{shown.step.key}.{key}")
        at = min(number, len(things))
        things[number : number + 1] = [thing]
        draft.answers[shown.step.key] = things[: shown.step.most]
        for key in by_key:
            draft.sources.pop(f"{shown.step.key}[{at}].{key}", None)
        draft.sources |= {f"{shown.step.key}[{at}].{key}": dict(source) for key, source in (sources or {}).items()}

    _change(run, change)


def save_things(run: Run, shown: ShownStep, things: Iterable[Mapping[str, Value]]) -> None:
    """All things of a group at once, in place of those that were there; the step is done. Files that none of them
    names any more are taken away."""
    by_key = {question.key: question for question in shown.questions}
    wanted = list(things)

    def change(draft: Draft) -> None:
        before = list(draft.answers.get(shown.step.key) or [])
        kept: list[dict[str, Anything]] = []
        for number, answers in enumerate(wanted):
            hidden = {key: value for key, value in dict(*before[number : number + 1]).items() if key not in by_key}
            thing: dict[str, Anything] = hidden
            for key, question in by_key.items():
                _set(draft, thing, question, answers.get(key), f"{shown.step.key}.{key}")
            kept.append(thing)
        gone = ids_in(before) - ids_in(kept)
        discard(FormFile.objects.filter(draft=draft, question__startswith=f"{shown.step.key}.", pk__in=gone))
        draft.answers[shown.step.key] = kept
        draft.sources = {path: row for path, row in draft.sources.items() if not path.startswith(f"{shown.step.key}[")}
        _done(draft, shown.step)

    _change(run, change, at=shown.step.key)


def remove_thing(run: Run, step: Step, number: int) -> None:
    def change(draft: Draft) -> None:
        things = list(draft.answers.get(step.key) or [])
        del things[number : number + 1]
        draft.answers[step.key] = things
        draft.sources = dict(_moved_up(draft.sources, step, number))

    _change(run, change)


def _moved_up(sources: Mapping[str, Anything], step: Step, removed: int) -> Iterator[tuple[str, Anything]]:
    """Those of the things behind the removed one stand one place further up."""
    before = f"{step.key}["
    for path, source in sources.items():
        number, _bracket, rest = path.removeprefix(before).partition("]")
        if not path.startswith(before) or int(number) < removed:
            yield path, source
        elif int(number) > removed:
            yield f"{before}{int(number) - 1}]{rest}", source


def remove_file(run: Run, file_id: uuid.UUID) -> None:
    """The file, and its name in the answers."""

    def change(draft: Draft) -> None:
        discard(FormFile.objects.filter(draft=draft, pk=file_id))
        draft.answers = _without_file(draft.answers, str(file_id))

    _change(run, change)


def _without_file(kept: Anything, file_id: str) -> Anything:
    if isinstance(kept, dict):
        return {key: _without_file(value, file_id) for key, value in kept.items()}
    if isinstance(kept, list):
        return [
            _without_file(item, file_id) for item in kept if not (isinstance(item, dict) and item.get("id") == file_id)
        ]
    return kept


def finish_step(run: Run, step: Step) -> None:
    """A step without answers of its own: an information page, or a group that is whole."""
    _change(run, lambda draft: _done(draft, step))


def refuse_thing(run: Run, shown: ShownStep, refusals: counting.Refusals) -> None:
    """A thing of a group was not answered well: nothing of it is kept."""
    _change(run, lambda draft: None, at=shown.step.key, refusals=refusals)


def keep_email(run: Run, email: str) -> None:
    """For who goes on later."""

    def change(draft: Draft) -> None:
        draft.email, draft.had_break = email, True

    _change(run, change)


def _set(draft: Draft, kept: dict[str, Anything], question: Question, value: Anything, place: str) -> None:
    value = kind_of(question).keep(draft, place, value, kept.get(question.key))
    if is_given(value):
        kept[question.key] = write_answer(question, value)
    else:
        kept.pop(question.key, None)


def _done(draft: Draft, step: Step) -> None:
    if step.key not in draft.seen:
        draft.seen = [*draft.seen, step.key]
    draft.ask_again.pop(step.key, None)


@transaction.atomic
def _change(run: Run, change: Change, *, at: str = "", refusals: counting.Refusals = ()) -> None:
    """What was sent meanwhile, in another tab, stays sent. `at`: the step whose page it was, for the figures."""
    draft = Draft.objects.select_for_update().get(pk=run.draft.pk)
    is_open, seen = draft.state == DraftState.OPEN, set(draft.seen)
    if is_open:
        change(draft)
        draft.saved_at, draft.warned_at = timezone.now(), None
        if run.asked is None:  # what staff asked for ends on the day that they named
            draft.expires_at = keep_time()
    for field in _SHARED:
        setattr(run.draft, field, getattr(draft, field))
    run.look_again()
    if is_open:
        newly_done = [key for key in draft.seen if key not in seen]
        if run.asked is None:
            counting.count_change(draft, run.walk, newly_done=newly_done, refusals=refusals, at=at)
        draft.save(update_fields=[*_CHANGED, *counting.FIELDS])
