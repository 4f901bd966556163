"""`manage.py staff_list`: who works here, in which roles, and who has not signed in for long."""

import argparse
import datetime as dt
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from barnet.customers.models import User
from barnet.customers.staff.roles import ROLES
from barnet.kit.wording import date_long


class Command(BaseCommand):
    help = "Every account of staff: e-mail, name, roles, last sign-in, and whether it is open. Separated by tabs."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        shown = {
            "epilog": "Example: manage.py staff_list --unused-for 90",
            "formatter_class": argparse.RawDescriptionHelpFormatter,
        }
        return super().create_parser(*args, **{**kwargs, **shown})

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", choices=sorted(ROLES), help="only people with this role")
        parser.add_argument("--unused-for", type=int, metavar="DAYS", help="only open accounts without a sign-in since")

    def handle(self, *args: Any, **options: Any) -> None:
        people = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True)).prefetch_related("groups")
        if options["role"]:
            people = people.filter(groups__name=options["role"])
        if (days := options["unused_for"]) is not None:
            if not 0 <= days <= 10_000:
                raise CommandError("Give --unused-for a number of days from 0 to 10000.")
            since = timezone.now() - dt.timedelta(days=days)
            unused = Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
            people = people.filter(unused, is_active=True)
        listed = [self._row(user) for user in people.order_by("email")]
        for row in listed:
            self.stdout.write("\t".join(row))
        self.stdout.write(f"{len(listed)} accounts.")

    def _row(self, user: User) -> list[str]:
        roles = sorted(group.name for group in user.groups.all() if group.name in ROLES)
        return [
            user.email,
            user.get_full_name() or "-",
            ", ".join([*roles, *(["superuser"] if user.is_superuser else [])]) or "no role",
            date_long(timezone.localdate(user.last_login)) if user.last_login else "never signed in",
            "open" if user.is_active else "closed",
        ]
