"""The first wording of what we ask about an assisted collection."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic, Urgency
from barnet.notifications.registry import TemplateKind, register_template

REVIEW = TemplateKind(
    key="assisted-review",
    name=_("Bins: do you still need help with putting them out?"),
    subject="Do you still need help with putting your bins out?",
    body="Our crew fetches the bins at ((place)) for you.\n\nPlease tell us by ((day)) whether you still need it: "
    "((link))\n\nOr call us. What happens next: if we hear nothing by then, we contact you. We do not stop without "
    "asking you.",
    fields={
        "place": "12 High Street, Barnet, EN5 1AA",
        "day": "Monday 23 November 2026",
        "link": "https://portal.example/bins/assisted/arrangements/1/",
    },
    required=("link",),
    topic=Topic.REQUESTS,
    urgency=Urgency.WHENEVER,
)


def register_messages() -> None:
    register_template(REVIEW)
