"""Sign-in journeys in tests: what was mailed, and a browser without any sign-in help."""

import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from barnet.customers.signing_in import mail


@pytest.fixture(autouse=True)
def _still_clock(monkeypatch):
    """Codes of an app do not change while a test types one, however slow the machine is."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))


@dataclass
class Mail:
    key: str
    email: str
    user: Any
    fields: dict[str, str]


@dataclass
class Outbox:
    mails: list[Mail] = field(default_factory=list)

    def __call__(self, key: str, *, email: str, user: Any, fields: Any) -> None:
        self.mails.append(Mail(key, email, user, dict(fields)))

    @property
    def keys(self) -> list[str]:
        return [mail.key for mail in self.mails]

    @property
    def last(self) -> Mail:
        return self.mails[-1]

    def clear(self) -> None:
        self.mails.clear()


@pytest.fixture
def outbox(monkeypatch) -> Outbox:
    """Stands in for whoever registered to send the mails of sign-in."""
    box = Outbox()
    monkeypatch.setattr(mail, "_senders", [box])
    return box


@pytest.fixture
def visitor() -> Client:
    return Client()
