"""What happens to a form, counted: never who, never what they answered."""

from django.db import models

from portal.smartforms.models.forms import FormVersion

CHECK, ENDED = "-check", "-ended"  # places that are no step: the page of answers, an end that sends nothing


class What(models.TextChoices):
    BEGAN = "began"
    CAME = "came"  # from an earlier version, when a new one was published
    REACHED = "reached"  # a page, for the first time
    DONE = "done"  # a page, for the first time
    REFUSED = "refused"  # an answer, with a sentence
    EXPLAINED = "explained"  # came to an end that sends nothing
    UNEXPLAINED = "unexplained"  # and went back from there
    MOVED = "moved"  # to a newer version
    LEFT = "left"  # the answers were deleted, because nobody went on
    SENT = "sent"


class _Counted(models.Model):
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    what = models.CharField(max_length=12, choices=What.choices)
    step = models.CharField(max_length=60, blank=True)  # its key, CHECK or ENDED
    question = models.CharField(max_length=90, blank=True)  # its key, `group.key` in a group
    sentence = models.CharField(max_length=200, blank=True)  # that refused, without what was typed
    seconds = models.PositiveSmallIntegerField(null=True, blank=True)  # that a page took; empty: with a break

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.what} {self.step} {self.question} on {self.on}"


class StepEvent(_Counted):
    """One thing that happened, of today mostly: rows are only added, so that nobody waits for anybody. The night folds
    them into `StepDay`. It knows the day and neither the hour nor the draft."""

    class Meta:
        indexes = [models.Index(fields=["version", "on"], name="step_event_version")]


class StepDay(_Counted):
    """The same, a day's alike ones in one row. `seconds` are rounded: see `figures.folding`."""

    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "on", "what", "step", "question", "sentence", "seconds"],
                nulls_distinct=False,
                name="step_day_once",
            )
        ]
        indexes = [models.Index(fields=["on"], name="step_day_on")]
