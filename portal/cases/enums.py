"""Typed states and the other fixed words of a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseUrgency(models.TextChoices):
    """How soon it must be looked at. A standard may promise more for one of them."""

    URGENT = "urgent", _("Urgent")
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")


class Phase(models.TextChoices):
    """What kind of state it is: whose move, and whether the clock runs."""

    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for you")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class CaseState(models.TextChoices):
    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("In progress")
    WAITING = "waiting", _("We need an answer")
    HELD = "held", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def phase(self) -> Phase:
        return _PHASES[self]

    @property
    def sentence(self) -> str:
        """What the state means, said to the customer."""
        return str(_SENTENCES[self])


OPEN_STATES = [CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.WAITING, CaseState.HELD]
PAUSED_STATES = [CaseState.WAITING, CaseState.HELD]  # open, and the promise stands still
RUNNING_STATES = [state for state in OPEN_STATES if state not in PAUSED_STATES]

_PHASES = {
    CaseState.RECEIVED: Phase.OPEN,
    CaseState.ASSIGNED: Phase.OPEN,
    CaseState.WAITING: Phase.WAITING,
    CaseState.HELD: Phase.OPEN,
    CaseState.RESOLVED: Phase.RESOLVED,
    CaseState.WITHDRAWN: Phase.CLOSED,
}
_SENTENCES = {
    CaseState.RECEIVED: _("We have your request. Nobody is working on it yet."),
    CaseState.ASSIGNED: _("Your request is with the team that will deal with it."),
    CaseState.WAITING: _("We asked you a question. We go on as soon as you answer."),
    CaseState.HELD: _("We cannot go on at the moment. We told you why, and we tell you when we do."),
    CaseState.RESOLVED: _("We have dealt with your request. If it is not right, tell us and we look again."),
    CaseState.WITHDRAWN: _("You told us that you no longer need this. We have stopped."),
}

# From → to: everything that is not here is refused.
ALLOWED_MOVES: dict[CaseState, set[CaseState]] = {
    CaseState.RECEIVED: {CaseState.ASSIGNED, *PAUSED_STATES, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.ASSIGNED: {CaseState.ASSIGNED, *PAUSED_STATES, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.WAITING: {*RUNNING_STATES, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.HELD: {*RUNNING_STATES, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.RESOLVED: {*RUNNING_STATES},
    CaseState.WITHDRAWN: set(),
}


class EntryKind(models.TextChoices):
    """What a line of the timeline records."""

    RECEIVED = "received", _("Request received")
    ASSIGNED = "assigned", _("Given to a team")
    ASKED = "asked", _("Question to you")
    ANSWERED = "answered", _("Your answer")
    RESUMED = "resumed", _("Work goes on")
    RESOLVED = "resolved", _("Resolved")
    REOPENED = "reopened", _("Opened again")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOTE = "note", _("Note by staff")
    PHOTO = "photo", _("Photo added")
    FILE = "file", _("File added")
    HELD = "held", _("On hold")
    DELAYED = "delayed", _("It takes longer than we promised")
    MOVED = "moved", _("Moved to another service")
    ESCALATED = "escalated", _("Taken over by the team leader")
    CORRECTED = "corrected", _("Answer corrected")
    TOLD = "told", _("Word from us")
    RELATED = "related", _("Related to another request")
    MERGED = "merged", _("Put together with another request")
    PARTED = "parted", _("Taken apart again")
    SPLIT = "split", _("A part is a request of its own")
    ERASED = "erased", _("Personal data erased")
    JOINED = "joined", _("Somebody else reported the same")
    CLAIM = "claim", _("Claim code")
    MESSAGE = "message", _("Message")


# What a person of ours tells the customer in their own words: it answers, and begins the wait for the next word.
SPOKEN = {
    EntryKind.ASKED,
    EntryKind.RESUMED,
    EntryKind.HELD,
    EntryKind.DELAYED,
    EntryKind.MOVED,
    EntryKind.TOLD,
    EntryKind.PHOTO,
    EntryKind.FILE,
    EntryKind.RESOLVED,
    EntryKind.MESSAGE,
}


class TeamKind(models.TextChoices):
    OFFICE = "office", _("Office team")
    CREW = "crew", _("Crew")


class Clock(models.TextChoices):
    """What we promise the time of."""

    RESPONSE = "response", _("First response")
    UPDATE = "update", _("Next update")
    RESOLUTION = "resolution", _("Resolution")


class ReplyUse(models.TextChoices):
    """What a ready reply is for: the address of the act."""

    ASK = "ask", _("Ask the customer")
    DELAY = "delay", _("Say that it takes longer")
    TELL = "tell", _("Write to the customer")
    RESOLVE = "resolve", _("Resolve")


class ContactOutcome(models.TextChoices):
    """How a contact ended."""

    ANSWERED = "answered", _("Answered")
    STARTED = "started", _("A request was made")
    PASSED_ON = "passed_on", _("Passed on to a team or another body")
    CALL_BACK = "call_back", _("We get back to them")
    BROKEN_OFF = "broken_off", _("They left, or the line broke")


class RelationKind(models.TextChoices):
    RELATED = "related", _("Related")
    DUPLICATE = "duplicate", _("Duplicate")
    PART = "part", _("Taken out of it")
