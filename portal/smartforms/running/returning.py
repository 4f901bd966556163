"""The way back to a draft by e-mail: a link that works once. Only its hash is kept, so that nobody reads it from us."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from barnet.kit.wording import date_long
from barnet.notifications.enums import MessageChannel
from barnet.notifications.services import queue_message
from portal.smartforms.models import Draft, DraftState, ReturnLink
from portal.smartforms.running.door import hash_of

LINKS_A_DAY = 5


@transaction.atomic
def send_link(draft: Draft, *, template: str = "form-link", fields: Mapping[str, str] | None = None) -> bool:
    """To the address of the draft; False when it has had enough for a day. Earlier links stop working."""
    locked = Draft.objects.select_for_update().select_related("form").get(pk=draft.pk)
    now = timezone.now()
    today = ReturnLink.objects.filter(draft=locked, sent_at__gt=now - dt.timedelta(days=1)).count()
    if locked.state != DraftState.OPEN or not locked.email or today >= LINKS_A_DAY:
        return False
    token = secrets.token_urlsafe(32)
    ReturnLink.objects.filter(draft=locked, used_at=None).update(used_at=now)
    link = ReturnLink.objects.create(draft=locked, hash=_hash(token), sent_at=now, expires_at=locked.expires_at)
    queue_message(
        template,
        key=f"form-link:{link.pk}",
        email=locked.email,
        fields={**fields_of(locked, settings.BASE_URL + _address(locked, token)), **(fields or {})},
        channels=[MessageChannel.EMAIL],
    )
    return True


def _address(draft: Draft, token: str) -> str:
    return reverse("form_return", args=[draft.form.slug, token])


def fields_of(draft: Draft, link: str) -> dict[str, str]:
    return {"form": draft.form.title, "link": link, "day": date_long(timezone.localdate(draft.expires_at))}


def link_of(form_slug: str, token: str) -> ReturnLink | None:
    """Used up or too old, too: `is_good` tells."""
    return (
        ReturnLink.objects.select_related("draft__form").filter(hash=_hash(token), draft__form__slug=form_slug).first()
    )


def is_good(link: ReturnLink | None) -> bool:
    return (
        link is not None
        and link.used_at is None
        and link.expires_at > timezone.now()
        and link.draft.state == DraftState.OPEN
    )


@transaction.atomic
def use_link(link: ReturnLink, secret: str) -> Draft | None:
    """Binds the draft to the browser that holds `secret`. The second of two who follow the link gets None.

    A draft that belongs to an account keeps belonging to it: the door asks for its owner all the same.
    """
    locked = ReturnLink.objects.select_for_update().get(pk=link.pk)
    draft = Draft.objects.select_for_update().get(pk=link.draft_id)
    locked.draft = draft
    if not is_good(locked):
        return None
    locked.used_at = timezone.now()
    locked.save(update_fields=["used_at"])
    draft.browser_hash = hash_of(secret)
    draft.had_break = True
    draft.save(update_fields=["browser_hash", "had_break"])
    return draft


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
