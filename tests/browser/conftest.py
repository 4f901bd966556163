"""A real portal for the browser: its own database with the demo borough, gunicorn, and the supervised worker.

Every test process has its own.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import oidc_provider_mock
import pytest

from barnet.notifications.push.keys import new_private_key
from demo.people import PASSWORD, totp_secret
from ops import catalogues
from tests.barnet.notifications.push import simulator
from tests.browser.person import Person, enter_app_code
from tests.browser.portal import Portal
from tests.browser.shell import ROOT
from tests.tables import new_database, tables

DATABASE = f"test_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="session")
def sign_in_provider() -> Iterator[str]:
    """Where residents and staff of this portal can sign in with another account: a real provider on a port."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="session")
def push_server() -> Iterator[simulator.PushService]:
    with simulator.push_service() as service:
        yield service


@pytest.fixture
def push_service(push_server, portal, settings) -> simulator.PushService:
    """The service that brings notifications to browsers: it takes what the running portal signs."""
    settings.PUSH_PRIVATE_KEY = portal.environment["PUSH_PRIVATE_KEY"]
    return push_server


@pytest.fixture(scope="session")
def portal(tmp_path_factory, sign_in_provider, push_server) -> Iterator[Portal]:
    port = _free_port()
    files = tmp_path_factory.mktemp("portal")
    environment = {
        **os.environ,
        "DATABASE_URL": new_database(DATABASE, like=tables()),
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "MEDIA_ROOT": str(files / "media"),
        "PRIVATE_ROOT": str(files / "private"),
        "LOG_LEVEL": "WARNING",
        "LANGUAGES": "pl,fa",
        "PUSH_PRIVATE_KEY": new_private_key(),
        "PUSH_CONTACT": "mailto:web@barnet.example",
        "PUSH_SERVICES": f"https://push.example,{push_server.url}",
        **_provider_settings("RESIDENT", sign_in_provider, NAME="GOV.UK One Login"),
        **_provider_settings("STAFF", sign_in_provider, NAME="Barnet staff account", ROLES="Leads:team_lead"),
    }
    catalogues.compile_all()
    portal = Portal(environment, port)
    for command in (["migrate", "-v0"], ["createcachetable"], ["prepare"], ["load_demo"]):
        portal.manage(*command)
    gunicorn = [sys.executable, "-m", "gunicorn", "barnet.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4"]
    log = (files / "log").open("w")
    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
        for command in (gunicorn, [sys.executable, "manage.py", "worker"])
    ]
    try:
        _wait_until_up(portal.url, files / "log")
        yield portal
    finally:
        portal.close()
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _provider_settings(key: str, issuer: str, **more: str) -> dict[str, str]:
    usual = {"ISSUER": issuer, "CLIENT_ID": "portal", "CLIENT_SECRET": "secret", "SCOPES": "email,profile"}
    return {f"OIDC_{key}_{name}": value for name, value in {**usual, **more}.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(url: str, log: Path) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{url}/health/live", timeout=2)
            return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"The portal did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def sign_in(portal, chromium):
    """`sign_in(email)` → what the browser of somebody who signed in keeps. Staff sign in once, because a code works
    once; residents again after four minutes, because sensitive pages ask again after five."""
    kept: dict[str, dict] = {}
    signed_in_at: dict[str, float] = {}

    def is_good(email: str) -> bool:
        is_staff = email.endswith(".example")
        return email in kept and (is_staff or time.monotonic() - signed_in_at[email] < 4 * 60)

    def signed_in(email: str) -> dict:
        if not is_good(email):
            signed_in_at[email] = time.monotonic()
            context = chromium.new_context(base_url=portal.url)
            page = context.new_page()
            page.goto("/account/sign-in/")
            page.locator("input[name=login]").fill(email)
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
            if email.endswith(".example"):
                portal.forget_app_codes()
                enter_app_code(Person(page, scripts=False), lambda: totp_secret(email), "Continue")
            page.wait_for_url(lambda url: "/sign-in/" not in url)
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return signed_in


@pytest.fixture
def open_as(portal, chromium, sign_in):
    """`open_as(email, width=320, scripts=True)` → a page of somebody's browser; without an e-mail, a visitor's."""
    contexts = []

    def opened(email: str = "", *, width: int = 320, scripts: bool = True):
        context = chromium.new_context(
            base_url=portal.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=scripts,
            storage_state=sign_in(email) if email else None,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def desk_form(portal, tmp_path_factory) -> str:
    """The address of a form of two pages, for who is helped at a desk."""
    first, second = ("what", "What is it?"), ("also", "Anything else?")
    form = {
        "slug": "ask-at-the-desk",
        "title": "Ask at the desk",
        "summary": "With two questions.",
        "service": "new-bin",
        "steps": [
            {"key": key, "title": label, "questions": [{"key": key, "kind": "short_text", "label": label}]}
            for key, label in (first, second)
        ],
        "outcomes": [{"key": "sent", "title": "We have it"}],
        "destinations": [{"service": "new-bin", "case_title": "Ask at the desk"}],
    }
    file = tmp_path_factory.mktemp("desk") / "form.json"
    file.write_text(json.dumps(form))
    portal.manage("import_forms", str(file))
    return "/forms/ask-at-the-desk/"


@pytest.fixture(scope="session")
def kiosk_cookies(portal, chromium, sign_in) -> dict:
    """What is left in the browser when a librarian has made it a kiosk: that it is one."""
    context = chromium.new_context(base_url=portal.url, storage_state=sign_in("librarian@barnet.example"))
    person = Person(context.new_page())
    person.go("/staff/security/kiosk/")
    person.press("Begin")
    kept = context.storage_state()
    context.close()
    assert {cookie["name"] for cookie in kept["cookies"]} <= {"kiosk", "csrftoken", "sessionid", "screen"}
    return {"cookies": [cookie for cookie in kept["cookies"] if cookie["name"] == "kiosk"], "origins": []}


@pytest.fixture(scope="session")
def hasty(portal, tmp_path_factory) -> Iterator[Portal]:
    """The same portal at another port, with a pause of a minute at kiosks."""
    port, log = _free_port(), tmp_path_factory.mktemp("hasty") / "log"
    settings = {"PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}", "KIOSK_IDLE_MINUTES": "1"}
    hasty = Portal(portal.environment | settings, port)
    command = [sys.executable, "-m", "gunicorn", "barnet.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4"]
    with log.open("w") as written:
        process = subprocess.Popen(
            command, cwd=ROOT, env=hasty.environment, stdout=written, stderr=written, start_new_session=True
        )
        try:
            _wait_until_up(hasty.url, log)
            yield hasty
        finally:
            hasty.close()
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)
