import datetime as dt

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from prometheus_client.parser import text_string_to_metric_families

from barnet.kit import health, periodic
from barnet.notifications.models import Message, Pulse
from barnet.operations.enums import RunState
from barnet.operations.models import ParkedTask, PeriodicRun, TaskStart

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-thirty-characters-x"
HEADERS = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}


@pytest.fixture
def read(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[tuple, float]:
        answer = client.get("/metrics", **HEADERS)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}

    return read


@pytest.mark.parametrize("header", [{}, {"HTTP_AUTHORIZATION": "Bearer wrong"}, {"HTTP_AUTHORIZATION": "Bearer é\0"}])
def test_without_the_token_there_is_no_such_page(client, settings, header):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", **header).status_code == 404


def test_without_a_token_in_the_settings_nobody_gets_in(client, settings):
    settings.METRICS_TOKEN = ""
    for given in ("Bearer ", "Bearer None", ""):
        assert client.get("/metrics", HTTP_AUTHORIZATION=given).status_code == 404


def test_metrics_tell_what_an_alarm_needs(read, monkeypatch):
    monkeypatch.setattr(periodic, "_jobs", {})
    monkeypatch.setattr(health, "_checks", {"works": lambda: "ok", "broken": lambda: 1 / 0})
    for name in ("done", "late", "given up", "never"):
        periodic.register(name, lambda: None, at=dt.time(2))
    now = timezone.now()
    ago = lambda seconds: now - dt.timedelta(seconds=seconds)  # noqa: E731
    for key, state, due in [("a", "queued", 600), ("b", "queued", 10), ("c", "queued", -600), ("d", "parked", 0)]:
        Message.objects.create(
            idempotency_key=key, template_key="x", channel="email", subject="s", body="b", state=state, due_at=ago(due)
        )
    OrmQ.objects.create(key="portal", payload="x", lock=ago(90))
    ParkedTask.objects.create(task_id="x", name="x", function="x", reason="failed", starts=5)
    TaskStart.objects.create(pk="x", name="x", function="x", worker="w", started_at=ago(600), time_limit=60)
    Pulse.objects.create(name="one", beat_at=ago(45))
    for name, state in {"done": RunState.DONE, "late": RunState.WAITING, "given up": RunState.FAILED}.items():
        PeriodicRun.objects.create(name=name, due_at=ago(3600), state=state)

    found = read()
    expected = {
        ("portal_outbox_due",): 2,
        ("portal_outbox_oldest_seconds",): 600,
        ("portal_messages_given_up",): 1,
        ("portal_queue_length",): 1,
        ("portal_queue_oldest_seconds",): 90,
        ("portal_tasks_given_up",): 1,
        ("portal_tasks_stuck",): 1,
        ("portal_worker_silent_seconds", "one"): 45,
        ("portal_periodic_lag_seconds", "done"): 0,
        ("portal_periodic_lag_seconds", "late"): 3600,
        ("portal_periodic_lag_seconds", "never"): 0,
        ("portal_periodic_given_up", "late"): 0,
        ("portal_periodic_given_up", "given up"): 1,
        ("portal_ready", "works"): 1,
        ("portal_ready", "broken"): 0,
    }
    assert {key: found.get(key) for key in expected} == {
        key: pytest.approx(value, abs=20) for key, value in expected.items()
    }
