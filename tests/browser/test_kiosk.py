"""A computer in a library: nothing of one visitor is there for the next, whether they finished or walked away."""

import pytest

from demo.people import PASSWORD
from tests.browser.leftovers import places_in_history, places_of, plant
from tests.browser.person import Person
from tests.browser.test_journey import REFERENCE

LIBRARIAN, ASHA = "librarian@barnet.example", "asha@example.com"
NAME, TYPED = "Asha Okonjo", "the dog is called Biscuit"
QUESTION = "Are you still there?"
WIDTHS = pytest.mark.parametrize("width", [320, 1280])


@pytest.fixture(scope="session")
def kiosk_cookies(portal, chromium, sign_in) -> dict:
    """What is left in the browser when a librarian has made it a kiosk: that it is one."""
    context = chromium.new_context(base_url=portal.url, storage_state=sign_in(LIBRARIAN))
    person = Person(context.new_page())
    person.go("/staff/security/kiosk/")
    person.press("Begin")
    kept = context.storage_state()
    context.close()
    assert {cookie["name"] for cookie in kept["cookies"]} <= {"kiosk", "csrftoken", "sessionid"}
    return {"cookies": [cookie for cookie in kept["cookies"] if cookie["name"] == "kiosk"], "origins": []}


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


def walk_away(person: Person) -> None:
    with person.page.expect_navigation():
        person.page.clock.fast_forward("05:30")
    person.page.wait_for_url("**/")


@WIDTHS
@pytest.mark.parametrize("leave", [finish, walk_away])
def test_nothing_of_one_visitor_is_there_for_the_next(open_kiosk, desk_form, leave, width):
    person = open_kiosk(width)
    words = half_a_visit(person, desk_form)
    stores = {"localStorage", "sessionStorage", "indexedDB", "caches", "cookie words"}
    assert stores <= set(places_of(person.page, words))  # the question can be answered with yes

    leave(person)

    person.look()
    assert places_of(person.page, words) == []
    assert {cookie["name"] for cookie in person.page.context.cookies()} <= {"kiosk", "csrftoken", "sessionid"}
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
