"""Is it still needed? Asked four weeks before the review day; who does not answer is asked by the team, never ended.

Each step is one transaction for one arrangement, claimed under its lock: run twice or at once, it is done once.
"""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.kit.wording import day
from barnet.notifications.services import queue_message
from portal.cases.models import Case
from portal.cases.services import add_note, assign_case, receive_case
from portal.waste.assisted.services import REVIEW_SERVICE, review_key
from portal.waste.models import AssistedCollection, CollectionPolicy

ASK_AHEAD = dt.timedelta(weeks=4)
_BATCH = 200


def review_arrangements() -> str:
    today = timezone.localdate()
    current = AssistedCollection.objects.not_over(today).filter(from_on__lte=today)
    # One that ends by itself before its review needs no question.
    open_ended = current.filter(Q(over_on=None) | Q(over_on__gt=today + ASK_AHEAD))
    asked = sum(_ask(pk) for pk in _keys(open_ended.filter(review_on__lte=today + ASK_AHEAD, review_asked_at=None)))
    unanswered = current.filter(review_on__lt=today, review_asked_at__isnull=False)
    given = sum(_give_to_team(pk) for pk in _keys(unanswered))
    return f"{asked} asked, {given} given to the team"


def _keys(rows: "object") -> Iterator[int]:
    last, found = 0, rows.order_by("pk").values_list("pk", flat=True)  # type: ignore[attr-defined]
    while batch := list(found.filter(pk__gt=last)[:_BATCH]):
        yield from batch
        last = batch[-1]


def _locked(pk: int) -> AssistedCollection:
    rows = AssistedCollection.objects.select_for_update(of=("self",)).select_related(
        "case", "address", "customer__user"
    )
    return rows.get(pk=pk)


@transaction.atomic
def _ask(pk: int) -> bool:
    arrangement = _locked(pk)
    if arrangement.review_asked_at:
        return False
    arrangement.review_asked_at = timezone.now()
    arrangement.save(update_fields=["review_asked_at"])
    queue_message(
        "assisted-review",
        key=f"assisted-review:{arrangement.pk}:{arrangement.review_on}",
        customer=arrangement.customer,
        email=arrangement.email,
        fields={
            "place": arrangement.address.one_line,
            "day": arrangement.review_on,
            "link": settings.BASE_URL + reverse("assisted_arrangement", args=[arrangement.pk]),
        },
        about=arrangement.case.reference,
    )
    return True


@transaction.atomic
def _give_to_team(pk: int) -> bool:
    """A request of its own for the team, once for a review day; the crew goes on fetching the bins meanwhile."""
    arrangement = _locked(pk)
    if arrangement.review_asked_at is None or Case.objects.filter(title=_title(arrangement), **_same(pk)).exists():
        return False
    team = CollectionPolicy.objects.select_related("leaders").get(pk=1).leaders
    system = Actor.system()
    text = _("No answer by %(day)s to our question whether it is still needed. The team asks.") % {
        "day": day(arrangement.review_on)
    }
    add_note(arrangement.case, actor=system, text=text)
    case = receive_case(
        Service.objects.get(slug=REVIEW_SERVICE),
        actor=system,
        submission_key=f"{review_key(arrangement)}:{arrangement.review_on}",
        title=_title(arrangement),
        details=[(_("What to do"), _("Ask them whether they still need it. Until then nothing ends."))],
        address=arrangement.address,
        same_as_key=review_key(arrangement),
    ).case
    assign_case(case, actor=system, team=team)
    return True


def _title(arrangement: AssistedCollection) -> str:
    return _("Assisted collection: no answer by %(day)s") % {"day": day(arrangement.review_on)}


def _same(pk: int) -> dict[str, str]:
    return {"same_as_key": f"assisted-review:{pk}"}
