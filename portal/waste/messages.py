"""The first wording of messages about collections. Staff edit it in the back office."""

from django.utils.translation import gettext_lazy as _

from barnet.notifications.enums import Topic, Urgency
from barnet.notifications.registry import TemplateKind, register_template
from portal.waste.reminding import is_still_true
from portal.waste.subscribing import end_link_of

_PLACE = "12 High Street, Barnet, EN5 1AA"
_STOP = "https://portal.example/bins/reminders/end/…/"
_ENDING = "\n\nYou asked for these messages. Stop them: ((stop))"

_REMINDER = {"bins": "Refuse, Food waste", "day": "Monday 23 November 2026", "place": _PLACE, "stop": _STOP}
_REMINDER_BODY = "Tomorrow we collect: ((bins))\nAt: ((place))\nDay: ((day))\n\n((note))" + _ENDING
_CHANGED = {
    "place": _PLACE,
    "changes": "Refuse: we collect on Tuesday 29 December 2026 instead of Monday 28 December 2026. Bank holiday.",
    "stop": _STOP,
}
_CHANGED_BODY = (
    "Your collections at ((place)) are not as you know them.\n\n((changes))\n\nWhat happens next: we remind you the"
    " evening before the new day, if there is one. Your calendar follows by itself." + _ENDING
)
_NEW_DAYS = {
    "place": _PLACE,
    "changes": "Refuse: we now collect every Tuesday. Until now: every Monday. "
    "The next collection is on Tuesday 24 November 2026.",
    "link": "https://portal.example/bins/1/",
}
_NEW_DAYS_BODY = (
    "We have changed the rounds. At ((place)) bins are collected on other days from now on.\n\n((changes))\n\nAll "
    "your days: ((link))\n\nWhat happens next: nothing for you to do but to put them out by 6am on the new day. A "
    "calendar that you subscribed to follows by itself."
)

KINDS = [
    TemplateKind(
        key="bins-confirm",
        name=_("Bins: is this your e-mail address?"),
        subject="Confirm that you want reminders of your bins",
        body="Somebody asked us to remind you of bin collections.\n\nAt: ((place))\nBins: ((bins))\n\nIf it was you,"
        " confirm it within seven days: ((link))\n\nIf it was not you, do nothing: you hear nothing more about it.",
        fields={"place": _PLACE, "bins": "Refuse, Food waste", "link": "https://portal.example/bins/reminders/…/"},
        required=("link",),
        topic=Topic.BINS,
        urgency=Urgency.NOW,
    ),
    TemplateKind(
        key="bins-reminder",
        name=_("Bins: reminder the evening before"),
        subject="Put out tonight: ((bins))",
        body=_REMINDER_BODY,
        fields={**_REMINDER, "note": "Put them out by 6am."},
        required=("bins", "stop"),
        topic=Topic.BINS,
        urgency=Urgency.TODAY,
        one_click_end=end_link_of,
        is_still_true=is_still_true,
    ),
    TemplateKind(
        key="bins-reminder-late",
        name=_("Bins: reminder in the night before, when the evening was missed"),
        subject="Put out by 6am: ((bins))",
        body="We collect: ((bins))\nAt: ((place))\nDay: ((day))\n\n((note))" + _ENDING,
        fields={**_REMINDER, "note": "Put them out by 6am."},
        required=("bins", "day", "stop"),
        topic=Topic.BINS,
        urgency=Urgency.NOW,  # sent by silent channels only; the morning would be too late
        one_click_end=end_link_of,
        is_still_true=is_still_true,
    ),
    *(
        TemplateKind(
            key=key,
            name=name,
            subject="Your bin collections have changed",
            body=_CHANGED_BODY,
            fields=_CHANGED,
            required=("changes", "stop"),
            topic=Topic.BINS,
            urgency=urgency,
            one_click_end=end_link_of,
        )
        for key, name, urgency in (
            ("bins-changed", _("Bins: a day has changed"), Urgency.TODAY),
            ("bins-changed-now", _("Bins: today or tomorrow has changed"), Urgency.NOW),
        )
    ),
    TemplateKind(
        key="bins-new-days",
        name=_("Bins: the home is on another round, to those who asked for reminders"),
        subject="Your bins have new collection days",
        body=_NEW_DAYS_BODY + _ENDING,
        fields={**_NEW_DAYS, "stop": _STOP},
        required=("changes", "stop"),
        topic=Topic.BINS,
        urgency=Urgency.TODAY,
        one_click_end=end_link_of,
    ),
    TemplateKind(
        key="bins-new-days-home",
        name=_("Bins: the home is on another round, to those who saved it as theirs"),
        subject="Your bins have new collection days",
        body=_NEW_DAYS_BODY + "\n\nYou read this because it is the home in your account.",
        fields=_NEW_DAYS,
        required=("changes",),
        topic=Topic.BINS,
        urgency=Urgency.TODAY,
    ),
]


def register_messages() -> None:
    for kind in KINDS:
        register_template(kind)
