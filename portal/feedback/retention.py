"""How long words are kept that people wrote about us. That somebody was asked, and the rating, stay for counting."""

from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.feedback.models import Remark


def register_retention() -> None:
    register(
        Kind(
            key="feedback-words",
            name=_("What people wrote about pages and requests"),
            action=_("The words are deleted; the rating and the count stay."),
            days=365,
            reason=_("Long enough to deal with it and to compare with the year before."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="at",
            find=Remark.objects.all,
            apply=delete_rows,
        )
    )
