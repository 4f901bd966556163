"""The way from a request to the answers that it was made with."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import Customer, User
from portal.cases.models import Case
from portal.cases.registry import Attached, Link, attach
from portal.smartforms.models import Draft, Submission
from portal.smartforms.results.doors import READ, submission_of
from portal.smartforms.results.erasing import erase_answers


def staff_links(case: Case, user: User) -> list[Link]:
    if not user.has_perm(READ) or submission_of(case) is None:
        return []
    return [Link(_("Read the answers"), reverse("staff_answers", args=[case.reference]))]


def own_links(case: Case) -> list[Link]:
    if submission_of(case) is None:
        return []
    return [Link(_("See everything that was sent"), reverse("account_sent_answers", args=[case.reference]))]


def go_to(case: Case, customer: Customer) -> None:
    """What was sent, and what staff asked for since, go with the request to whoever joined it to their account."""
    Submission.objects.filter(case=case).update(subject=customer)
    Draft.objects.filter(more_asked__submission__case=case).update(customer=customer)


def register_links() -> None:
    attach(Attached("answers", staff_links=staff_links, own_links=own_links, erase=erase_answers, on_claimed=go_to))
