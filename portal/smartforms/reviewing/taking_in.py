"""A form from a file becomes a draft: of a new form, or of the one with that short name. Nothing is published."""

from dataclasses import dataclass
from enum import Enum

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from barnet.catalogue.models import Service
from barnet.customers.models import User
from portal.smartforms.authoring import gate
from portal.smartforms.authoring.filling import blocks_for
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding, UnreadableFormError
from portal.smartforms.models import SmartForm
from portal.smartforms.publishing import unknown_services, unknown_teams

_CREATED = "wagtail.create"


class Result(Enum):
    NEW = "new"
    DRAFT = "draft"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Taken:
    form: SmartForm
    result: Result


class ExistsError(Exception):
    """There is a form with that short name."""

    def __init__(self, form: SmartForm) -> None:
        super().__init__(form.slug)
        self.form = form


class LockedError(Exception):
    """Somebody locked the form, so that nobody changes it."""


def take_in(definition: Definition, *, by: User, key: str, onto_existing: bool) -> Taken:
    """Raises UnreadableFormError, ExistsError or LockedError, and changes nothing then.

    `key`: of the page that was sent. The form that it made already is the answer to it, however often it comes.
    """
    values = _values(definition)
    existing = SmartForm.objects.filter(slug=definition.slug).first()
    if existing:
        return _onto(existing, definition, values, by, key, onto_existing=onto_existing)
    try:
        return _new_form(definition, values, by, key)
    except IntegrityError:  # somebody made one of that name in this moment
        made = SmartForm.objects.filter(slug=definition.slug).first()
        if made is None:
            raise
        return _onto(made, definition, values, by, key, onto_existing=False)


def _onto(
    existing: SmartForm, definition: Definition, values: dict[str, object], by: User, key: str, *, onto_existing: bool
) -> Taken:
    if _was_made_with(existing, key):
        return Taken(existing, Result.NEW)
    if not onto_existing:
        raise ExistsError(existing)
    return _new_draft(existing, definition, values, by)


def _was_made_with(form: SmartForm, key: str) -> bool:
    logged = ModelLogEntry.objects.filter(object_id=str(form.pk), action=_CREATED, data__submission_key=key)
    return logged.filter(content_type=ContentType.objects.get_for_model(SmartForm)).exists()


def _values(definition: Definition) -> dict[str, object]:
    if unknown := [*unknown_services(definition), *unknown_teams(definition)]:
        raise UnreadableFormError(unknown)
    about = {name: getattr(definition, name) for name in gate.ABOUT}
    values = {**about, "service": Service.objects.get(slug=definition.service), **blocks_for(definition)}
    try:
        SmartForm(**values).clean_fields(exclude=["live_version", "latest_revision", "live_revision"])
    except ValidationError as error:
        found = [Finding(f"form.{name}", " ".join(sentences)) for name, sentences in error.message_dict.items()]
        raise UnreadableFormError(found) from None
    return values


@transaction.atomic
def _new_form(definition: Definition, values: dict[str, object], by: User, key: str) -> Taken:
    form = SmartForm.objects.create(**values, live=False)
    log(instance=form, action=_CREATED, user=by, content_changed=True, data={"submission_key": key})
    form.save_revision(user=by)
    return Taken(form, Result.NEW)


@transaction.atomic
def _new_draft(existing: SmartForm, definition: Definition, values: dict[str, object], by: User) -> Taken:
    form = SmartForm.objects.select_for_update(of=("self",)).get(pk=existing.pk)
    draft = form.get_latest_revision_as_object()
    if _says(draft, definition):
        return Taken(form, Result.UNCHANGED)
    lock = form.get_lock()
    if lock and lock.for_user(by):
        raise LockedError(_("‘%(form)s’ is locked: nobody changes it until it is unlocked.") % {"form": form})
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(user=by, log_action=True)
    return Taken(form, Result.DRAFT)


def _says(draft: SmartForm, definition: Definition) -> bool:
    try:
        return gate.definition_of(draft) == definition
    except UnreadableFormError:
        return False
