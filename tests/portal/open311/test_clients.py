"""Two clients from PyPI, unmodified, over HTTP against the server: they read, report, filter and are refused."""

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from portal.cases.models import Case

pytestmark = pytest.mark.django_db(transaction=True)

HERE = Path(__file__).parent / "clients"
REQUIREMENTS = HERE / "requirements.txt"
AWAY = (
    "Could not find a version",
    "Connection",
    "Failed to establish",
    "Temporary failure",
    "timed out",
    "Max retries",
)


PYENV = ".pyenv/versions/2.7*/bin/python2.7"
LOCAL = Path(settings.BASE_DIR) / ".local"
PIP = ["-m", "pip", "install", "--quiet"]


def install(folder, *commands):
    """Once a machine, and again when what they need changes. Of several processes that test, one installs."""
    stamp, wanted = folder / "stamp", f"{REQUIREMENTS.read_text()}{commands}"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == wanted:
            return
        shutil.rmtree(folder, ignore_errors=True)  # what a process that was killed left half made
        for command in commands:
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode and any(word in done.stderr for word in AWAY):
                pytest.skip("PyPI cannot be reached, so the clients of Open311 are not there.")
            assert done.returncode == 0, done.stderr
        stamp.write_text(wanted)


@pytest.fixture(scope="session")
def python3():
    folder = LOCAL / "open311-clients"
    program = folder / "bin" / "python"
    install(folder, [sys.executable, "-m", "venv", folder], [program, *PIP, "-r", REQUIREMENTS])
    return [program]


def has_pip(program):
    if program is None:
        return False
    return subprocess.run([program, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def python2():
    """`three` was written for it, and nothing has to be given back there."""
    program = next(filter(has_pip, [shutil.which("python2.7"), *Path.home().glob(PYENV)]), None)
    if program is None:
        pytest.skip("There is no Python 2.7 with pip here: `three` is tried in Python 3 only.")
    folder = LOCAL / "open311-three"
    install(folder, [program, *PIP, "--target", folder, "three==0.8.0"])
    return ["env", f"PYTHONPATH={folder}", program]


@pytest.fixture
def drive(request, live_server, system):
    def drive(client, form, python="python3"):
        program = request.getfixturevalue(python)
        call = [*program, HERE / "drive.py", client, form, f"{live_server.url}/api/open311/v2", system.secret]
        done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return drive


def several(value, name):
    """The rows of an answer: of XML the clients give mappings, and one row without a list."""
    rows = value.get(name, value) if isinstance(value, dict) else value
    return [] if not rows else rows if isinstance(rows, list) else [rows]


@pytest.mark.parametrize("python", ["python2", "python3"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_three_reads_reports_and_is_refused(drive, form, python):
    found = drive("three", form, python)
    case = Case.objects.get()
    assert (case.contact_name, case.contact_email, case.ward.name) == ("Asha Owner", "asha@example.com", "High Barnet")
    assert ["What is wrong?", "It is out"] in case.details

    def rows(what, name="request"):
        return several(found[what], name)

    [endpoint] = several(found["discovery"]["endpoints"], "endpoint")
    assert endpoint["url"].endswith("/api/open311/v2")
    assert [row["service_code"] for row in rows("services", "service")] == ["street-light"]
    attributes = several(found["definition"]["attributes"], "attribute")
    assert [row["code"] for row in attributes] == ["problem", "near", "number", "seen", "more"]
    assert [row["key"] for row in several(attributes[0]["values"], "value")] == ["out", "day"]
    for what in ("posted", "token", "requests", "of_service", "request"):
        assert [row["service_request_id"] for row in rows(what)] == [case.reference], what
    assert (rows("closed"), rows("long_ago")) == ([], [])
    assert rows("request")[0]["status"] == "open"
    codes = {what: int(rows(what, "error")[0]["code"]) for what in ("unknown", "refused", "without_key")}
    assert codes == {"unknown": 404, "refused": 400, "without_key": 403}


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads(drive, form):
    found = drive("georeport", form)
    number = Case.objects.get().reference
    assert found["number"] == number
    assert [row["service_code"] for row in several(found["services"], "service")] == ["street-light"]
    attributes = several(found["definition"]["attributes"], "attribute")
    assert [row["code"] for row in attributes] == ["problem", "near", "number", "seen", "more"]
    for what in ("requests", "of_service", "by_number", "request"):
        assert [row["service_request_id"] for row in several(found[what], "request")] == [number], what
    assert found.get("closed", []) == found.get("long_ago", []) == []
