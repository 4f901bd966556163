"""What a key may reach: the forms that it was granted, and the drafts and submissions that it made itself.

Everything else is 404, so that nobody learns what is there.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import salted_hmac

from barnet.customers.acting_for.serving import Party
from barnet.customers.actors import Actor
from barnet.customers.api.api_keys import ApiKey
from barnet.customers.enums import Channel, Right
from portal.smartforms.models import ApiGrant, Draft, FormVersion, SmartForm, Submission
from portal.smartforms.running.keeping_up import bring_up_to_date
from portal.smartforms.running.returning import send_link
from portal.smartforms.running.run import Run
from portal.smartforms.running.saving import keep_email
from portal.smartforms.running.starting import draft_id_of, start_draft
from portal.smartforms.versions import definition_of


class TooManyStartsError(Exception):
    """The key has begun this form as often as it may in a day."""


@dataclass(frozen=True)
class OpenForm:
    """A form that the key may fill in now."""

    grant: ApiGrant
    form: SmartForm
    version: FormVersion

    @property
    def party(self) -> Party:
        """Nobody whom we know: a system is no person, and does not say who stands before it."""
        return Party(Actor(None, Right.SELF, Channel(self.grant.channel)), None)


def open_forms(key: ApiKey) -> list[OpenForm]:
    """A form that only people with an account may fill in is never among them."""
    grants = _grants(key).order_by("form__title", "form__slug")
    return [found for grant in grants if (found := _opened(grant))]


def open_form(key: ApiKey, slug: str) -> OpenForm:
    grant = _grants(key).filter(form__slug=slug).first()
    found = _opened(grant) if grant else None
    if found is None:
        raise Http404
    return found


def _grants(key: ApiKey) -> QuerySet[ApiGrant]:
    return ApiGrant.objects.filter(api_key=key).select_related("form__service", "form__live_version")


def _opened(grant: ApiGrant) -> OpenForm | None:
    version = grant.form.live_version
    if version is None or definition_of(version).needs_account:
        return None
    return OpenForm(grant, grant.form, version)


@transaction.atomic
def begin(key: ApiKey, found: OpenForm, idempotency_key: str) -> tuple[Run, bool]:
    """The filling-in, and whether it was there already: the same idempotency key gives the same as long as it is kept.

    The row of the grant is locked, so that of many who begin at once no more get in than may.
    """
    name = salted_hmac("portal.smartforms.api", f"{key.pk}:{found.form.pk}:{idempotency_key}", algorithm="sha256")
    grant = ApiGrant.objects.select_for_update().get(pk=found.grant.pk)
    known = Draft.objects.filter(pk=draft_id_of(name.hexdigest())).exists()
    if not known and _started_today(grant) >= grant.starts_a_day:
        raise TooManyStartsError
    draft = start_draft(found.form, found.version, party=found.party, key=name.hexdigest(), api_key=key)
    return Run(draft, found.party), known


def _started_today(grant: ApiGrant) -> int:
    since = timezone.now() - dt.timedelta(days=1)
    return Draft.objects.filter(api_key=grant.api_key_id, form=grant.form_id, started_at__gt=since).count()


def run_of(key: ApiKey, slug: str, draft_id: uuid.UUID) -> Run:
    """With the draft brought to the live version, unless it was sent.

    What was handed over by e-mail (`hand_over`) is no longer the key's: the next person at a kiosk never meets it.
    """
    found = open_form(key, slug)
    draft = (
        Draft.objects.select_related("form__service", "form__live_version", "version")
        .filter(pk=draft_id, form=found.form, api_key=key, email="")
        .first()
    )
    if draft is None:
        raise Http404
    run = Run(draft, found.party)
    bring_up_to_date(run)
    return run


@transaction.atomic
def hand_over(run: Run, email: str) -> None:
    """They go on elsewhere, with a link that is sent to this address; from now on the key does not reach it."""
    keep_email(run, email)
    run.draft.refresh_from_db()
    send_link(run.draft)


def submissions_of(key: ApiKey, slug: str) -> QuerySet[Submission]:
    """Also of a form that is closed now: what was sent goes on."""
    if not ApiGrant.objects.filter(api_key=key, form__slug=slug).exists():
        raise Http404
    rows = Submission.objects.filter(api_key=key, version__form__slug=slug)
    return rows.select_related("case", "version__form").order_by("-sent_at", "-pk")
