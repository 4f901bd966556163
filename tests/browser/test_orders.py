"""Bins that are ordered and given back, from the page to the van and the message: with and without JavaScript."""

import re

import pytest

from tests.browser.person import Person, an_email

COLLECTIONS = "rounds@barnet.example"
REFERENCE = re.compile(r"BAR-[0-9A-Z]{4}-[0-9A-Z]{4}")
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@pytest.fixture(scope="session")
def homes(portal) -> list[str]:
    """Homes that may have a recycling bin replaced. Each test takes one away."""
    said = portal.python(
        "from itertools import islice\n"
        "from django.utils import timezone\n"
        "from barnet.gazetteer.models import Address\n"
        "from portal.waste.orders.enums import OrderReason\n"
        "from portal.waste.orders.selectors import orderable\n"
        "def may(home):\n"
        "    of = {choice.kind.code: choice.most for choice in orderable(home, timezone.localdate())}\n"
        "    return {OrderReason.DAMAGED, OrderReason.GIVE_BACK} <= of.get('recycling-240', {}).keys()\n"
        "homes = (home for home in Address.objects.order_by('pk')[900:2000] if may(home))\n"
        "for home in islice(homes, 4): print(home.pk)"
    )
    return said.splitlines()[-4:]


def order(person: Person, uprn: str, why: str, email: str) -> str:
    """From the choice of the bin to the reference, with every question answered."""
    person.go(f"/bins/{uprn}/order/")
    person.main.get_by_label("Recycling bin, 240 litres").select_option("1")
    person.press("Continue")
    person.main.get_by_label(why).check()
    person.main.get_by_label("Your name").fill("Pat O’Example")
    person.main.get_by_label("E-mail address").fill(email)
    person.main.get_by_label("Telephone number").fill("020 7946 0123")
    person.main.get_by_label("Anything that the driver should know").fill("Beside the blue door")
    person.press("Continue")
    assert person.reads("Check your answers")
    for answer in (why, "Pat O’Example", email, "020 7946 0123", "Beside the blue door"):
        assert person.reads(answer), answer
    person.press("Change my answers")
    assert person.main.get_by_label("E-mail address").input_value() == email
    person.press("Continue")
    person.press("Send the order")
    assert person.reads("We have your order")
    found = REFERENCE.search(person.main.inner_text())
    assert found
    return found[0]


@WITH_AND_WITHOUT
@pytest.mark.parametrize(
    ("why", "promise", "end"),
    [
        ("It is damaged", "We promise to bring it by", "We have brought it."),
        ("We no longer need it: take it away", "We promise to fetch it by", "We have taken it away."),
    ],
    ids=["damaged", "back"],
)
def test_a_visitor_orders_the_van_settles_and_the_visitor_is_told(open_as, homes, scripts, why, promise, end):
    email = an_email("pat")
    pat = Person(open_as(scripts=scripts), scripts)
    reference = order(pat, homes.pop(), why, email)
    assert pat.reads(promise)
    assert reference in pat.wait_for_mail(email, "We have your request")

    driver = Person(open_as(COLLECTIONS, scripts=scripts), scripts)
    driver.go("/staff/rounds/deliveries/")
    assert driver.reads("Beside the blue door")
    driver.main.locator("label", has_text=f"Choose {reference}").click()
    driver.press("Say what became of the chosen ones")
    driver.main.get_by_label("Delivered, or taken away").check()
    driver.press("Settle them and tell the customers")
    assert driver.reads("1 request is settled.")
    assert end in pat.wait_for_mail(email, f"Your request {reference}: ")
