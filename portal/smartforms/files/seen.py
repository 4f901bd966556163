"""Papers that the document desk has certified, offered instead of another upload.

A question says by its settings what it wants proved: `{"name": "identity", "value": "yes"}`. Its answer then names the
document; the request never gets a copy.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _lazy

from barnet.customers.models import User
from portal.documents.enums import Proof
from portal.documents.errors import NotProofError
from portal.documents.models import Document
from portal.documents.selectors import valid_documents
from portal.documents.services import rely_on
from portal.smartforms.definition.model import Question
from portal.smartforms.kinds.registry import Asking, NotGoodAnyMoreError, SetupPart
from portal.smartforms.models import FormFile, Submission

_YES = "yes"
SETUP = tuple(
    SetupPart(proof.value, _lazy("A certified document may prove it"), required=False, choices=lambda: [(_YES, "Yes")])
    for proof in Proof
)


class SeenDocument(dict[str, Any]):
    """As an answer names a file; without an id until it is stored."""

    def __init__(self, document: Document) -> None:
        super().__init__(id="", name=str(document)[:150], size=document.size)
        self.document = document


def offered_to(question: Question, asking: Asking) -> list[Document]:
    """The papers of the person that prove what the question wants, while they are valid."""
    wanted = [setting.name for setting in question.setup if setting.name in Proof.values and setting.value == _YES]
    if asking.papers_of is None or not wanted:
        return []
    return list(valid_documents(asking.papers_of, proves=wanted, on=asking.on))


def use(submission: Submission, rows: Iterable[FormFile], *, by: User | None) -> None:
    """When a form is sent: its request relies on the papers that the answers name. Raises NotGoodAnyMoreError."""
    for row in rows:
        if row.document is not None:
            _use(submission, row, row.document, by)


def _use(submission: Submission, row: FormFile, document: Document, by: User | None) -> None:
    try:
        rely_on(document, submission.case, by=by)
    except NotProofError as refusal:
        error = NotGoodAnyMoreError(str(refusal))
        group, dot, key = row.question.rpartition(".")
        error.path = f"{group}[0].{key}" if dot else key
        raise error from refusal
