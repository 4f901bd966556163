"""Every page as wide as a phone and a desk: accessible, never scrolling sideways, no script blocked."""

import pytest

from tests.browser.axe import axe_violations, sideways_scroll

ASHA, LEAD = "asha@example.com", "lead@barnet.example"
LONG = "x" * 60

PUBLIC = [
    "/",
    "/search/",
    "/search/?q=bins",
    f"/search/?q={LONG}",
    "/services/",
    "/services/missed-bin/",
    "/contact/",
    "/accessibility/",
    "/privacy/",
    "/cookies/",
    "/help/",
    "/nowhere/",
    "/addresses/",
    "/addresses/?postcode=",
    "/addresses/?postcode=NW1+1AA",
    "/addresses/?postcode={postcode}",
    "/addresses/?postcode={postcode}&choosing=1&uprn=",
    "/addresses/?uprn=none",
    "/addresses/?uprn=none&address_text=",
    "/addresses/?uprn={uprn}",
    "/bins/",
    "/bins/?postcode=NW1+1AA",
    "/bins/{uprn}/",
    "/bins/{uprn}/missed/",
    "/bins/{uprn}/missed/details/",
    "/bins/1/",
    "/account/sign-in/",
    "/account/sign-in/code/",
    "/account/register/",
    "/account/reset/",
    "/mailbox/",
    "/demo/",
]
RESIDENT = [
    "/account/",
    "/account/details/",
    "/account/details/name/",
    "/account/details/address/",
    "/account/requests/",
    "/account/messages/",
    "/account/security/",
    "/account/security/email/",
    "/account/security/password/",
    "/account/security/second-step/",
    "/account/acting-for/",
    "/account/sign-out/",
    "/account/requests/BAR-2222-2222/",
    "/staff/",
]
STAFF = [
    "/staff/",
    "/staff/cases/",
    "/staff/cases/?q=nothing-like-this",
    "/staff/cases/{reference}/",
    "/staff/cases/{reference}/note/",
    "/staff/cases/{reference}/assign/",
    "/staff/cases/{reference}/resolve/",
    "/staff/cases/{reference}/ask/",
    "/staff/serve/",
    "/staff/serve/?q=zara",
    "/staff/serve/new/",
    "/staff/customers/{customer}/",
    "/staff/messages/",
]


@pytest.fixture(scope="session")
def things(portal) -> dict[str, str]:
    """Something of the demo borough for every place in an address."""
    said = portal.python(
        "from barnet.customers.models import Customer; from portal.cases.models import Case\n"
        "asha = Customer.objects.get(email='asha@example.com'); case = Case.objects.open().exclude(customer=None)[0]\n"
        "print(asha.address_id, asha.address.postcode.replace(' ', '+'), case.reference, case.customer_id)"
    )
    return dict(zip(("uprn", "postcode", "reference", "customer"), said.split()[-4:], strict=True))


def look_at(page, address):
    """Opens the page and says everything that is wrong with it."""
    blocked = []
    page.on("console", lambda line: blocked.append(line.text) if "Content Security Policy" in line.text else None)
    response = page.goto(address)
    wrong = [f"status {response.status}"] if response.status >= 500 else []
    wrong += [f"headings: {page.locator('h1').count()} h1"] if page.locator("h1").count() != 1 else []
    wrong += ["scrolls sideways"] if sideways_scroll(page) else []
    return wrong + axe_violations(page) + blocked


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", PUBLIC)
def test_public_page_is_accessible(open_as, things, address, width):
    assert look_at(open_as(width=width), address.format(**things)) == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", RESIDENT)
def test_resident_page_is_accessible(open_as, things, address, width):
    assert look_at(open_as(ASHA, width=width), address.format(**things)) == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("address", STAFF)
def test_staff_page_is_accessible(open_as, things, address, width):
    assert look_at(open_as(LEAD, width=width), address.format(**things)) == []
