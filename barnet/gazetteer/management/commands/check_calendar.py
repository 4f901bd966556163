import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from barnet.gazetteer.working_days import bank_holidays_known_until

WARN_BEFORE = dt.timedelta(days=365)


class Command(BaseCommand):
    help = "Say until when the bank holidays are known; exit 1 when it is less than a year. Run it monthly."

    def handle(self, *args: Any, **options: Any) -> None:
        known_until = bank_holidays_known_until()
        if known_until - timezone.localdate() < WARN_BEFORE:
            raise CommandError(
                f"The published bank holidays end on {known_until:%d %B %Y}. Update govuk-bank-holidays in "
                "requirements.txt (make lock). Until then the later ones are worked out by rule; add extra ones as "
                "closures."
            )
        self.stdout.write(f"Bank holidays are published until {known_until:%d %B %Y}.")
