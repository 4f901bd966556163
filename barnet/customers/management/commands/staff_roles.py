"""`manage.py staff_roles`: what each role may do, as the page docs/staff/roles.md."""

from typing import Any

from django.core.management import BaseCommand

from barnet.customers.staff.roles_page import roles_page


class Command(BaseCommand):
    help = "Writes docs/staff/roles.md from the code. Example: manage.py staff_roles > docs/staff/roles.md"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(roles_page(), ending="")
