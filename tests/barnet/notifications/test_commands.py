import pytest
from django.core.management import CommandError, call_command

from barnet.notifications.channels import EmailChannel
from barnet.notifications.models import Message


def test_a_test_message_is_sent_here(db, mailoutbox, capsys):
    call_command("send_test_message", "you@example.com", "--here")
    assert mailoutbox[0].to == ["you@example.com"]
    assert "Sent to you@example.com" in capsys.readouterr().out


def test_a_test_message_says_what_refused_it(db, monkeypatch):
    def refuse(*args):
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr(EmailChannel, "hand_over", refuse)
    with pytest.raises(CommandError, match="no server"):
        call_command("send_test_message", "you@example.com", "--here")


def test_a_test_message_that_nobody_takes_points_at_the_worker(db):
    with pytest.raises(CommandError, match="worker"):
        call_command("send_test_message", "you@example.com", "--wait", "0")


def test_a_test_message_needs_an_address(db):
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("send_test_message", "you at example")
    assert not Message.objects.exists()


@pytest.mark.parametrize("command", ["worker", "send_test_message"])
def test_help_shows_how(command, capsys):
    with pytest.raises(SystemExit):
        call_command(command, "--help")
    assert f"manage.py {command}" in capsys.readouterr().out
