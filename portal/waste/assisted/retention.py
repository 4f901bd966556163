"""How long we know that somebody needed help, and why."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.cases.enums import OPEN_STATES
from portal.waste.models import AssistedCollection, AssistedRequest

_BASIS = _("Explicit consent (UK GDPR article 9(2)(a)); storage limitation (article 5(1)(e))")


def register_retention() -> None:
    register(
        Kind(
            key="assisted-collections",
            name=_("Assisted collections that are over"),
            action=_("Where the bins stood, the code of the gate and the days are deleted."),
            days=365,
            reason=_("Complaints about collections, and people who ask again."),
            legal_basis=_BASIS,
            age="over_on",
            find=_over,
            apply=delete_rows,
        )
    )
    register(
        Kind(
            key="assisted-needs",
            name=_("Why somebody asked for an assisted collection"),
            action=_("The reason, where the bins stood and the code of the gate are deleted."),
            days=365,
            reason=_("Complaints about the decision. While the help lasts, the reason is kept with it."),
            legal_basis=_BASIS,
            age="agreed_at",
            find=_settled,
            apply=delete_rows,
        )
    )


def _over() -> QuerySet[AssistedCollection]:
    return AssistedCollection.objects.filter(over_on__isnull=False, over_on__lte=timezone.localdate())


def _settled() -> QuerySet[AssistedRequest]:
    """Nothing is open or kept that it was the reason for."""
    kept = AssistedCollection.objects.filter(case=OuterRef("case"))
    return AssistedRequest.objects.exclude(case__state__in=OPEN_STATES).exclude(Exists(kept))
