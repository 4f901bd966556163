import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from barnet.catalogue.models import Service
from barnet.catalogue.selectors import search_services
from barnet.catalogue.services import ensure_services, first_catalogue
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db


def test_ensure_services_makes_what_is_missing_and_keeps_what_staff_changed():
    ensure_services()
    Service.objects.filter(slug="missed-bin").update(name="Bin missed?", standard_working_days=3)
    assert ensure_services() == f"{len(first_catalogue()['service'])} services, 0 new"
    changed = Service.objects.get(slug="missed-bin")
    assert (changed.name, changed.standard_working_days) == ("Bin missed?", 3)


@pytest.mark.parametrize(
    "text", ["missed bin", "mised bin", "my dustbin was not collected", "RECYCLING", " missed  bin "]
)
def test_search_services_finds_what_people_type(text):
    ensure_services()
    assert "missed-bin" in [service.slug for service in search_services(text)]


@pytest.mark.parametrize("text", ["", "   ", "%%%", "'; drop table", "x" * 10_000, "\x00", "&|!()"])
def test_search_services_survives_anything(text):
    ensure_services()
    assert len(search_services(text)) >= 0


def test_search_services_leaves_out_what_is_not_live():
    ServiceFactory(slug="old-thing", name="Old thing", live=False)
    assert not search_services("old thing")


def test_services_page_lists_live_services_by_category(client):
    ensure_services()
    ServiceFactory(slug="old-thing", name="Old thing", live=False)
    page = client.get(reverse("services")).content.decode()
    assert "Report a missed bin" in page
    assert "Bins and recycling" in page
    assert "Old thing" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_services_page_costs_the_same_for_one_and_three(client, count, django_assert_max_num_queries):
    for n in range(count):
        ServiceFactory(slug=f"service-{n}", name=f"Service {n}")
    with django_assert_max_num_queries(4):
        client.get(reverse("services"))


def test_service_page_has_the_promise_and_a_start(client):
    ensure_services()
    page = client.get("/services/missed-bin/").content.decode()
    assert "within 2 working days" in page
    assert 'href="/bins/"' in page


def test_service_page_of_a_service_that_is_not_live_is_not_found(client):
    ServiceFactory(slug="old-thing", live=False)
    assert client.get("/services/old-thing/").status_code == 404
    assert client.post("/services/old-thing/").status_code == 405


def test_services_page_goes_from_a_to_z(client):
    ensure_services()
    assert client.get(reverse("services"), {"order": "a-z"}).url == "/services/a-to-z/"
    page = client.get(reverse("services_a_to_z")).content.decode()
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page.split("<footer")[0])
    assert headings[:4] == sorted(headings[:4])
    assert "Bins and recycling" not in headings


def test_service_without_a_start_leads_to_people(client):
    ensure_services()
    page = client.get("/services/clinical-waste/").content.decode()
    assert "Contact us to ask for this" in page
    assert "within 5 working days" in page


def test_service_that_answers_at_once_promises_nothing(client):
    ensure_services()
    assert "We aim to do this" not in client.get("/services/bin-collection-days/").content.decode()


@pytest.mark.parametrize("path", ["/bins/", "/bins/?postcode=EN5+4AA", "/", "/a/b-c/"])
def test_start_path_is_an_address_of_ours(path):
    ServiceFactory.build(start_path=path).full_clean(exclude=["category"])


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil", "bins", "/a b"]
)
def test_start_path_elsewhere_is_refused(path):
    with pytest.raises(ValidationError, match="an address of this website"):
        ServiceFactory.build(start_path=path).full_clean(exclude=["category"])
