"""How back offices stand, at /metrics."""

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from barnet.operations import measures
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.pausing import hold_office
from portal.cases.models import Delivery, OfficePause
from tests import factories
from tests.portal.cases.delivery.conftest import make_office, receive  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-thirty-characters-x"


@pytest.fixture
def read(client, settings):
    settings.METRICS_TOKEN = TOKEN

    def read():
        text = client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}").content.decode()
        families = text_string_to_metric_families(text)
        return {
            (sample.name.removeprefix("portal_back_office_"), sample.labels["office"]): sample.value
            for family in families
            for sample in family.samples
            if sample.name.startswith("portal_back_office_")
        }

    return read


def test_each_office_says_how_it_stands(read, dev, make_office, receive):  # noqa: F811
    ago = lambda seconds: timezone.now() - dt.timedelta(seconds=seconds)  # noqa: E731
    lamps = make_office(url="https://lamps.example/")
    make_office("idle", service=factories.ServiceFactory(), is_active=False)
    for number in range(4):
        receive(number)
    waiting, failing, sent, given_up = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=waiting.pk).update(made_at=ago(600))
    Delivery.objects.filter(pk=failing.pk).update(made_at=ago(300), last_error="503")
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.SENT, sent_at=ago(60))
    Delivery.objects.filter(pk=given_up.pk).update(state=DeliveryState.GIVEN_UP)
    hold_office(lamps, by=dev, reason="Asha asked for it")
    OfficePause.objects.update(began_at=ago(30))
    found = read()
    expected = {
        "waiting": 2, "oldest_seconds": 600, "failing_seconds": 300, "given_up": 1, "success_age_seconds": 60,
        "held": 1, "held_seconds": 30, "in_use": 1,
    }  # fmt: skip
    assert {name: value for (name, office), value in found.items() if office == "lamps"} == {
        name: pytest.approx(value, abs=20) for name, value in expected.items()
    }
    assert {name: value for (name, office), value in found.items() if office == "idle"} == {
        "waiting": 0, "oldest_seconds": 0, "failing_seconds": 0, "given_up": 0, "held": 0, "held_seconds": 0,
        "in_use": 0,
    }  # fmt: skip


def test_no_label_says_who_somebody_is_or_how_a_call_is_signed(client, settings, dev, make_office, receive):  # noqa: F811
    settings.METRICS_TOKEN = TOKEN
    office = make_office(url="https://lamps.example/secret-path")
    case = receive()
    hold_office(office, by=dev, reason="Asha asked for it")
    text = client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}").content.decode()
    assert 'office="lamps"' in text
    for word in ("secret-path", office.secret, "Asha", dev.email, case.reference):
        assert word not in text


def test_more_offices_cost_no_more_statements(read, make_office):  # noqa: F811
    counts = []
    for slug in ("lamps", "trees", "roads"):
        make_office(slug, service=factories.ServiceFactory())
        read()
        with CaptureQueriesContext(connection) as queries:
            found = read()
        counts.append(len(queries))
        assert ("waiting", slug) in found
    assert counts[0] == counts[1] == counts[2]


def test_a_second_measure_of_a_name_is_refused():
    with pytest.raises(ImproperlyConfigured, match="cases: back offices"):
        measures.register("cases: back offices", lambda now: [])
