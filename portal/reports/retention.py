"""What another system's people wrote, and what staff let everybody read, ends with the personal data of the request."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, register
from portal.cases.enums import OPEN_STATES
from portal.cases.models import Case
from portal.cases.registry import Erase
from portal.cases.services.erasing import erase_in
from portal.reports.models import PublicReport


def register_retention() -> None:
    register(
        Kind(
            key="public-reports",
            name=_("Words of public reports"),
            action=_("The words and the addresses of pictures are deleted; what and where stay."),
            days=3 * 365,
            reason=_("As long as the request itself is somebody's."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="received_at",
            find=_with_words,
            apply=_blank,
        )
    )


def _with_words() -> QuerySet[PublicReport]:
    written = ~Q(description="", words="", media_urls=[])
    return PublicReport.objects.filter(written).exclude(case__state__in=OPEN_STATES)


def _blank(rows: QuerySet[PublicReport]) -> int:
    return PublicReport.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
        description="", words="", media_urls=[]
    )


def erase_words_of(case: Case, without: Erase) -> int:
    return erase_in(PublicReport.objects.filter(case=case), ("description", "words"), without)
