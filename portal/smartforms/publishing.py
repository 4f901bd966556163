"""A form becomes public: proved, compiled into a version that never changes, and put in the place of the last one."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.models import User
from portal.cases.enums import CaseUrgency
from portal.cases.selectors import team_named
from portal.smartforms.authoring.filling import blocks_for
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding, read
from portal.smartforms.definition.writing import write
from portal.smartforms.fees import unknown_fees
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.proving.gate import Proof, prove
from portal.smartforms.translating.keeping import keep, read_translations


class UnprovenFormError(ValueError):
    """The form cannot be finished as it is written: `findings` say where."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings


def proof_of(definition: Definition) -> Proof:
    """Of today, with the services that it names. Does not write."""
    proof = prove(definition, timezone.localdate())
    today = timezone.localdate()
    findings = (
        *proof.findings,
        *unknown_services(definition),
        *unknown_teams(definition),
        *unknown_fees(definition, today),
    )
    return proof if proof.holds and not findings else Proof(findings)


def publish(form: SmartForm, definition: Definition, *, by: User | None) -> FormVersion:
    """The new live version; the live one, when nothing changed. Raises UnprovenFormError and changes nothing."""
    proof = proof_of(definition)  # before the lock: it takes a while
    if not proof.holds:
        raise UnprovenFormError(list(proof.findings))
    return write_version(form, definition, ways=len(proof.paths), by=by)


@transaction.atomic
def write_version(form: SmartForm, definition: Definition, *, ways: int, by: User | None) -> FormVersion:
    """Of a form that was proved."""
    source = write(definition)
    sha256 = _sha256(source)
    locked = SmartForm.objects.select_for_update(of=("self",)).select_related("live_version").get(pk=form.pk)
    live = locked.live_version
    if live is None or live.sha256 != sha256:
        last = FormVersion.objects.filter(form=form).order_by("-number").values_list("number", flat=True).first()
        live = FormVersion.objects.create(
            form=form,
            number=(last or 0) + 1,
            definition=json.loads(source),
            sha256=sha256,
            ways=ways,
            published_by=by,
        )
        SmartForm.objects.filter(pk=form.pk).update(live_version=live)
    form.live_version = live
    return live


def unknown_services(definition: Definition) -> list[Finding]:
    named = {"form.service": definition.service}
    named |= {f"form.destinations[{number}].service": row.service for number, row in enumerate(definition.destinations)}
    known = set(Service.objects.filter(slug__in=named.values()).values_list("slug", flat=True))
    return [Finding(place, f"There is no service {slug}.") for place, slug in named.items() if slug not in known]


def unknown_teams(definition: Definition) -> list[Finding]:
    """A request that goes to a team that is not there would lie where nobody looks; so would an unknown urgency."""
    found = []
    for number, row in enumerate(definition.destinations):
        place = f"form.destinations[{number}]"
        if row.team and team_named(row.team) is None:
            found.append(Finding(f"{place}.team", f"There is no team ‘{row.team}’. Make it first, or choose another."))
        if row.tells_team and not row.team:
            found.append(Finding(f"{place}.team", "Name the team that is told at once."))
        if row.urgency not in CaseUrgency.values:
            words = f"‘{row.urgency}’ is no urgency: {', '.join(CaseUrgency.values)}."
            found.append(Finding(f"{place}.urgency", words))
    return found


def _live_with(definition: Definition) -> FormVersion | None:
    """The live version that says the same, of a form that can be edited: it was proved when it was published."""
    versions = FormVersion.objects.select_related("form__service").exclude(form__steps=[])
    return versions.filter(
        form__slug=definition.slug, form__live_version=F("pk"), sha256=_sha256(write(definition))
    ).first()


def _sha256(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def import_form(source: str | Mapping[str, Any], *, by: User | None) -> FormVersion:
    """A form from JSON, created or brought up to date by its slug, and published.

    Raises UnreadableFormError or UnprovenFormError, and changes nothing then.
    """
    definition = read(source)
    words = read_translations(source, definition)
    if live := _live_with(definition):
        keep(live.form, words)
        return live
    proof = proof_of(definition)
    if not proof.holds:
        raise UnprovenFormError(list(proof.findings))
    blocks = blocks_for(definition)
    with transaction.atomic():
        form, _created = SmartForm.objects.update_or_create(
            slug=definition.slug,
            defaults={
                "title": definition.title,
                "summary": definition.summary,
                "declaration": definition.declaration,
                "needs_account": definition.needs_account,
                "service": Service.objects.get(slug=definition.service),
                "live": True,
                **blocks,
            },
        )
        keep(form, words)
        return write_version(form, definition, ways=len(proof.paths), by=by)
