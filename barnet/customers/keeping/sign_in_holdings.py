"""What this room holds on how somebody is reached and signs in: contact points, choices, devices and what happened.

Beside each line stands until when it is kept; the retention schedule does it.
"""

from collections.abc import Sequence

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.enums import MessageChannel, SecurityEventKind
from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import ContactPoint, Customer, KnownDevice, SecurityEvent, SignInSession
from barnet.kit.wording import date_long, moment

Rows = Sequence[tuple[Words, object]]


def register_holdings() -> None:
    register(
        Holding(
            "contact-points",
            _lazy("Ways to reach you"),
            _lazy("To write to you where you want it, and to know which of them you proved to be yours."),
            _lazy(
                "As your details. Further e-mail addresses and mobile numbers that nobody proved: 90 days. "
                "Earlier versions: as long as your details."
            ),
            _points,
            _every_point,
            order=12,
        )
    )
    register(
        Holding(
            "preferences",
            _lazy("How you want to be told"),
            _lazy("To send messages in the way, and at the hours, that you chose."),
            _lazy("As your details."),
            _preferences,
            _every_preference,
            order=14,
        )
    )
    register(
        Holding(
            "sessions",
            _lazy("Where you are and were signed in"),
            _lazy("So that you can sign out a device that you lost, and to know a stolen session when it comes back."),
            _lazy("30 days after it ended; a device that you trusted or used: one year after its last sign-in."),
            _sessions,
            _every_session,
            order=32,
        )
    )
    register(
        Holding(
            "security-events",
            _lazy("What happened to your account"),
            _lazy("So that you and we find out when somebody else tries to get in."),
            _lazy("Two years."),
            _events,
            _every_event,
            order=34,
        )
    )


def _points(customer: Customer) -> Rows:
    return [(point.get_kind_display(), _point(point)) for point in customer.contact_points.best_first()]


def _point(point: ContactPoint) -> str:
    proved = _("proved on %(day)s") % {"day": date_long(point.verified_at)} if point.verified_at else _("not proved")
    return f"{point.shown} ({proved})"


def _every_point(customer: Customer) -> Json:
    return [
        {
            "kind": point.kind,
            "value": point.value,
            "is_preferred": point.is_preferred,
            "added_at": point.added_at.isoformat(),
            "proved_at": point.verified_at.isoformat() if point.verified_at else None,
            "unusable_since": point.unusable_since.isoformat() if point.unusable_since else None,
            "unusable_reason": point.unusable_reason,
        }
        for point in customer.contact_points.order_by("pk")
    ]


def _preferences(customer: Customer) -> Rows:
    return [
        (
            preference.get_topic_display(),
            ", ".join(str(MessageChannel(channel).label) for channel in preference.channels) or _("My Account only"),
        )
        for preference in customer.channel_preferences.order_by("pk")
    ]


def _every_preference(customer: Customer) -> Json:
    return [
        {
            "topic": preference.topic,
            "channels": list(preference.channels),
            "once_a_day": preference.is_digest,
            "quiet_from": preference.quiet_from.isoformat() if preference.quiet_from else None,
            "quiet_until": preference.quiet_until.isoformat() if preference.quiet_until else None,
            "changed_at": preference.changed_at.isoformat(),
            "reason": preference.reason,
        }
        for preference in customer.channel_preferences.order_by("pk")
    ]


def _sessions(customer: Customer) -> Rows:
    if customer.user_id is None:
        return []
    is_open = Q(pk__in=SignInSession.objects.open().values("pk"))
    counted = SignInSession.objects.filter(user=customer.user_id).aggregate(
        open=Count("pk", filter=is_open), ended=Count("pk", filter=~is_open)
    )
    rows = [
        (_("Signed in now"), counted["open"]),
        (_("Signed in earlier"), counted["ended"]),
        (_("Devices that we know again"), KnownDevice.objects.filter(user=customer.user_id).count()),
    ]
    return [(label, count) for label, count in rows if count]


def _every_session(customer: Customer) -> Json:
    if customer.user_id is None:
        return {"sessions": [], "devices": []}
    return {
        "sessions": [
            {
                "device": session.device,
                "started_at": session.started_at.isoformat(),
                "last_seen_at": session.last_seen_at.isoformat(),
                "ended_at": session.ended_at.isoformat() if session.ended_at else None,
            }
            for session in SignInSession.objects.filter(user=customer.user_id).order_by("pk")
        ],
        "devices": [
            {
                "name": device.name,
                "first_seen_at": device.first_seen_at.isoformat(),
                "last_seen_at": device.last_seen_at.isoformat(),
                "trusted_until": device.trusted_until.isoformat() if device.trusted_until else None,
            }
            for device in KnownDevice.objects.filter(user=customer.user_id).order_by("pk")
        ],
    }


def _events(customer: Customer) -> Rows:
    if customer.user_id is None:
        return []
    mine = SecurityEvent.objects.filter(user=customer.user_id).aggregate(count=Count("pk"), latest=Max("at"))
    return [(_("Entries"), mine["count"]), (_("The latest"), moment(mine["latest"]))] if mine["count"] else []


def _every_event(customer: Customer) -> Json:
    if customer.user_id is None:
        return []
    return [
        {"at": event.at.isoformat(), "what": _label(event.kind), "device": event.device, "detail": event.detail}
        for event in SecurityEvent.objects.filter(user=customer.user_id).order_by("at", "pk")
    ]


def _label(kind: str) -> str:
    """A kind that a later release took away is told by its name."""
    return str(SecurityEventKind(kind).label) if kind in SecurityEventKind.values else kind
