import pytest
from django.core.cache.backends.dummy import DummyCache
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor

from barnet.kit import health, health_checks


@pytest.fixture
def own_checks(monkeypatch):
    monkeypatch.setattr(health, "_checks", {})
    monkeypatch.setattr(health_checks, "_seen", {})


def test_live_asks_nothing_of_the_database(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_runs_the_kits_checks(client, own_checks):
    health_checks.register_checks()
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == {
        "database": True,
        "migrations": True,
        "storage": True,
        "cache": True,
    }
    assert "no-store" in answer["Cache-Control"]


def test_ready_tells_a_plain_reason_but_never_the_text_of_an_error(client, own_checks):
    def no_database() -> None:
        raise OperationalError("connection to server at 10.0.0.7, user portal, password hunter2 failed")

    def no_worker() -> None:
        raise health.NotReadyError("no sign of life for 90 seconds")

    health.register("database", no_database)
    health.register("worker", no_worker)
    health.register("fine", lambda: "12 rows")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"]["text"] == "OperationalError"
    assert checks["worker"]["text"] == "no sign of life for 90 seconds"
    assert (checks["fine"]["ok"], checks["fine"]["text"]) == (True, "12 rows")
    assert "hunter2" not in answer.content.decode()


@pytest.mark.django_db
def test_ready_says_how_many_migrations_wait_and_looks_again(own_checks, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    with pytest.raises(health.NotReadyError, match="2 migrations"):
        health_checks.check_migrations()
    monkeypatch.undo()
    assert health_checks.check_migrations() == "applied"


def test_ready_notices_a_store_that_cannot_be_written(settings, tmp_path, own_checks):
    (tmp_path / "media").write_text("a file where the folder should be")
    health.register("storage", health_checks.check_storage)
    [finding] = health.findings()
    assert not finding.is_ok


def test_ready_leaves_no_file_behind(settings):
    health_checks.check_storage()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_ready_notices_a_cache_that_forgets(monkeypatch):
    monkeypatch.setattr(health_checks, "cache", DummyCache("", {}))
    with pytest.raises(health.NotReadyError):
        health_checks.check_cache()


def test_health_refuses_a_second_check_of_the_same_name(own_checks):
    health.register("x", lambda: "ok")
    with pytest.raises(health.DuplicateCheckError):
        health.register("x", lambda: "ok")


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_health_is_only_read(client, address):
    assert client.post(address).status_code == 405
