from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from wagtail.locks import WorkflowLock

if TYPE_CHECKING:
    from barnet.customers.models import User


class TwoEyesLock(WorkflowLock):
    """A change that waits for approval stays as it was submitted."""

    def get_message(self, user: "User") -> str:
        return _(
            "This page waits for somebody else to approve it. Nobody can change it until then. "
            "Whoever submitted it can cancel the request and go on writing."
        )

    def get_description(self, user: "User", can_lock: bool = False) -> str:
        return _("Nobody can change the page until it is approved or sent back.")
