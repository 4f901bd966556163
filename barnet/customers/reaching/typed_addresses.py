"""A home that the gazetteer does not know: its team is asked, and its answer comes back to the customer."""

from barnet.customers.models import Customer
from barnet.gazetteer.models import Address
from barnet.gazetteer.services import report_address, withdraw_report

KIND = "customer"


def tell_gazetteer(customer: Customer) -> None:
    """Inside the change that it tells of."""
    about = f"{KIND}:{customer.pk}"
    if customer.address_text and customer.address is None:
        report_address(customer.address_text, about=about)
    else:
        withdraw_report(about)


def take_settled_address(pk: str, typed: str, address: Address) -> int:
    """Only where the customer still says what was looked at."""
    waiting = Customer.objects.select_for_update().filter(pk=int(pk), address=None, address_text=typed)
    for customer in waiting:
        customer.address, customer.address_text = address, ""
        customer.save(update_fields=["address", "address_text"])
    return len(waiting)
