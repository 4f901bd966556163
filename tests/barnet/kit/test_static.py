"""What a visitor downloads: safe headers, hashed names kept for ever, compressed, and light."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[3]
ASSETS = ROOT / ".local" / "assets"
LIGHTEST = 45_000  # bytes, compressed: a first visit of a page without a map

SERVE = """
import json, sys
from django.conf import settings
settings.STATIC_ROOT = sys.argv[1]
import django; django.setup()
from django.core.management import call_command
from django.test import Client
from django.templatetags.static import static
call_command("collectstatic", interactive=False, verbosity=0)
client = Client(headers={"accept-encoding": "br, gzip"})
told = {}
for name in ["portal.css", "portal.js", "staff.css", "staff.js", "staff-header.css", "favicon.svg"]:
    answer = client.get(static(name))
    told[name] = {
        "url": static(name), "status": answer.status_code, "cache": answer["Cache-Control"],
        "encoding": answer.get("Content-Encoding"), "size": len(answer.getvalue()),
    }
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> dict[str, dict]:
    """The files as production serves them, by a process of its own because the settings differ."""
    environment = {
        **os.environ,
        "HASHED_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "barnet.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    target = tmp_path_factory.mktemp("static")
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(target)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_static_files_are_hashed_compressed_and_kept_for_ever(served):
    for name, told in served.items():
        assert told["status"] == 200
        assert re.search(r"\.[0-9a-f]{12}\.", told["url"]), name
        assert "immutable" in told["cache"]
        assert int(re.search(r"max-age=(\d+)", told["cache"])[1]) >= 31_536_000
        assert told["encoding"] == "br" or told["size"] < 1000, name


@pytest.mark.django_db
def test_first_visit_is_light(client, served):
    page = client.get("/kit/errors/404/")
    html = len(gzip.compress(page.content))
    total = html + sum(served[name]["size"] for name in ("portal.css", "portal.js", "favicon.svg"))
    assert total < LIGHTEST, f"{total} bytes"


@pytest.mark.django_db
def test_page_loads_nothing_from_elsewhere_and_runs_no_script_without_its_nonce(client):
    answer = client.get("/kit/?errors")
    soup = BeautifulSoup(answer.content, "html.parser")
    policy = dict(
        rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";") if " " in rule.strip()
    )
    nonce = re.search(r"'nonce-([^']+)'", policy["script-src"])[1]
    assert {script["nonce"] for script in soup.find_all("script")} == {nonce}
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert all(link["href"].startswith("/static/") for link in soup.find_all("link"))
    assert not soup.find(style=True)
    assert not [name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]


@pytest.mark.django_db
def test_nonce_is_new_for_every_answer(client):
    assert client.get("/kit/")["Content-Security-Policy"] != client.get("/kit/")["Content-Security-Policy"]


@pytest.mark.django_db
def test_answers_carry_the_other_safe_headers(client):
    answer = client.get("/kit/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_styles_name_no_crown_no_foreign_font_and_no_foreign_host():
    for sheet in ASSETS.glob("*.css"):
        css = sheet.read_text()
        assert "GDS Transport" not in css
        assert "crest" not in css
        assert not re.findall(r"url\(\"?(?:https?:)?//", css)


def test_lock_file_names_no_registry():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
