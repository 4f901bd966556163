"""The ways from a request to what was asked for more."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.cases.registry import Attached, Link, attach
from portal.smartforms.models import AskedState, MoreAsked, Submission

WORK = "cases.work_case"


def staff_links(case: Case, user: User) -> list[Link]:
    if not user.has_perm(WORK) or not case.is_open or not Submission.objects.filter(case=case).exists():
        return []
    address = reverse("staff_forms_ask", args=[case.reference])
    if case.state != CaseState.WAITING:
        return [Link(_("Ask for more through the form"), address)]
    is_asked = MoreAsked.objects.filter(submission__case=case, state=AskedState.OPEN).exists()
    return [Link(_("What was asked through the form"), address)] if is_asked else []


def answer_link(case: Case) -> Link | None:
    """For who may act: where the questions are answered that the request waits for."""
    if case.state != CaseState.WAITING:
        return None
    rows = MoreAsked.objects.select_related("draft__form").filter(submission__case=case, state=AskedState.OPEN)
    asked = rows.exclude(draft__customer=None).first()
    if asked is None or asked.draft is None:
        return None
    return Link(_("Answer the questions"), reverse("form_more", args=[asked.draft.form.slug, asked.draft.pk]))


def register_asking_links() -> None:
    attach(Attached("ask-for-more", staff_links=staff_links, answer_link=answer_link))
