import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from barnet.customers.models import AccessRecord
from barnet.kit.spreadsheets import harmless
from portal.cases.enums import CaseState
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def make(**fields):
    return factories.CaseFactory(**{"promise_on": TODAY + dt.timedelta(days=1), **fields})


def listed(response) -> set[str]:
    return {case.reference for case in response.context["page"].object_list}


# --- The start page ---------------------------------------------------------------------------------------------------


def test_the_start_page_counts_and_shows_what_is_mine(as_dev, dev, team):
    mine = make(team=team, assignee=dev, state=CaseState.ASSIGNED)
    make(promise_on=TODAY - dt.timedelta(days=1))
    response = as_dev.get("/staff/")
    assert [number for _label, number, _url in response.context["tiles"]] == [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]
    assert mine.reference in response.content.decode()


def test_every_number_of_the_start_page_leads_to_that_many(as_dev, dev, team):
    make(team=team, assignee=dev, state=CaseState.ASSIGNED, promise_on=TODAY)
    make(promise_on=TODAY - dt.timedelta(days=1))
    make(state=CaseState.WAITING, team=team)
    make(state=CaseState.RESOLVED, team=team, assignee=dev, outcome="done", public_reason="Done.")
    for label, number, url in as_dev.get("/staff/").context["tiles"][:-1]:  # the last is no list of requests
        assert len(listed(as_dev.get(url))) == number, label


def test_the_start_page_is_quiet_for_a_role_without_cases(signed_in):
    response = signed_in("form_author").get("/staff/")
    assert response.status_code == 200
    assert "no requests to work on" in response.content.decode()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_open_unless_told_otherwise(as_dev):
    opened, done = make(), make(state=CaseState.RESOLVED, outcome="done", public_reason="Done.")
    assert listed(as_dev.get("/staff/cases/")) == {opened.reference}
    assert listed(as_dev.get("/staff/cases/?state=resolved")) == {done.reference}
    assert listed(as_dev.get("/staff/cases/?state=any")) == {opened.reference, done.reference}


def test_a_search_looks_in_every_state(as_dev):
    done = make(state=CaseState.RESOLVED, outcome="done", public_reason="Done.")
    assert listed(as_dev.get(f"/staff/cases/?q={done.reference}")) == {done.reference}


def test_filters_are_kept_in_the_pages_links_and_controls(as_dev, team):
    factories.CaseFactory.create_batch(51, team=team, promise_on=TODAY)
    response = as_dev.get(f"/staff/cases/?team={team.slug}&sort=newest&page=2")
    page = response.content.decode()
    assert f"team={team.slug}&amp;sort=newest&amp;page=1" in page
    assert f'<option value="{team.slug}" selected>' in page
    assert len(listed(response)) == 1


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_costs_the_same_queries_however_long(as_dev, team, dev, count, django_assert_num_queries):
    ward = factories.AreaFactory()
    for _number in range(count):
        make(team=team, assignee=dev, ward=ward)
    as_dev.get("/staff/cases/")
    with django_assert_num_queries(LIST_QUERIES):
        as_dev.get("/staff/cases/")


LIST_QUERIES = 13  # session, person, rights, second factor, choices of filters, saved views, count, page


@pytest.mark.parametrize(
    "query",
    [
        "opened_from_day=40&opened_from_month=1&opened_from_year=2026",
        "state=forged",
        "team=nobody-has-this-slug",
        "assignee=999999",
        "ward=E00",
        "sort=by-hand",
        "q=" + "x" * 200,
        "q=ab",
        "opened_from_day=2&opened_from_month=1&opened_from_year=2026"
        "&opened_until_day=1&opened_until_month=1&opened_until_year=2026",
    ],
)
def test_a_filter_that_makes_no_sense_is_explained_and_kept(as_dev, query):
    response = as_dev.get(f"/staff/cases/?{query}")
    page = response.content.decode()
    assert response.status_code == 400
    assert "There is a problem" in page
    assert "<title>Error: " in page


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", ""])
def test_a_page_that_does_not_exist_shows_one_that_does(as_dev, page):
    make()
    assert as_dev.get(f"/staff/cases/?page={page}").status_code == 200


def test_the_list_with_nothing_in_it_says_so(as_dev):
    assert "Nothing is open." in as_dev.get("/staff/cases/").content.decode()
    assert "No request fits." in as_dev.get("/staff/cases/?q=unheard").content.decode()


def test_a_list_of_more_than_is_counted_says_so(as_dev, monkeypatch):
    monkeypatch.setattr("portal.workbench.paging.COUNTED_UP_TO", 2)
    for _number in range(3):
        make()
    assert "More than 2 requests" in as_dev.get("/staff/cases/").content.decode()


# --- The file ---------------------------------------------------------------------------------------------------------


def rows(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_the_filtered_list_and_its_making_is_recorded(signed_in, team):
    wanted = make(team=team, title="Bin, “blue”\nbeside the gate")
    make()
    lead = signed_in("team_lead")
    response = lead.get(f"/staff/cases/export/?team={team.slug}")
    [row] = rows(response)
    assert (row["Reference"], row["Request"], row["Team"]) == (wanted.reference, wanted.title, team.name)
    assert response["Content-Disposition"].startswith('attachment; filename="requests-')
    record = AccessRecord.objects.get()
    assert record.actor == lead.user
    assert f"team={team.slug}" in record.purpose


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+44", "-1+1", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_no_cell_of_the_file_runs_as_a_formula(signed_in, text):
    make(title=text)
    [row] = rows(signed_in("team_lead").get("/staff/cases/export/"))
    assert row["Request"] == f"'{text}"
    assert harmless([text]) == [f"'{text}"]


def test_the_file_holds_no_names_or_addresses_to_reach_people(signed_in, asha):
    make(customer=asha, contact_name="Vera Visitor", contact_email="vera@example.com", contact_phone="07700 900123")
    text = b"".join(signed_in("team_lead").get("/staff/cases/export/").streaming_content).decode()
    for secret in ("Vera", "vera@", "07700", "Asha", "asha@"):
        assert secret not in text


@pytest.mark.parametrize("role", ["caseworker", "adviser", "operative", "librarian"])
def test_only_who_may_export_does(signed_in, role):
    assert signed_in(role).get("/staff/cases/export/").status_code == 403
    assert not AccessRecord.objects.exists()


def test_an_export_with_a_broken_filter_goes_back_to_the_list(signed_in):
    response = signed_in("team_lead").get("/staff/cases/export/?state=forged")
    assert response.status_code == 302
    assert response["Location"] == "/staff/cases/?state=forged"


# --- Who comes in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/staff/", "/staff/cases/", "/staff/serve/"])
def test_visitors_sign_in_first_and_residents_find_nothing(client, asha, address):
    assert client.get(address).status_code == 302
    client.force_login(asha.user)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["editor", "form_author", "finance", "analyst"])
def test_staff_without_casework_are_told_that_they_may_not(signed_in, role):
    assert signed_in(role).get("/staff/cases/").status_code == 403


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", "/staff/"),
        ("post", "/staff/cases/"),
        ("get", "/staff/cases/many/assign/"),
        ("delete", "/staff/cases/export/"),
        ("get", "/staff/serve/stop/"),
    ],
)
def test_wrong_methods_are_refused(as_dev, method, address):
    assert getattr(as_dev, method)(address).status_code == 405
