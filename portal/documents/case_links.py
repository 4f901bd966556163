from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from portal.cases.models import Case
from portal.cases.registry import Link
from portal.documents.selectors import VIEW


def staff_links(case: Case, user: User) -> list[Link]:
    if case.customer_id is None or not user.has_perm(VIEW):
        return []
    return [Link(_("Documents that we have seen"), reverse("staff_case_documents", args=[case.reference]))]
