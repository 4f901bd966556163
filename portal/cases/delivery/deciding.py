"""What staff see of deliveries, and decide about those that were given up. Each decision stands in the notes of its
request. Pressed twice, it works once: what is not given up any more is left alone."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from portal.cases.delivery.enums import NOT_DONE, DeliveryState
from portal.cases.delivery.models import BackOffice, Delivery, OfficeCase
from portal.cases.delivery.sending import leave_out, replay
from portal.cases.models import Case
from portal.cases.services import add_note

REPLAY = "cases.replay_delivery"


@dataclass(frozen=True)
class OfficeLine:
    """How an office stands. `tried_again`: how often the delivery that waits longest was tried."""

    office: BackOffice
    services: list[str]
    waiting: int
    given_up: int
    oldest_at: dt.datetime | None
    most_tries: int


def office_lines() -> list[OfficeLine]:
    """Three queries, however many offices and deliveries: what is done is not counted."""
    rows = Delivery.objects.filter(state__in=NOT_DONE).order_by().values("office", "state")
    counted = {
        (row["office"], row["state"]): row
        for row in rows.annotate(number=Count("pk"), oldest=Min("made_at"), tries=Max("attempt_count"))
    }
    nothing = {"number": 0, "oldest": None, "tries": 0}
    lines = []
    for office in BackOffice.objects.prefetch_related("services"):
        waiting = counted.get((office.pk, DeliveryState.WAITING), nothing)
        given_up = counted.get((office.pk, DeliveryState.GIVEN_UP), nothing)
        names = sorted(service.name for service in office.services.all())
        lines.append(
            OfficeLine(office, names, waiting["number"], given_up["number"], waiting["oldest"], waiting["tries"])
        )
    return lines


def given_up() -> QuerySet[Delivery]:
    """The newest first, with what a line shows."""
    found = Delivery.objects.filter(state=DeliveryState.GIVEN_UP).select_related("office", "entry", "case__service")
    return found.order_by("-made_at", "-pk")


def deliveries_of(case: Case) -> QuerySet[Delivery]:
    """Where the request went, the newest first; `their_reference` is what the office calls it."""
    theirs = OfficeCase.objects.filter(office=OuterRef("office"), case=OuterRef("case")).values("reference")
    found = case.deliveries.select_related("office", "entry")
    return found.annotate(their_reference=Subquery(theirs[:1])).order_by("-pk")


@transaction.atomic
def try_again(keys: Collection[uuid.UUID], *, actor: Actor) -> int:
    """The office sees the same keys again, so that what it has already is not done twice."""
    return _decide(keys, replay, lambda office: _("To %(office)s: sent again.") % {"office": office}, actor)


@transaction.atomic
def settle_by_hand(keys: Collection[uuid.UUID], *, actor: Actor, why: str) -> int:
    """The office shall not have it from us: somebody told it otherwise, or it need not know."""
    said = _("To %(office)s: not sent any more. %(why)s")
    return _decide(keys, leave_out, lambda office: said % {"office": office, "why": why}, actor)


def _decide(
    keys: Collection[uuid.UUID],
    do: Callable[[QuerySet[Delivery]], int],
    words: Callable[[BackOffice], str],
    actor: Actor,
) -> int:
    chosen = Delivery.objects.filter(key__in=keys, state=DeliveryState.GIVEN_UP).order_by("pk")
    held = list(chosen.select_for_update(of=("self",)).select_related("office", "case"))
    done = do(Delivery.objects.filter(pk__in=[delivery.pk for delivery in held]))
    for case, office in {(delivery.case, delivery.office) for delivery in held}:
        add_note(case, actor=actor, text=words(office))
    return done
