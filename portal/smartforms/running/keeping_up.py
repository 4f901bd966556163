"""A draft follows its form to a new version: only what changed is asked again, and the page says why."""

from django.db import transaction

from portal.smartforms.answers import read_answers
from portal.smartforms.comparing import ask_again
from portal.smartforms.evaluating import walk
from portal.smartforms.figures.counting import FIELDS, count_new_version
from portal.smartforms.models import Draft, DraftState
from portal.smartforms.running.run import Run
from portal.smartforms.versions import definition_of


def bring_up_to_date(run: Run) -> None:
    live = run.draft.form.live_version
    if live is None or live.pk == run.draft.version_id or run.asked:
        return  # what staff ask for more belongs to the version that was sent
    with transaction.atomic():
        draft = Draft.objects.select_for_update(of=("self",)).select_related("version").get(pk=run.draft.pk)
        if draft.state == DraftState.OPEN and draft.version_id != live.pk:
            old, new = definition_of(draft.version), definition_of(live)
            found = ask_again(old, new, read_answers(old, draft.answers), run.facts, draft.seen)
            again = {key: list(sentences) for key, sentences in found.items()}
            was, draft.version = draft.version, live
            draft.seen = [key for key in draft.seen if key not in again]
            draft.ask_again = {**draft.ask_again, **again}
            count_new_version(draft, was, walk(new, read_answers(new, draft.answers), run.facts, seen=draft.seen))
            draft.save(update_fields=["version", "seen", "ask_again", *FIELDS])
    for field in ("version", "seen", "ask_again", "answers", "state"):
        setattr(run.draft, field, getattr(draft, field))
    run.look_again()
