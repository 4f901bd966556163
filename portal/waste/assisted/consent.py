"""Who withdraws what they agreed to: we no longer know why, and the team asks whether to go on."""

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from barnet.customers.actors import Actor
from barnet.customers.models import Consent
from portal.cases.services import add_note
from portal.waste.assisted.purpose import PURPOSE
from portal.waste.models import AssistedRequest


def forget_withdrawn_needs() -> str:
    keys = list(_withdrawn().values_list("pk", flat=True)[:1000])
    return f"{sum(_forget(pk) for pk in keys)} reasons deleted"


def _withdrawn() -> QuerySet[AssistedRequest]:
    said = Consent.objects.filter(customer=OuterRef("case__customer"), text__purpose__slug=PURPOSE)
    newest = said.order_by("-at", "-pk").values("is_given")[:1]
    known = AssistedRequest.objects.filter(~Q(need="") | ~Q(need_words=""))
    return known.annotate(still=Subquery(newest)).filter(still=False)


@transaction.atomic
def _forget(pk: int) -> bool:
    asked = AssistedRequest.objects.select_for_update(of=("self",)).select_related("case").get(pk=pk)
    if not asked.need and not asked.need_words:
        return False
    asked.need = asked.need_words = ""
    asked.save(update_fields=["need", "need_words"])
    add_note(
        asked.case,
        actor=Actor.system(),
        text=_("They no longer agree that we know why they need it: the reason is deleted. Ask them whether to go on."),
    )
    return True
