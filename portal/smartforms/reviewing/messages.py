"""What somebody is told when a form ends one way."""

from django.utils.translation import gettext as _

from barnet.notifications.registry import name_of
from portal.smartforms.definition.model import Definition
from portal.smartforms.reviewing.ways import Way

RECEIVED = "case-received"  # sent with every case: `portal.cases.services.receiving`


def message_of(way: Way, definition: Definition) -> str:
    """Of a way that makes a case."""
    named = {"message": name_of(RECEIVED)}
    if definition.needs_account:
        return _("“%(message)s”, to the account") % named
    asked = [question for page in way.pages for question in page.questions if question.prefill == "account.email"]
    if asked:
        return _("“%(message)s”, to the answer of ‘%(label)s’, else to the account") % {
            **named,
            "label": asked[0].label,
        }
    return _("“%(message)s”, only to those who are signed in: this way asks for no email address") % named
