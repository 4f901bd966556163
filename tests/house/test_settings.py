"""Production refuses to start half-configured: each case in a process of its own, because settings are read once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "s" * 64,
    "DATABASE_URL": "postgis://portal@db.example/portal",
    "ALLOWED_HOSTS": "portal.example",
    "BASE_URL": "https://portal.example",
    "EMAIL_URL": "smtp://mail.example:25",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [sys.executable, "-c", "import barnet.settings as s; print(s.MODE, 'demo' in s.INSTALLED_APPS)"]
    return subprocess.run(command, cwd=ROOT, env={**own, **environment}, capture_output=True, text=True)


def test_production_starts_with_everything_it_needs_and_without_the_demo():
    assert start(**PRODUCTION).stdout == "production False\n"


@pytest.mark.parametrize("name", sorted(PRODUCTION.keys() - {"PORTAL_MODE"}))
def test_production_names_what_is_missing(name):
    refused = start(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert refused.returncode
    assert f"Set {name}: production does not start without it." in refused.stderr


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"MAIL_TRANSPORT": "mailbox"}, "a development channel"),
        ({"MAIL_TRANSPORT": "pigeon"}, "use mailbox, smtp or notify"),
        ({"SECRET_KEY": "short"}, "shorter than 50 characters"),
        ({"PUSH_PRIVATE_KEY": "short"}, "make one with manage.py make_push_key"),
        ({"PUSH_PRIVATE_KEY": "k" * 43}, "set PUSH_CONTACT"),
        ({"PORTAL_MODE": "staging"}, "use development or production"),
    ],
)
def test_production_refuses_what_is_not_for_production(wrong, sentence):
    refused = start(**{**PRODUCTION, **wrong})
    assert refused.returncode
    assert sentence in refused.stderr


def test_without_a_mode_it_is_production():
    assert "production does not start without it" in start().stderr
