import io
import json
import logging
import threading

import pytest
import structlog

from barnet.kit.logging import current_request_id, logging_config, request_id_bound


@pytest.fixture
def lines():
    """What the log writes, in the format that a test asks for; afterwards as before."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level = list(root.handlers), root.level

    def configure(*, is_json: bool) -> io.StringIO:
        logging_config(json=is_json, level="INFO")
        for handler in root.handlers:
            if type(handler) is logging.StreamHandler:
                handler.setStream(written)
        return written

    yield configure
    root.handlers, root.level = before, level
    structlog.contextvars.clear_contextvars()


def test_json_line_holds_event_values_level_time_and_request(lines):
    written = lines(is_json=True)
    with request_id_bound("abc"):
        structlog.get_logger("portal").warning("case_closed", reference="BAR-7K3M-29QD")
        logging.getLogger("django.core").info("plain %s", "line")
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert first["event"] == "case_closed"
    assert first["reference"] == "BAR-7K3M-29QD"
    assert (first["level"], first["logger"], first["request_id"]) == ("warning", "portal", "abc")
    assert first["timestamp"].endswith("Z")
    assert (second["event"], second["request_id"]) == ("plain line", "abc")


def test_json_line_of_an_error_holds_its_traceback(lines):
    written = lines(is_json=True)
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("portal").exception("failed")
    line = json.loads(written.getvalue())
    assert "ValueError: broken" in line["exception"]


def test_console_line_reads_as_text(lines):
    written = lines(is_json=False)
    structlog.get_logger("portal").info("case_closed", reference="BAR-7K3M-29QD")
    assert "case_closed" in written.getvalue()
    assert "reference=BAR-7K3M-29QD" in written.getvalue()


def test_request_id_is_told_to_the_visitor_and_known_in_the_request_only(client):
    first, second = client.get("/health/live"), client.get("/health/live")
    assert len(first["X-Request-ID"]) == 36
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert current_request_id() == ""


def test_request_is_one_line_without_its_query(client, lines):
    written = lines(is_json=True)
    answer = client.get("/health/live?postcode=EN5+4AA", HTTP_X_REQUEST_ID="forged")
    [line] = [line for line in map(json.loads, written.getvalue().splitlines()) if "request_" in line["event"]]
    assert (line["event"], line["request"], line["code"]) == ("request_finished", "GET /health/live", 200)
    assert line["request_id"] == answer["X-Request-ID"] != "forged"
    assert "EN5" not in written.getvalue()


def test_request_id_is_carried_on_by_a_worker():
    seen = []

    def work() -> None:
        with request_id_bound("from-the-request"):
            seen.append(current_request_id())
        with request_id_bound(""):
            seen.append(current_request_id())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["from-the-request", ""]
