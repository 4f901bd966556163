"""Who reaches what through the API, and what no body of a call can break."""

import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from barnet.customers.api.api_keys import ApiKey, ApiScope
from portal.smartforms.models import ApiGrant, Draft
from tests.portal.smartforms.api.conftest import Caller, publish
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db


def test_list_names_the_forms_that_were_granted(kiosk):
    publish({"slug": "another", "title": "Another"})
    assert [form["slug"] for form in kiosk.call("get", "api_forms").json()["forms"]] == ["holiday-club"]
    assert kiosk.call("get", "api_form", "another").status_code == 404
    call_command("allow_form", "Library kiosk", "another")
    assert [form["slug"] for form in kiosk.call("get", "api_forms").json()["forms"]] == ["another", "holiday-club"]


def test_list_costs_the_same_for_one_form_and_for_three(kiosk, django_assert_num_queries):
    kiosk.call("get", "api_forms")  # notes that the key was used, once a minute
    with django_assert_num_queries(2):
        kiosk.call("get", "api_forms")
    for number in range(2):
        form = publish({"slug": f"more{number}"})
        ApiGrant.objects.create(api_key=kiosk.key, form=form)
    with django_assert_num_queries(2):
        assert len(kiosk.call("get", "api_forms").json()["forms"]) == 3


def test_definition_says_what_is_asked_and_keeps_rules_and_destinations(kiosk):
    found = kiosk.call("get", "api_form", "holiday-club").json()
    assert [step["key"] for step in found["steps"]] == ["home", "you", "children", "needs", "health", "rules"]
    health = found["steps"][4]
    assert health["is_conditional"]
    assert health["questions"][0]["why"] == "So that somebody who can help is there."
    assert found["steps"][0]["questions"][0]["schema"] == {"type": "string", "enum": ["yes", "no"]}
    assert found["steps"][2]["schema"]["maxItems"] == 3
    assert found["declaration"] == "What I said is true."
    assert not {"destinations", "show_when", "ends", "must"} & set(json.dumps(found).replace('"', " ").split())


def test_a_form_for_people_with_an_account_is_not_there(kiosk):
    publish({"needs_account": True})
    assert kiosk.call("get", "api_forms").json()["forms"] == []
    assert kiosk.call("get", "api_form", "holiday-club").status_code == 404


def test_without_a_good_key_nothing_opens(kiosk):
    url = reverse("api_forms")
    assert Client().get(url).status_code == 401
    assert kiosk.call("get", "api_forms", secret="bar.none.none").status_code == 401
    assert Caller("Crew", [ApiScope.ASSISTED_READ]).call("get", "api_forms").status_code == 403
    ApiKey.objects.filter(pk=kiosk.key.pk).update(revoked_at="2026-01-01T00:00Z")
    assert kiosk.call("get", "api_forms").status_code == 401


def test_nobody_signs_in_to_the_api(kiosk, asha):
    browser = Client()
    browser.force_login(asha.user)
    assert browser.get(reverse("api_forms")).status_code == 401


def test_drafts_and_submissions_of_another_system_are_not_there(kiosk, other):
    kiosk.fill_in()
    args = [kiosk.slug, kiosk.draft]
    for method, name, more in (
        ("get", "api_form_draft", []),
        ("delete", "api_form_draft", []),
        ("put", "api_form_step", ["home"]),
        ("post", "api_form_submit", []),
        ("delete", "api_form_file", [uuid.uuid4()]),
        ("post", "api_form_files", ["letters"]),
    ):
        assert other.call(method, name, *args, *more).status_code in (404, 415), name
    kiosk.submit(declared=True)
    assert other.call("get", "api_form_submission", *args).status_code == 404
    assert other.call("get", "api_form_submissions", kiosk.slug).json()["submissions"] == []
    mine = kiosk.call("get", "api_form_submissions", kiosk.slug).json()
    assert [row["draft"] for row in mine["submissions"]] == [kiosk.draft]
    one = kiosk.call("get", "api_form_submission", *args).json()
    assert one == mine["submissions"][0]
    assert "Asha" not in json.dumps(one)  # what was answered is not given back


def test_browser_and_api_do_not_reach_each_others_drafts(kiosk, client, asha):
    kiosk.begin()
    for browser in (Client(), client):
        assert browser.get(reverse("form_step", args=[kiosk.slug, kiosk.draft, "home"])).status_code == 404
        browser.force_login(asha.user)
        assert browser.get(reverse("form_step", args=[kiosk.slug, kiosk.draft, "home"])).status_code == 404
    hand = Hand(Client())
    hand.start()
    assert kiosk.call("get", "api_form_draft", "holiday-club", hand.draft.pk).status_code == 404


def test_a_form_that_is_taken_away_is_closed_at_once(kiosk):
    kiosk.begin()
    call_command("allow_form", "Library kiosk", "holiday-club", revoke=True)
    assert kiosk.call("get", "api_form_draft", kiosk.slug, kiosk.draft).status_code == 404
    assert kiosk.step("home", {"local": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"\xff\xfe", 400),
        (b'{"answers": {"local": NaN}}', 400),
        (b'{"answers": {"local": "a\\u0000b"}}', 400),
        (b'{"answers": {"a\\u0000b": "yes"}}', 400),
        (b'{"answers": {"local": "\\ud800"}}', 400),
        (b'{"answers": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"answers": ' + b'{"a":' * 20 + b"1" + b"}" * 20 + b"}", 400),
        (b'{"answers": {"local": "' + b"x" * 3_000_000 + b'"}}', 413),
        (b'{"answers": {"local": "' + b"x" * 1_000_000 + b'"}}', 422),
        (b'{"answers": {"local": 1e999}}', 422),
        (b'{"answers": null}', 422),
        (b'{"answers": []}', 422),
    ],
)
def test_a_body_that_is_no_answer_is_refused_with_a_reason(kiosk, body, status):
    kiosk.begin()
    answer = kiosk.call("put", "api_form_step", kiosk.slug, kiosk.draft, "home", body=body)
    assert answer.status_code == status, answer.content[:300]
    assert answer.json()["detail"]
    assert Draft.objects.get().answers == {}


def test_the_command_names_what_is_wrong(kiosk, capsys):
    Caller("Crew", [ApiScope.ASSISTED_READ])
    for args in (["No such key", "holiday-club"], ["Crew", "holiday-club"], ["Library kiosk", "no-such-form"]):
        with pytest.raises(CommandError):
            call_command("allow_form", *args)
    with pytest.raises(CommandError):
        call_command("allow_form", "Library kiosk", "holiday-club", a_day=0)
    call_command("allow_form", "Library kiosk")
    assert "holiday-club: 200 times a day, face_to_face" in capsys.readouterr().out
