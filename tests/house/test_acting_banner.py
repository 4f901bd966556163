"""Every page that Ben opens while he acts for Asha says so, public pages and pages of error included."""

import pytest

from cms import seeds
from cms.services import ensure_website
from tests.house import access
from tests.house.test_access import HOUSE_ROUTES, address_of, ask, client_of, world  # noqa: F401 - a fixture

PAGES = [
    route
    for route in HOUSE_ROUTES
    if (rule := access.rule_for(route)) and rule.door in {access.PUBLIC, access.SIGNED_IN, access.OWN}
]


@pytest.mark.django_db
def test_every_page_says_for_whom_one_acts(world, asha, ben, monkeypatch):  # noqa: F811
    monkeypatch.setattr(seeds, "PAGES", [seeds.CONTACT])  # the home page, with the fewest others
    ensure_website()
    client = client_of(ben.user)
    silent, spoke = [], 0
    for route in PAGES:
        session = client.session
        session["acting_for"] = asha.pk
        session.save()
        answer = ask(client, "get", address_of(route, world))
        if answer.status_code < 300 and answer["Content-Type"].startswith("text/html") and not answer.streaming:
            page = answer.content.decode()
            spoke += 1
            if "You are acting for" not in page or "Asha Owner" not in page:
                silent.append(route.name or route.address)
    assert silent == []
    assert spoke > 20


@pytest.mark.django_db
def test_page_that_is_not_found_says_so_too(asha, ben):
    client = client_of(ben.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "You are acting for" in answer.content.decode()
