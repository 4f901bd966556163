"""The rules for reporting a missed bin, as the service begins with them. What staff changed stays."""

from portal.waste.enums import CrewOutcome, Stream
from portal.waste.models import LogAnswer, ReportingRule

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


def ensure_reporting_rules() -> str:
    for stream in Stream:
        ReportingRule.objects.get_or_create(stream=stream)
    for outcome, (sentence, advice) in _ANSWERS.items():
        LogAnswer.objects.get_or_create(outcome=outcome, defaults={"sentence": sentence, "advice": advice})
    return f"{ReportingRule.objects.count()} rules, {LogAnswer.objects.count()} answers"
