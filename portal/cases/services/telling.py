"""Messages about a case, queued in the transaction of the change that they tell of."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from barnet.notifications.services import Telling, queue_message, queue_messages
from portal.cases.models import Case, Follower, TimelineEntry
from portal.cases.services.following import stop_link


def tell_reporter(case: Case, entry: TimelineEntry, template_key: str, **fields: object) -> None:
    """To the customer, or to the address that a visitor without an account left. Nobody to tell: nothing is queued."""
    if not case.customer_id and not case.contact_email:
        return
    queue_message(
        template_key,
        key=_key(case, entry),
        customer=case.customer,
        email=case.contact_email,
        fields={
            "reference": case.reference,
            "title": case.title,
            "place": case.place or _("the place you told us"),
            "promise": case.promise_on,
            "link": _link(case),
            "track": settings.BASE_URL + case.get_tracking_url(),
            **fields,
        },
        about=case.reference,
    )


def tell_followers(case: Case, entry: TimelineEntry, template_key: str, **fields: object) -> None:
    followers = case.followers.select_related("customer__user")
    queue_messages(template_key, [_to_follower(case, entry, follower, fields) for follower in followers])


def tell_follower(case: Case, entry: TimelineEntry, follower: Follower, template_key: str, **fields: object) -> None:
    queue_messages(template_key, [_to_follower(case, entry, follower, fields)])


def _to_follower(case: Case, entry: TimelineEntry, follower: Follower, fields: Mapping[str, object]) -> Telling:
    """To somebody who joined, in their own words: nothing that the first reporter told us is in it."""
    return Telling(
        key=_key(case, entry),
        customer=follower.customer,
        email=follower.email,
        fields={
            "reference": case.reference,
            "title": follower.title,
            "place": follower.place or _("the place you told us"),
            "promise": case.promise_on,
            "again": _start_link(case),
            "stop": stop_link(follower),
            **fields,
        },
        about=case.reference,
    )


def events_of(case: Case, entries: Iterable[int]) -> list[str]:
    """The keys under which messages about these entries of the timeline were queued."""
    return [f"case:{case.pk}:{entry}" for entry in entries]


def _key(case: Case, entry: TimelineEntry) -> str:
    return events_of(case, [entry.pk])[0]


def _link(case: Case) -> str:
    return settings.BASE_URL + case.get_absolute_url()


def _start_link(case: Case) -> str:
    return settings.BASE_URL + (case.service.start_path or "/services/")
