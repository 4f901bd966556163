"""At a library's desk: a librarian helps somebody without an account, hands the screen over, and has it back."""

import re

import pytest

from demo.people import PASSWORD, totp_secret
from tests.browser.leftovers import places_in_history, places_of, plant
from tests.browser.person import Person, enter_app_code
from tests.browser.portal import Portal
from tests.browser.test_journey import REFERENCE

LIBRARIAN, BEN = "librarian@barnet.example", "ben@example.com"
NAME, TYPED = "Vera Quill", "the gate squeaks at night"
CODE = re.compile(r"\b[2-9A-Z]{5} [2-9A-Z]{5}\b")


def sign_in_again(portal: Portal, person: Person) -> None:
    portal.forget_app_codes()
    person.main.locator("input[name=login]").fill(LIBRARIAN)
    person.main.locator("input[name=password]").fill(PASSWORD)
    person.press("Sign in")
    enter_app_code(person, lambda: totp_secret(LIBRARIAN), "Continue")


def in_the_bar(person: Person, name: str) -> None:
    with person.page.expect_navigation():
        person.page.locator(".portal-serving").get_by_role("button", name=name).first.click()
    person.look()


def begin(person: Person) -> None:
    person.go("/staff/visit/")
    person.press("Begin with somebody who has no account, or does not say who they are", "link")
    person.press("Begin")
    assert person.reads("There is a problem")
    person.main.get_by_label("Their name").fill(NAME)
    person.main.get_by_label("What do they come for?").fill("A new bin")
    person.main.get_by_label("Where are you?").select_option("Burnt Oak Library")
    person.main.get_by_label("They are here, and agree that I do this with them").check()
    person.press("Begin")
    assert person.reads(NAME)


def begin_the_form(person: Person, desk_form: str) -> None:
    person.go(desk_form)
    person.press("Start now")
    person.main.locator("input[name=what]").fill(TYPED)
    person.press("Continue")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_visitor_is_helped_has_the_screen_and_later_the_request(portal, chromium, open_as, desk_form, width):
    context = chromium.new_context(base_url=portal.url, viewport={"width": width, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    desk = Person(context.new_page())
    desk.go("/account/sign-in/?next=/staff/visit/")
    sign_in_again(portal, desk)
    begin(desk)
    begin_the_form(desk, desk_form)
    here = desk.page.url

    in_the_bar(desk, "Hand the screen over")

    assert desk.page.url == here  # the visitor goes on where they were
    for address in ("/staff/", "/staff/cases/", "/staff/visit/", "/account/", "/staff/serve/?q=asha"):
        desk.go(address)
        assert desk.page.url == f"{portal.url}/visit/", address
        assert not desk.reads("Libby")
    desk.go(here)
    desk.main.locator("input[name=also]").fill("and in the morning")
    desk.press("Continue")
    assert desk.reads(TYPED)
    plant(desk.page, f"{NAME} {TYPED}")
    desk.main.get_by_role("button", name="Send", exact=True).click()
    desk.page.wait_for_url("**/done/")
    desk.look()
    found = REFERENCE.search(desk.main.inner_text())
    assert found
    desk.press("Show the code")
    code = CODE.search(desk.main.inner_text())
    assert code
    assert desk.reads(f"{portal.url}/account/claim/")
    words = [NAME, TYPED, found[0], code[0]]
    assert {"localStorage", "sessionStorage", "indexedDB", "caches", "page"} <= set(places_of(desk.page, words))

    in_the_bar(desk, "Finish and wipe")

    assert places_of(desk.page, words) == []
    steps, left = places_in_history(desk.page, words)
    assert steps > 5
    assert left == []
    afterwards = Person(context.new_page())  # the way back through the history may still be loading in the other tab
    afterwards.go("/visit/")
    assert afterwards.page.url == f"{portal.url}/"
    context.close()

    ben = Person(open_as(BEN, width=width))
    ben.go("/account/claim/")
    ben.main.get_by_label("Reference").fill(found[0])
    ben.main.get_by_label("Code").fill("22222 22222")
    ben.press("Join the request")
    assert ben.reads("There is a problem")
    ben.main.get_by_label("Code").fill(code[0].lower())
    ben.press("Join the request")
    assert ben.reads("The request is in your account now.")
    ben.go("/account/requests/")
    assert ben.reads(found[0])


@pytest.mark.parametrize("width", [320, 1280])
def test_the_screen_is_taken_back_by_signing_in_and_the_visit_ended(portal, chromium, desk_form, width):
    """Each page that the desk comes to is looked at by axe."""
    context = chromium.new_context(base_url=portal.url, viewport={"width": width, "height": 800}, locale="en-GB")
    context.set_default_timeout(15_000)
    desk = Person(context.new_page())
    desk.go("/account/sign-in/?next=/staff/visit/")
    sign_in_again(portal, desk)
    begin(desk)
    desk.press("Hand the screen over")
    assert desk.reads("Your visit")

    desk.press("For our staff: take the screen back", "link")
    sign_in_again(portal, desk)
    assert desk.page.url.endswith("/staff/visit/take-back/")
    desk.go("/staff/cases/")
    assert desk.page.url.endswith("/staff/visit/take-back/")
    desk.press("Take it back")
    assert desk.reads("The screen was handed over to the visitor")
    begin_the_form(desk, desk_form)
    plant(desk.page, f"{NAME} {TYPED}")

    in_the_bar(desk, "End the visit and wipe")

    assert desk.reads("The visit is over, and wiped.")
    assert places_of(desk.page, [NAME, TYPED]) == []
    desk.go("/staff/visit/")
    assert desk.reads("Help a visitor")
    desk.press("Past visits", "link")
    assert desk.reads("Ended by staff, and wiped")
    context.close()
