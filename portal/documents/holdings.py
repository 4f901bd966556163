"""Which papers we hold of a person, for the page "What we hold and why"."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.keeping.holdings import Holding, Json, Words, register
from barnet.customers.models import Customer
from barnet.kit.wording import date_long
from portal.documents.selectors import documents_of


def register_holdings() -> None:
    register(
        Holding(
            "documents",
            _lazy("Documents that we have seen"),
            _lazy("So that you need not show the same document to every service."),
            _lazy(
                "Half a year after a document expired, or when you close your account. "
                "You can remove it before, unless an open request needs it."
            ),
            _documents,
            _every_document,
            order=44,
        )
    )


def _documents(customer: Customer) -> Sequence[tuple[Words, object]]:
    return [
        (str(document), _("Valid until %(day)s") % {"day": date_long(document.valid_until)})
        for document in documents_of(customer)
    ]


def _every_document(customer: Customer) -> Json:
    return [
        {
            "kind": document.kind.name,
            "dated_on": document.dated_on.isoformat(),
            "expires_on": document.expires_on.isoformat() if document.expires_on else "",
            "valid_until": document.valid_until.isoformat(),
            "certified_at": document.certified_at.isoformat(),
            "certified_at_place": document.place,
            "sha256": document.sha256,
            "withdrawn_at": document.withdrawn_at.isoformat() if document.withdrawn_at else "",
            "is_kept": bool(document.file),
            "requests": [reliance.case.reference for reliance in document.reliances.all()],
        }
        for document in documents_of(customer)
    ]
