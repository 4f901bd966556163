"""By which way somebody is told: what they asked for, among what reaches them, in their order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from barnet.customers.enums import ContactKind
from barnet.customers.models import Customer
from barnet.customers.reaching.contact_points import ChannelPreference, ContactPoint
from barnet.notifications.channels import is_offered
from barnet.notifications.enums import MessageChannel, Topic, Urgency
from barnet.notifications.push.devices import with_devices

# Nobody asked for anything else: e-mail, and a text message when that does not arrive.
USUAL = (MessageChannel.EMAIL, MessageChannel.SMS)
FEWEST_LINES, MOST_LINES = 3, 7  # of a letter's address


@dataclass(frozen=True)
class Way:
    channel: MessageChannel
    address: str


@dataclass(frozen=True)
class Choice:
    """The ways in order: the first is taken, the others are what is left when it fails."""

    ways: tuple[Way, ...]
    preference: ChannelPreference | None


class Reach:
    """What reaches some people, read in a few statements however many they are."""

    def __init__(self, customers: Iterable[Customer], *, topic: str) -> None:
        people = list(customers)
        self._topic = topic
        self._points: dict[int, list[ContactPoint]] = defaultdict(list)
        prefetch_related_objects(people, "user")
        kept = ChannelPreference.objects.filter(customer__in=people, topic=topic)
        self._preferences = {preference.customer_id: preference for preference in kept}
        for point in ContactPoint.objects.filter(customer__in=people).best_first():
            self._points[point.customer_id].append(point)
        wanted = {channel for preference in self._preferences.values() for channel in preference.channels}
        self._with_devices = with_devices(people) if MessageChannel.PUSH in wanted else frozenset[int]()
        if MessageChannel.LETTER in wanted:
            prefetch_related_objects(people, "address")

    def choose(self, customer: Customer, *, urgency: str) -> Choice:
        preference = self._preferences.get(customer.pk)
        ways = [
            way
            for channel in _order(customer, self._topic, urgency, preference)
            for way in _reach(channel, customer, self._usable(customer), has_device=customer.pk in self._with_devices)
        ]
        return Choice(tuple(dict.fromkeys(ways)), preference)

    def owns(self, customer: Customer, email: str) -> bool:
        """Whether this is an address of the customer's own, so that their preferences count."""
        own = {customer.email.lower(), customer.user.email if customer.user else ""}
        points = self._points[customer.pk]
        return email.lower() in own | {point.value for point in points if point.kind == ContactKind.EMAIL}

    def _usable(self, customer: Customer) -> list[ContactPoint]:
        return [point for point in self._points[customer.pk] if point.is_usable]


def choose(customer: Customer, *, topic: str, urgency: str) -> Choice:
    return Reach([customer], topic=topic).choose(customer, urgency=urgency)


def _order(
    customer: Customer, topic: str, urgency: str, preference: ChannelPreference | None
) -> Sequence[MessageChannel]:
    wanted = [MessageChannel(channel) for channel in preference.channels] if preference else list(USUAL)
    if topic == Topic.ACCOUNT or (not wanted and not customer.user_id):
        wanted.append(MessageChannel.EMAIL)  # safety of the account; and somebody without a login has no inbox
    if urgency == Urgency.NOW:
        wanted.sort(key=lambda channel: channel == MessageChannel.LETTER)
    return [channel for channel in wanted if channel != MessageChannel.INBOX and is_offered(channel)]


def email_ways(customer: Customer) -> list[Way]:
    """For what must go by e-mail."""
    points = customer.contact_points.usable().best_first()
    return _reach(MessageChannel.EMAIL, customer, list(points))


def _reach(
    channel: MessageChannel, customer: Customer, points: list[ContactPoint], *, has_device: bool = False
) -> list[Way]:
    if channel == MessageChannel.EMAIL:
        return [Way(channel, point.value) for point in points if point.kind == ContactKind.EMAIL]
    if channel == MessageChannel.SMS:  # only a number that is proved: a wrong digit is somebody else's telephone
        return [Way(channel, p.value) for p in points if p.kind == ContactKind.MOBILE and p.verified_at]
    if channel == MessageChannel.PUSH:  # all devices together: the message names none
        return [Way(channel, "")] if has_device else []
    lines = postal_lines(customer, points)
    return [Way(channel, "\n".join(lines))] if lines else []


def postal_lines(customer: Customer, points: list[ContactPoint]) -> list[str]:
    """Name, address, postcode, as a letter needs them; empty when it could not be delivered."""
    written = next((point.value for point in points if point.kind == ContactKind.POSTAL), "")
    if written:
        lines = written.split("\n")
    elif customer.address:
        lines = customer.address.one_line.split(", ")
    else:
        lines = customer.address_text.replace("\n", ",").split(",")
    lines = [line.strip() for line in [customer.name or "The resident", *lines] if line.strip()]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 2], ", ".join(lines[MOST_LINES - 2 : -1]), lines[-1]]
    return lines if len(lines) >= FEWEST_LINES else []
