"""What follows when collections go wrong: a leader takes over a broken promise; a property missed again and again gets
a supervised case with its evidence. `CollectionPolicy` holds the numbers.

A property is missed once for a day, however many bins were reported. Reports that turned out to be no miss of ours do
not count: withdrawn, checked and found emptied, or not collectable.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.gazetteer.working_days import add_working_days
from barnet.kit.wording import day
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.services import ContactDetails, add_note, assign_case, escalate_case, receive_case
from portal.cases.services.receiving import lock_open_report, same_as_turn
from portal.cases.services.writing import take_turn
from portal.waste.models import CollectionPolicy, CrewLogEntry, MissedBin, RepeatedMiss

SERVICE_SLUG = "repeated-missed-bin"
MISSED_BIN_SLUG = "missed-bin"
NOT_OUR_MISS = ("not_missed", "not_out", "contaminated", "no_access")
_BATCH = 200


def policy() -> CollectionPolicy:
    return CollectionPolicy.objects.select_related("leaders").get(pk=1)


def promise_sooner(case: Case) -> None:
    """A bin that the crew had to fetch is more urgent. Called while the case is being written."""
    soon = add_working_days(timezone.localdate(), policy().assisted_working_days)
    if soon < case.promise_on:
        case.promise_on = soon
        case.save(update_fields=["promise_on"])


# --- Broken promises --------------------------------------------------------------------------------------------------


def escalate_overdue() -> str:
    """Every missed bin whose promise is over goes to the leaders, once. One transaction a case."""
    today, rule, count = timezone.localdate(), policy(), 0
    due_on = add_working_days(today, rule.escalation_working_days)
    late = Case.objects.late(today).filter(service__slug=MISSED_BIN_SLUG, escalated_at=None).order_by("pk")
    last = 0
    while batch := list(late.filter(pk__gt=last)[:_BATCH]):
        count += sum(escalate_case(case, actor=Actor.system(), team=rule.leaders, due_on=due_on) for case in batch)
        last = batch[-1].pk
    return f"{count} taken over by the team leaders"


# --- Missed again and again -------------------------------------------------------------------------------------------


def real_misses(address: Address | int, since: dt.date) -> list[MissedBin]:
    """The reports of our misses at a property since a day, earliest first."""
    found = MissedBin.objects.filter(case__address=address, due_on__gte=since).exclude(
        Q(case__state=CaseState.WITHDRAWN) | Q(case__outcome__in=NOT_OUR_MISS)
    )
    return list(found.select_related("case", "container", "round").order_by("due_on", "pk"))


@transaction.atomic
def watch_property(
    address: Address, latest: MissedBin, *, customer: Customer | None, contact: ContactDetails
) -> Case | None:
    """Opens a supervised case when the property was missed too often, or adds to the one that is open."""
    rule = policy()
    misses = real_misses(address, latest.due_on - dt.timedelta(weeks=rule.repeat_weeks))
    if len({miss.due_on for miss in misses}) < rule.repeat_count:
        return None
    key = f"repeated-miss:{address.pk}"
    take_turn(same_as_turn(key))
    open_case = lock_open_report(key)
    if open_case:
        return _add_evidence(open_case, misses)

    def write_evidence(case: Case) -> None:
        RepeatedMiss.objects.create(case=case, address=address).evidence.set(misses)

    case = receive_case(
        Service.objects.get(slug=SERVICE_SLUG),
        actor=Actor.system(),
        submission_key=f"{key}:{latest.pk}",
        title=_("Missed %(count)d times in %(weeks)d weeks")
        % {"count": len({miss.due_on for miss in misses}), "weeks": rule.repeat_weeks},
        details=[(day(miss.due_on), _what(miss)) for miss in misses],
        customer=customer,
        contact=contact,
        address=address,
        same_as_key=key,
        on_created=write_evidence,
    ).case
    return assign_case(case, actor=Actor.system(), team=rule.leaders)


def _add_evidence(case: Case, misses: list[MissedBin]) -> Case:
    record = RepeatedMiss.objects.get(case=case)
    known = set(record.evidence.values_list("pk", flat=True))
    for miss in misses:
        if miss.pk not in known:
            record.evidence.add(miss)
            add_note(case, actor=Actor.system(), text=f"{_('Missed again')}: {day(miss.due_on)}, {_what(miss)}")
    return case


def _what(miss: MissedBin) -> str:
    return f"{miss.container.get_stream_display()} ({miss.case.reference})"


def evidence_rows(case: Case) -> list[tuple[str, str]]:
    """What the leader reads: each miss with the crew's log, the photos, and what came of it. Three queries."""
    misses = (
        MissedBin.objects.filter(
            pk__in=RepeatedMiss.evidence.through.objects.filter(repeatedmiss__case=case).values("missedbin")
        )
        .select_related("case", "container", "round__crew")
        .annotate(
            photo_count=Count("case__attachments", filter=Q(case__attachments__content_type__startswith="image/"))
        )
        .order_by("due_on", "pk")
    )
    logs = _logs_of(misses)
    return [
        (
            f"{day(miss.due_on)}: {miss.container.get_stream_display()}",
            "\n".join(
                [
                    _("Request %(reference)s: %(state)s")
                    % {"reference": miss.case.reference, "state": miss.case.get_state_display()},
                    _("Round %(round)s, crew %(crew)s")
                    % {"round": miss.round, "crew": miss.round.crew or _("not set")},
                    _("Crew log: %(log)s") % {"log": logs.get((miss.round_id, miss.due_on)) or _("nothing")},
                    _("Photos: %(count)d") % {"count": miss.photo_count},
                ]
            ),
        )
        for miss in misses
    ]


def _logs_of(misses: Iterable[MissedBin]) -> dict[tuple[int, dt.date], str]:
    found = CrewLogEntry.objects.filter(
        address__in={miss.case.address_id for miss in misses}, on__in={miss.due_on for miss in misses}
    )
    return {(entry.round_id, entry.on): str(entry.get_outcome_display()) for entry in found}
