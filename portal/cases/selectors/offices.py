"""How the back offices stand, for staff. Nothing here is the state of a request."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise

from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.kinds import RefusedError, kind_named
from portal.cases.models import (
    BackOffice,
    Case,
    Delivery,
    EndingSecret,
    OfficeCase,
    OfficeChange,
    OfficeFile,
    OfficePause,
)


@dataclass(frozen=True)
class Standing:
    """`failing_at`: since when the oldest waits that was tried in vain. `answered_at`: when it last took something."""

    office: BackOffice
    waiting: int
    given_up: int
    sent_today: int
    oldest_at: dt.datetime | None
    failing_at: dt.datetime | None
    answered_at: dt.datetime | None
    pause: OfficePause | None

    @property
    def held_at(self) -> dt.datetime | None:
        return self.pause.began_at if self.pause else None

    @property
    def kind(self) -> str | Promise:
        try:
            return kind_named(self.office.kind).label
        except RefusedError:
            return self.office.kind


def standings() -> list[Standing]:
    """A fixed number of queries, whatever the number of offices."""
    waiting = _by_office(
        Delivery.objects.filter(state=DeliveryState.WAITING),
        waiting=Count("pk"),
        oldest_at=Min("made_at"),
        failing_at=Min("made_at", filter=~Q(last_error="")),
    )
    given_up = _by_office(Delivery.objects.filter(state=DeliveryState.GIVEN_UP), given_up=Count("pk"))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    sent = _by_office(Delivery.objects.filter(state=DeliveryState.SENT, sent_at__gte=today), sent_today=Count("pk"))
    nothing: dict[str, Any] = {"waiting": 0, "given_up": 0, "sent_today": 0, "oldest_at": None, "failing_at": None}
    last = Delivery.objects.filter(office=OuterRef("pk"), state=DeliveryState.SENT).order_by("-sent_at")
    offices = BackOffice.objects.annotate(answered_at=Subquery(last.values("sent_at")[:1])).prefetch_related("services")
    pauses = {pause.office_id: pause for pause in OfficePause.objects.open().select_related("began_by")}
    return [
        Standing(
            office=office,
            pause=pauses.get(office.pk),
            answered_at=office.answered_at,
            **nothing | waiting.get(office.pk, {}) | given_up.get(office.pk, {}) | sent.get(office.pk, {}),
        )
        for office in offices
    ]


def _by_office(deliveries: QuerySet[Delivery], **figures: Count | Min | Max) -> dict[int, dict[str, Any]]:
    rows: Any = deliveries.order_by().values("office").annotate(**figures)
    return {row["office"]: {name: row[name] for name in figures} for row in rows}


def given_up(*, office: BackOffice | None = None, reference: str = "") -> QuerySet[Delivery]:
    found = Delivery.objects.filter(state=DeliveryState.GIVEN_UP)
    if office:
        found = found.filter(office=office)
    if reference:
        found = found.filter(case__reference=reference)
    return found.select_related("office", "case__service", "entry").order_by("-made_at", "-pk")


def deliveries_of(case: Case) -> QuerySet[Delivery]:
    """With `their_reference`, what the office calls the request; `office.held`: the pause of the office, if any."""
    theirs = OfficeCase.objects.filter(office=OuterRef("office"), case=OuterRef("case")).values("reference")
    held = Prefetch("office__pauses", OfficePause.objects.open().select_related("began_by"), to_attr="held")
    told = case.deliveries.select_related("office", "entry", "file__office").prefetch_related(held)
    return told.annotate(their_reference=Subquery(theirs))


def changes_of(office: BackOffice) -> QuerySet[OfficeChange]:
    return OfficeChange.objects.filter(office=office).select_related("by")


def pauses_of(office: BackOffice) -> QuerySet[OfficePause]:
    return OfficePause.objects.filter(office=office).select_related("began_by", "ended_by")


def ending_secrets_of(office: BackOffice) -> QuerySet[EndingSecret]:
    return EndingSecret.objects.filter(office=office, ends_at__gt=timezone.now())


def files_of(office: BackOffice) -> QuerySet[OfficeFile]:
    return OfficeFile.objects.filter(office=office).select_related("office").order_by("-number")
