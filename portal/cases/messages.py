"""The first wording of every message about a request. Staff edit it in the back office.

Each says which request, what happened, what happens next and by when. Messages to somebody who joined another's
report (`follower-…`) carry only what they told us themselves.
"""

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.kit.wording import day
from barnet.notifications.examples import register_examples
from barnet.notifications.registry import TemplateKind, register_template
from portal.cases.selectors import case_for_staff

SHARED = {
    "reference": "BAR-7K3M-29QD",
    "title": "Missed bin: recycling",
    "place": "12 High Street, Barnet, EN5 1AA",
    "promise": "Monday 23 November 2026",
}
REQUIRED = ("reference",)
OWN = {
    **SHARED,
    "link": "https://portal.example/account/requests/BAR-7K3M-29QD/",
    "track": "https://portal.example/track/?reference=BAR-7K3M-29QD",
}
JOINED = {
    **SHARED,
    "again": "https://portal.example/bins/",
    "stop": "https://portal.example/requests/following/7:qT3/",
}

WHERE = "\n\nRequest ((reference)): ((title))\nPlace: ((place))\n"
STOP = "\nNo more messages about this: ((stop))\n"
SEE = "\nSee it in your account: ((link))\nWithout an account: ((track))\n"

KINDS = [
    TemplateKind(
        key="case-received",
        name=_("Request received"),
        subject="We have your request ((reference))",
        body="Thank you. We have your request." + WHERE + "\nWhat happens next: we pass it to the team that deals with"
        " it. We will deal with it by ((promise)) and tell you as soon as we have.\n" + SEE,
        fields=OWN,
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-received-next",
        name=_("Request received, with what happens next"),
        subject="We have your request ((reference))",
        body="Thank you. We have your request." + WHERE + "\nWhat happens next: ((next))\n\nWe will deal with it by"
        " ((promise)) and tell you as soon as we have.\n" + SEE,
        fields={**OWN, "next": "We call you within two working days."},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-assigned",
        name=_("Request given to a team"),
        subject="Your request ((reference)) is in progress",
        body="Your request is now with ((team))." + WHERE + "\nWhat happens next: they will deal with it by"
        " ((promise)). We tell you as soon as they have.\n" + SEE,
        fields={**OWN, "team": "Crew North 1"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-question",
        name=_("Question to the customer"),
        subject="We need an answer from you: ((reference))",
        body="We have a question about your request." + WHERE + "\nOur question: ((question))\n\nWhat happens next:"
        " we wait for your answer. Until you answer, our promise of ((promise)) stands still; then it moves on by the"
        " working days that we waited.\n\nAnswer in your account: ((link))\nOr call us and say your reference.",
        fields={**OWN, "question": "Which gate is the bin behind?"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-message",
        name=_("Message from the people who work on it"),
        subject="There is a message for you: ((reference))",
        body="We wrote to you about your request." + WHERE + "\nWhat happens next: read what we wrote at your request,"
        " and answer there if you want to.\n" + SEE,
        fields=OWN,
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-answered",
        name=_("Answer received"),
        subject="Thank you for your answer: ((reference))",
        body="We have your answer." + WHERE + "\nYour answer: ((answer))\n\nWhat happens next: we go on with your"
        " request and will deal with it by ((promise)).\n" + SEE,
        fields={**OWN, "answer": "The green gate on the left."},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-resumed",
        name=_("Work goes on without an answer"),
        subject="We go on with your request ((reference))",
        body="We asked you a question. We can go on without the answer." + WHERE + "\nWhat happens next: we will deal"
        " with your request by ((promise)).\n" + SEE,
        fields=OWN,
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-resolved",
        name=_("Request resolved"),
        subject="Your request ((reference)): ((outcome))",
        body="We have dealt with your request." + WHERE + "\nOutcome: ((outcome))\n((reason))\n\nWhat happens next:"
        " nothing more, unless it is not right. Then tell us on the page below and we look again at once.\n" + SEE,
        fields={**OWN, "outcome": "Collected", "reason": "We came back and emptied your bin."},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-escalated",
        name=_("Promise broken: taken over by the team leader"),
        subject="We are late with your request ((reference))",
        body="We promised to deal with your request by ((promise)), and we have not. We are sorry." + WHERE + "\nWhat"
        " happens next: the team leader has taken over and deals with it by ((due)). You need do nothing.\n" + SEE,
        fields={**OWN, "due": "Tuesday 24 November 2026"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-corrected",
        name=_("Answer corrected by staff"),
        subject="We corrected something in your request ((reference))",
        body="We corrected ((what)) in your request." + WHERE + "\nWhat happens next: we go on with the corrected"
        " answer. If it is not right, tell us.\n" + SEE,
        fields={**OWN, "what": "“Your date of birth”"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-reopened",
        name=_("Request opened again"),
        subject="We look again at your request ((reference))",
        body="You told us that it is not right: ((why))" + WHERE + "\nWhat happens next: we look again and will deal"
        " with it by ((promise)).\n" + SEE,
        fields={**OWN, "why": "The bin is still full."},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-withdrawn",
        name=_("Request withdrawn"),
        subject="We have stopped your request ((reference))",
        body="You told us that you no longer need this." + WHERE + "\nWhat happens next: nothing. We stopped today."
        " If you need it again, make a new request.\n" + SEE,
        fields=OWN,
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-joined",
        name=_("Joined a report that was already open"),
        subject="Somebody already told us: ((reference))",
        body="Thank you. Somebody had already reported this, so we deal with both reports together."
        + WHERE
        + "\nWhat happens next: we will deal with it by ((promise)) and tell you as soon as we have.\n"
        + STOP,
        fields=JOINED,
        required=REQUIRED,
    ),
    TemplateKind(
        key="follower-assigned",
        name=_("Joined report: given to a team"),
        subject="The report that you joined is in progress: ((reference))",
        body="What you reported is now with ((team))." + WHERE + "\nWhat happens next: they will deal with it by"
        " ((promise)). We tell you as soon as they have.\n" + STOP,
        fields={**JOINED, "team": "Crew North 1"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="follower-resolved",
        name=_("Joined report: resolved"),
        subject="What you reported, ((reference)): ((outcome))",
        body="We have dealt with what you reported." + WHERE + "\nOutcome: ((outcome))\n((reason))\n\nWhat happens"
        " next: nothing more, unless it is not right. Then report it again and we look at once: ((again))\n" + STOP,
        fields={**JOINED, "outcome": "Collected", "reason": "We came back and emptied the bin."},
        required=REQUIRED,
    ),
    TemplateKind(
        key="follower-escalated",
        name=_("Joined report: taken over by the team leader"),
        subject="We are late with what you reported: ((reference))",
        body="We promised to deal with what you reported by ((promise)), and we have not. We are sorry."
        + WHERE
        + "\nWhat"
        " happens next: the team leader has taken over and deals with it by ((due)). You need do nothing.\n" + STOP,
        fields={**JOINED, "due": "Tuesday 24 November 2026"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="follower-reopened",
        name=_("Joined report: opened again"),
        subject="We look again at what you reported: ((reference))",
        body="Somebody told us that it is not right yet." + WHERE + "\nWhat happens next: we look again and will deal"
        " with it by ((promise)).\n" + STOP,
        fields=JOINED,
        required=REQUIRED,
    ),
    TemplateKind(
        key="follower-withdrawn",
        name=_("Joined report: withdrawn"),
        subject="The report that you joined was withdrawn: ((reference))",
        body="The person who reported this first no longer needs it, so we stopped." + WHERE + "\nWhat happens next:"
        " nothing, unless you still need it. Then report it again today: ((again))\n" + STOP,
        fields=JOINED,
        required=REQUIRED,
    ),
]


def examples(user: User, reference: str) -> dict[str, str] | None:
    """What a message about this request would say, for staff who may read it; that they did is recorded."""
    if not user.has_perm("cases.view_case"):
        return None
    try:
        case = case_for_staff(user, reference, purpose=str(_("trying a message")))
    except Http404:
        return None
    return {
        "reference": case.reference,
        "title": case.title,
        "place": case.place or str(_("the place you told us")),
        "promise": day(case.promise_on),
        "link": settings.BASE_URL + case.get_absolute_url(),
        "track": settings.BASE_URL + case.get_tracking_url(),
    }


def register_messages() -> None:
    register_examples(examples)
    for kind in KINDS:
        register_template(kind)
