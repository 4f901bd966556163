"""What becomes of documents when their person closes the account, or joins an account with a request."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.models import Customer
from barnet.kit.languages import in_english
from portal.cases.enums import OPEN_STATES
from portal.cases.models import Case
from portal.documents.models import Document, Reliance
from portal.documents.services import erase_scan


@in_english()
@transaction.atomic
def forget_papers(customer: Customer) -> None:
    """The account is closed: scans and rows go now. What an open request relies on is withdrawn: nothing new can use
    it, and the retention of withdrawn documents takes it when that request has ended."""
    locked = list(Document.objects.select_for_update(of=("self",)).filter(customer=customer))
    needed = set(
        Reliance.objects.filter(document__in=locked, case__state__in=OPEN_STATES).values_list("document", flat=True)
    )
    gone = [document for document in locked if document.pk not in needed]
    for document in gone:
        erase_scan(document)
    Reliance.objects.filter(document__in=gone).delete()
    Document.objects.filter(pk__in=[document.pk for document in gone]).delete()
    Document.objects.filter(pk__in=needed, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_because=_("The account was closed.")
    )


def go_to(case: Case, customer: Customer) -> None:
    """The request was made for somebody without an account, and has joined one. The papers that it relies on go along,
    but for one on which a request rests that is not in this account: that goes with the last of them."""
    named = Reliance.objects.filter(case=case).values("document")
    papers = Document.objects.select_for_update(of=("self",)).filter(pk__in=named, customer__user=None)
    for document in papers:
        if not Reliance.objects.filter(document=document).exclude(case__customer=customer).exists():
            document.customer = customer
            document.save(update_fields=["customer"])
