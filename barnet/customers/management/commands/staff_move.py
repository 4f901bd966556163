"""`manage.py staff_move EMAIL --role ROLE`: somebody has other work from now on."""

from typing import Any

from barnet.customers.management.staffing import StaffCommand
from barnet.customers.staff import staffing


class Command(StaffCommand):
    help = "Gives a member of staff exactly the roles that are named, from their next page."
    example = 'manage.py staff_move ines@barnet.example --role team_lead --reason "Leads the team from 1 July"'
    needs_roles = True

    def act(self, cause: staffing.Cause, options: dict[str, Any]) -> staffing.Change:
        return staffing.move(self.known(options), roles=options["roles"], cause=cause)
