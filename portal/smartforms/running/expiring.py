"""Drafts that nobody goes on with: their owner is told some days before, then they are deleted.

What staff asked for more has its own end: `asking.services`.
"""

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from barnet.customers.models import Customer
from barnet.notifications.services import queue_message
from portal.smartforms.figures.counting import count_left
from portal.smartforms.files.keeping import discard
from portal.smartforms.models import Draft, DraftState
from portal.smartforms.running.returning import fields_of, send_link

WARN_BEFORE = dt.timedelta(days=5)
_AT_ONCE = 500


def warn_of_expiry() -> str:
    """Tells each owner once for each time that they let a draft rest. Those whom we cannot reach are not told."""
    now = timezone.now()
    due = Draft.objects.filter(
        state=DraftState.OPEN,
        warned_at=None,
        expires_at__gt=now,
        expires_at__lte=now + WARN_BEFORE,
        more_asked=None,
    ).order_by("expires_at")
    told = 0
    for pk in list(due.values_list("pk", flat=True)[:_AT_ONCE]):
        told += _warn(pk)
    return f"{told} told"


@transaction.atomic
def _warn(pk: uuid.UUID) -> bool:
    draft = (
        Draft.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("form", "customer")
        .filter(pk=pk, warned_at=None, state=DraftState.OPEN)
        .first()
    )
    if draft is None:
        return False
    Draft.objects.filter(pk=pk).update(warned_at=timezone.now())
    if draft.customer:
        here = settings.BASE_URL + reverse("form_back", args=[draft.form.slug, draft.pk])
        key = f"form-expiry:{draft.pk}:{draft.saved_at.isoformat()}"
        return bool(queue_message("form-expiry", key=key, customer=draft.customer, fields=fields_of(draft, here)))
    return bool(draft.email) and send_link(draft, template="form-expiry-link")


def delete_expired() -> str:
    """Their files go with them."""
    over = Draft.objects.filter(state=DraftState.OPEN, expires_at__lte=timezone.now(), more_asked=None)
    count = 0
    for draft in over[:_AT_ONCE]:
        count += delete_draft(draft)
    return f"{count} deleted"


@transaction.atomic
def delete_draft(draft: Draft) -> bool:
    locked = Draft.objects.select_for_update().filter(pk=draft.pk, state=DraftState.OPEN).first()
    if locked is None:
        return False
    count_left(locked)
    discard(locked.files.all())
    locked.delete()
    return True


def forget_visit(customer: Customer, since: dt.datetime) -> int:
    """Somebody without an account was helped, and left: nobody could go on with what they began."""
    begun = Draft.objects.filter(customer=customer, started_at__gte=since, state=DraftState.OPEN, more_asked=None)
    return sum(delete_draft(draft) for draft in begun)
