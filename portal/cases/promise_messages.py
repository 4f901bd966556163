"""The first wording of what is said about promises: to who asked, to who joined, and to staff who answer for them."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.registry import TemplateKind, register_template
from portal.cases.messages import JOINED, OWN, REQUIRED, SEE, STOP, WHERE

_EXPECTED = "Thursday 26 November 2026"

KINDS = [
    TemplateKind(
        key="case-held",
        name=_("Request on hold"),
        subject="Your request ((reference)) is on hold",
        body="We cannot go on with your request at the moment." + WHERE + "\nWhy: ((reason))\n\nWhat happens next: our"
        " promise of ((promise)) stands still. When we go on it moves on by the working days that we waited, and we"
        " tell you.\n" + SEE,
        fields={**OWN, "reason": "We wait for a part of the lamp."},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-delayed",
        name=_("Promise will be missed"),
        subject="Your request ((reference)) takes longer than we promised",
        body="We have not dealt with your request yet." + WHERE + "\n((reason))\n\nWhat happens next: we expect to be"
        " done by ((expected)). You need do nothing. We tell you as soon as it is done.\n" + SEE,
        fields={**OWN, "reason": "The crew is short of people this week.", "expected": _EXPECTED},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-moved",
        name=_("Request moved to another service"),
        subject="Another team deals with your request ((reference))",
        body="Your request belongs to another service, so we moved it there." + WHERE + "\nService: ((service))\n\n"
        "What happens next: they deal with it by ((promise)). You need do nothing.\n" + SEE,
        fields={**OWN, "service": "Street lights"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-promise",
        name=_("Promise moved"),
        subject="We deal with your request ((reference)) by ((promise))",
        body="We looked at how urgent your request is." + WHERE + "\nWhat happens next: we deal with it by"
        " ((promise)) now. You need do nothing.\n" + SEE,
        fields=OWN,
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-told",
        name=_("Word from us"),
        subject="About your request ((reference))",
        body="We have news about your request."
        + WHERE
        + "\n((text))\n\nWhat happens next: we deal with your request by"
        " ((promise)) and tell you as soon as we have.\n" + SEE,
        fields={**OWN, "text": "The road is closed this week. The crew comes as soon as it is open."},
        required=(*REQUIRED, "text"),
    ),
    TemplateKind(
        key="follower-told",
        name=_("Joined report: word from us"),
        subject="About what you reported: ((reference))",
        body="We have news about what you reported." + WHERE + "\n((text))\n\nWhat happens next: we deal with it by"
        " ((promise)) and tell you as soon as we have.\n" + STOP,
        fields={**JOINED, "text": "The road is closed this week. The crew comes as soon as it is open."},
        required=(*REQUIRED, "text"),
    ),
    TemplateKind(
        key="case-merged",
        name=_("Request put together with another"),
        subject="Your request ((reference)): somebody had told us of the same",
        body="Somebody had told us of the same, so we deal with both together." + WHERE + "\nWhat happens next: we deal"
        " with it as ((leading)), by ((promise)), and tell you as soon as we have.\n" + SEE,
        fields={**OWN, "leading": "BAR-4H2P-88TX"},
        required=REQUIRED,
    ),
    TemplateKind(
        key="case-parted",
        name=_("Request taken apart again"),
        subject="We deal with your request ((reference)) on its own",
        body="It is not the same as what somebody else told us." + WHERE + "\nWhat happens next: we deal with your"
        " request on its own, by ((promise)).\n" + SEE,
        fields=OWN,
        required=REQUIRED,
    ),
    TemplateKind(
        key="staff-mention",
        name=_("To staff: called to a request"),
        subject="((by)) calls you to ((reference))",
        body="((by)) named you in a note on ((reference)).\n\nRead it: ((link))\n",
        fields={
            "reference": "BAR-7K3M-29QD",
            "by": "Dev Caseworker",
            "link": "https://portal.example/staff/cases/BAR-7K3M-29QD/",
        },
        required=("link",),
    ),
    TemplateKind(
        key="follower-held",
        name=_("Joined report: on hold"),
        subject="What you reported, ((reference)), is on hold",
        body="We cannot go on with what you reported at the moment." + WHERE + "\nWhat happens next: our promise of"
        " ((promise)) stands still. When we go on it moves on by the working days that we waited.\n" + STOP,
        fields=JOINED,
        required=REQUIRED,
    ),
    TemplateKind(
        key="follower-delayed",
        name=_("Joined report: promise will be missed"),
        subject="What you reported, ((reference)), takes longer than we promised",
        body="We promised to deal with what you reported by ((promise)). It takes longer, and we are sorry."
        + WHERE
        + "\nWhat happens next: we expect to be done by ((expected)). You need do nothing.\n"
        + STOP,
        fields={**JOINED, "expected": _EXPECTED},
        required=REQUIRED,
    ),
    TemplateKind(
        key="staff-promises",
        name=_("To staff: promises that run out"),
        subject="((count)) to look at: ((what))",
        body="((what)), ((when)).\n\n((list))\n\nYour queue: ((link))\n",
        fields={
            "count": "2",
            "what": "First response",
            "when": "2 working hours before it is due",
            "list": "BAR-7K3M-29QD Street light out, due 23 November 2026, 3pm",
            "link": "https://portal.example/staff/cases/",
        },
        required=("list",),
    ),
]


def register_promise_messages() -> None:
    for kind in KINDS:
        register_template(kind)
