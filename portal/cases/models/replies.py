"""Sentences that staff need every day, ready to be chosen and changed."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.notifications.registry import text_problems
from portal.cases.enums import OPEN_STATES, CaseState, ReplyUse
from portal.cases.registry import all_outcomes, kind_for

# Everybody who reported the same reads what we write and how it ended: nothing of the first report may stand there.
_OF_US = ("reference", "service", "team", "opened", "promise")
REPLY_FIELDS: dict[str, tuple[str, ...]] = {
    ReplyUse.ASK: (*_OF_US, "title", "place"),
    ReplyUse.DELAY: (*_OF_US, "title", "place"),
    ReplyUse.TELL: _OF_US,
    ReplyUse.RESOLVE: _OF_US,
}
_STATES = [(str(state), state.label) for state in OPEN_STATES]


class ReadyReply(models.Model):
    """Offered where it fits: for an act, and if they are named for a service, a state, an outcome."""

    name = models.CharField(_("name"), max_length=80, help_text=_("Staff choose it by this name."))
    use = models.CharField(_("use"), max_length=10, choices=ReplyUse.choices)
    service = models.ForeignKey(
        Service,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("service"),
        help_text=_("Empty: every service."),
    )
    state = models.CharField(
        _("state"), max_length=12, blank=True, choices=_STATES, help_text=_("Empty: whatever state it is in.")
    )
    outcome = models.CharField(
        _("outcome"), max_length=40, blank=True, help_text=_("For resolving. Empty: every outcome.")
    )
    text = models.TextField(
        _("text"),
        max_length=1000,
        help_text=_(
            "Filled in for each request: ((reference)), ((service)), ((team)), ((opened)), ((promise)); for questions"
            " and delays ((title)) and ((place)), too."
        ),
    )

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("ready reply")
        verbose_name_plural = _("ready replies")
        constraints = [
            models.UniqueConstraint(
                fields=["use", "service", "name"],
                nulls_distinct=False,
                name="ready_reply_name_once",
                violation_error_message=_("There is a reply of this name for this use and service already."),
            ),
            models.CheckConstraint(condition=Q(outcome="") | Q(use="resolve"), name="ready_reply_outcome_of_resolving"),
        ]
        indexes = [models.Index(fields=["use", "service"], name="ready_reply_use")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        errors: dict[str, list[str]] = {}
        if problems := text_problems(self.text, list(REPLY_FIELDS.get(self.use, ()))):
            errors["text"] = problems
        if self.outcome and (problem := self._outcome_problem()):
            errors["outcome"] = [problem]
        if errors:
            raise ValidationError(errors)

    def _outcome_problem(self) -> str:
        if self.use != ReplyUse.RESOLVE:
            return str(_("Only a reply for resolving has an outcome."))
        known = {outcome.code for outcome in kind_for(self.service.slug).outcomes} if self.service else all_outcomes()
        return "" if self.outcome in known else str(_("Requests of this service do not end so."))

    @property
    def state_label(self) -> str:
        return str(CaseState(self.state).label) if self.state else str(_("Any"))
