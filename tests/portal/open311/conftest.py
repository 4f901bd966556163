"""A street service that is open, with a published form, and a key."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from barnet.customers.api.api_keys import make_api_key
from portal.reports.models import About, PublicService
from portal.smartforms.publishing import import_form
from tests.factories import AreaFactory, ServiceFactory

FORM = {
    "slug": "broken-lamp",
    "title": "Report a lamp",
    "summary": "A lamp that is out.",
    "service": "street-light",
    "outcomes": [{"key": "sent", "title": "Sent", "body": "We have it."}],
    "destinations": [{"service": "street-light", "case_title": "Lamp"}],
    "steps": [
        {
            "key": "lamp",
            "title": "The lamp",
            "questions": [
                {
                    "key": "problem",
                    "kind": "radios",
                    "label": "What is wrong?",
                    "options": [{"value": "out", "label": "It is out"}, {"value": "day", "label": "On all day"}],
                },
                {
                    "key": "near",
                    "kind": "checkboxes",
                    "label": "What is near?",
                    "required": False,
                    "options": [{"value": "school", "label": "A school"}, {"value": "stop", "label": "A bus stop"}],
                },
                {"key": "number", "kind": "number", "label": "Lamps that are out", "required": False},
                {"key": "seen", "kind": "date", "label": "Seen on", "required": False},
                {"key": "more", "kind": "long_text", "label": "More", "required": False},
                {"key": "who", "kind": "name", "label": "Your name", "required": False},
            ],
        }
    ],
}
LAT, LONG = "51.6530", "-0.2000"  # High Barnet


class System:
    """Another system with its key."""

    def __init__(self, name="FixMyStreet", scopes=("open311:report",)):
        self.key, self.secret = make_api_key(name, list(scopes))
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path, **query):
        return self.client.get(f"/api/open311/v2/{path}", query)

    def report(self, *, headers=None, **fields):
        sent = {
            "api_key": self.secret,
            "service_code": "street-light",
            "lat": LAT,
            "long": LONG,
            "description": "The lamp by Asha's door is out",
            "attribute[problem]": "out",
        }
        sent.update(fields)
        return self.client.post("/api/open311/v2/requests.json", sent, headers=headers)


@pytest.fixture
def lamps(db):
    service = ServiceFactory(slug="street-light", name="Street light")
    AreaFactory(
        name="High Barnet",
        code="E05",
        geometry=MultiPolygon(Polygon.from_bbox((520000, 190000, 530000, 200000)), srid=27700),
    )
    import_form(FORM, by=None)
    return PublicService.objects.create(
        service=service, about=About.STREET, keywords=["light", "lamp"], group="Streets"
    )


@pytest.fixture
def system(lamps):
    return System()
