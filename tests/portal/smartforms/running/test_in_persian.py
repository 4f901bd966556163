"""The whole way in Persian on a telephone: written from the right, accessible, and what was typed arrives.

The author's words are English and say so; the words around them are the catalogue's; what is stored is English.
"""

import pytest
from django.urls import reverse

from ops import catalogues
from portal.smartforms.models import Submission
from portal.smartforms.publishing import import_form
from tests.browser.axe import axe_violations, sideways_scroll
from tests.factories import ServiceFactory
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("chromium")]

NAME, CHILD, HELP = "مریم احمدی", "آرش", "لطفاً پیش از ساعت ۹ زنگ بزنید."


@pytest.fixture
def persian(settings):
    catalogues.compile_all()
    settings.LANGUAGES = [("en-gb", "English"), ("fa", "فارسی")]


class Reader:
    def __init__(self, page) -> None:
        self.page, self.main = page, page.locator("main")

    def look(self) -> None:
        assert self.page.locator("html").get_attribute("dir") == "rtl"
        assert self.page.locator("html").get_attribute("lang") == "fa"
        assert axe_violations(self.page) == []
        assert not sideways_scroll(self.page)

    def press(self, name: str) -> None:
        self.main.get_by_role("button", name=name, exact=True).last.click()
        self.page.wait_for_load_state("load")
        self.look()

    def choose(self, name: str, value: str) -> None:
        self.main.locator(f"[name={name}][value={value}]").check()
        self.press("ادامه")

    def reads(self, words: str) -> bool:
        return words in self.main.inner_text()


def test_a_form_is_filled_in_in_persian(live_server, phone_page, persian):
    ServiceFactory(slug="holiday-club", standard_working_days=5)
    import_form(CLUB, by=None)
    page, reader = phone_page, Reader(phone_page)
    page.goto(live_server.url + reverse("form_start", args=["holiday-club"]))
    assert page.locator("html").get_attribute("dir") in (None, "ltr")
    page.get_by_role("button", name="فارسی").click()
    page.wait_for_load_state("load")
    reader.look()
    reader.press("اکنون شروع کنید")
    title = reader.main.locator("legend")
    assert title.locator("span").get_attribute("lang") == "en-GB"
    reader.press("ادامه")
    assert reader.reads("مشکلی وجود دارد")
    reader.choose("local", "yes")
    reader.main.locator("[name=name]").fill(NAME)
    reader.main.locator("[name=income]").fill("زیاد")
    reader.press("ادامه")
    assert reader.reads("مشکلی وجود دارد")
    assert reader.main.locator("[name=name]").input_value() == NAME
    reader.main.locator("[name=income]").fill("320.50")
    reader.press("ادامه")
    reader.main.locator("[name=child_name]").fill(CHILD)
    for part, number in (("day", "3"), ("month", "4"), ("year", "2019")):
        reader.main.locator(f"[name=child_born_{part}]").fill(number)
    reader.press("ادامه")
    reader.choose("another", "no")
    reader.choose("has_needs", "yes")
    reader.main.locator("[name=health]").fill(HELP)
    reader.press("ادامه")
    reader.press("ادامه")
    assert reader.reads("پاسخ‌های خود را بررسی کنید")
    assert reader.reads(NAME)
    reader.main.locator("[name=declared]").check()
    reader.press("ارسال")
    assert reader.reads("شمارهٔ پیگیری شما")

    submission = Submission.objects.select_related("case").get()
    kept = dict(submission.answers.values_list("path", "words"))
    assert (kept["name"], kept["children[0].child_name"], kept["health"]) == (NAME, CHILD, HELP)
    assert kept["has_needs"] == "Yes"
    details = dict(submission.case.details)
    assert details["Your name"] == NAME
    assert details["Does a child need special help?"] == "Yes"
