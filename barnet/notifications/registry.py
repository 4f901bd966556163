"""The kinds of message that the portal sends, each with its first wording.

A room registers its kinds from `AppConfig.ready()`:

    register_template(TemplateKind(
        key="case-received",
        name=_("Request received"),
        subject="We have your request ((reference))",
        body="Hello ((name)),\n\n...",
        fields={"reference": "BAR-7K3M-29QD", "name": "Asha"},   # every placeholder, with a sample for the preview
        required=("reference",),                                 # what an editor may not take out
        topic=Topic.REQUESTS, urgency=Urgency.TODAY,             # how it reaches people, and how long it may wait
    ))

Every message says which request it is about, what happened, what happens next and by when. Staff change the wording in
the back office (`MessageTemplate`); the code keeps the first wording to fall back on. `TEST_MESSAGE` is an example.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.notifications import wording
from barnet.notifications.enums import Topic, Urgency

if TYPE_CHECKING:
    from barnet.notifications.models import Message

Text = str | Promise


class TemplateKindError(ValueError):
    """A kind was registered twice, or its first wording does not fit its fields. A mistake in the code."""


class UnknownKindError(LookupError):
    """Nobody registered this kind. A mistake in the code."""


@dataclass(frozen=True)
class TemplateKind:
    """One kind of message. `fields` maps each placeholder to a sample; `required` may not be edited out.

    A secret kind carries a code: e-mail only, its body is blanked once it is sent, staff never see it, and its subject
    holds no placeholder.
    """

    key: str
    name: Text
    subject: Text
    body: Text
    fields: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False
    required: tuple[str, ...] = ()
    topic: Topic = Topic.REQUESTS  # people choose how they are told by topic
    urgency: Urgency = Urgency.TODAY
    # Where one click ends messages of this kind (RFC 8058); and whether a message that waits is still worth sending.
    one_click_end: Callable[["Message"], str] | None = None
    is_still_true: Callable[["Message"], bool] | None = None
    short: Text = ""  # for a text message; without one, the subject and the link

    def subject_fields(self) -> list[str]:
        return [] if self.is_secret else list(self.fields)


_kinds: dict[str, TemplateKind] = {}


def register_template(kind: TemplateKind) -> None:
    if kind.key in _kinds:
        raise TemplateKindError(f"Two kinds of message are called {kind.key!r}.")
    if not re.fullmatch(r"[a-z0-9-]{1,50}", kind.key):
        raise TemplateKindError(f"{kind.key!r}: use small letters, digits and hyphens, at most 50.")
    if problems := problems_of(kind, str(kind.subject), str(kind.body)):
        raise TemplateKindError(f"{kind.key!r}: " + " ".join(str(problem) for _field, problem in problems))
    if in_short := text_problems(str(kind.short), list(kind.fields)):
        raise TemplateKindError(f"{kind.key!r}, in short: " + " ".join(in_short))
    if missing := [name for name in kind.required if name not in kind.fields]:
        raise TemplateKindError(f"{kind.key!r} requires {missing}, which are not among its fields.")
    _kinds[kind.key] = kind


def kind_of(key: str) -> TemplateKind:
    try:
        return _kinds[key]
    except KeyError:
        raise UnknownKindError(f"No kind of message is called {key!r}.") from None


def kinds() -> list[TemplateKind]:
    return sorted(_kinds.values(), key=lambda kind: str(kind.name))


def is_registered(key: str) -> bool:
    return key in _kinds


def name_of(key: str) -> str:
    """For lists of messages: an old message may be of a kind that no longer exists."""
    return str(_kinds[key].name) if key in _kinds else key


def one_click_end_of(message: "Message") -> str:
    """The address at which one click ends such messages; empty for kinds that nobody can end."""
    kind = _kinds.get(message.template_key)
    return kind.one_click_end(message) if kind and kind.one_click_end else ""


def is_still_true(message: "Message") -> bool:
    kind = _kinds.get(message.template_key)
    return kind.is_still_true(message) if kind and kind.is_still_true else True


def problems_of(kind: TemplateKind, subject: str, body: str, short: str = "") -> list[tuple[str, str]]:
    """What is wrong with a wording, as (field, sentence that says what to do)."""
    found = [("subject", text) for text in text_problems(subject, kind.subject_fields())]
    found += [("body", text) for text in text_problems(body, list(kind.fields))]
    found += [("short", text) for text in text_problems(short, list(kind.fields))]
    used = {*wording.placeholders(subject), *wording.placeholders(body)}
    found += [
        ("body", str(_("Put ((%(name)s)) back: the message is no use without it.") % {"name": name}))
        for name in kind.required
        if name not in used
    ]
    return found


def text_problems(text: str, known: list[str]) -> list[str]:
    """What is wrong with the placeholders of a text that somebody wrote, in sentences."""
    found = []
    if wording.is_broken(text):
        found.append(
            str(_("A placeholder starts with (( but does not end. Write it as ((name)), without other brackets."))
        )
    allowed = ", ".join(f"(({name}))" for name in known) or _("no placeholder")
    found += [
        str(_("We cannot fill in ((%(name)s)) here. You can use: %(allowed)s.") % {"name": name, "allowed": allowed})
        for name in wording.unknown(text, known)
    ]
    return found


TEST_MESSAGE = TemplateKind(
    key="test-message",
    name=_("Test message"),
    subject="Test message from ((council))",
    body=(
        "This message shows that ((council)) can send you e-mail.\n"
        "\n"
        "An operator asked for it on ((asked_at)). It is not about any request of yours, "
        "nothing happens next, and you need do nothing."
    ),
    fields={"council": "Barnet Council", "asked_at": "23 November 2026, 4:05pm"},
    topic=Topic.ACCOUNT,
    urgency=Urgency.NOW,
)

# The end of every message, edited like any other wording; its subject is shown to nobody.
SIGNATURE = TemplateKind(
    key="how-to-reach-us",
    name=_("How to reach us (the end of every message)"),
    subject="How to reach us",
    body="((council))\n((ways_to_reach_us))\n\nPlease do not reply to this message: nobody reads the replies.",
    fields={
        "council": "Barnet Council",
        "ways_to_reach_us": "Ask us online: https://www.barnet.example/contact/\nCall us: 020 7946 0100",
    },
    required=("ways_to_reach_us",),
)

DAILY_SUMMARY = TemplateKind(
    key="daily-summary",
    name=_("Daily summary"),
    subject="((topic)): ((count)) messages",
    body="This is what happened since your last summary.\n\n((messages))\n\n"
    "You get this once a day because you asked for it. Change it in your account: ((link))",
    fields={
        "topic": "Bin collections",
        "count": "2",
        "messages": "Your garden waste day has changed\n...\n\nYour recycling was collected\n...",
        "link": "https://www.barnet.example/account/contact/",
    },
    required=("messages",),
    urgency=Urgency.WHENEVER,
    short="((topic)): ((count)) messages from the council. Read them in your account: ((link))",
)
