"""A computer in a library: nothing of one visitor is there for the next, whether they finished or walked away."""

import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error

from demo.people import PASSWORD
from tests.browser.leftovers import places_in_history, places_of, plant
from tests.browser.person import Person
from tests.browser.test_assisted import begin, sign_in_again
from tests.browser.test_journey import REFERENCE

ASHA = "asha@example.com"
NAME, TYPED = "Asha Okonjo", "the dog is called Biscuit"
QUESTION = "Are you still there?"
WIDTHS = pytest.mark.parametrize("width", [320, 1280])


@pytest.fixture
def open_kiosk(portal, chromium, kiosk_cookies):
    contexts = []

    def opened(width: int = 320) -> Person:
        viewport = {"width": width, "height": 800}
        context = chromium.new_context(
            base_url=portal.url, storage_state=kiosk_cookies, viewport=viewport, locale="en-GB"
        )
        context.set_default_timeout(15_000)
        context.clock.install()
        contexts.append(context)
        return Person(context.new_page())

    yield opened
    for context in contexts:
        context.close()


def sign_in_as_asha(person: Person) -> None:
    person.go("/account/sign-in/")
    person.main.locator("input[name=login]").fill(ASHA)
    person.main.locator("input[name=password]").fill(PASSWORD)
    person.press("Sign in")
    person.page.wait_for_url(lambda url: "/sign-in/" not in url)


def half_a_visit(person: Person, desk_form: str) -> list[str]:
    """Asha reads her account and a request, and begins a form. The words that would give her away."""
    sign_in_as_asha(person)
    person.go("/account/details/")
    assert person.reads(NAME)
    person.go("/account/requests/?show=all")
    found = REFERENCE.search(person.main.inner_text())
    assert found
    person.go(f"/account/requests/{found[0]}/")
    person.go(desk_form)
    person.press("Start now")
    person.main.locator("input[name=what]").fill(TYPED)
    person.press("Continue")
    person.main.locator("input[name=also]").fill(f"{TYPED}, too")
    plant(person.page, f"{NAME} {ASHA} {found[0]}")
    return [NAME, ASHA, found[0], TYPED]


def reference_in(words: list[str]) -> str:
    return next(word for word in words if REFERENCE.fullmatch(word))


def finish(person: Person) -> None:
    person.page.get_by_role("button", name="Finish and wipe").click()
    person.page.wait_for_url("**/")


def sign_out(person: Person) -> None:
    person.go("/account/sign-out/")
    person.main.get_by_role("button", name="Sign out", exact=True).click()
    person.page.wait_for_url(lambda url: "/account/" not in url)


def walk_away(person: Person) -> None:
    with person.page.expect_navigation(), suppress(Error):  # the page may be gone before it answers
        person.page.clock.fast_forward("05:30")
    person.page.wait_for_url("**/")


@WIDTHS
@pytest.mark.parametrize("leave", [finish, sign_out, walk_away])
def test_nothing_of_one_visitor_is_there_for_the_next(open_kiosk, desk_form, leave, width):
    person = open_kiosk(width)
    words = half_a_visit(person, desk_form)
    stores = {"localStorage", "sessionStorage", "indexedDB", "caches", "cookie words"}
    assert stores <= set(places_of(person.page, words))  # the question can be answered with yes

    leave(person)

    person.look()
    assert places_of(person.page, words) == []
    assert {cookie["name"] for cookie in person.page.context.cookies()} <= {"kiosk", "csrftoken", "sessionid", "screen"}
    words.remove(reference_in(words))  # it stands in an address of the history, and opens nothing
    steps, found = places_in_history(person.page, words)
    assert steps > 5
    assert found == []
    person.go("/account/requests/")
    assert "/sign-in/" in person.page.url
    person.go(desk_form)
    assert places_of(person.page, words) == []


@WIDTHS
def test_the_question_is_answered_and_the_visit_goes_on_else_it_ends(open_kiosk, width):
    person = open_kiosk(width)
    sign_in_as_asha(person)
    person.go("/account/details/")
    dialog = person.page.get_by_role("dialog", name=QUESTION)
    person.page.clock.fast_forward("03:30")
    assert not dialog.is_visible()
    person.page.clock.fast_forward("01:00")
    dialog.wait_for()
    person.look()
    with person.page.expect_response("**/account/kiosk/stay/") as said:
        person.page.keyboard.press("Enter")  # the button has the focus
    assert said.value.status == 204
    assert not dialog.is_visible()
    assert person.reads(NAME)

    person.page.clock.fast_forward("04:30")
    dialog.wait_for()
    with person.page.expect_navigation():
        person.page.clock.fast_forward("01:00")
    person.page.wait_for_url("**/")
    assert places_of(person.page, [NAME, ASHA]) == []
    person.go("/account/details/")
    assert "/sign-in/" in person.page.url


def test_whoever_types_is_not_asked(open_kiosk):
    person = open_kiosk()
    person.go("/bins/")
    for _time in range(3):
        person.page.clock.fast_forward("03:00")
        person.page.keyboard.press("Shift")
    assert not person.page.get_by_role("dialog", name=QUESTION).is_visible()


def test_without_javascript_the_pages_leave_by_themselves(hasty, chromium, kiosk_cookies):
    """Really waited for: an account at a kiosk, and a visitor who has the screen of a desk."""
    contexts = [
        chromium.new_context(
            base_url=hasty.url,
            storage_state=kept,
            java_script_enabled=False,
            viewport={"width": width, "height": 800},
            locale="en-GB",
        )
        for kept, width in ((kiosk_cookies, 320), (None, 1280))
    ]
    account, desk = (Person(context.new_page(), scripts=False) for context in contexts)
    desk.go("/account/sign-in/?next=/staff/visit/")
    sign_in_again(hasty, desk)
    begin(desk)
    desk.press("Hand the screen over")
    sign_in_as_asha(account)
    account.go("/account/details/")
    desk.go("/visit/")
    begun = time.monotonic()
    assert "After 1 minutes on one page we end your visit" in account.page.content()
    account.page.wait_for_timeout(50_000)
    assert account.reads(NAME)  # until the pause is over nothing moves
    assert desk.reads("Your visit")

    for person, words in ((account, [NAME, ASHA]), (desk, ["Your visit"])):
        person.page.wait_for_url(f"{hasty.url}/", timeout=30_000)
        assert 60 <= time.monotonic() - begun < 80
        assert not any(word in person.page.content() for word in words)
        person.page.go_back()
        assert not any(word in person.page.content() for word in words)
    account.go("/account/details/")
    assert "/sign-in/" in account.page.url
    desk.go("/visit/")
    assert desk.page.url == f"{hasty.url}/"
    told = hasty.python(
        "from barnet.customers.models import AssistedVisit as V; v = V.objects.latest('pk'); "
        "print(v.how_ended, round((v.ended_at - v.used_at).total_seconds()))"
    )
    assert told == "idle 60"
    for context in contexts:
        context.close()
