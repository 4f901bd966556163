"""The box that suggests addresses while somebody types: by keyboard, and as a screen reader is told of it."""

import contextlib
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Error, expect

from tests.browser.person import Person

OPTIONS = "[role=listbox] [role=option]"


@pytest.fixture
def box(open_as):
    nia = Person(open_as())
    nia.go("/addresses/")
    return nia, nia.main.get_by_role("combobox", name="Postcode, or house number and street")


def ask(person: Person, box, text: str) -> list[str]:
    """What is suggested for the whole text: to a slow typist the box suggests for its beginning, too."""
    box.fill("")
    with person.page.expect_response(lambda answer: answer.url.endswith(f"/addresses/suggest?q={quote(text)}")) as last:
        box.press_sequentially(text)
    labels = [result["label"] for result in last.value.json()["results"]]
    expect(person.main.locator(OPTIONS)).to_have_text(labels)
    return person.main.locator(OPTIONS).all_inner_texts()


@pytest.fixture(scope="module")
def street(portal) -> str:
    """A street of the demo borough on which the box has more than one suggestion."""
    return portal.python(
        "from django.db.models import Count\n"
        "from barnet.gazetteer.models import Address\n"
        "print(Address.objects.postal().values_list('street').annotate(n=Count('pk')).order_by('-n', 'street')[0][0])"
    ).splitlines()[-1]


def test_somebody_chooses_with_the_arrow_keys_alone(box, street):
    nia, combobox = box
    found = ask(nia, combobox, street.lower())
    assert len(found) > 2
    assert combobox.get_attribute("aria-expanded") == "true"
    assert combobox.get_attribute("aria-controls") == nia.main.get_by_role("listbox").get_attribute("id")
    assert combobox.get_attribute("aria-activedescendant") is None
    assert nia.main.get_by_role("status").inner_text().startswith(f"{len(found)} addresses suggested")
    nia.look()  # with the list open

    def marked() -> str:
        """What a screen reader reads, while the keyboard stays in the box."""
        assert combobox.evaluate("box => document.activeElement === box")
        option = nia.page.locator(f"#{combobox.get_attribute('aria-activedescendant')}")
        assert option.get_attribute("aria-selected") == "true"
        assert nia.main.locator(f"{OPTIONS}[aria-selected=true]").count() == 1
        return option.inner_text()

    combobox.press("ArrowDown")
    assert marked() == found[0]
    combobox.press("ArrowUp")
    assert marked() == found[-1]
    combobox.press("ArrowDown")
    combobox.press("ArrowDown")
    assert marked() == found[1]
    nia.look()
    combobox.press("Enter")  # chooses; the form is not sent
    assert combobox.input_value() == found[1]
    assert combobox.get_attribute("aria-expanded") == "false"
    assert not nia.main.get_by_role("listbox").is_visible()

    combobox.press("Enter")
    nia.page.wait_for_url(re.compile(r"uprn=\d+"))
    nia.look()
    assert nia.reads(found[1])


def test_escape_closes_and_what_was_typed_stays(box, street):
    nia, combobox = box
    ask(nia, combobox, street)
    combobox.press("ArrowDown")
    combobox.press("Escape")
    assert not nia.main.get_by_role("listbox").is_visible()
    assert combobox.get_attribute("aria-activedescendant") is None
    assert combobox.input_value() == street
    combobox.press("ArrowDown")  # asks for the list again, as a combobox does
    nia.main.get_by_role("listbox").wait_for(state="visible")


def test_typing_on_after_a_choice_takes_the_choice_back(box, street):
    nia, combobox = box
    found = ask(nia, combobox, street)
    nia.main.locator(OPTIONS).first.click()
    assert combobox.input_value() == found[0]
    assert nia.main.locator("input[type=hidden][name=uprn]").input_value() != ""
    combobox.press_sequentially(" x")
    assert nia.main.locator("input[type=hidden][name=uprn]").input_value() == ""


def test_the_tabulator_goes_on_and_leaves_no_list_behind(box, street):
    nia, combobox = box
    ask(nia, combobox, street)
    combobox.press("Tab")
    nia.main.get_by_role("listbox").wait_for(state="hidden")
    assert nia.main.get_by_role("button", name="Find address").evaluate("button => document.activeElement === button")


def test_nothing_found_is_said_and_the_form_still_explains(box):
    nia, combobox = box
    with nia.page.expect_response(re.compile(r"/addresses/suggest")):
        combobox.press_sequentially("qqqqqq")
    nia.main.get_by_role("status").filter(has_text="No address suggested").wait_for()
    assert combobox.get_attribute("aria-expanded") == "false"
    combobox.press("Enter")
    nia.page.wait_for_load_state("load")
    nia.look()
    assert nia.reads("We found no address like that.")


def test_a_slow_old_answer_never_replaces_a_newer_one(box, street):
    nia, combobox = box
    held = []

    def hold(route) -> None:
        if route.request.url.endswith("q=xyz"):
            held.append(route)
        else:
            route.continue_()

    nia.page.route(re.compile("/addresses/suggest"), hold)
    with nia.page.expect_request(lambda request: request.url.endswith("q=xyz")):
        combobox.press_sequentially("xyz")
    found = ask(nia, combobox, street)
    assert held
    for route in held:
        with contextlib.suppress(Error):  # the browser has given it up
            route.fulfill(json={"results": [{"uprn": "1", "label": "Old answer"}]})
    nia.page.wait_for_timeout(200)
    assert nia.main.locator(OPTIONS).all_inner_texts() == found


def test_when_suggestions_fail_the_form_works_as_without_scripts(box, street):
    nia, combobox = box
    nia.page.route(re.compile("/addresses/suggest"), lambda route: route.fulfill(status=500))
    with nia.page.expect_response(lambda answer: answer.status == 500):
        combobox.press_sequentially(street)
    assert not nia.main.get_by_role("listbox").is_visible()
    combobox.press("Enter")
    nia.page.wait_for_url(re.compile("postcode="))
    nia.look()
    assert nia.reads("Choose your address")
