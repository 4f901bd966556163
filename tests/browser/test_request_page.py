"""A request in the back office: on a telephone it stands before what can be done, and letters do what buttons do."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person

LEAD = "lead@barnet.example"
QUEUE = "/staff/cases/?sort=newest"


def open_second(person: Person) -> None:
    person.go(QUEUE)
    person.main.locator("tbody a").nth(1).click()
    person.page.wait_for_load_state("load")
    person.look()


def press_alt_and(page, letter: str) -> None:
    """As a keyboard does. Playwright's own `press` leaves out the character, which is what an access key waits for."""
    keyboard = page.context.new_cdp_session(page)
    key = {"key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper()), "modifiers": 1}
    keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "char", "text": letter, "unmodifiedText": letter, **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    keyboard.detach()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_telephone_what_can_be_done_is_folded(open_as, scripts):
    lead = Person(open_as(LEAD, width=320, scripts=scripts), scripts)
    open_second(lead)
    resolve = lead.main.get_by_role("button", name="Resolve", exact=True)
    assert lead.main.get_by_role("heading", name="The request", exact=True).bounding_box()["y"] < 1000
    expect(resolve).to_be_hidden()
    lead.main.locator("summary", has_text="What you can do").press("Enter")
    expect(resolve).to_be_visible()
    lead.look()


def test_on_a_telephone_the_menu_is_folded_and_opens(open_as):
    lead = Person(open_as(LEAD, width=320))
    lead.go("/staff/")
    menu = lead.page.get_by_role("navigation", name="Back office")
    expect(menu.get_by_role("link", name="Queue")).to_be_hidden()
    menu.get_by_role("button", name="Menu").press("Enter")
    expect(menu.get_by_role("link", name="Queue")).to_be_visible()
    lead.look()


def test_at_a_desk_everything_stands_open(open_as):
    lead = Person(open_as(LEAD, width=1280))
    open_second(lead)
    expect(lead.main.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    expect(lead.main.locator("summary", has_text="What you can do")).to_be_hidden()
    expect(lead.page.get_by_role("navigation", name="Back office").get_by_role("link", name="Queue")).to_be_visible()


@pytest.mark.parametrize(
    ("letter", "page"), [("g", "assign/"), ("r", "resolve/"), ("a", "ask/"), ("w", "tell/"), ("o", "note/")]
)
def test_alt_and_a_letter_opens_what_its_button_opens(open_as, letter, page):
    lead = Person(open_as(LEAD, width=1280))
    open_second(lead)
    address = lead.page.url.partition("?")[0]
    press_alt_and(lead.page, letter)
    lead.page.wait_for_url(re.compile(re.escape(address + page)))


def test_alt_and_n_and_p_go_along_the_list(open_as):
    lead = Person(open_as(LEAD, width=1280))
    lead.go(QUEUE)
    first, second, third = (
        link.get_attribute("href").partition("?")[0] for link in lead.main.locator("tbody a").all()[:3]
    )
    open_second(lead)
    press_alt_and(lead.page, "n")
    lead.page.wait_for_url(re.compile(re.escape(third)))
    press_alt_and(lead.page, "p")
    lead.page.wait_for_url(re.compile(re.escape(second)))
    press_alt_and(lead.page, "p")
    lead.page.wait_for_url(re.compile(re.escape(first)))
