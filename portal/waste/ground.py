"""The rules for reporting a missed bin, as the service begins with them. What staff changed stays."""

from barnet.catalogue.models import Category, Service
from portal.cases.models import Team
from portal.waste.enums import CrewOutcome, Stream
from portal.waste.models import CollectionPolicy, LogAnswer, ReportingRule
from portal.waste.watching import SERVICE_SLUG as REPEATED_MISS

_ANSWERS = {
    CrewOutcome.NOT_OUT: (
        "The crew recorded that the bin was not out when they came.",
        "Put the bin at the edge of your property by 6am on the next collection day.",
    ),
    CrewOutcome.CONTAMINATED: (
        "The crew recorded that they could not empty the bin, because it held things that do not belong in it.",
        "Take those things out and put the bin out again on the next collection day.",
    ),
    CrewOutcome.NO_ACCESS: (
        "The crew recorded that they could not get to the bin, for example because of parked cars or a locked gate.",
        "Make sure that the crew can reach the bin on the next collection day. If the way was clear, contact us.",
    ),
}


_LEADERS = ("collections-leaders", "Collections: team leaders")


def ensure_policy() -> str:
    """The numbers for broken promises, the team that answers for them, and the service that nobody asks for."""
    Service.objects.get_or_create(
        slug=REPEATED_MISS,
        defaults={
            "name": "Bins missed again and again",
            "summary": "We look into why the bins of a home are missed, and put it right.",
            "category": Category.objects.filter(slug="bins-and-recycling").first(),
            "owner_unit": "Street Scene",
            "standard_working_days": 10,
            "live": False,
        },
    )
    if not CollectionPolicy.objects.exists():
        leaders, _made = Team.objects.get_or_create(slug=_LEADERS[0], defaults={"name": _LEADERS[1]})
        CollectionPolicy.objects.create(pk=1, leaders=leaders)
    return "rules for broken promises"


def ensure_reporting_rules() -> str:
    ensure_policy()
    for stream in Stream:
        ReportingRule.objects.get_or_create(stream=stream)
    for outcome, (sentence, advice) in _ANSWERS.items():
        LogAnswer.objects.get_or_create(outcome=outcome, defaults={"sentence": sentence, "advice": advice})
    return f"{ReportingRule.objects.count()} rules, {LogAnswer.objects.count()} answers"
