"""`manage.py forget_authenticator EMAIL`: for somebody who lost telephone and recovery codes."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from barnet.customers.models import User
from barnet.customers.services import forget_authenticator


class Command(BaseCommand):
    help = "Removes the authenticator and the recovery codes of a login. Make sure first who asks for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="with which they sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        if not forget_authenticator(user):
            raise CommandError(f"{user.email} has no authenticator.")
        self.stdout.write(f"Done. {user.email} sets up a new authenticator at the next sign-in, and was told by mail.")
