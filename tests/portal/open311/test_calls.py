"""What another system reads and sends, in both formats."""

import datetime as dt
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.cases.models import Case
from portal.open311.writing import answer
from portal.reports.models import About, PublicReport
from portal.reports.pictures import pictures_of
from portal.reports.services import release
from tests.factories import AddressFactory, CaseFactory, ServiceFactory
from tests.portal.open311.conftest import System

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_calls_before():
    cache.clear()


def made(system, **fields):
    response = system.report(**fields)
    assert response.status_code == 200, response.content
    return Case.objects.get(reference=response.json()[0]["service_request_id"])


def refused(response, status=400):
    assert response.status_code == status, response.content
    [error] = response.json()
    assert error["code"] == status
    assert not Case.objects.exists()
    return error["description"]


def test_xml_without_a_suffix_and_json_by_its_suffix(system):
    plain = system.get("services")
    assert plain["Content-Type"] == "text/xml; charset=utf-8"
    [service] = ElementTree.fromstring(plain.content).findall("service")
    [row] = system.get("services.json").json()
    assert service.findtext("service_code") == row["service_code"] == "street-light"
    assert row["keywords"] == "light,lamp"
    assert row["group"] == "Streets"
    assert row["metadata"] is True
    assert service.findtext("metadata") == "true"
    assert system.get("services.xml").content == plain.content


def test_only_services_that_are_open_are_there(system):
    ServiceFactory(slug="council-tax")
    assert [row["service_code"] for row in system.get("services.json").json()] == ["street-light"]
    assert system.get("services/council-tax.json").status_code == 404
    refused(system.report(service_code="council-tax"), 404)
    refused(system.report(service_code=" "), 400)


def test_discovery_names_this_api(system):
    [endpoint] = system.get("discovery.json").json()["endpoints"]
    assert endpoint["url"] == "http://testserver/api/open311/v2"
    formats = ElementTree.fromstring(system.get("discovery.xml").content).findall("endpoints/endpoint/formats/format")
    assert [one.text for one in formats] == ["text/xml", "application/json"]


def test_questions_of_the_form_are_attributes(system):
    told = system.get("services/street-light.json").json()["attributes"]
    assert [(one["code"], one["datatype"], one["required"]) for one in told] == [
        ("problem", "singlevaluelist", True),
        ("near", "multivaluelist", False),
        ("number", "number", False),
        ("seen", "datetime", False),
        ("more", "text", False),
    ]
    assert told[0]["values"] == [{"key": "out", "name": "It is out"}, {"key": "day", "name": "On all day"}]
    xml = ElementTree.fromstring(system.get("services/street-light.xml").content)
    assert [value.findtext("key") for value in xml.findall("attributes/attribute/values/value")][:2] == ["out", "day"]


def test_a_report_becomes_a_case(system):
    case = made(
        system,
        **{"attribute[near][]": ["school", "stop"], "email": "asha@example.com", "first_name": "Asha", "phone": " "},
    )
    assert case.service.slug == "street-light"
    assert case.ward.name == "High Barnet"
    assert (case.contact_name, case.contact_email, case.contact_phone) == ("Asha", "asha@example.com", "")
    assert ["What is wrong?", "It is out"] in case.details
    assert ["What is near?", "A school, A bus stop"] in case.details


def test_a_report_may_be_url_encoded_and_answered_in_xml(system):
    body = f"api_key={system.secret}&service_code=street-light&address_string=High+Street&attribute[problem]=day"
    response = system.client.post("/api/open311/v2/requests", body, content_type="application/x-www-form-urlencoded")
    reference = ElementTree.fromstring(response.content).findtext("request/service_request_id")
    assert Case.objects.get(reference=reference).address_text == "High Street"
    token = system.get(f"tokens/{reference}.json").json()
    assert token == [{"service_request_id": reference, "token": reference}]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lat": "", "long": ""}, "Say where"),
        ({"lat": "nan"}, "outside"),
        ({"lat": "x"}, "two numbers"),
        ({"lat": "50.1"}, "outside"),
        ({"address_id": "99"}, "UPRN"),
        ({"attribute[problem]": ""}, "attribute[problem]"),
        ({"attribute[problem]": "loud"}, "no value"),
        ({"attribute[problem]": ["out", "day"]}, "one value"),
        ({"attribute[number]": "many"}, "number"),
        ({"attribute[seen]": "soon"}, "date"),
        ({"attribute[colour]": "red"}, "no attribute"),
        ({"description": "x" * 4001}, "4000"),
        ({"email": "asha"}, "e-mail"),
        ({"media_url": "file:///etc/passwd"}, "web address"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(system, fields, words):
    assert words in refused(system.report(**fields))


def test_a_key_with_the_right_is_needed(system):
    other = System("Reader", scopes=["forms:fill"])
    for secret in ("", "bar.x.y", other.secret):
        refused(system.report(api_key=secret), 403)


def released(case, by, **more):
    report = PublicReport.objects.get(case=case)
    return release(report, actor=by, words=report.description, **more)


def test_words_and_pictures_are_told_when_they_were_released(system, dev):
    case = made(system, media_url="http://10.0.0.1/lamp.jpg", email="asha@example.com")
    url = f"requests/{case.reference}"
    before = system.get(f"{url}.json")
    assert b"Asha" not in before.content + system.get(url).content
    assert b"10.0.0.1" not in before.content
    assert b"asha@" not in before.content
    released(case, dev, shows_media=True)
    [row] = system.get(f"{url}.json").json()
    assert row["description"].startswith("The lamp by Asha")
    assert row["media_url"] == "http://10.0.0.1/lamp.jpg"
    assert (row["lat"], row["long"]) == pytest.approx((51.653, -0.2), abs=1e-5)
    assert dt.datetime.fromisoformat(row["requested_datetime"]).tzinfo


def test_a_home_is_told_by_its_street_alone(system, lamps, dev):
    lamps.about = About.HOME
    lamps.save()
    home = AddressFactory(street="Wood Street", town="Barnet")
    case = made(system, lat="", long="", address_id=str(home.pk), address_string="12 Wood Street, Asha")
    released(case, dev)
    [row] = system.get(f"requests/{case.reference}.json").json()
    assert row["address"] == "Wood Street, Barnet"
    assert (row["zipcode"], row["address_id"]) == ("", "")
    exact = case.location.transform(4326, clone=True)
    assert (row["lat"], row["long"]) != (round(exact.y, 6), round(exact.x, 6))


def test_requests_that_came_otherwise_are_not_told(system, lamps):
    visitors_case = CaseFactory(service=lamps.service)
    assert system.get("requests.json").json() == []
    assert system.get(f"requests/{visitors_case.reference}.json").status_code == 404
    assert system.get(f"requests.json?service_request_id={visitors_case.reference}").json() == []


def test_filters(system):
    first, second, third = (made(system) for _ in range(3))
    now = timezone.now()
    PublicReport.objects.filter(case=first).update(received_at=now - dt.timedelta(days=20))
    Case.objects.filter(pk=second.pk).update(state="withdrawn")

    def found(**query):
        response = system.get("requests.json", **query)
        assert response.status_code == 200, response.content
        return [row["service_request_id"] for row in response.json()]

    newest = [third.reference, second.reference, first.reference]
    assert found() == found(status="", service_code=" ", page="") == newest
    assert found(status="closed") == [second.reference]
    assert found(status="CLOSED,open") == found(status=["open", "closed"]) == newest
    assert found(status="open") == [third.reference, first.reference]
    assert found(service_code="other") == []
    assert found(start_date=(now - dt.timedelta(days=1)).isoformat()) == newest[:2]
    assert found(end_date=(now - dt.timedelta(days=1)).isoformat()) == [first.reference]
    assert found(page_size="2", page="2") == [first.reference]
    ids = f"{first.reference},{second.reference}"
    assert found(service_request_id=ids, status="open", service_code="other") == newest[1:]


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "9999-12-31T23:59:59Z"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"status": "lost"},
        {"page": "0"},
        {"page_size": "1001"},
    ],
)
def test_a_filter_that_means_nothing_is_refused(system, query):
    for suffix in ("json", "xml"):
        response = system.get(f"requests.{suffix}", **query)
        assert response.status_code == 400
        assert b"400" in response.content


def test_what_is_no_text_is_refused_by_the_house(system):
    assert system.get("requests.json", service_request_id="a\x00").status_code == 400
    assert system.report(description="a\x00b").status_code == 400
    assert not Case.objects.exists()


def test_constant_queries(system, django_assert_num_queries):
    made(system)
    with django_assert_num_queries(2):
        system.get("requests.json")
    made(system), made(system)
    with django_assert_num_queries(2):
        assert len(system.get("requests.json").json()) == 3


def test_updates_are_told_in_order_without_words_of_staff(system, dev):
    from barnet.customers.actors import Actor
    from portal.cases.services import resolve_case

    case = made(system)
    resolve_case(case, actor=Actor.staff(dev), version=case.version, outcome="done", public_reason="Asha is happy")
    response = system.get("servicerequestupdates.json")
    assert [row["status"] for row in response.json()] == ["open", "closed"]
    assert {row["service_request_id"] for row in response.json()} == {case.reference}
    assert b"Asha" not in response.content
    later = (timezone.now() + dt.timedelta(days=1)).isoformat()
    assert system.get("servicerequestupdates.json", start_date=later, end_date=later).json() == []


def test_xml_never_holds_what_xml_cannot():
    root = ElementTree.fromstring(answer("services", [{"description": "a\x0b\ufffe<b>\n"}], "xml").content)
    assert root.findtext("service/description") == "a<b>\n"


def test_the_head_alone_and_what_is_allowed(system):
    head = system.client.head("/api/open311/v2/requests.json")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == "application/json; charset=utf-8"
    asked = system.client.options("/api/open311/v2/requests.json")
    assert (asked.status_code, asked["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["nothing", "services/a%20lamp", "requests/1/2", "tokens/a.b"])
def test_what_is_no_call_is_refused_in_the_format(system, path):
    refused(system.get(f"{path}.json"), 404)
    refused(system.client.post(f"/api/open311/v2/{path}.json"), 404)
    assert ElementTree.fromstring(system.get(f"{path}.xml").content).findtext("error/code") == "404"


def test_another_jurisdiction_is_refused(system, settings):
    assert system.get("services.json", jurisdiction_id="Barnet.gov.uk").status_code == 200
    refused(system.get("services.json", jurisdiction_id="sfgov.org"), 404)
    refused(system.report(jurisdiction_id="sfgov.org"), 404)
    settings.OPEN311_JURISDICTION = ""
    assert system.report(jurisdiction_id="sfgov.org").status_code == 200


def test_a_client_that_knows_no_pages_is_told_all(system):
    for case in CaseFactory.create_batch(51, service=made(system).service):
        PublicReport.objects.create(case=case, about=About.STREET)
    assert len(system.get("requests.json").json()) == 52
    assert len(system.get("requests.json", page="2", page_size="50").json()) == 2


def test_other_methods_are_refused_in_the_format(system):
    response = system.client.delete("/api/open311/v2/requests.json")
    assert response.status_code == 405
    assert response.json()[0]["code"] == 405


def test_photos_are_taken_and_what_is_none_is_refused(system, dev):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.portal.cases.conftest import photo_file

    assert "photo" in refused(system.report(media=SimpleUploadedFile("a.jpg", b"no photo")))
    case = made(system, media=photo_file())
    assert case.attachments.count() == 1
    url = f"requests/{case.reference}.json"
    assert system.get(url).json()[0]["media_url"] == ""
    released(case, dev, pictures=pictures_of(case))
    address = system.get(url).json()[0]["media_url"]
    assert system.client.get(address.removeprefix("http://testserver")).status_code == 200


def test_a_service_is_opened_and_closed_by_command(system):
    ServiceFactory(slug="pothole", name="Pothole")
    for _again in range(2):
        call_command(
            "open_service", "pothole", about="street", group="Streets", keywords="hole, road", stdout=StringIO()
        )
    told = {row["service_code"]: row["keywords"] for row in system.get("services.json").json()}
    assert told == {"pothole": "hole,road", "street-light": "light,lamp"}
    with pytest.raises(CommandError, match="no service nowhere"):
        call_command("open_service", "pothole", "nowhere", close=True)
    call_command("open_service", "pothole", close=True, stdout=StringIO())
    assert [row["service_code"] for row in system.get("services.json").json()] == ["street-light"]


def test_too_many_calls(system, monkeypatch):
    monkeypatch.setattr("portal.open311.views._LIMITS", "2/m/ip")
    assert [system.get("services.json").status_code for _ in range(3)] == [200, 200, 429]
