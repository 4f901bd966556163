"""Every page as wide as a phone and a desk: accessible, never scrolling sideways, no script blocked."""

import json
import re
from uuid import UUID

import pytest
from django.urls import resolve

from tests.browser.walk.addresses import BEHIND_A_STEP, EMPTY_FORMS, EVERY, NOT_PAGES
from tests.browser.walk.walker import Walk, wrong_with
from tests.house.access import routes


@pytest.fixture(scope="session")
def things(portal) -> dict[str, str]:
    """Something of the demo borough for every place in an address."""
    said = portal.python("import json; from tests.browser.walk.things import made; print(json.dumps(made()))")
    return json.loads(said.splitlines()[-1])


def test_every_page_is_seen_by_somebody():
    place = dict.fromkeys(re.findall(r"{(\w+)}", str(EVERY)), "1") | {
        "message": str(UUID(int=1)),
        "given_up": str(UUID(int=1)),
        "invitation": str(UUID(int=1)),
        "sent_file": str(UUID(int=1)),
        "more_draft": str(UUID(int=1)),
    }
    paths = [address.format(**place).partition("?")[0] for addresses in EVERY.values() for address in addresses]
    seen = {resolve(path).url_name for path in paths} | BEHIND_A_STEP | NOT_PAGES
    pages = {route.name for route in routes() if not route.is_authoring and route.name}
    assert pages - seen == set()
    assert seen - pages == set()


@pytest.fixture(scope="module")
def tabs(portal, chromium, sign_in):
    """A place to keep the tab in: a test that fails throws it away."""
    kept = []

    def tab():
        if not kept:
            context = chromium.new_context(base_url=portal.url, locale="en-GB")
            context.set_default_timeout(15_000)
            kept.append((context, Walk(context, sign_in)))
        return kept[0][1]

    def throw_away():
        for context, _walk in kept:
            context.close()
        kept.clear()

    yield tab, throw_away
    throw_away()


@pytest.fixture
def walk(tabs, request):
    tab, throw_away = tabs
    failed = request.session.testsfailed
    yield tab()
    if request.session.testsfailed > failed:
        throw_away()


@pytest.mark.parametrize(
    ("email", "address"), [(email, address) for email, addresses in EVERY.items() for address in addresses]
)
def test_page_is_accessible(walk, things, email, address):
    assert walk.look_at(email, address.format(**things)) == []


@pytest.mark.parametrize(
    ("email", "address"), [(email, address) for email, addresses in EMPTY_FORMS.items() for address in addresses]
)
def test_form_sent_empty_says_what_is_missing(walk, things, email, address):
    response = walk.open(email, address.format(**things))
    page = walk.page
    assert response.status == 200, page.locator("main").inner_text()
    page.locator("main form:not(.staff-replies)").first.locator("button:visible:not([type=button])").last.click()
    page.wait_for_load_state("load")
    summary = page.locator(".govuk-error-summary")
    assert summary.count() == 1, page.locator("main").inner_text()
    for link in summary.locator("a").all():
        assert page.locator(link.get_attribute("href")).count() == 1
    assert page.title().startswith("Error: ")
    assert wrong_with(page) == []
