"""What this room holds on a person: details, sign-in, needs, authorities and consents. An example for other rooms."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.enums import InvitationState
from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import AssistedVisit, Customer, Delegation, DelegationQuerySet
from barnet.customers.reaching.needs import Need
from barnet.kit.wording import date_long, moment

Rows = Sequence[tuple[Words, object]]


def register_holdings() -> None:
    register(
        Holding(
            "details",
            _lazy("Your details"),
            _lazy("To know who asks, to reach you, and to find what belongs to your address."),
            _lazy("As long as you have an account or an open request, and two years after."),
            _details,
            lambda customer: {str(label): str(value) for label, value in _details(customer)},
            order=10,
        )
    )
    register(
        Holding(
            "needs",
            _lazy("What you need from us"),
            _lazy("So that staff who deal with you can see it. You told us, and agreed to that."),
            _lazy("Until you take it away; what you took away as long as your details."),
            _needs,
            _every_need,
            order=20,
        )
    )
    register(
        Holding(
            "alerts",
            _lazy("What we tell our staff before they meet you"),
            _lazy("To keep you and our staff safe. Ask us if you think that it is wrong."),
            _lazy("Until the day that is named; a year longer for the record."),
            _alerts,
            _every_alert,
            order=25,
        )
    )
    register(
        Holding(
            "visits",
            _lazy("Visits at which our staff helped you"),
            _lazy("To show who did something for you, and who had the screen."),
            _lazy("One year."),
            _visits,
            _every_visit,
            order=27,
        )
    )
    register(
        Holding(
            "authorities",
            _lazy("Who may act for whom"),
            _lazy("To let people act for you, or you for them, and to show later by which right something was done."),
            _lazy("Six years after it ended; an invitation that came to nothing 90 days."),
            _authorities,
            _every_authority,
            order=30,
        )
    )


def _details(customer: Customer) -> Rows:
    login = customer.user
    place = customer.address.one_line if customer.address else customer.address_text
    rows = [
        (_("Name"), customer.name or _("Not given")),
        (_("E-mail address"), customer.email or (login.email if login else "") or _("Not given")),
        (_("Telephone number"), customer.phone or _("Not given")),
        (_("Address"), place or _("Not given")),
        (_("Known since"), date_long(customer.created_at)),
    ]
    if customer.born_on:
        rows.append((_("Date of birth"), date_long(customer.born_on)))
    if login and login.last_login:
        rows.append((_("Last sign-in"), moment(login.last_login)))
    return rows


def _needs(customer: Customer) -> Rows:
    needs = [need for need in customer.needs.all() if need.ended_at is None]
    return [(str(need), _agreed(need, customer)) for need in needs]


def _agreed(need: Need, customer: Customer) -> str:
    told = {"day": date_long(need.consented_at)}
    if need.recorded_by_id == customer.user_id:
        return _("agreed on %(day)s") % told
    return _("agreed on %(day)s, written down by our staff") % told


def _every_need(customer: Customer) -> Json:
    return [
        {
            "kind": need.kind,
            "words": need.words,
            "agreed_at": need.consented_at.isoformat(),
            "ended_at": need.ended_at.isoformat() if need.ended_at else None,
        }
        for need in customer.needs.order_by("pk")
    ]


def _alerts(customer: Customer) -> Rows:
    shown = customer.alerts.filter(ended_at=None, expires_on__gte=timezone.localdate()).order_by("pk")
    return [(str(one), _("shown until %(day)s") % {"day": date_long(one.expires_on)}) for one in shown]


def _every_alert(customer: Customer) -> Json:
    return [
        {
            "kind": one.kind,
            "reason": one.reason,
            "placed_at": one.placed_at.isoformat(),
            "review_on": one.review_on.isoformat(),
            "expires_on": one.expires_on.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
        }
        for one in customer.alerts.order_by("pk")
    ]


def _visits(customer: Customer) -> Rows:
    visits = AssistedVisit.objects.filter(customer=customer).order_by("begun_at")
    return [(moment(visit.begun_at), visit.purpose) for visit in visits]


def _every_visit(customer: Customer) -> Json:
    visits = AssistedVisit.objects.filter(customer=customer).order_by("begun_at").prefetch_related("events")
    return [
        {
            "begun_at": visit.begun_at.isoformat(),
            "purpose": visit.purpose,
            "place": visit.place,
            "last_used_at": visit.used_at.isoformat(),
            "ended_at": visit.ended_at.isoformat() if visit.ended_at else None,
            "how_it_ended": visit.how_ended,
            "what_happened": [{"at": event.at.isoformat(), "what": event.kind} for event in visit.events.all()],
        }
        for visit in visits
    ]


def _authorities(customer: Customer) -> Rows:
    mine = list(_both_sides(customer))
    given = sum(one.principal_id == customer.pk for one in mine)
    invited = customer.invitations.exclude(state=InvitationState.ACCEPTED).count()
    rows = [(_("To act for you"), given), (_("For you to act for others"), len(mine) - given)] if mine else []
    return [*rows, (_("Invitations that nobody accepted"), invited)] if invited else rows


def _every_authority(customer: Customer) -> Json:
    return {"authorities": _all_authorities(customer), "invitations": _all_invitations(customer)}


def _all_invitations(customer: Customer) -> Json:
    return [
        {
            "whom": one.whom,
            "email": one.email,
            "state": one.state,
            "made_at": one.created_at.isoformat(),
            "ran_out_at": one.expires_at.isoformat(),
        }
        for one in customer.invitations.order_by("created_at", "pk")
    ]


def _all_authorities(customer: Customer) -> Json:
    return [
        {
            "principal": str(one.principal),
            "delegate": str(one.delegate),
            "kind": one.kind,
            "role": one.role,
            "services": "all" if one.covers_everything else [service.slug for service in one.services.all()],
            "evidence": one.evidence,
            "starts_on": one.starts_on.isoformat(),
            "ends_on": one.ends_on.isoformat() if one.ends_on else None,
            "ended_at": one.revoked_at.isoformat() if one.revoked_at else None,
            "ended_by": one.ended_by,
            "end_reason": one.end_reason,
        }
        for one in _both_sides(customer).prefetch_related("services").order_by("pk")
    ]


def _both_sides(customer: Customer) -> DelegationQuerySet:
    sides = Q(principal=customer) | Q(delegate=customer)
    return Delegation.objects.filter(sides).select_related("principal", "delegate")
