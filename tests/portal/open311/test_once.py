"""The same report sent twenty times at once is one case. The control: with different keys it is twenty."""

import pytest
import requests
from django.test import Client

from portal.cases.models import Case
from portal.reports.models import PublicReport
from tests.portal.cases.test_races import at_once
from tests.portal.open311.conftest import LAT, LONG

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20


def send(system, number, key, **more):
    fields = {"api_key": system.secret, "service_code": "street-light", "lat": LAT, "long": LONG}
    response = Client(REMOTE_ADDR=f"192.0.2.{number + 1}").post(  # each its own share of the calls
        "/api/open311/v2/requests.json",
        {**fields, "attribute[problem]": "out", **more},
        headers={"Idempotency-Key": key} if key else {},
    )
    assert response.status_code == 200, response.content
    return response.json()[0]["service_request_id"]


def test_twenty_with_one_key_are_one_case(system):
    found = at_once(TIMES, lambda number: send(system, number, "same"))
    assert found == [Case.objects.get().reference] * TIMES
    assert PublicReport.objects.count() == 1


def test_twenty_with_one_fixmystreet_number_are_one_case(system):
    found = at_once(TIMES, lambda number: send(system, number, "", **{"attribute[fixmystreet_id]": "77"}))
    assert found == [Case.objects.get().reference] * TIMES


@pytest.mark.parametrize(("keys", "made"), [(1, 1), (TIMES, TIMES)])
def test_twenty_over_http(live_server, system, keys, made):
    """The same call from outside, in twenty connections; with a key each it is twenty."""

    def post(number):
        fields = {"api_key": system.secret, "service_code": "street-light", "lat": LAT, "long": LONG}
        answer = requests.post(
            f"{live_server.url}/api/open311/v2/requests.json",
            data={**fields, "attribute[problem]": "out"},
            headers={"Idempotency-Key": f"key {number % keys}"},
            timeout=60,
        )
        return answer.status_code, answer.json()[0]["service_request_id"]

    found = at_once(TIMES, post)
    assert {status for status, _number in found} == {200}
    assert {number for _status, number in found} == set(Case.objects.values_list("reference", flat=True))
    assert Case.objects.count() == made


def test_twenty_with_different_keys_are_twenty(system):
    assert len(set(at_once(TIMES, lambda number: send(system, number, f"key {number}")))) == TIMES
    assert Case.objects.count() == TIMES
