"""The API takes what the files take, with the same checks: whole or not at all, by key, the same call answered once."""

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from barnet.customers.api.api_access import ApiKeyThrottle
from barnet.customers.api.api_keys import ApiAnswer, ApiKey, ApiScope, forget_old_answers, make_api_key
from portal.waste.models import Collection, Container, CrewLogEntry, HolidayShift, Round, RoundNotice, RoundRun
from tests.factories import AddressFactory
from tests.portal.waste.factories import RoundFactory

pytestmark = pytest.mark.django_db

ROUND = {
    "code": "refuse-mon-1",
    "name": "Refuse, Monday 1",
    "stream": "refuse",
    "weekday": "Monday",
    "frequency": "weekly",
    "first_date": "2026-01-05",
}


@pytest.fixture
def key(db):
    return make_api_key("Contractor", [ApiScope.WASTE_WRITE])[1]


@pytest.fixture
def send(key):
    """`send("rounds", [row])` as the contractor's system does it: no cookies, no CSRF token."""

    def post(kind, rows, query="", secret=key, **headers):
        return Client(enforce_csrf_checks=True).post(
            reverse(f"api_waste_{kind}") + query,
            {"rows": rows},
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )

    return post


def errors(response):
    assert response.status_code == 422, response.content
    return {error["index"]: error["reason"] for error in response.json()["errors"]}


# --- What is sent -----------------------------------------------------------------------------------------------------


def test_everything_of_the_contractor_arrives(send):
    home = AddressFactory()
    assert send("rounds", [ROUND]).json() == {"read": 1, "done": {"rounds added": 1}, "is_dry_run": False}
    assert send("collections", [{"uprn": home.pk, "stream": "refuse", "round": "refuse-mon-1"}]).status_code == 200
    assert Collection.objects.get().address == home
    assert Container.objects.get().identifier == f"{home.pk}-refuse"
    shift = {"due_date": "2026-12-28", "moved_to": "2026-12-29", "reason": "Boxing Day", "stream": None}
    assert send("holiday_shifts", [shift]).status_code == 200
    assert HolidayShift.objects.get().moved_to == dt.date(2026, 12, 29)
    logs = [
        {"round": "refuse-mon-1", "date": "2026-07-06", "uprn": home.pk, "outcome": "not_out", "time": "10:15"},
        {"round": "refuse-mon-1", "date": "2026-07-06", "uprn": "", "outcome": "finished", "time": "14:05"},
    ]
    assert send("crew_log", logs).json()["done"] == {
        "rounds finished": 1,
        "entries added": 1,
        "entries changed": 0,
        "entries known": 0,
    }
    assert (CrewLogEntry.objects.get().outcome, RoundRun.objects.count()) == ("not_out", 1)


def test_notice_is_sent_and_taken_back(send):
    RoundFactory(code="refuse-mon-1")
    day = timezone.localdate() + dt.timedelta(days=7 - timezone.localdate().weekday())
    notice = {
        "reference": "N-1",
        "kind": "suspended",
        "first_date": day.isoformat(),
        "round": "refuse-mon-1",
        "words": "Snow has closed the roads.",
        "advice": "Leave your bin out.",
    }
    assert send("notices", [notice]).status_code == 200
    assert RoundNotice.objects.get().is_standing
    assert send("notices", [{**notice, "withdrawn": True}]).json()["done"] == {"notices withdrawn": 1}
    assert not RoundNotice.objects.get().is_standing


def test_same_rows_again_change_nothing(send):
    send("rounds", [ROUND])
    assert send("rounds", [ROUND]).json()["done"] == {"rounds unchanged": 1}


def test_one_bad_row_keeps_all_out_and_is_named_by_index(send):
    other = {**ROUND, "code": "other"}
    found = errors(send("rounds", [ROUND, {**other, "weekday": "Tuesday"}, {**other, "stream": "glass"}]))
    assert found.keys() == {1, 2}
    assert "is a Monday, not a Tuesday" in found[1]
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("text", "a row is an object"),
        ({**ROUND, "colour": "red"}, "unknown columns: colour"),
        ({"code": "x"}, "missing columns: name"),
        ({**ROUND, "name": ["x"]}, "name is a text"),
        ({**ROUND, "name": 1.5}, "name is a text"),
        ({**ROUND, "name": "a\x00b"}, "cannot be read"),
        ({**ROUND, "name": "x" * 500}, "too long"),
        ({**ROUND, "name": "x" * 90}, "name is longer than 80"),
        ({**ROUND, "code": ""}, "code is empty"),
    ],
)
def test_row_of_another_shape_is_explained(send, row, reason):
    assert reason in errors(send("rounds", [row]))[0]
    assert not Round.objects.exists()


@pytest.mark.parametrize("rows", [[], "x", None, 5, [ROUND] * 5001])
def test_call_without_a_list_of_rows_is_explained(send, rows):
    response = send("rounds", rows)
    assert response.status_code == 422
    assert "1 to 5,000 rows" in response.json()["detail"]


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"\xff\xfe", 400), (b"[]", 422), (b"", 422)])
def test_call_that_is_not_json_is_refused(key, body, status):
    response = Client().post(
        reverse("api_waste_rounds"),
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert response.status_code == status
    assert "detail" in response.json()


def test_call_that_is_too_long_is_refused(send, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert send("rounds", [ROUND]).status_code == 413


def test_dry_run_checks_and_changes_nothing(send):
    assert send("rounds", [ROUND], "?dry_run=true").json()["is_dry_run"] is True
    assert not Round.objects.exists()


# --- The same call ----------------------------------------------------------------------------------------------------


def test_same_call_is_answered_the_same(send):
    first = send("rounds", [ROUND], **{"Idempotency-Key": "a"})
    again = send("rounds", [ROUND], **{"Idempotency-Key": "a"})
    assert (first.json(), again.json()) == ({"read": 1, "done": {"rounds added": 1}, "is_dry_run": False},) * 2
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def test_refusal_is_answered_the_same_too(send):
    bad = {**ROUND, "stream": "glass"}
    first, again = (send("rounds", [bad], **{"Idempotency-Key": "a"}) for _number in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())


def test_key_of_another_call_is_refused(send):
    send("rounds", [ROUND], **{"Idempotency-Key": "a"})
    other = send("rounds", [{**ROUND, "code": "other"}], **{"Idempotency-Key": "a"})
    assert (other.status_code, "another call" in other.json()["detail"]) == (422, True)
    elsewhere = send("collections", [ROUND], **{"Idempotency-Key": "a"})
    assert "another call" in elsewhere.json()["detail"]
    assert Round.objects.count() == 1


def test_keys_of_two_systems_do_not_meet(send):
    other = make_api_key("Other", [ApiScope.WASTE_WRITE])[1]
    send("rounds", [ROUND], **{"Idempotency-Key": "a"})
    mine = send("rounds", [{**ROUND, "code": "other"}], secret=other, **{"Idempotency-Key": "a"})
    assert mine.status_code == 200


def test_old_answers_are_forgotten(send):
    send("rounds", [ROUND], **{"Idempotency-Key": "a"})
    ApiAnswer.objects.update(at=timezone.now() - dt.timedelta(days=8))
    forget_old_answers()
    assert not ApiAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_same_call_at_once_does_its_work_once():
    secret = make_api_key("Contractor", [ApiScope.WASTE_WRITE])[1]
    barrier, answers = threading.Barrier(4), []

    def work():
        barrier.wait()
        try:
            answers.append(
                Client().post(
                    reverse("api_waste_rounds"),
                    {"rows": [ROUND]},
                    content_type="application/json",
                    headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "at once"},
                )
            )
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [answer.json()["done"] for answer in answers] == [{"rounds added": 1}] * 4
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1


# --- Keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "Bearer", "Bearer x", "Bearer bar.a.b", "Basic abc", "Bearer bar.a.b.c"])
def test_call_without_a_good_key_is_refused(db, text):
    response = Client().post(
        reverse("api_waste_rounds"), {"rows": [ROUND]}, content_type="application/json", headers={"Authorization": text}
    )
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"expires_at": timezone.now() - dt.timedelta(seconds=1)}, 401),
        ({"revoked_at": timezone.now()}, 401),
        ({"scopes": []}, 403),
        ({"secret_hash": "0" * 64}, 401),
    ],
)
def test_key_that_ended_or_opens_something_else_is_refused(send, change, status):
    ApiKey.objects.update(**change)
    assert send("rounds", [ROUND]).status_code == status
    assert not Round.objects.exists()


def test_session_of_staff_opens_nothing(client, dev):
    client.force_login(dev)
    response = client.post(reverse("api_waste_rounds"), {"rows": [ROUND]}, content_type="application/json")
    assert response.status_code == 401


def test_key_is_kept_as_a_hash_and_its_use_is_noted(send, key):
    send("rounds", [ROUND])
    row = ApiKey.objects.get()
    assert key.split(".")[2] not in repr(row.__dict__)
    assert row.last_used_at is not None


def test_too_many_calls_of_one_key_are_held_back(send, monkeypatch):
    monkeypatch.setattr(ApiKeyThrottle, "rate", "2/min")
    cache.clear()
    assert [send("rounds", [ROUND]).status_code for _number in range(3)] == [200, 200, 429]


def test_command_makes_a_key_once_and_revokes_it(send, capsys):
    call_command("make_api_key", "New system", scope=["waste:write"])
    secret = capsys.readouterr().out.split()[-1]
    assert send("rounds", [ROUND], secret=secret).status_code == 200
    with pytest.raises(CommandError, match="already"):
        call_command("make_api_key", "New system", scope=["waste:write"])
    call_command("make_api_key", "New system", revoke=True)
    assert send("rounds", [ROUND], secret=secret).status_code == 401
    with pytest.raises(CommandError, match="no key"):
        call_command("make_api_key", "New system", revoke=True)
    with pytest.raises(CommandError, match="Say what it opens"):
        call_command("make_api_key", "Another")


# --- The description --------------------------------------------------------------------------------------------------


def test_description_names_every_call_and_its_columns(client, db):
    schema = client.get(reverse("api_schema")).json()
    assert schema["openapi"].startswith("3.")
    assert {path for path in schema["paths"] if "waste" in path} == {
        f"/api/v1/waste/{kind}/"
        for kind in ("rounds", "collections", "holiday-shifts", "notices", "crew-log", "assisted-homes")
    }
    row = schema["components"]["schemas"]["RoundsRow"]
    assert set(row["required"]) == set(ROUND)
    post = schema["paths"]["/api/v1/waste/rounds/"]["post"]
    assert {"200", "401", "422"} <= post["responses"].keys()
    assert "Idempotency-Key" in [parameter["name"] for parameter in post["parameters"]]


def test_description_is_valid(db):
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.validation import validate_schema

    validate_schema(SchemaGenerator().get_schema(request=None, public=True))
