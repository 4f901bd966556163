"""Dockerfile and compose.yaml, read as Docker reads them: there is no engine here to build them."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.compile(r":(RELEASE\.[\d-]+T[\d-]+Z|v?\d+(\.\d+)+[\w.-]*|\d+-\d+(\.\d+)+[\w.-]*)$")
SECRET_NAMES = re.compile(r"SECRET|PASSWORD|KEY", re.I)


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _space, rest in (line.partition(" ") for line in lines)]


def of(instructions, word: str) -> list[str]:
    return [rest for name, rest in instructions if name == word]


def test_images_are_named_by_their_whole_version(compose, instructions):
    stages = {rest.split(" AS ")[1] for rest in of(instructions, "FROM")}
    used = [rest.split()[0] for rest in of(instructions, "FROM")]
    used += [service["image"] for service in compose["services"].values() if "build" not in service]
    assert len(used) == 6
    assert [image for image in used if image not in stages and not VERSION.search(image)] == []
    assert VERSION.search("postgres:latest") is None
    assert VERSION.search("postgres:15") is None


def test_no_secret_stands_in_either_file(compose, instructions):
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if SECRET_NAMES.search(variable):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), (name, variable)
    assert "${POSTGRES_PASSWORD:?" in compose["services"]["web"]["environment"]["DATABASE_URL"]
    written = " ".join(of(instructions, "ENV") + of(instructions, "ARG"))
    assert not SECRET_NAMES.search(written)
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".local"} <= set(ignored)


def test_every_variable_is_a_setting_of_the_portal(compose):
    page = (ROOT / "docs" / "operators" / "settings.md").read_text()
    for service in ("prepare", "web", "worker"):
        for variable in compose["services"][service]["environment"]:
            assert f"`{variable}`" in page, variable


def test_commands_exist(compose, instructions):
    script = " ".join(str(service.get("command", "")) for service in compose["services"].values())
    script += " ".join(of(instructions, "RUN"))
    commands = re.findall(r"manage\.py['\",]*\s+['\"]?(\w+)", script)
    assert set(commands) == {"ensure_bucket", "migrate", "createcachetable", "prepare", "worker", "collectstatic"}
    assert set(commands) <= set(get_commands())
    [start] = of(instructions, "CMD")
    program, config, application = yaml.safe_load(start)[:3]
    assert (program, application) == ("gunicorn", "barnet.wsgi")
    assert (ROOT / config.removeprefix("--config=")).is_file()
    assert shutil.which("gunicorn", path=str(ROOT / ".venv" / "bin"))


def test_what_is_copied_exists_and_is_not_ignored(instructions):
    ignored = set((ROOT / ".dockerignore").read_text().split())
    for rest in of(instructions, "COPY"):
        parts = rest.split()
        if not parts[0].startswith("--from="):
            for source in parts[:-1]:
                assert (ROOT / source).exists(), source
                assert source not in ignored


def test_it_runs_as_nobody_special_is_watched_and_stops_in_order(compose, instructions):
    assert of(instructions, "USER") == ["portal"]
    position = [word for word, _rest in instructions]
    assert position.index("USER") < position.index("CMD")
    assert "/health/live" in of(instructions, "HEALTHCHECK")[0]
    [start] = of(instructions, "CMD")
    grace = int(re.search(r"--graceful-timeout=(\d+)", start)[1])
    seconds = {name: int(compose["services"][name]["stop_grace_period"][:-1]) for name in ("web", "worker")}
    assert seconds["web"] > grace
    assert seconds["worker"] > 75  # the worker's own grace


def test_services_wait_for_what_they_need(compose):
    services = compose["services"]
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    for name in services["prepare"]["depends_on"]:
        assert name in services
    volumes = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert volumes == set(compose["volumes"])
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:8000:8000"]
