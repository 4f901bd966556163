"""Passwords that guessers try first are refused, in words; every other is taken as it is."""

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from barnet.customers.models import User
from barnet.customers.signing_in.passwords import OUR_WORDS

GOOD = "three quiet herons"


@pytest.fixture
def breached():
    """A service like Have I Been Pwned's, on a real port; what it was asked."""
    asked, known = [], {"five tired foxes": 7, "padded entry here": 0}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            prints = {hashlib.sha1(text.encode()).hexdigest().upper(): count for text, count in known.items()}
            lines = [f"{name[5:]}:{count}" for name, count in prints.items() if self.path.endswith(f"/{name[:5]}")]
            body = "\r\n".join(["0" * 35 + ":3", *lines]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    with override_settings(BREACHED_PASSWORDS_URL=f"http://127.0.0.1:{server.server_port}/range/"):
        yield asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "x" * 64,
        "ÄÖÜ пароль 密码 1",
        "  x  y  z  ",
        "9071523846a",
        "907152384610",
        '!"£$%^&*()',
        "I walk to Barnet for ducks",
    ],
)
def test_any_signs_are_allowed_and_64_of_them(password):
    validate_password(password)


@pytest.mark.parametrize("password", ["BarnetCouncil2026", "barnet-barnet-1", "Password!Summer24", "hendonFINCHLEY"])
def test_words_of_the_council_alone_are_no_password(password):
    with pytest.raises(ValidationError, match="words that people guess here"):
        validate_password(password)


def test_words_of_the_council_are_those_of_the_page():
    page = (Path(__file__).resolve().parents[4] / "docs" / "security.md").read_text()
    assert [word for word in OUR_WORDS if f"{word}" not in page] == []


@pytest.mark.parametrize("password", ["password123", "qwertyuiop", "1q2w3e4r5t"])
def test_passwords_that_many_people_use_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_password_that_became_known_elsewhere_is_refused_and_never_told(breached):
    with pytest.raises(ValidationError, match="became known when another website was broken into"):
        validate_password("five tired foxes")
    validate_password(GOOD)
    validate_password("padded entry here")  # an answer is padded with entries that nobody used
    assert all(len(path.rpartition("/")[2]) == 5 for path in breached)


def test_password_is_taken_when_the_service_does_not_answer(settings, caplog):
    settings.BREACHED_PASSWORDS_URL = "http://127.0.0.1:9/range/"
    validate_password(GOOD)
    assert "breached_passwords_unknown" in caplog.text


def test_password_is_checked_as_it_was_typed(db):
    user = User.objects.create_user("exact@example.com", password="  Three Quiet Herons  " + "x" * 80)
    for wrong in ("Three Quiet Herons", "  three quiet herons  " + "x" * 80, "  Three Quiet Herons  " + "x" * 60):
        assert not user.check_password(wrong)
    assert user.check_password("  Three Quiet Herons  " + "x" * 80)


def test_password_boxes_hide_what_is_typed_and_let_managers_fill_them(visitor, client, asha):
    client.force_login(asha.user)
    pages = [
        visitor.get("/account/sign-in/"),
        visitor.get("/account/register/"),
        client.get("/account/security/password/"),
    ]
    for page in pages:
        text = page.content.decode()
        boxes = [
            part.split(">")[0]
            for part in text.split("<input")[1:]
            if re.search(r'name="[^"]*assword', part.split(">")[0])
        ]
        assert boxes
        for box in boxes:
            assert 'type="password"' in box
            assert "autocomplete=" in box
            assert 'autocomplete="off"' not in box
            assert "onpaste" not in box
