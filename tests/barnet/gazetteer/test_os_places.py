"""OS Places behind the search: a real server on this machine that answers, fails, limits and is slow."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache

from barnet.gazetteer import os_places
from barnet.gazetteer.models import Address
from barnet.gazetteer.services import check_search, search_addresses
from tests.barnet.gazetteer.real_data import OS_PLACES, needs_real_data
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db


def told(uprn: int, source: str = "LPI", **values: object) -> dict[str, dict[str, object]]:
    known: dict[str, object] = {
        "UPRN": str(uprn),
        "PAO_START_NUMBER": "3",
        "BUILDING_NUMBER": "3",
        "STREET_DESCRIPTION": "NEW MEWS",
        "THOROUGHFARE_NAME": "NEW MEWS (ROYAL MAIL)",
        "TOWN_NAME": "BARNET",
        "POSTCODE_LOCATOR": "EN5 9ZZ",
        "X_COORDINATE": 524500.0,
        "Y_COORDINATE": 196500.0,
        "LOCAL_CUSTODIAN_CODE": 5090,
        "POSTAL_ADDRESS_CODE": "D",
        "LOGICAL_STATUS_CODE": "1",
        "LAST_UPDATE_DATE": "17/06/2017",
    }
    if source == "DPA":
        known = {name: value for name, value in known.items() if name not in {"PAO_START_NUMBER", "STREET_DESCRIPTION"}}
    return {source: known | values}


class Server:
    """Answers what the test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, list[str]], str]] = []
        self.status, self.body, self.headers = 200, b"{}", {}
        self.may_answer = threading.Event()
        self.may_answer.set()

    def tells(self, *results: dict[str, dict[str, object]], total: int | None = None) -> None:
        header = {"totalresults": len(results) if total is None else total, "maxresults": 100}
        self.body = json.dumps({"header": header, "results": results}).encode()


@pytest.fixture
def places(settings) -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            server.asked.append((url.path, parse_qs(url.query), self.headers.get("key", "")))
            server.may_answer.wait()
            self.send_response(server.status)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *_said: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    settings.OS_PLACES_KEY = "a-key"
    settings.OS_PLACES_URL = f"http://127.0.0.1:{http.server_port}/v1"
    cache.clear()
    yield server
    cache.clear()
    server.may_answer.set()
    http.shutdown()
    http.server_close()


def test_our_table_answers_first_and_nobody_else_is_asked(places):
    home = AddressFactory()
    assert search_addresses("EN5 4AA", limit=10) == [home]
    assert search_addresses(f"{home.pao_start_number} high street", limit=10) == [home]
    assert places.asked == []


def test_address_that_we_lack_is_found_added_and_can_be_chosen(places, client):
    places.tells(told(77, "DPA"), told(77), told(78, "DPA", BUILDING_NUMBER="5"))
    page = client.get("/addresses/", {"postcode": "en59zz"}).content.decode()
    assert "3 New Mews, Barnet, EN5 9ZZ" in page
    assert "5 New Mews (Royal Mail), Barnet, EN5 9ZZ" in page
    path, query, key = places.asked[0]
    assert (path, query["postcode"], key) == ("/v1/postcode", ["EN59ZZ"], "a-key")
    assert "key" not in query
    assert "3 New Mews" in client.get("/addresses/", {"uprn": "77"}).content.decode()
    assert search_addresses("EN5 9ZZ", limit=10)[0].pk == 77
    assert len(places.asked) == 1


def test_free_text_is_asked_of_our_custodian_and_keeps_its_order(places):
    places.tells(told(80), told(79))
    assert [address.pk for address in search_addresses("3 new mews", limit=10)] == [80, 79]
    path, query, _key = places.asked[0]
    assert (path, query["query"], query["fq"]) == ("/v1/find", ["3 new mews"], ["LOCAL_CUSTODIAN_CODE:5090"])


def test_what_is_not_ours_or_no_address_is_left_out(places):
    places.tells(
        told(1, LOCAL_CUSTODIAN_CODE=5900),
        told(2, POSTAL_ADDRESS_CODE="N"),
        told(3, LPI_LOGICAL_STATUS_CODE="8"),
        told(4, X_COORDINATE="east"),
        told(5, UPRN="<script>"),
        {"LPI": "nonsense"},
    )
    assert search_addresses("EN5 9ZZ", limit=10) == []
    assert not Address.objects.exists()


def test_what_we_know_is_not_changed_and_what_we_retired_not_offered(places):
    AddressFactory(uprn=77, postcode="EN5 4AB", one_line="Ours")
    AddressFactory(uprn=78, retired_on="2026-01-01")
    places.tells(told(77), told(78))
    assert [address.one_line for address in search_addresses("EN5 9ZZ", limit=10)] == ["Ours"]


def test_long_answer_is_read_page_by_page(places):
    places.tells(*(told(uprn) for uprn in range(1, 101)), total=250)
    assert len(os_places.at_postcode("EN5 9ZZ")) == 100
    assert [query["offset"] for _path, query, _key in places.asked] == [["0"], ["100"], ["200"]]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, b"{}", "status 500"),
        (401, b"{}", "status 401"),
        (302, b"{}", "status 302"),
        (200, b"<html>", "the answer is no JSON"),
        (200, b"[1]", "the answer has another shape"),
        (200, b'{"results": {"LPI": 1}}', "the answer has another shape"),
    ],
)
def test_failure_is_told_and_our_table_answers_alone_for_a_while(places, settings, status, body, reason, caplog):
    settings.OS_PLACES_FIRST = True
    home = AddressFactory()
    places.status, places.body = status, body
    for _time in range(3):
        assert search_addresses("EN5 4AA", limit=10) == [home]
    assert len(places.asked) == 1
    assert "os_places_failed" in caplog.text
    assert check_search() == f"our own table: OS Places does not answer ({reason})"


def test_limit_is_kept_as_long_as_it_says(places, monkeypatch):
    waits = []
    forgetful = SimpleNamespace(get=lambda _key: None, set=lambda _key, _reason, wait: waits.append(wait))
    monkeypatch.setattr("barnet.gazetteer.services.search.cache", forgetful)
    places.status = 429
    for places.headers in ({"Retry-After": "120"}, {"Retry-After": "999999"}, {"Retry-After": "soon"}, {}):
        assert search_addresses("EN5 9ZZ", limit=10) == []
    assert waits == [120, 3_600, 60, 60]


def test_slow_or_dead_server_does_not_hold_the_page(places, settings, monkeypatch):
    monkeypatch.setattr(os_places, "TIMEOUT", (0.2, 0.2))
    places.may_answer.clear()  # it holds its answer for as long as we ask
    assert search_addresses("EN5 9ZZ", limit=10) == []
    assert "ReadTimeout" in check_search()
    cache.clear()
    settings.OS_PLACES_URL = "http://127.0.0.1:9"
    assert search_addresses("EN5 9ZZ", limit=10) == []
    assert "ConnectionError" in check_search()


def test_text_that_it_does_not_understand_is_no_failure(places):
    places.status = 400
    assert search_addresses("3 nowhere at all", limit=10) == []
    assert check_search() == "our own table and OS Places"


def test_first_source_answers_when_it_is_set_so(places, settings):
    settings.OS_PLACES_FIRST = True
    AddressFactory(postcode="EN5 9ZZ")
    places.tells(told(77))
    assert [address.pk for address in search_addresses("EN5 9ZZ", limit=10)] == [77]


def test_without_a_key_nobody_is_asked(places, settings):
    settings.OS_PLACES_KEY = ""
    assert search_addresses("EN5 9ZZ", limit=10) == []
    assert places.asked == []
    assert check_search() == "our own table"


@needs_real_data
def test_real_answer_is_read(places, settings):
    settings.OS_PLACES_CUSTODIANS = ["5900"]
    places.body = next(OS_PLACES.glob("*.json")).read_bytes()
    found = search_addresses("E1 8QS", limit=10)
    assert [(address.pk, address.one_line) for address in found] == [
        (6714278, "1 Whitechapel High Street, London, E1 8QS"),
        (6714279, "2 Whitechapel High Street, London, E1 8QS"),
    ]
    assert found[0].changed_on.isoformat() == "2017-06-17"
