"""The first wording of the code that opens a request."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic, Urgency
from barnet.notifications.registry import TemplateKind

TRACK_CODE = TemplateKind(
    key="track-code",
    name=_("Request without an account: code to see it"),
    subject="Your code to see your request",
    body="Enter this code on the page that you have open, to see where your request ((reference)) stands:\n\n"
    "((code))\n\n"
    "The code works for ((minutes)) minutes. Give it to nobody.\n\n"
    "If you did not ask for this, you need do nothing: without the code nobody sees anything.",
    fields={"code": "123456", "reference": "BAR-7K3M-29QD", "minutes": "15"},
    is_secret=True,
    required=("code",),
    topic=Topic.REQUESTS,
    urgency=Urgency.NOW,
    short="((code)) is your code to see request ((reference)). It works for ((minutes)) minutes. Give it to nobody.",
)
