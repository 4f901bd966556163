"""Whose readings a person is not told of for a while, because the law forbids it."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


@pghistory.track()
class WithheldReader(models.Model):
    """`reader` investigates `customer`; the guardian of data wrote why, and until when."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="withheld_readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=300)
    until_on = models.DateField()  # the last day; from the next on they are told of all of it
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "reader of whom a customer is not told"
        constraints = [
            models.UniqueConstraint(fields=["customer", "reader"], name="withheld_reader_once"),
            models.CheckConstraint(condition=~Q(ground=""), name="withheld_reader_on_a_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} until {self.until_on}"
