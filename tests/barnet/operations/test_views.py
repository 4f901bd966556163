import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from barnet.kit import periodic
from barnet.notifications.models import Pulse
from barnet.operations import tasks
from barnet.operations.enums import ParkState, RunState
from barnet.operations.models import ParkedTask, PeriodicRun, TaskAct, TaskStart
from tests import factories
from tests.barnet.operations.test_tasks import failed_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = factories.StaffFactory(email="root@example.com", roles=["administrator"])
    client.force_login(user)
    return user


def make_rows(count: int, offset: int = 0) -> None:
    now = timezone.now()
    for number in range(offset, offset + count):
        OrmQ.objects.create(key="portal", payload="x", lock=now)
        Pulse.objects.create(name=f"worker-{number}", beat_at=now - dt.timedelta(minutes=5 * number))
        for name, minutes in {"running": 0, "stuck": 30}.items():
            TaskStart.objects.create(
                pk=f"{name}{number}",
                name=f"{name}-{number}",
                function="x",
                worker="w",
                started_at=now - dt.timedelta(minutes=minutes),
                time_limit=60,
            )
        failed_task(name=f"failing-{number}", attempts=2)
        failed_task(name=f"gone-{number}")
        tasks.collect_failures()
        user = factories.StaffFactory()
        TaskAct.objects.create(act="discard", name=f"act-{number}", by=user, reason="why not")
        PeriodicRun.objects.create(
            name=periodic.jobs()[number].name, due_at=now, state=RunState.FAILED, error=f"broken {number}"
        )


def test_board_shows_everything_with_as_many_queries_for_three_as_for_one(
    client, administrator, django_assert_max_num_queries
):
    make_rows(1)
    client.get("/staff/tasks/")
    with django_assert_max_num_queries(100) as one:
        client.get("/staff/tasks/")
    make_rows(2, offset=1)
    with django_assert_max_num_queries(100) as three:
        page = client.get("/staff/tasks/").content.decode()
    assert len(three) == len(one)
    for shown in ("running-2", "stuck-2", "failing-2", "gone-2", "act-2", "why not", "broken 2", "worker-2", "Silent"):
        assert shown in page
    assert "a secret argument" not in page
    assert "asha@example.com" not in page


def test_operator_replays_what_was_given_up_and_says_why(client, administrator):
    failed_task()
    tasks.collect_failures()
    parked = ParkedTask.objects.get()
    address = f"/staff/tasks/{parked.pk}/"
    answer = client.post(address, {"act": "replay", "reason": ""})
    assert "Say why, in a few words." in answer.content.decode()
    assert not OrmQ.objects.exists()
    for _click in range(2):
        assert client.post(address, {"act": "replay", "reason": "the server is back"}).status_code == 302
    assert OrmQ.objects.count() == 1
    assert "the server is back" in client.get("/staff/tasks/").content.decode()
    assert "Confirm" not in client.get(address).content.decode()


@pytest.mark.parametrize("reason", ["x\0y", "x" * 5000])
def test_bad_input_is_answered_with_a_sentence_and_changes_nothing(client, administrator, reason):
    failed_task()
    tasks.collect_failures()
    parked = ParkedTask.objects.get()
    for act in ("replay", "explode"):
        assert client.post(f"/staff/tasks/{parked.pk}/", {"act": act, "reason": reason}).status_code in {200, 400}
    parked.refresh_from_db()
    assert parked.state == ParkState.PARKED
    assert client.post("/staff/tasks/99999999999999999999/", {"act": "replay"}).status_code == 404


def test_operator_starts_a_job_once(client, administrator):
    for _click in range(2):
        assert client.post("/staff/tasks/run/", {"name": "operations: sessions"}).status_code == 302
    assert PeriodicRun.objects.get().name == "operations: sessions"
    assert OrmQ.objects.count() == 1
    assert TaskAct.objects.get().by == administrator
    assert client.post("/staff/tasks/run/", {"name": "nobody's"}).status_code == 404


def test_strangers_find_nothing_and_officers_may_not(dev, cara):
    from tests.people import PortalClient

    failed_task()
    tasks.collect_failures()
    address = f"/staff/tasks/{ParkedTask.objects.get().pk}/"
    assert Client().get(address).status_code == 302
    for user, status in {cara.user: 404, dev: 403}.items():
        browser = PortalClient()
        browser.force_login(user)
        for path in ("/staff/tasks/", address):
            assert browser.get(path).status_code == status
        assert browser.post(address, {"act": "discard", "reason": "x"}).status_code == status
        assert browser.post("/staff/tasks/run/", {"name": "operations: sessions"}).status_code == status
    assert ParkedTask.objects.get().state == ParkState.PARKED
