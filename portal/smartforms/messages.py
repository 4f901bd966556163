"""The first wording of messages about forms under way. Staff edit it in the back office."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic, Urgency
from barnet.notifications.registry import TemplateKind, register_template

_FIELDS = {"form": "Apply for a parking permit", "day": "23 December 2026", "link": "https://portal.example/forms/…/"}
_LINK_BODY = (
    "Your answers are saved: ((form))\n\nGo on here, on any device: ((link))\n\nThe link works once; you can ask for"
    " another. We keep your answers until ((day)).\n\nIf you did not ask for this, do nothing."
)
_EXPIRY_BODY = (
    "You began a form and did not send it: ((form))\n\nWe delete your answers on ((day)). Go on here:"
    " ((link))\n\nWhat happens next: if you go on, we keep them for four more weeks. If you need them no more,"
    " do nothing."
)

_ONCE = "\n\nThe link works once; you can ask for another on its page."
_MORE_FIELDS = {
    **_FIELDS,
    "reference": "BAR-7K3M-29QD",
    "title": "Parking permit",
    "why": "We cannot read the second page of your letter.",
}
_MORE_BODY = (
    "We need more from you to go on with your request.\n\nRequest ((reference)): ((title))\n\nWhy we ask: ((why))\n\n"
    "Answer the questions here by ((day)): ((link))\n\nWhat you told us before is filled in already. What happens next:"
    " your request waits until you answer. After ((day)) we go on without."
)
_MORE_REMINDER_BODY = (
    "We asked you for more and have no answer yet.\n\nRequest ((reference)): ((title))\n\nWhy we ask: ((why))\n\n"
    "Answer the questions here by ((day)): ((link))\n\nWhat happens next: after ((day)) we go on with your request"
    " without your answers."
)

KINDS = [
    *(
        TemplateKind(
            key=key,
            name=name,
            subject=subject,
            body=body,
            fields=_MORE_FIELDS,
            is_secret=is_secret,
            required=("link", "reference"),
            topic=Topic.REQUESTS,
            urgency=urgency,
        )
        for key, name, subject, body, is_secret, urgency in (
            (
                "form-more",
                _("Forms: more questions about a request"),
                "We need more from you: ((reference))",
                _MORE_BODY,
                False,
                Urgency.TODAY,
            ),
            (
                "form-more-link",
                _("Forms: more questions about a request, without an account"),
                "We need more from you",
                _MORE_BODY + _ONCE,
                True,
                Urgency.TODAY,
            ),
            (
                "form-more-reminder",
                _("Forms: reminder of more questions"),
                "We still need more from you: ((reference))",
                _MORE_REMINDER_BODY,
                False,
                Urgency.TODAY,
            ),
            (
                "form-more-reminder-link",
                _("Forms: reminder of more questions, without an account"),
                "We still need more from you",
                _MORE_REMINDER_BODY + _ONCE,
                True,
                Urgency.TODAY,
            ),
        )
    ),
    TemplateKind(
        key="form-team",
        name=_("Forms: to the team, a form that cannot wait"),
        subject="A request for ((team)): ((reference))",
        body="“((form))” was sent to us. It is with ((team)), urgency: ((urgency)), promised for ((promise)).\n\n"
        "Open it: ((link))\n",
        fields={
            "form": "Tell us about a repair",
            "reference": "BAR-7K3M-29QD",
            "team": "Housing repairs",
            "urgency": "Urgent",
            "promise": "Monday 23 November 2026",
            "link": "https://portal.example/staff/cases/BAR-7K3M-29QD/",
        },
        required=("link", "reference"),
        topic=Topic.REQUESTS,
        urgency=Urgency.NOW,
    ),
    TemplateKind(
        key="form-link",
        name=_("Forms: the way back to saved answers"),
        subject="Go on with your form",
        body=_LINK_BODY,
        fields=_FIELDS,
        is_secret=True,
        required=("link",),
        topic=Topic.REQUESTS,
        urgency=Urgency.NOW,
    ),
    *(
        TemplateKind(
            key=key,
            name=name,
            subject="Your saved answers are deleted soon",
            body=_EXPIRY_BODY,
            fields=_FIELDS,
            is_secret=is_secret,
            required=("link", "day"),
            topic=Topic.REQUESTS,
            urgency=Urgency.TODAY,
        )
        for key, name, is_secret in (
            ("form-expiry", _("Forms: saved answers are deleted soon"), False),
            ("form-expiry-link", _("Forms: saved answers without an account are deleted soon"), True),
        )
    ),
]


def register_messages() -> None:
    for kind in KINDS:
        register_template(kind)
