"""Homes whose collection days have just become others."""

from django.db import models
from django.utils import timezone

from barnet.gazetteer.models import Address
from portal.waste.enums import Frequency, Stream


class MovedHome(models.Model):
    """A bin of a home is collected by another pattern than people there know, and they are not told yet.

    An import writes the row in its own transaction; telling people deletes it in the transaction of the messages. It
    holds the pattern that they know, so that several imports before they are told make one message, or none.
    """

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="+")
    stream = models.CharField(max_length=12, choices=Stream.choices)
    was_first_on = models.DateField()
    was_frequency = models.PositiveSmallIntegerField(choices=Frequency.choices)
    moved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "stream"], name="moved_home_once")]

    def __str__(self) -> str:
        return f"{self.address_id}: {self.stream}"
