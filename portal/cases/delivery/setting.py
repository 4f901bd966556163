"""Setting a back office, by page or by command: the same checks, and the same record of who changed what.

Guarantee: what was changed stands in `OfficeChange`, written with it or not at all; a secret never does. Two people who
set one office at once do not overwrite each other: the second is told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from barnet.catalogue.models import Service
from barnet.customers.models import User
from barnet.kit.languages import in_english
from portal.cases.delivery.enums import OfficeAct
from portal.cases.delivery.keys import new_secret, replace_secret
from portal.cases.delivery.kinds import OfficeKind, RefusedError, UnavailableError, kind_named
from portal.cases.delivery.models import BackOffice
from portal.cases.delivery.office_models import OfficeChange

SHORTEST_SECRET = 32
_SAID = ("name", "kind", "url", "hears_contact", "is_active")


class StaleOfficeError(Exception):
    """Somebody else set it after the form was opened."""

    def __init__(self, office: BackOffice) -> None:
        super().__init__(str(office))
        self.office = office


@dataclass(frozen=True)
class Setting:
    """What became of it. `secret`: one that was made, to be shown once."""

    office: BackOffice
    changes: list[str]
    secret: str = ""


@in_english()
@transaction.atomic
def set_office(
    wanted: BackOffice,
    services: Iterable[Service] | None = None,
    *,
    by: User | None,
    key_of_theirs: str = "",
    makes_secret: bool = False,
    ends_at_once: bool = False,
    version: int | None = None,
    submission_key: str | None = None,
) -> Setting:
    """`wanted`: the office with what it shall be, saved or new. Without `services` they stay as they are; `version`:
    what the person saw. Raises ValidationError by field, StaleOfficeError."""
    before = BackOffice.objects.select_for_update(no_key=True).filter(pk=wanted.pk).first() if wanted.pk else None
    if before:
        wanted.sealed_secret = before.sealed_secret
    kind = check_office(wanted)
    served = set(before.services.all()) if before else set[Service]()
    chosen = served if services is None else set(services)
    changes = [*_changes(before, wanted), *_changes_of_services(served, chosen)] if before else _first(wanted, chosen)
    secret = _settle_secret(before, wanted, kind, key_of_theirs, makes_secret=makes_secret, at_once=ends_at_once)
    if key_of_theirs or secret:
        changes.append(_("Another secret"))
    if not changes:
        return Setting(wanted, [])
    if before and version is not None and before.version != version:
        raise StaleOfficeError(before)
    wanted.version = before.version + 1 if before else 1
    wanted.save(update_fields=[*_SAID, "options", "sealed_secret", "version"] if before else None)
    wanted.services.set(chosen)
    act = OfficeAct.CHANGED if before else OfficeAct.MADE
    record_change(wanted, act, "\n".join(changes), by=by, submission_key=submission_key)
    return Setting(wanted, changes, secret)


@in_english()
@transaction.atomic
def stop_using(office: BackOffice, *, by: User | None) -> None:
    """Also an office of which something else is not as it should be."""
    now = BackOffice.objects.select_for_update(no_key=True).get(pk=office.pk)
    if now.is_active:
        BackOffice.objects.filter(pk=now.pk).update(is_active=False, version=now.version + 1)
        office.is_active = False
        record_change(office, OfficeAct.CHANGED, "\n".join(_changes(now, office)), by=by)


@in_english()
@transaction.atomic
def make_secret(office: BackOffice, *, by: User | None, at_once: bool, submission_key: str) -> str:
    """Shown once, by the form that made it; nothing when that form was sent before."""
    office = BackOffice.objects.select_for_update(no_key=True).get(pk=office.pk)
    if OfficeChange.objects.filter(submission_key=submission_key).exists():
        return ""
    secret = new_secret()
    replace_secret(office, secret, at_once=at_once)
    office.save(update_fields=["sealed_secret"])
    words = _("The ones before ended at once.") if at_once else _("The one before counts for 24 hours yet.")
    record_change(office, OfficeAct.SECRET, words, by=by, submission_key=submission_key)
    return secret


def try_office(office: BackOffice, *, by: User, submission_key: str) -> tuple[bool, str] | None:
    """Whether it took the test, and what it answered; nothing when this form was sent before. The call is no part of a
    transaction; of the answer only its kind is kept."""
    with transaction.atomic():
        office = BackOffice.objects.select_for_update(no_key=True).get(pk=office.pk)
        if OfficeChange.objects.filter(submission_key=submission_key).exists():
            return None
        record_change(office, OfficeAct.TRIED, "", by=by, submission_key=submission_key)
    try:
        is_taken, words, kept = True, kind_named(office.kind).try_out(office), _("It took the test.")
    except (RefusedError, UnavailableError) as failed:
        is_taken, words, kept = False, str(failed), _("It did not take the test.")
    record_change(office, OfficeAct.ANSWERED, kept, by=by)
    return is_taken, words


def record_change(
    office: BackOffice, act: OfficeAct, words: str, *, by: User | None, submission_key: str | None = None
) -> None:
    OfficeChange.objects.create(office=office, act=act, words=words, by=by, submission_key=submission_key)


def check_office(office: BackOffice) -> OfficeKind:
    """Raises ValidationError by field."""
    try:
        kind = kind_named(office.kind)
    except RefusedError:
        raise ValidationError({"kind": _("Choose how it is told.")}) from None
    if kind.is_gathered:
        office.url = ""
    office.full_clean()
    if not office.url and not kind.is_gathered:
        raise ValidationError({"url": _("Say where the office takes calls.")})
    if office.options and kind.wrong_options is None:
        raise ValidationError({"options": _("An office of this kind has no options.")})
    if kind.wrong_options and (wrong := kind.wrong_options(office.options)):
        raise ValidationError({"options": wrong})
    return kind


def _settle_secret(
    before: BackOffice | None,
    wanted: BackOffice,
    kind: OfficeKind,
    key_of_theirs: str,
    *,
    makes_secret: bool,
    at_once: bool,
) -> str:
    """The secret, when it was made here. What was the key of another kind is none of this one."""
    signed_before = before is not None and bool(before.sealed_secret) and kind_named(before.kind).signs
    has_its_own = before is not None and bool(before.sealed_secret) and signed_before == kind.signs
    if key_of_theirs:
        if kind.signs and len(key_of_theirs) < SHORTEST_SECRET:
            raise ValidationError({"key_of_theirs": _("A secret has at least %d characters.") % SHORTEST_SECRET})
        replace_secret(wanted, key_of_theirs, at_once=at_once or not (kind.signs and has_its_own))
        return ""
    if not kind.signs:
        if makes_secret or not has_its_own:
            raise ValidationError({"key_of_theirs": _("Give the key with which we call them: they gave it to us.")})
        return ""
    if has_its_own and not makes_secret:
        return ""
    made = new_secret()
    replace_secret(wanted, made, at_once=at_once or not has_its_own)
    return made


# --- the words of the record ------------------------------------------------------------------------------------------


def _first(office: BackOffice, services: set[Service]) -> list[str]:
    nothing = BackOffice(name="", kind="", is_active=office.is_active)
    return [*_changes(nothing, office), *_changes_of_services(set(), services)]


def _changes(before: BackOffice, after: BackOffice) -> list[str]:
    changed = [
        f"{_named(name)}: {_said(before, name)} → {_said(after, name)}"
        for name in _SAID
        if getattr(before, name) != getattr(after, name)
    ]
    for name in sorted(before.options.keys() | after.options.keys()):
        if before.options.get(name) != after.options.get(name):
            changed.append(f"{name}={after.options.get(name, '')}")
    return changed


def _named(field: str) -> str:
    name = str(BackOffice._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    return f"{name[0].upper()}{name[1:]}"


def _said(office: BackOffice, name: str) -> str:
    """Of an address without its query, which may be a key."""
    value = getattr(office, name)
    if name == "url" and value:
        try:
            return urlsplit(value)._replace(query="", fragment="").geturl()
        except ValueError:
            return "?"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or "–"


def _changes_of_services(before: set[Service], after: set[Service]) -> list[str]:
    named = (
        (_("Services added"), after - before),
        (_("Services taken away"), before - after),
    )
    return [f"{what}: {', '.join(sorted(service.name for service in found))}" for what, found in named if found]
