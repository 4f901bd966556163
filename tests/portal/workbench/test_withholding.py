"""People see who read their record, when and why; where the law forbids it, not until a day."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.keeping.withholding import withhold_reader
from barnet.customers.models import AccessRecord, WithheldReader
from barnet.customers.services import record_access
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def investigator():
    return factories.StaffFactory(email="investigator@example.com", roles=["adviser"])


def _sent(ahead: int, **answers: str) -> dict[str, str]:
    on = timezone.localdate() + dt.timedelta(days=ahead)
    day = {"until_on_day": str(on.day), "until_on_month": str(on.month), "until_on_year": str(on.year)}
    return {"reader": "Investigator@example.com", "ground": "Inquiry 12", **day, **answers}


def test_readings_of_an_investigator_are_left_out_until_the_day_is_over(client, asha, dev, investigator):
    record_access(actor=investigator, customer=asha, what="customer", purpose="an inquiry")
    record_access(actor=dev, customer=asha, what="customer", purpose="a call")
    today = timezone.localdate()
    withhold_reader(asha, reader=investigator, ground="Inquiry 12", until_on=today, by=dev)
    client.force_login(asha.user)
    for address in ("/account/what-we-hold/", "/account/what-we-hold/readings/"):
        page = client.get(address).text
        assert "a call" in page
        assert "an inquiry" not in page
        assert "Inquiry 12" not in page
    withhold_reader(asha, reader=investigator, ground="Over", until_on=today - dt.timedelta(days=1), by=dev)
    assert "an inquiry" in client.get("/account/what-we-hold/").text
    assert AccessRecord.objects.filter(customer=asha).count() == 2


def test_the_guardian_of_data_says_whose_why_and_until_when(signed_in, asha, investigator):
    guardian = signed_in("data_guardian")
    address = f"/staff/customers/{asha.pk}/withhold/"
    guardian.post(address, _sent(30))
    held_back = WithheldReader.objects.get()
    assert (held_back.reader, held_back.set_by) == (investigator, guardian.user)
    assert "Inquiry 12" in guardian.get(address).text


@pytest.mark.parametrize(("ahead", "wrong"), [(400, {}), (1, {"reader": "asha@example.com"}), (1, {"ground": ""})])
def test_wrong_answers_are_explained_and_change_nothing(signed_in, asha, investigator, ahead, wrong):
    guardian = signed_in("data_guardian")
    page = guardian.post(f"/staff/customers/{asha.pk}/withhold/", _sent(ahead, **wrong)).text
    assert "There is a problem" in page
    assert not WithheldReader.objects.exists()


def test_nobody_else_may(signed_in, asha, investigator):
    leader = signed_in("team_lead")
    assert leader.post(f"/staff/customers/{asha.pk}/withhold/", _sent(3)).status_code == 403
