"""All elements in a real browser: accessible, never wider than a telephone, improved by scripts that CSP allows."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_violations, sideways_scroll

PAGES = [
    "/kit/",
    "/kit/?errors",
    "/kit/staff/",
    *(f"/kit/errors/{status}/" for status in (400, 403, 404, 413, 419, 500)),
]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("chromium")]


@pytest.fixture
def complaints(phone_page: Page) -> list[str]:
    """What the browser's console holds against the page: scripts that fail or that the policy refuses."""
    said: list[str] = []
    phone_page.on("pageerror", lambda error: said.append(str(error)))
    phone_page.on("console", lambda line: said.append(line.text) if "Content Security Policy" in line.text else None)
    return said


@pytest.mark.parametrize("address", PAGES)
def test_page_is_accessible_and_fits_a_telephone(live_server, phone_page, complaints, address):
    phone_page.goto(live_server.url + address)
    assert axe_violations(phone_page) == []
    assert not sideways_scroll(phone_page)
    assert complaints == []


@pytest.mark.parametrize("address", PAGES[:3])
def test_page_is_accessible_on_a_desk(live_server, desktop_page, address):
    desktop_page.goto(live_server.url + address)
    assert axe_violations(desktop_page) == []
    assert not sideways_scroll(desktop_page)


def test_page_works_without_scripts(live_server, plain_page):
    plain_page.goto(f"{live_server.url}/kit/")
    assert plain_page.evaluate("document.documentElement.scrollWidth") <= 320
    assert plain_page.get_by_role("link", name="Services", exact=True).first.is_visible()
    assert not plain_page.get_by_role("button", name="Print this page").is_visible()
    plain_page.get_by_label("Full name").fill("Asha Owner")
    plain_page.get_by_role("button", name="Send").click()
    assert plain_page.get_by_label("Full name").input_value() == "Asha Owner"
    assert plain_page.title().startswith("Error: ")


def test_error_summary_takes_the_focus_and_leads_to_each_control(live_server, desktop_page):
    desktop_page.goto(f"{live_server.url}/kit/?errors")
    expect(desktop_page.locator(".govuk-error-summary")).to_be_focused()
    links = desktop_page.locator(".govuk-error-summary a")
    for at in range(links.count()):
        links.nth(at).click()
        focused = desktop_page.evaluate("document.activeElement.tagName")
        assert focused in {"INPUT", "SELECT", "TEXTAREA"}, links.nth(at).text_content()


def test_scripts_improve_the_page(live_server, phone_page):
    phone_page.goto(f"{live_server.url}/kit/")
    expect(phone_page.get_by_role("button", name="Print this page")).to_be_visible()
    menu = phone_page.get_by_role("button", name="Menu")
    assert menu.get_attribute("aria-expanded") == "false"
    menu.click()
    assert phone_page.get_by_role("link", name="Services", exact=True).first.is_visible()
    phone_page.get_by_label("What happened?").fill("x" * 501)
    expect(phone_page.locator(".govuk-character-count__status")).to_have_text("You have 1 character too many")
    phone_page.get_by_role("button", name="Show password").click()
    assert phone_page.locator("#id_password").get_attribute("type") == "text"


def test_keyboard_reaches_the_content_at_once(live_server, desktop_page):
    desktop_page.goto(f"{live_server.url}/kit/")
    desktop_page.keyboard.press("Tab")
    expect(desktop_page.get_by_role("link", name="Skip to main content")).to_be_focused()
    desktop_page.keyboard.press("Enter")
    expect(desktop_page.locator("#main-content")).to_be_focused()


def test_box_that_suggests_can_be_used_by_keyboard_and_falls_back_when_nothing_answers(live_server, desktop_page):
    page = desktop_page
    page.route(
        "**/suggest*",
        lambda route: route.fulfill(
            json={"results": [{"uprn": "1", "label": "1 High Street"}, {"uprn": "2", "label": "2 High Street"}]}
        ),
    )
    page.goto(f"{live_server.url}/kit/")
    box = page.get_by_role("combobox", name="Street")
    box.fill("high")
    options = page.locator("#id_street-suggestions").get_by_role("option")
    expect(options).to_have_count(2)
    assert axe_violations(page) == []
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == "2 High Street"
    assert page.locator('form input[name="uprn"]').get_attribute("value") == "2"
    expect(page.locator("#id_street-suggestions")).to_be_hidden()
    box.press_sequentially("x")
    assert page.locator('form input[name="uprn"]').input_value() == ""
    page.unroute("**/suggest*")
    page.route("**/suggest*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        box.fill("high road")
    expect(page.locator("#id_street-suggestions")).to_be_hidden()
