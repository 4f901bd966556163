"""What the customer told, as the request says it, when they or staff put it right later."""

from collections.abc import Iterable

from django.db import transaction

from portal.cases.models import Case
from portal.cases.services.writing import lock_case


@transaction.atomic
def retell_details(case: Case, *, details: Iterable[tuple[str, str]]) -> Case:
    """No act of its own: whoever calls it writes the timeline. Earlier versions of the request keep what was there."""
    locked = lock_case(case)
    locked.details = [[str(label), str(value)] for label, value in details]
    locked.save(update_fields=["details"])
    return locked
