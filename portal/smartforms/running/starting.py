"""A draft begins, or the one under way is found again."""

import uuid
from collections.abc import Mapping
from typing import Any as Anything

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from barnet.customers.acting_for.serving import Party
from barnet.customers.api.api_keys import ApiKey
from barnet.customers.models import Customer
from portal.smartforms.figures.counting import FIELDS, count_begin
from portal.smartforms.models import Draft, DraftState, FormVersion, SmartForm
from portal.smartforms.running.door import hash_of
from portal.smartforms.running.prefilling import BEFORE
from portal.smartforms.running.run import Run
from portal.smartforms.running.saving import keep_time
from portal.smartforms.versions import definition_of

_SPACE = uuid.UUID("6f6f0d6e-5a0c-4a43-9d2f-0f0c1f8f7a11")


def draft_id_of(key: str) -> uuid.UUID:
    return uuid.uuid5(_SPACE, key)


@transaction.atomic
def start_draft(
    form: SmartForm,
    version: FormVersion,
    *,
    party: Party,
    key: str,
    secret: str = "",
    api_key: ApiKey | None = None,
    answers: Mapping[str, Anything] | None = None,
    told: Mapping[str, Anything] | None = None,
    earlier: Mapping[str, Anything] | None = None,
) -> Draft:
    """`key`: of the button that was pressed; pressed twice, it gives the same draft. `secret`: of the browser, and
    `api_key` of the system, that goes on with it. `answers`: in JSON, those that the link said.
    `told`: those that the person gave on pages that led here; what they answer whole is not asked again.
    `earlier`: those that were given before and that they want to use again."""
    known = dict(told or {})
    draft, is_new = Draft.objects.get_or_create(
        id=draft_id_of(key),
        defaults={
            "form": form,
            "version": version,
            "customer": party.customer,
            "started_by": party.actor.user,
            "right": party.actor.right,
            "channel": party.actor.channel,
            "browser_hash": hash_of(secret) if secret else "",
            "api_key": api_key,
            "answers": {**(answers or {}), **known},
            "sources": {key: {"source": BEFORE, "as_of": timezone.localdate().isoformat()} for key in known},
            "seen": _whole_pages(version, known),
            "earlier": dict(earlier or {}),
            "expires_at": keep_time(),
        },
    )
    if is_new:
        count_begin(draft, Run(draft, party).walk)
        draft.save(update_fields=FIELDS)
    return draft


def _whole_pages(version: FormVersion, known: Mapping[str, Anything]) -> list[str]:
    steps = definition_of(version).steps if known else ()
    return [step.key for step in steps if step.questions and all(question.key in known for question in step.questions)]


def drafts_of(customer: Customer) -> QuerySet[Draft]:
    """Under way, the latest first. What staff asked for more stands with its request."""
    return (
        Draft.objects.filter(customer=customer, state=DraftState.OPEN, expires_at__gt=timezone.now(), more_asked=None)
        .select_related("form__service")
        .order_by("-saved_at")
    )
