"""Requests by the registration of a vehicle that somebody gave in a form: a permit, a ticket, what a witness saw.

Signs that look alike, O and 0, I and 1, count as the same: callers read them from letters and from memory.
"""

import re

from barnet.customers.models import User
from portal.cases.models import Case
from portal.cases.selectors import cases_seen_by
from portal.smartforms.definition.model import DataClass
from portal.smartforms.kinds.texts import squeezed
from portal.smartforms.models import Answer
from portal.smartforms.models.submissions import LOOK_ALIKE, as_it_looks

VIEW = "smartforms.view_answer"
_MAY_BE_ONE = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]{2,8}")


def cases_with_vehicle(user: User, typed: str, *, limit: int) -> list[Case]:
    """The newest first. None for text that cannot be a registration, and for who may not read answers."""
    sought = squeezed(typed)
    if not _MAY_BE_ONE.fullmatch(sought) or not user.has_perms(["cases.view_case", VIEW]):
        return []
    looks = sought.translate(str.maketrans(*LOOK_ALIKE))
    answers = Answer.objects.alias(looks=as_it_looks("words")).filter(kind="vehicle", looks=looks)
    told = answers.exclude(data_class=DataClass.SPECIAL).values("submission__case")
    return list(cases_seen_by(user).filter(pk__in=told).select_related("service").order_by("-opened_at", "-pk")[:limit])
