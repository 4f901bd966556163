"""What one visitor could leave for the next in every other place of a browser. Each proof has its control: without the
end of the visit, or in an ordinary browser, the same look finds it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.browser.fixtures import ARGUMENTS
from tests.browser.leftovers import begin_working, places_of, plant, workers_of
from tests.browser.person import Person
from tests.browser.test_assisted import NAME, begin, in_the_bar, sign_in_again
from tests.browser.test_kiosk import ASHA, finish, sign_in_as_asha
from tests.browser.test_kiosk import NAME as ASHAS

TYPED = "a hedgehog lives behind the shed"
DETAILS = "/account/details/"


@pytest.fixture
def open_browser(portal, chromium):
    """A browser of its own, with what it keeps to begin with."""
    contexts = []

    def opened(kept: dict | None = None, *, scripts: bool = True, width: int = 320):
        context = chromium.new_context(
            base_url=portal.url,
            storage_state=kept,
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def handed(portal, open_browser):
    """The screen of a visitor without an account."""

    def opened(width: int = 320) -> Person:
        desk = Person(open_browser(width=width).new_page())
        desk.go("/account/sign-in/?next=/staff/visit/")
        sign_in_again(portal, desk)
        begin(desk)
        desk.press("Hand the screen over")
        return desk

    return opened


# --- Workers, stores and caches ---------------------------------------------------------------------------------------


def test_a_worker_that_was_there_before_the_visit_is_gone_after_it(portal, open_browser):
    desk = Person(open_browser().new_page())
    desk.go("/account/sign-in/?next=/staff/visit/")
    sign_in_again(portal, desk)
    assert begin_working(desk.page, "/push-worker.js")
    begin(desk)
    assert workers_of(desk.page) == []  # the beginning wiped what staff had
    assert begin_working(desk.page, "/push-worker.js")
    plant(desk.page, NAME)
    desk.press("Hand the screen over")
    assert workers_of(desk.page)  # the control: it would go on
    assert {"caches", "localStorage", "sessionStorage", "indexedDB"} <= set(places_of(desk.page, [NAME]))
    in_the_bar(desk, "Finish and wipe")
    assert workers_of(desk.page) == []
    assert places_of(desk.page, [NAME]) == []


def test_no_worker_of_ours_is_taken_at_a_shared_screen(open_browser, kiosk_cookies):
    page = open_browser(kiosk_cookies).new_page()
    page.goto("/bins/")
    for worker in ("/push-worker.js", "/field/worker.js"):
        assert not begin_working(page, worker), worker
    ordinary = open_browser().new_page()
    ordinary.goto("/bins/")
    assert begin_working(ordinary, "/push-worker.js")  # the control


def test_no_page_of_a_visit_may_be_kept(handed, desk_form):
    desk = handed()
    kept = []

    def look(answer):
        if answer.request.resource_type == "document":
            kept.append((answer.url, answer.headers.get("cache-control", "")))

    desk.page.on("response", look)
    for address in ("/visit/", "/bins/", desk_form, "/", "/services/", "/search/?q=bin", "/nowhere/"):
        desk.go(address)
    assert len(kept) >= 7
    assert [url for url, how in kept if "no-store" not in how] == []


# --- Tabs -------------------------------------------------------------------------------------------------------------


def is_left(tab, words) -> bool:
    tab.wait_for_url(lambda url: url.endswith("/") and url.count("/") == 3)
    return places_of(tab, words) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_every_other_tab_leaves_when_one_finishes(open_browser, kiosk_cookies, width):
    context = open_browser(kiosk_cookies, width=width)
    person, other = Person(context.new_page()), context.new_page()
    sign_in_as_asha(person)
    other.goto(DETAILS)
    other.wait_for_timeout(1_500)
    assert "page" in places_of(other, [ASHAS])  # the control: while the visit goes on, it stays
    finish(person)
    assert is_left(other, [ASHAS, ASHA])
    other.go_back()  # where the account was, is the start; before it nothing
    assert ASHAS not in other.content()


def test_a_tab_of_staff_leaves_when_the_screen_is_handed_over(portal, open_browser):
    context = open_browser()
    desk, before = Person(context.new_page()), context.new_page()
    desk.go("/account/sign-in/?next=/staff/visit/")
    sign_in_again(portal, desk)
    before.goto("/staff/serve/?q=asha")  # from before the visit
    begin(desk)
    during = context.new_page()
    during.goto("/staff/serve/?q=asha")
    for tab in (before, during):
        assert "page" in places_of(tab, [ASHAS])
    desk.press("Hand the screen over")
    for tab in (before, during):
        assert is_left(tab, [ASHAS, "Libby"])


def phone_of_asha(portal) -> str:
    return portal.python(
        f"from barnet.customers.models import Customer; print(Customer.objects.get(email='{ASHA}').phone)"
    )


def test_without_scripts_another_tab_can_do_nothing(portal, open_browser, kiosk_cookies):
    context = open_browser(kiosk_cookies, scripts=False)
    person, other = Person(context.new_page(), scripts=False), Person(context.new_page(), scripts=False)
    sign_in_as_asha(person)
    other.go("/account/details/name/")
    other.main.get_by_label("Telephone number").fill("020 7946 0111")
    other.press("Save")
    assert "020 7946 0111" in phone_of_asha(portal)  # the control: while the visit goes on, it works
    other.go("/account/details/name/")
    other.main.get_by_label("Telephone number").fill("020 7946 0222")
    finish(person)
    person.go("/account/sign-in/")  # the next visitor has come
    other.press("Save")
    assert ASHAS not in other.page.content()
    assert "020 7946 0111" in phone_of_asha(portal)
    other.page.go_back()
    assert ASHAS not in other.page.content()


# --- The session ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["kiosk", "desk"])
def test_a_copied_cookie_opens_nothing_after_the_end(open_browser, handed, kiosk_cookies, at):
    if at == "kiosk":
        person, address, words = Person(open_browser(kiosk_cookies).new_page()), DETAILS, [ASHAS]
        sign_in_as_asha(person)
    else:
        person, address, words = handed(), "/visit/", ["Your visit"]
    copied = person.page.context.storage_state()
    thief = open_browser(copied).new_page()
    thief.goto(address)
    assert "page" in places_of(thief, words)  # the control
    finish(person)
    for kept in (thief, open_browser(copied).new_page()):
        kept.goto(address)
        assert places_of(kept, words) == []


# --- What the browser itself keeps ------------------------------------------------------------------------------------


def test_a_file_is_not_offered_at_a_kiosk(open_browser, kiosk_cookies):
    person = Person(open_browser(kiosk_cookies).new_page())
    sign_in_as_asha(person)
    link = "/account/what-we-hold/file/"
    person.go(link)
    assert person.reads("Files cannot be saved here")
    ordinary = open_browser().new_page()
    own = Person(ordinary)
    sign_in_as_asha(own)
    with pytest.raises(Exception, match="Download is starting"):  # the control
        ordinary.goto(link)


def remembered(profile: Path) -> list[str]:
    """What was typed that the browser would offer to the next, from its own database."""
    found = []
    for file in profile.rglob("Web Data"):
        copy = file.with_suffix(".copy")
        shutil.copy(file, copy)
        with closing(sqlite3.connect(copy)) as database:
            found += [value for (value,) in database.execute("SELECT value FROM autofill")]
    return found


def on_disk(profile: Path, words: str, *parts: str) -> list[str]:
    """Files of the profile, below one of these folders, in which the words stand."""
    files = [file for part in parts for folder in profile.rglob(part) for file in folder.rglob("*") if file.is_file()]
    return [str(file.relative_to(profile)) for file in files if words.encode() in file.read_bytes()]


@pytest.mark.parametrize("is_kiosk", [True, False])
def test_the_browser_remembers_nothing_typed_at_a_kiosk(
    portal,
    chromium,
    kiosk_cookies,
    desk_form,
    tmp_path,
    is_kiosk,
):
    """A real profile on a disk, closed and opened again; in an ordinary browser it remembers, so the look is good."""

    def opened():
        context = chromium.browser_type.launch_persistent_context(
            tmp_path,
            executable_path=shutil.which("chromium"),
            args=[one for one in ARGUMENTS if one != "--disable-sync"],
            base_url=portal.url,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        return context

    context = opened()
    if is_kiosk:
        context.add_cookies(kiosk_cookies["cookies"])
    person = Person(context.new_page())
    person.go(desk_form)
    person.press("Start now")
    person.main.locator("input[name=what]").press_sequentially(TYPED)
    person.press("Continue")
    plant(person.page, TYPED)
    assert "localStorage" in places_of(person.page, [TYPED])
    person.page.wait_for_timeout(2_000)  # it writes by and by
    if is_kiosk:
        finish(person)
    context.close()
    assert (TYPED in remembered(tmp_path)) is not is_kiosk

    context = opened()
    page = context.new_page()
    page.goto("/bins/")
    found = places_of(page, [TYPED])
    context.close()
    assert found == [] if is_kiosk else {"localStorage", "indexedDB", "caches"} <= set(found)
    assert on_disk(tmp_path, TYPED, "Cache", "Service Worker", "Sessions") == [] or not is_kiosk
