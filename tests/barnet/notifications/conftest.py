import pytest
from django.core.mail import get_connection

from barnet.notifications import registry
from barnet.notifications.registry import TemplateKind


@pytest.fixture
def kind(monkeypatch) -> TemplateKind:
    """A kind of message that belongs to this test alone."""
    kind = TemplateKind(
        key="bin-missed",
        name="Bin missed",
        subject="Your bin, ((reference))",
        body="Hello ((name)),\n\nwe come back by ((promise)).",
        fields={"reference": "BAR-7K3M-29QD", "name": "Asha", "promise": "Tuesday"},
        required=("reference",),
    )
    monkeypatch.setitem(registry._kinds, kind.key, kind)
    return kind


@pytest.fixture
def secret_kind(monkeypatch) -> TemplateKind:
    kind = TemplateKind(
        key="secret-code",
        name="Code",
        subject="Your code",
        body="Your code is ((code)).",
        fields={"code": "BCDF-GHJK"},
        is_secret=True,
        required=("code",),
    )
    monkeypatch.setitem(registry._kinds, kind.key, kind)
    return kind


@pytest.fixture
def fields() -> dict[str, str]:
    return {"reference": "BAR-7K3M-29QD", "name": "Asha", "promise": "Tuesday 24 November 2026"}


@pytest.fixture
def mailbox(settings):
    """The development mailbox instead of the list in memory that tests otherwise get."""
    settings.EMAIL_BACKEND = "barnet.notifications.mailbox.MailboxBackend"
    return get_connection()
