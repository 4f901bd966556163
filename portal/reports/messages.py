"""The first wording of the question whether an e-mail address is theirs who typed it."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic, Urgency
from barnet.notifications.registry import TemplateKind

FOLLOW_CONFIRM = TemplateKind(
    key="report-follow-confirm",
    name=_("Report of somebody else: confirm that you follow it"),
    subject="Confirm that you want to hear of the report ((reference))",
    body="Somebody, we think you, asked us to tell you what becomes of this report:\n\n((title)), ((place))\n\n"
    "What happens next: follow this link within seven days and press the button. Then we tell you.\n\n((link))\n\n"
    "If it was not you, you need do nothing: we do not write again.",
    fields={
        "reference": "BAR-7K3M-29QD",
        "title": "A street light",
        "place": "High Street, Barnet",
        "link": "https://portal.example/report/following/abc/",
    },
    required=("link",),
    topic=Topic.REQUESTS,
    urgency=Urgency.NOW,
)
