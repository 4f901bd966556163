"""Jobs hold nobody's data: what the crew wrote and photographed is the request's, and goes with it."""

from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.field.models import FieldAct


def register_retention() -> None:
    register(
        Kind(
            key="crew-acts",
            name=_("Keys of what crews sent"),
            action=_("The key and its answer are deleted. The job stays, and what happened to the request."),
            days=90,
            reason=_("So that what a telephone sends twice works once."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="at",
            find=FieldAct.objects.all,
            apply=delete_rows,
        )
    )
