"""The forms that a customer began and has not sent: why they call, often enough."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from barnet.customers.linked import Link, LinkedService, register
from barnet.customers.models import Customer, User
from barnet.kit.wording import moment
from portal.smartforms.running.starting import drafts_of

SHOWN = 5


def register_linked() -> None:
    register(LinkedService("smartforms: drafts", _drafts, order=60))


def _drafts(customer: Customer, _reader: User) -> Sequence[Link]:
    return [
        Link(str(draft.form.service), _("A form begun, not sent. Saved %(when)s.") % {"when": moment(draft.saved_at)})
        for draft in drafts_of(customer)[:SHOWN]
    ]
