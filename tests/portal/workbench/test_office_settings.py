"""Administrators set a back office by page: what was typed stays, a secret is shown once, others may not."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnet.customers.staff.roles import ROLES
from portal.cases.models import BackOffice, EndingSecret, OfficeChange
from tests import factories
from tests.portal.cases.delivery import office as other_system
from tests.portal.cases.delivery.conftest import make_office  # noqa: F401 - fixture
from tests.portal.workbench.test_offices import PAGES, may  # noqa: F401 - fixture

NEW, PAGE = f"{PAGES}new/", f"{PAGES}lamps/"
URL = "https://lamps.example/hooks"


@pytest.fixture
def admin(may):  # noqa: F811
    return may("view_delivery", "change_backoffice", "add_backoffice")


@pytest.fixture
def lamps(make_office):  # noqa: F811
    return make_office(url=URL)


def sent(client, page, **said):
    """What the form on the page holds, with what somebody typed."""
    form = client.get(page).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    said = {**filled, **said}
    return {name: value for name, value in said.items() if value is not None and value is not False and value != ""}


def test_an_office_is_made_its_secret_shown_once_and_the_same_form_makes_no_second(admin, dev):
    tree = factories.ServiceFactory(slug="tree", name="Tree")
    said = sent(admin, NEW, name="Tree Ltd", slug="tree-ltd", url=URL, services=[tree.pk])
    answer = admin.post(NEW, said)
    made = BackOffice.objects.get()
    assert made.secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (made.slug, made.name, made.kind, list(made.services.all())) == ("tree-ltd", "Tree Ltd", "webhook", [tree])
    again = admin.post(NEW, said)
    assert again.url == f"{PAGES}tree-ltd/"
    page = admin.get(again.url).content.decode()
    assert made.secret not in page
    assert str(dev) in page
    assert "Services added: Tree" in page
    assert "Yes: name, e-mail and telephone" in page
    assert OfficeChange.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"url": "ftp://lamps.example"}, "Write the whole address"),
        ({"url": ""}, "Say where the office takes calls."),
        ({"url": "https://a:b@lamps.example/"}, "Leave out the name and password"),
        ({"name": ""}, "Enter a name."),
        ({"slug": "given-up"}, "this one is taken"),
        ({"slug": "Two words"}, "valid"),
        ({"kind": "pigeon"}, "Choose how it is told."),
        ({"options": "colour"}, "as name=value"),
        ({"options": "colour=red"}, "has no options"),
        ({"kind": "open311"}, "they gave it to us"),
        ({"kind": "open311", "key_of_theirs": "k", "options": "colour=red"}, "There is no option colour."),
        ({"services": ["999999"]}, "Choose from the list."),
        ({"services": ["x"]}, "Choose from the list."),
        ({"key_of_theirs": "short"}, "at least 32 characters"),
    ],
)
def test_what_cannot_be_is_said_what_was_typed_stays_and_nothing_is_made(admin, said, sentence):
    typed = {"name": "Lamps Ltd", "slug": "lamps", "url": URL, **said}
    page = admin.post(NEW, sent(admin, NEW, **typed)).content.decode()
    assert sentence in page
    assert "There is a problem" in page
    for name in ("name", "slug", "url"):
        assert not typed[name] or f'value="{typed[name]}"' in page
    assert not BackOffice.objects.exists()
    assert not OfficeChange.objects.exists()


def test_services_and_address_are_changed_and_the_key_is_kept(admin, lamps):
    tree = factories.ServiceFactory(slug="tree", name="Tree")
    page = f"{PAGE}set/"
    assert other_system.SECRET not in admin.get(page).content.decode()
    answer = admin.post(page, sent(admin, page, services=[tree.pk], url="https://new.example/"), follow=True)
    assert "Services taken away: Street light" in answer.content.decode()
    lamps.refresh_from_db()
    assert (list(lamps.services.all()), lamps.url, lamps.secret) == (
        [tree],
        "https://new.example/",
        other_system.SECRET,
    )


def test_who_comes_second_is_told_and_may_send_it_again(admin, lamps):
    page = f"{PAGE}set/"
    first, second = sent(admin, page, name="First"), sent(admin, page, name="Second")
    admin.post(page, first)
    refused = admin.post(page, second)
    told = refused.content.decode()
    assert "after you opened the page" in told
    assert "Name: Lamps → First" in told
    assert 'value="Second"' in told
    lamps.refresh_from_db()
    assert lamps.name == "First"
    second["version"] = refused.context["form"]["version"].value()
    admin.post(page, second)
    lamps.refresh_from_db()
    assert lamps.name == "Second"


def test_another_secret_is_shown_once_and_the_one_before_counts_as_was_chosen(admin, lamps):
    page = f"{PAGE}secret/"
    assert "Choose when the one before ends." in admin.post(page, sent(admin, page)).content.decode()
    said = sent(admin, page, ends="later")
    shown = admin.post(page, said)
    lamps.refresh_from_db()
    assert lamps.secret in shown.content.decode()
    assert lamps.secret != other_system.SECRET
    again = admin.post(page, said, follow=True).content.decode()
    assert "has made a secret already" in again
    assert lamps.secret not in again
    assert "One before it counts until" in again
    admin.post(page, sent(admin, page, ends="at-once"))
    assert not EndingSecret.objects.exists()


def test_an_office_that_gave_us_its_key_has_no_secret_of_ours(admin, make_office):  # noqa: F811
    make_office("roads", kind="open311", url="https://roads.example/")
    assert admin.get(f"{PAGES}roads/secret/").status_code == 404
    assert "Make another secret" not in admin.get(f"{PAGES}roads/").content.decode()
    page = f"{PAGES}roads/set/"
    admin.post(page, sent(admin, page, key_of_theirs="their new key"))
    assert BackOffice.objects.get().secret == "their new key"
    assert "their new key" not in admin.get(page).content.decode() + str(OfficeChange.objects.get().words)


def key_on(page):
    return re.search(r'name="submission_key" value="([^"]+)"', page).group(1)


def test_a_test_says_what_was_answered_once(admin, make_office):  # noqa: F811
    with other_system.running() as system:
        make_office(url=system.url)
        key = key_on(admin.get(PAGE).content.decode())
        said = admin.post(f"{PAGE}test/", {"submission_key": key}, follow=True).content.decode()
        assert "It took the test and answered 200" in said
        assert "was sent already" in admin.post(f"{PAGE}test/", {"submission_key": key}, follow=True).content.decode()
        assert len(system.calls) == 1
        system.answers = [422]
        key = key_on(admin.get(PAGE).content.decode())
        said = admin.post(f"{PAGE}test/", {"submission_key": key}, follow=True).content.decode()
        assert "The test was not taken. Lamps said: 422" in said
        assert admin.post(f"{PAGE}test/", {"submission_key": "forged"}).status_code == 302
        assert len(system.calls) == 2


def test_the_page_costs_the_same_with_more_on_record(admin, lamps):
    counts = []
    for number in range(3):
        page = f"{PAGE}set/"
        admin.post(page, sent(admin, page, name=f"Name {number}"))
        admin.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            admin.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_who_may_only_look_or_pause_sets_nothing(may, lamps):  # noqa: F811
    client = may("view_delivery", "pause_backoffice", "replay_delivery")
    for address in (NEW, PAGE, f"{PAGE}set/", f"{PAGE}secret/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code in {403, 405}
    assert client.post(f"{PAGE}test/", {}).status_code == 403
    assert "Settings" not in client.get(PAGES).content.decode()


def test_administrators_set_and_leads_pause():
    for right in ("add_backoffice", "change_backoffice", "pause_backoffice"):
        holders = {name for name, role in ROLES.items() if f"cases.{right}" in role.permissions}
        assert holders == ({"administrator", "team_lead"} if right == "pause_backoffice" else {"administrator"})
