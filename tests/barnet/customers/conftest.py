"""Sign-in journeys in tests: what was mailed, and a browser without any sign-in help."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from barnet.customers import mail


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


_CHANGING = [
    (r'(name="(csrfmiddlewaretoken|submission_key)" value=")[^"]*', r"\1"),
    (r'nonce="[^"]*"', 'nonce=""'),
    (r"[\w.+-]+@example\.(com|org)", "somebody@example"),
]


def skeleton(content: bytes) -> str:
    """A page without its tokens and without the address that was typed."""
    text = content.decode()
    for pattern, replacement in _CHANGING:
        text = re.sub(pattern, replacement, text)
    return text
