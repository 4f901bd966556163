"""How long a report of a missing address is kept after somebody decided it."""

from django.utils.translation import gettext_lazy as _

from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.models import ReportedAddress
from barnet.kit.retention import Kind, delete_rows, register


def register_retention() -> None:
    register(
        Kind(
            key="decided-address-reports",
            name=_("Decided reports of missing addresses"),
            action=_("The report is deleted. The address stays."),
            days=365,
            reason=_("Shows why an address was added or refused, for as long as somebody may come back to it."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="decided_at",
            find=lambda: ReportedAddress.objects.exclude(state=ReportState.NEW),
            apply=delete_rows,
        )
    )
