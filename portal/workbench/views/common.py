from typing import cast

from django.http import HttpRequest

from barnet.customers.models import User

VIEW_CASES, ASSIGN_CASES = "cases.view_case", "cases.assign_case"


def staff_of(request: HttpRequest) -> User:
    """The member of staff: `staff_required` let nobody else in."""
    return cast(User, request.user)
