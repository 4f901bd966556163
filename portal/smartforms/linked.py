"""The forms that a customer began and has not sent: why they call, often enough.

A form that asks for something special (health, faith) is not named: that somebody began it would say it already.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from barnet.customers.linked import Link, LinkedService, register
from barnet.customers.models import Customer, User
from barnet.kit.wording import moment
from portal.smartforms.definition.model import DataClass
from portal.smartforms.models import Draft
from portal.smartforms.running.starting import drafts_of
from portal.smartforms.versions import definition_of

SHOWN = 5


def register_linked() -> None:
    register(LinkedService("smartforms: drafts", _drafts, order=60))


def _drafts(customer: Customer, _reader: User) -> Sequence[Link]:
    told = [draft for draft in drafts_of(customer).select_related("version") if not _asks_for_special(draft)]
    return [
        Link(str(draft.form.service), _("A form begun, not sent. Saved %(when)s.") % {"when": moment(draft.saved_at)})
        for draft in told[:SHOWN]
    ]


def _asks_for_special(draft: Draft) -> bool:
    questions = definition_of(draft.version).questions.values()
    return any(question.data_class is DataClass.SPECIAL for question in questions)
