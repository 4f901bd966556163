"""Every kind of question in a real browser: empty, filled, in error; accessible, never wider than a telephone."""

import pytest

from tests.browser.axe import axe_violations, sideways_scroll
from tests.factories import AreaFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("chromium")]


@pytest.fixture(autouse=True)
def ward(transactional_db):
    AreaFactory()


@pytest.mark.parametrize("state", ["", "?filled", "?errors"])
def test_questions_are_accessible_at_both_widths(live_server, phone_page, desktop_page, state):
    for page in (phone_page, desktop_page):
        page.goto(f"{live_server.url}/kit/questions/{state}")
        assert axe_violations(page) == []
        assert not sideways_scroll(page)


def test_every_error_leads_to_a_control_that_is_there(live_server, plain_page):
    plain_page.goto(f"{live_server.url}/kit/questions/?errors")
    links = plain_page.locator(".govuk-error-summary a")
    assert links.count() > 20
    for target in {link.get_attribute("href") for link in links.all()}:
        assert plain_page.locator(target).count() == 1, target


def test_a_click_moves_the_pin(live_server, desktop_page):
    desktop_page.goto(f"{live_server.url}/kit/questions/?filled")
    easting = desktop_page.locator('input[name="location-easting"]')
    assert easting.input_value() == "524500"
    chart = desktop_page.locator('[data-module="portal-pin"] svg')
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    assert easting.input_value() == "524530"
    assert desktop_page.get_by_text("The pin was moved.").is_visible()
