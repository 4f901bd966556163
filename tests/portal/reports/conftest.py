"""Potholes and lamps are public, with the form of the library; the hand of somebody who reports one."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.gazetteer.models import BNG
from portal.cases.services import ContactDetails, receive_case
from portal.reports.models import About, PublicReport
from portal.reports.services import open_service
from portal.smartforms import library
from portal.smartforms.publishing import import_form
from tests.factories import AddressFactory, AreaFactory, ServiceFactory

HERE = Point(524500, 196500, srid=BNG)


@pytest.fixture
def ward(db):
    square = MultiPolygon(Polygon.from_bbox((520000, 190000, 530000, 200000)), srid=BNG)
    return AreaFactory(name="High Barnet", code="E05", geometry=square)


@pytest.fixture
def kinds(ward):
    names = ["report-pothole", "report-pavement", "report-street-light", "report-fly-tipping", "report-graffiti"]
    services = {name: ServiceFactory(slug=name, name=name.replace("report-", "A ")) for name in names}
    form = import_form((library.FOLDER / "report-a-street-problem.json").read_text(), by=None).form
    for slug, problem in (("report-pothole", "pothole"), ("report-street-light", "light")):
        open_service(services[slug], about=About.STREET, group="Streets", form=form, answers={"problem": problem})
    AddressFactory(street="HIGH STREET", town="BARNET", postcode="EN5 1AA", location=HERE)
    return services


@pytest.fixture
def pothole(kinds):
    """Reported by Asha, twenty metres from HERE."""

    def make(key="asha", *, east=20, email="asha@example.com", service="report-pothole"):
        case = receive_case(
            kinds[service],
            actor=Actor.visitor(),
            submission_key=key,
            title="Pothole of Asha’s",
            details=[("What is wrong", "Asha fell into it, ring 07700 900123")],
            contact=ContactDetails(name="Asha Owner", email=email, phone="07700 900123"),
            address_text="In front of Asha’s at number 12",
            location=Point(HERE.x + east, HERE.y, srid=BNG),
        ).case
        return PublicReport.objects.get(case=case)

    return make


@pytest.fixture
def nearby_page(client, kinds):
    """Where somebody stands who said what and where."""

    def get(kind="report-pothole", **more):
        said = {"kind": kind, "easting": "524500", "northing": "196500", "text": "By the church", **more}
        return client.get(reverse("report_nearby"), said)

    return get


def key_in(response):
    return response.context["form"]["submission_key"].value()
