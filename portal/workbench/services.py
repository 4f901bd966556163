"""Acts that are two services at once, or that leave a record of having happened."""

from django.db import transaction

from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.customers.services import record_access
from barnet.kit.uploads import CleanPhoto
from portal.cases.models import Case
from portal.cases.services import attach_photo, resolve_case


@transaction.atomic
def resolve_with_photo(
    case: Case, *, actor: Actor, outcome: str, public_reason: str, photo: CleanPhoto | None, version: int
) -> Case:
    """Refusals come before the photo is stored, so that none is left behind."""
    case = resolve_case(case, actor=actor, outcome=outcome, public_reason=public_reason, version=version)
    if photo:
        attach_photo(case, actor=actor, photo=photo)
    return case


def record_export(*, actor: User, filters: str) -> None:
    record_access(actor=actor, customer=None, what="list of requests exported", purpose=filters or "all open requests")
