"""Nothing becomes public that was not proved, whichever way it is published: by hand or at a time that was set."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from portal.smartforms.authoring.compiling import PARTS, compiled
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding, UnreadableFormError, read
from portal.smartforms.models import SmartForm
from portal.smartforms.proving.structure import findings as findings_of_structure

ABOUT = ("slug", "title", "summary", "declaration", "needs_account")
REFUSED = "smartforms.publish_refused"
_SCHEDULED = "wagtail.publish.scheduled"  # what Wagtail's command says when the time has come


def definition_of(form: SmartForm) -> Definition:
    """As it stands in the editor. Raises UnreadableFormError."""
    blocks = {name: list(getattr(form, name).get_prep_value()) for name in PARTS}
    about = {name: getattr(form, name) for name in ABOUT}
    return read(compiled(blocks, service=form.service.slug, **about))


def advice(form: SmartForm) -> list[Finding]:
    """What is plainly not ready, without the proof: quick enough for every saving."""
    try:
        return findings_of_structure(definition_of(form))
    except UnreadableFormError as error:
        return error.findings


def findings(form: SmartForm) -> list[Finding]:
    """Whatever stands against publishing. Takes the solver's time."""
    try:
        return list(proof(definition_of(form)).findings)
    except UnreadableFormError as error:
        return error.findings


def proof(definition: Definition) -> Any:
    return _proof(definition, timezone.localdate())


@lru_cache(maxsize=4)  # the editor asks before it saves, and again when it publishes
def _proof(definition: Definition, _on: dt.date) -> Any:
    return _publishing().proof_of(definition)


def _publishing() -> Any:
    """The solver is 40 MB: only who publishes loads it."""
    return import_module("portal.smartforms.publishing")


def publish(
    form: SmartForm, put_live: Callable[..., Any], revision: Any, user: Any, *, log_action: Any = True, **options: Any
) -> Any:
    """A refusal changes nothing. One at a set time takes the time away and stands in the history of the form, so that
    others that are due still come."""
    draft = revision.as_object()  # what becomes public; `form` may be what is public now
    found = findings(draft)
    if found and log_action == _SCHEDULED:
        return _refuse_scheduled(form, revision, found)
    if found:
        raise _publishing().UnprovenFormError(found)
    definition = definition_of(draft)
    with transaction.atomic():
        result = put_live(revision, user=user, log_action=log_action, **options)
        if not (draft.go_live_at and draft.go_live_at > timezone.now()):
            _publishing().write_version(form, definition, ways=len(proof(definition).paths), by=user)
    return result


def take_down(form: SmartForm) -> None:
    """Residents start it no more."""
    SmartForm.objects.filter(pk=form.pk).update(live_version=None)


@transaction.atomic
def _refuse_scheduled(form: SmartForm, revision: Any, found: list[Finding]) -> None:
    form.revisions.update(approved_go_live_at=None)
    log(instance=form, action=REFUSED, revision=revision, data={"findings": [str(finding) for finding in found]})
