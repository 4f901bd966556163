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

KINDS = [
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
