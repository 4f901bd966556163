"""`manage.py staff_leave EMAIL`: somebody no longer works here."""

from typing import Any

from barnet.customers.management.staffing import StaffCommand
from barnet.customers.staff import staffing


class Command(StaffCommand):
    help = (
        "Closes the account of a member of staff: every session ends, no role and no way to sign in is left, and "
        "their open work goes back to its queue. The account stays, because the record of who did what points to it."
    )
    example = 'manage.py staff_leave ines@barnet.example --reason "Left on 30 June"'

    def act(self, cause: staffing.Cause, options: dict[str, Any]) -> staffing.Change:
        return staffing.leave(self.known(options), cause=cause)
