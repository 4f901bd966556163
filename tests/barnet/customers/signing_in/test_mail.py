"""Mails of sign-in leave through a registry that never swallows one."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from barnet.customers.signing_in import adapters, mail
from barnet.customers.signing_in.mail_kinds import MAIL_KINDS
from barnet.notifications.models import Message


def test_without_a_sender_it_fails_loudly(monkeypatch, visitor, asha):
    monkeypatch.setattr(mail, "_senders", [])
    with pytest.raises(ImproperlyConfigured, match="account-login-code"):
        visitor.post("/account/sign-in/code/", {"email": "asha@example.com"})


def test_second_sender_and_unknown_kind_are_refused(outbox):
    with pytest.raises(ImproperlyConfigured):
        mail.register_sender(outbox)
    with pytest.raises(LookupError):
        mail.send("account-nonsense", email="x@example.com", user=None, fields={})


def test_sender_gets_the_fields_that_the_kind_names_and_no_other(outbox):
    mail.send("account-unknown", email="x@example.com", user=None, fields={"register_link": "/r/", "code": "secret"})
    assert outbox.last.fields == {"register_link": "/r/"}
    with pytest.raises(KeyError):
        mail.send("account-unknown", email="x@example.com", user=None, fields={})


@pytest.mark.parametrize("kind", MAIL_KINDS, ids=lambda kind: kind.key)
def test_kind_says_only_what_it_can_fill_in_and_what_to_do(kind):
    named = set(re.findall(r"\(\((\w+)\)\)", kind.body + kind.subject))
    assert named == set(kind.sample)
    assert set(kind.required) <= named
    assert "((" not in kind.subject
    assert kind.is_secret == bool({"code", "link"} & named)
    assert "you need do nothing" in kind.body


def test_every_mail_of_allauth_has_a_kind():
    keys = {kind.key for kind in MAIL_KINDS}
    of_ours = {  # allauth knows nothing of these
        *("account-recovery-codes-few", "account-new-device", "account-email-change-asked"),
        "account-passkey-copied",
        *("account-sign-on-linked", "account-sign-on-unlinked"),
        *("account-closing", "account-reopened", "account-closed"),
    }
    assert set(adapters.KINDS.values()) | of_ours == keys
    assert set(adapters.EVENTS) <= set(adapters.KINDS)


def test_mail_goes_into_the_outbox_of_notifications(visitor, asha):
    visitor.post("/account/sign-in/code/", {"email": "asha@example.com"})
    message = Message.objects.get()
    assert (message.template_key, message.address, message.is_secret) == (
        "account-login-code",
        "asha@example.com",
        True,
    )
    assert re.search(r"[B-Z]{4}-[B-Z]{4}", message.body)
    assert "10 minutes" in message.body
