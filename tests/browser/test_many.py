"""An act on many requests, as a team leader does it: every step is accessible on a phone and on a desk."""

import re

import pytest

from tests.browser.axe import resize
from tests.browser.walk.walker import DESK, PHONE, Walk, wrong_with

LEAD = "lead@barnet.example"
WITH_DEV = re.compile("Dev Caseworker.* ha(s|ve) this request open, too.")  # who else of the day has it open


@pytest.fixture
def page(portal, chromium, sign_in):
    context = chromium.new_context(base_url=portal.url, locale="en-GB")
    context.set_default_timeout(15_000)
    walk = Walk(context, sign_in)
    walk.open(LEAD, "/staff/cases/?team=nobody&sort=newest")
    yield walk.page
    context.close()


def check(page, title: str) -> None:
    page.wait_for_load_state("load")
    assert title in page.title()
    for width in (PHONE, DESK):
        resize(page, width)
        assert wrong_with(page) == [], f"{title}, {width} px"


def test_many_customers_are_written_to_after_a_look(page):
    if page.locator("tbody .govuk-checkboxes__input").count() == 0:
        page.goto("/staff/cases/?sort=newest")
    for box in page.locator("tbody .govuk-checkboxes__input").all()[:2]:
        box.press("Space")
    page.get_by_role("button", name="Write to the customers").click()
    check(page, "Write to the customers: 2 requests")
    page.get_by_role("button", name="See what happens").click()
    check(page, "Error: ")
    page.get_by_label("Your own words").fill("The road is closed. Please quote ((reference)).")
    page.get_by_role("button", name="See what happens").click()
    check(page, "Look before you do it")
    assert "What each customer will receive" in page.locator("main").inner_text()
    page.get_by_role("button", name="Do it").click()
    check(page, "2 requests were changed")


def test_two_people_on_one_request_see_each_other_without_loading_it_again(page, portal, chromium, sign_in):
    other = Walk(chromium.new_context(base_url=portal.url, locale="en-GB"), sign_in)
    other.open("dev@barnet.example", "/staff/cases/?sort=newest")
    address = other.page.locator("tbody th a").first.get_attribute("href").partition("?")[0]
    page.clock.install()
    page.goto(address)
    check(page, "")
    other.open("dev@barnet.example", address)
    assert other.page.url.endswith(address)
    presence = page.locator("[data-presence-url]")
    with page.expect_response("**/presence/"):
        page.clock.fast_forward(21_000)
    presence.get_by_text(WITH_DEV).wait_for()
    check(page, "")
    other.page.context.close()
