"""How long certified documents are kept. While an open request relies on one, it stays whole."""

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce, Least
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.cases.enums import OPEN_STATES
from portal.documents.models import Document, Reliance
from portal.documents.services import erase_scan

_BASIS = _("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))")


def register_retention() -> None:
    register(
        Kind(
            key="documents-seen",
            name=_("Documents that we have seen, after they expired or were withdrawn"),
            action=_("The scan is deleted; of one that no request names, every trace."),
            days=183,
            reason=_("A decision that relied on it may be looked at again."),
            legal_basis=_BASIS,
            age="over_at",
            find=_over,
            apply=_forget,
        )
    )
    register(
        Kind(
            key="documents-relied-on",
            name=_("On which documents a closed request relied"),
            action=_("That it did is deleted."),
            days=3 * 365,
            reason=_("As long as the request is somebody's."),
            legal_basis=_BASIS,
            age="ended_at",
            find=_closed,
            apply=delete_rows,
        )
    )


def _over() -> QuerySet[Document]:
    """With a scan still, or named by no request any more."""
    named = Reliance.objects.filter(document=OuterRef("pk"))
    rows = Document.objects.exclude(Exists(named.filter(case__state__in=OPEN_STATES)))
    rows = rows.filter(~Q(file="") | ~Exists(named))
    return rows.annotate(over_at=Least("withdrawn_at", Cast("valid_until", DateTimeField())))


def _forget(rows: QuerySet[Document]) -> int:
    locked = list(Document.objects.select_for_update(of=("self",)).filter(pk__in=rows.values("pk")))
    for document in locked:
        erase_scan(document)
    named = Reliance.objects.filter(document__in=locked).values("document")
    Document.objects.filter(pk__in=[document.pk for document in locked]).exclude(pk__in=named).delete()
    return len(locked)


def _closed() -> QuerySet[Reliance]:
    ended = Reliance.objects.exclude(case__state__in=OPEN_STATES)
    return ended.annotate(ended_at=Coalesce("case__resolved_at", "case__opened_at"))
