"""`manage.py staff_join EMAIL --role ROLE`: somebody starts to work here."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError, CommandParser
from django.core.validators import validate_email

from barnet.customers.management.staffing import StaffCommand
from barnet.customers.staff import staffing


class Command(StaffCommand):
    help = (
        "Makes a login for a new member of staff, or gives staff rights to a resident's login. No password is set: "
        "they choose one at /account/reset/ and set up a second step at first entry."
    )
    example = 'manage.py staff_join ines@barnet.example --role adviser --name "Ines Adviser" --reason "Starts in June"'
    needs_roles = True

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--name", default="", help="first and last name, as colleagues read it")

    def act(self, cause: staffing.Cause, options: dict[str, Any]) -> staffing.Change:
        try:
            validate_email(options["email"])
        except ValidationError as wrong:
            raise CommandError(f"{options['email']!r} is not an e-mail address.") from wrong
        first, _space, last = options["name"].strip().partition(" ")
        return staffing.join(
            options["email"], roles=options["roles"], cause=cause, first_name=first, last_name=last.strip()
        )
