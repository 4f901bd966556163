"""The language of the pages, in a real browser: chosen by a button of every page, with scripts and without."""

import pytest

from tests.browser.person import Person

PAGES = ["/", "/services/", "/bins/", "/account/sign-in/", "/language/", "/nothing-here/"]


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (320, False), (1280, True)])
def test_visitor_reads_polish_and_comes_back_to_english(open_as, width, scripts):
    nia = Person(open_as(width=width, scripts=scripts), scripts=scripts)
    nia.go("/services/")
    nia.page.get_by_role("button", name="Polski").click()
    nia.page.wait_for_url("**/services/")
    html = nia.page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("pl", "ltr")
    assert nia.page.get_by_role("link", name="Strona główna").first.is_visible()
    for page in PAGES:
        nia.go(page)
        assert html.get_attribute("lang") == "pl"
    nia.page.get_by_role("button", name="English").click()
    nia.page.wait_for_load_state("load")
    assert html.get_attribute("lang") == "en-GB"


def test_right_to_left_pages_fit_a_phone(open_as):
    nia = Person(open_as())
    nia.go("/language/")
    nia.page.get_by_role("button", name="فارسی").click()
    nia.page.wait_for_load_state("load")
    for page in PAGES:
        nia.go(page)
        assert nia.page.locator("html").get_attribute("dir") == "rtl"
