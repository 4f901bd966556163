"""The first wording of what the house itself says about how it writes to people."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic, Urgency
from barnet.notifications.registry import TemplateKind

CONTACT_CODE = TemplateKind(
    key="contact-code",
    name=_("Contact: code to confirm an address or number"),
    subject="Your code to confirm this address",
    body="Enter this code on the page that you have open, to confirm that we may write to you here:\n\n((code))\n\n"
    "The code works for ((minutes)) minutes. Give it to nobody.\n\n"
    "If you did not ask for this, you need do nothing: without the code nothing changes.",
    fields={"code": "123456", "minutes": "15"},
    is_secret=True,
    required=("code",),
    topic=Topic.ACCOUNT,
    urgency=Urgency.NOW,
    short="((code)) is your code to confirm this number. It works for ((minutes)) minutes. Give it to nobody.",
)
CONTACT_CHANGED = TemplateKind(
    key="contact-changed",
    name=_("Contact: how we reach somebody was changed"),
    subject="How we reach you was changed",
    body="On ((when)) this changed in your record: ((what))\n\n"
    "You get this at the old and the new addresses. If it was you, you need do nothing. If it was not, sign in and "
    "change it back, or call us at once.",
    fields={"what": "07700 900123 was confirmed.", "when": "23 November 2026, 4:05pm"},
    required=("what",),
    topic=Topic.ACCOUNT,
    urgency=Urgency.NOW,
    short="How we reach you was changed: ((what)) If it was not you, call us at once.",
)
