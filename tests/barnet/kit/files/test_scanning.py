"""Against a scanner that speaks clamd's protocol, on this machine."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from barnet.kit.files.checking import check_file
from barnet.kit.files.scanning import InfectedError, ScannerOffError, scan
from tests.barnet.kit.files import samples


@contextmanager
def scanner(answer):
    """`answer(content)`: what it says of what it was sent; None: it hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        line, _address = listening.accept()
        with line, line.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!L", sent.read(4))[0]:
                content += sent.read(length)
            said = answer(content)
            if said is not None:
                line.sendall(said)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join(10)
        listening.close()


def says(said):
    return lambda content: said


def test_a_clean_file_passes_whole(settings):
    got = []

    def answer(content):
        got.append(content)
        return b"stream: OK\0"

    large = b"x" * 200_000  # several chunks
    with scanner(answer) as settings.CLAMAV_HOST:
        scan(ContentFile(large))
    assert got == [large]


def test_an_infected_file_is_refused_in_words(settings):
    with scanner(says(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")) as settings.CLAMAV_HOST, pytest.raises(InfectedError):
        scan(ContentFile(b"x"))
    named = pytest.raises(ValidationError, match=r"letter\.pdf: We found a virus")
    with scanner(says(b"stream: Eicar FOUND\0")) as settings.CLAMAV_HOST, named:
        check_file(ContentFile(samples.PDF, "letter.pdf"))


@pytest.mark.parametrize(
    "said", [None, b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: OKAY\0", b"\xff\xfe\0"]
)
def test_an_answer_that_does_not_say_clean_passes_nothing(settings, said):
    with scanner(says(said)) as settings.CLAMAV_HOST, pytest.raises(ScannerOffError):
        scan(ContentFile(b"x"))


def test_a_scanner_that_is_off_passes_nothing(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings.CLAMAV_HOST = f"127.0.0.1:{port}"
    with pytest.raises(ValidationError, match="cannot check files for viruses at the moment"):
        check_file(ContentFile(samples.PDF, "letter.pdf"))


def test_without_a_scanner_in_the_settings_nothing_is_asked(settings):
    settings.CLAMAV_HOST = ""
    scan(ContentFile(b"x"))
