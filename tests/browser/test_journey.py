"""The missed bin, from the kerb to the crew and back, as people do it: on a telephone, with and without JavaScript."""

import re

import pytest

from tests.browser.person import Person, an_email, register
from tests.portal.waste.photos import photo as picture

LEAD, ADVISER = "lead@barnet.example", "adviser@barnet.example"
REFERENCE = re.compile(r"BAR-[0-9A-Z]{4}-[0-9A-Z]{4}")
WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@pytest.fixture(scope="session")
def homes(portal) -> list[tuple[str, str]]:
    """Homes where a bin may be reported now: UPRN and postcode. Each test takes one away. They are looked for in every
    part of the borough: a street has one collection day, and the first streets all have an early one."""
    said = portal.python(
        "from itertools import islice\n"
        "from django.utils import timezone\n"
        "from barnet.gazetteer.models import Address\n"
        "from portal.waste import selectors\n"
        "from portal.waste.reporting import Standing\n"
        "def may(home):\n"
        "    return any(c.standing == Standing.REPORTABLE for c in selectors.reportable(home, timezone.now()))\n"
        "homes = (home for home in Address.objects.order_by('pk')[20::40] if may(home))\n"
        "for home in islice(homes, 8): print(home.pk, home.postcode.replace(' ', ''))"
    )
    return [tuple(line.split()) for line in said.splitlines()[-8:]]


def find_home(person: Person, uprn: str, postcode: str) -> None:
    person.go("/bins/")
    person.main.get_by_label("Postcode").first.fill(postcode.lower())
    person.main.get_by_role("button").first.click()
    person.page.wait_for_load_state("load")
    person.look()
    radio = person.main.locator(f"input[name=uprn][value='{uprn}']")
    if radio.count():
        radio.check()
    else:
        person.main.locator("select[name=uprn]").select_option(uprn)
    person.press("Use this address")
    person.press("Report a missed bin")


def report(person: Person, note: str = "", photo: bytes = b"", **about: str) -> str:
    """From the choice of the bin to the reference. `about`: name, email, phone."""
    person.main.locator("input[name=bin]").first.check()
    person.press("Continue")
    person.main.locator("textarea[name=note]").fill(note)
    for field, text in about.items():
        person.main.locator(f"input[name={field}]").fill(text)
    if photo:
        file = {"name": "bin.jpg", "mimeType": "image/jpeg", "buffer": photo}
        person.main.locator("input[name=photo]").set_input_files(file)
    person.press("Continue")
    for text in (note, *about.values(), "bin.jpg" if photo else ""):
        assert person.reads(text), text
    assert person.reads("Check your answers")
    person.press("Send the report")
    assert person.reads("We have your report")
    found = REFERENCE.search(person.main.inner_text())
    assert found
    return found[0]


@WITH_AND_WITHOUT
def test_a_stranger_registers_reports_is_told_and_reopens(open_as, homes, scripts):
    email = an_email("nia")
    nia = Person(open_as(scripts=scripts), scripts)
    register(nia, email)
    find_home(nia, *homes.pop())
    reference = report(nia, "Behind the hedge")
    assert reference in nia.wait_for_mail(email, "We have your request")

    lead = Person(open_as(LEAD, scripts=scripts), scripts)
    lead.go(f"/staff/cases/?q={reference}")
    lead.press(reference, "link")
    assert lead.reads("Behind the hedge")
    lead.go(f"/staff/cases/{reference}/assign/")
    lead.main.locator("select[name=given_to]").select_option(index=1)
    lead.main.locator("form button").first.click()
    lead.go(f"/staff/cases/{reference}/resolve/")
    lead.main.locator("input[name=outcome]").first.check()
    lead.main.locator("textarea[name=public_reason]").fill("The crew came back this morning and emptied it.")
    lead.main.locator("form button").first.click()
    assert lead.reads("Resolved. The customer is told now.")

    assert "The crew came back this morning" in nia.wait_for_mail(email, f"Your request {reference}: ")
    nia.go("/account/requests/")
    nia.go(f"/account/requests/{reference}/")
    assert nia.reads("The crew came back this morning and emptied it.")
    nia.press("It is not fixed")
    nia.main.locator("textarea").first.fill("It is still full.")
    nia.press("Open it again")
    nia.go(f"/account/requests/{reference}/")
    assert nia.reads("It is still full.")
    assert nia.reads("The crew came back this morning and emptied it.")
    lead.go(f"/staff/cases/{reference}/")
    assert lead.reads("It is still full.")


@WITH_AND_WITHOUT
def test_a_stranger_without_an_account_reports_and_a_second_one_joins(open_as, homes, scripts):
    uprn, postcode = homes.pop()
    first, second = Person(open_as(scripts=scripts), scripts), Person(open_as(scripts=scripts), scripts)
    find_home(first, uprn, postcode)
    email = an_email("vera")
    about = {"name": "Vera Visitor", "email": email, "phone": "020 7946 0123"}
    reference = report(first, "Behind the blue door", picture().read(), **about)
    assert reference in first.wait_for_mail(email, "We have your request")
    second.go(f"/bins/{uprn}/missed/")
    assert report(second) == reference
    assert second.reads("You have joined that report")
    assert second.page.goto(f"/account/requests/{reference}/").url.endswith(f"next=/account/requests/{reference}/")


@WITH_AND_WITHOUT
def test_an_adviser_reports_for_a_caller(open_as, homes, scripts):
    adviser = Person(open_as(ADVISER, width=1280, scripts=scripts), scripts)
    adviser.go("/staff/serve/new/")
    adviser.main.get_by_label("Full name").fill("Walter Walkin")
    adviser.press("Continue")
    adviser.look()
    adviser.main.locator("form[action$='/serve/'] input[value=phone]").check()
    adviser.main.locator("form[action$='/serve/'] button").click()
    assert adviser.reads("You are serving") or "You are serving" in adviser.page.locator("body").inner_text()
    find_home(adviser, *homes.pop())
    reference = report(adviser, "Told by telephone")
    adviser.press(f"Open {reference}", "link")
    assert adviser.reads("Walter Walkin")
    assert adviser.reads("Telephone")
    adviser.page.get_by_role("button", name=re.compile("Stop serving")).first.click()
    assert "You are no longer serving anybody." in adviser.page.locator("body").inner_text()


@WITH_AND_WITHOUT
def test_what_was_typed_wrongly_is_kept_and_explained(open_as, homes, scripts):
    uprn, _postcode = homes[0]
    cara = Person(open_as(scripts=scripts), scripts)
    cara.go(f"/bins/{uprn}/missed/")
    cara.press("Continue")
    assert cara.reads("Choose the bin that we did not empty.")
    cara.main.locator("input[name=bin]").first.check()
    cara.press("Continue")
    cara.main.locator("input[name=email]").fill("cara at example")
    cara.main.locator("textarea[name=note]").fill("By the gate")
    cara.press("Continue")
    assert cara.reads("Enter an e-mail address, such as name@example.com.")
    assert cara.main.locator("textarea[name=note]").input_value() == "By the gate"
    assert cara.page.title().startswith("Error: ")
