"""A link to a form may say answers of questions that are open to it."""

import pytest
from django.urls import reverse

from portal.smartforms.definition.reading import read
from portal.smartforms.models import Draft
from portal.smartforms.proving.structure import findings
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db


def question(key, kind, **more):
    return {"key": key, "kind": kind, "label": key, "data_class": "ordinary", "from_link": True, **more}


OPTIONS = [{"value": "light", "label": "A light"}, {"value": "hole", "label": "A hole"}]
FORM = {
    **CLUB,
    "slug": "lights",
    "steps": [
        {
            "key": "kind",
            "title": "Kind",
            "questions": [
                question("problem", "radios", options=OPTIONS),
                question("faults", "checkboxes", options=OPTIONS, required=False),
                question("column", "number", most=99, required=False),
                question("seen_on", "date", latest="today", required=False),
                question("road", "short_text", most=20, required=False),
                question("closed", "short_text", from_link=False, required=False),
            ],
        },
        {
            "key": "lamp",
            "title": "The lamp",
            "show_when": {"about": "problem", "one_of": ["light"]},
            "questions": [{"key": "lamp", "kind": "short_text", "label": "Which lamp?"}],
        },
        {"key": "hole", "title": "Hole", "questions": [{"key": "deep", "kind": "short_text", "label": "How deep?"}]},
    ],
    "ends": [],
    "outcomes": [{"key": "sent", "title": "We have it"}],
}


@pytest.fixture
def start(client):
    ServiceFactory(slug="holiday-club")
    import_form(FORM, by=None)

    def started(query):
        url = reverse("form_start", args=["lights"]) + query
        key = client.get(url).context["form"]["submission_key"].value()
        answer = client.post(url, {"submission_key": key})
        assert answer.status_code == 302
        return Draft.objects.get(), answer.url

    return started


def test_a_link_leads_into_the_branch_and_its_answer_can_be_changed(start, client):
    draft, here = start("?problem=light")
    assert draft.answers == {"problem": "light"}
    page = client.get(here)
    assert page.context["step"].key == "kind"
    assert 'value="light" checked' in " ".join(page.text.split())
    assert client.post(here, {"problem": "light"}).url.endswith("/lamp/")
    assert client.post(here, {"problem": "hole"}).url.endswith("/hole/")


def test_each_family_of_answers_is_taken(start):
    draft, _here = start("?problem=hole&faults=light&faults=hole&column=12&seen_on=2026-03-27&road=High%20Street")
    assert draft.answers == {
        "problem": "hole",
        "faults": ["light", "hole"],
        "column": "12",
        "seen_on": "2026-03-27",
        "road": "High Street",
    }


@pytest.mark.parametrize(
    "query",
    [
        "?problem=moon",
        "?problem=",
        "?faults=moon",
        "?column=100",
        "?column=NaN",
        "?column=twelve",
        "?column=1e999999",
        "?seen_on=2999-01-01",
        "?seen_on=yesterday",
        f"?road={'x' * 21}",
        f"?road={'x' * 5000}",
        "?closed=open",
        "?deep=1",
        "?unknown=1",
        "?fact.signed_in=yes",
    ],
)
def test_what_the_question_would_refuse_or_is_not_open_to_links_is_left_out(start, query):
    draft, here = start(query)
    assert draft.answers == {}
    assert here.endswith("/kind/")


@pytest.mark.parametrize("query", ["?problem=light%00", "?%ff=%fe", "?problem=%ff"])
def test_what_is_no_text_is_no_crash(start, client, query):
    assert client.get(reverse("form_start", args=["lights"]) + query).status_code < 500


def test_the_way_through_signing_in_keeps_what_the_link_said(client):
    ServiceFactory(slug="holiday-club")
    import_form({**FORM, "needs_account": True}, by=None)
    page = client.get("/forms/lights/?problem=light&column=12").text
    assert 'href="/account/sign-in/?next=/forms/lights/%3Fproblem%3Dlight%26column%3D12"' in page


@pytest.mark.parametrize("more", [{"data_class": "personal"}, {"kind": "person"}])
def test_personal_and_composed_answers_cannot_be_opened_to_links(more):
    form = {**FORM, "steps": [{"key": "a", "title": "A", "questions": [question("who", "name") | more]}]}
    assert [finding.place for finding in findings(read(form))] == ["form.steps[0].questions[0].from_link"]
