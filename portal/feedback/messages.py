"""The first wording of the question after a request was closed."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic
from barnet.notifications.registry import TemplateKind

SURVEY = TemplateKind(
    key="case-survey",
    name=_("Request closed: how did we do?"),
    subject="How did we do? ((reference))",
    body="We have dealt with your request ((reference)): ((title)).\n\nHow satisfied are you with what we did? It is"
    " one question, and needs no account:\n\n((link))\n\nWhat happens next: we read every answer. If it is not right,"
    " you can tell us there, and we look again.",
    fields={
        "reference": "BAR-7K3M-29QD",
        "title": "Missed bin: recycling",
        "link": "https://portal.example/feedback/7:qT3/",
    },
    required=("link",),
    topic=Topic.REQUESTS,
    short="How did we do with your request ((reference))? One question: ((link))",
)
