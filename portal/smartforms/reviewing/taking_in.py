"""A form from a file becomes a draft: of a new form, or of the one with that short name. Nothing is published."""

from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from barnet.catalogue.models import Service
from barnet.customers.models import User
from portal.smartforms.authoring import gate
from portal.smartforms.authoring.filling import blocks_for
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding, UnreadableFormError
from portal.smartforms.models import SmartForm


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


def take_in(definition: Definition, *, by: User, onto_existing: bool) -> Taken:
    """Raises UnreadableFormError, ExistsError or LockedError, and changes nothing then."""
    values = _values(definition)
    existing = SmartForm.objects.filter(slug=definition.slug).first()
    if existing and not onto_existing:
        raise ExistsError(existing)
    if existing:
        return _new_draft(existing, definition, values, by)
    try:
        return _new_form(definition, values, by)
    except IntegrityError:  # somebody made one of that name in this moment
        made = SmartForm.objects.filter(slug=definition.slug).first()
        if made is None:
            raise
        raise ExistsError(made) from None


def _values(definition: Definition) -> dict[str, object]:
    service = Service.objects.filter(slug=definition.service).first()
    if service is None:
        raise UnreadableFormError([Finding("form.service", f"There is no service {definition.service}.")])
    about = {name: getattr(definition, name) for name in gate.ABOUT}
    values = {**about, "service": service, **blocks_for(definition)}
    try:
        SmartForm(**values).clean_fields(exclude=["live_version", "latest_revision", "live_revision"])
    except ValidationError as error:
        found = [Finding(f"form.{name}", " ".join(sentences)) for name, sentences in error.message_dict.items()]
        raise UnreadableFormError(found) from None
    return values


@transaction.atomic
def _new_form(definition: Definition, values: dict[str, object], by: User) -> Taken:
    form = SmartForm.objects.create(**values, live=False)
    log(instance=form, action="wagtail.create", user=by, content_changed=True)
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
