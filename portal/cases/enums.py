"""Typed states and the other fixed words of a case."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseUrgency(models.TextChoices):
    """How soon it must be looked at. The promise to the customer is another thing: it stays as the service says."""

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
    RESOLVED = "resolved", _("Resolved")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def phase(self) -> Phase:
        return _PHASES[self]

    @property
    def sentence(self) -> str:
        """What the state means, said to the customer."""
        return str(_SENTENCES[self])


OPEN_STATES = [CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.WAITING]

_PHASES = {
    CaseState.RECEIVED: Phase.OPEN,
    CaseState.ASSIGNED: Phase.OPEN,
    CaseState.WAITING: Phase.WAITING,
    CaseState.RESOLVED: Phase.RESOLVED,
    CaseState.WITHDRAWN: Phase.CLOSED,
}
_SENTENCES = {
    CaseState.RECEIVED: _("We have your request. Nobody is working on it yet."),
    CaseState.ASSIGNED: _("Your request is with the team that will deal with it."),
    CaseState.WAITING: _("We asked you a question. We go on as soon as you answer."),
    CaseState.RESOLVED: _("We have dealt with your request. If it is not right, tell us and we look again."),
    CaseState.WITHDRAWN: _("You told us that you no longer need this. We have stopped."),
}

# From → to: everything that is not here is refused.
ALLOWED_MOVES: dict[CaseState, set[CaseState]] = {
    CaseState.RECEIVED: {CaseState.ASSIGNED, CaseState.WAITING, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.ASSIGNED: {CaseState.ASSIGNED, CaseState.WAITING, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.WAITING: {CaseState.ASSIGNED, CaseState.RECEIVED, CaseState.RESOLVED, CaseState.WITHDRAWN},
    CaseState.RESOLVED: {CaseState.RECEIVED, CaseState.ASSIGNED},
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
    ESCALATED = "escalated", _("Taken over by the team leader")
    CORRECTED = "corrected", _("Answer corrected")
    JOINED = "joined", _("Somebody else reported the same")


class TeamKind(models.TextChoices):
    OFFICE = "office", _("Office team")
    CREW = "crew", _("Crew")
