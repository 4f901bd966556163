"""A visitor tells of an address that the list lacks: once, without a name, and only as often as a person does."""

import pytest

from barnet.gazetteer import views
from barnet.gazetteer.enums import ReportState
from barnet.gazetteer.models import ReportedAddress
from barnet.gazetteer.services import settle_report
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db
PAGE = "/addresses/missing/"


def answers(client, typed: str = "3 New Mews\r\nBarnet, EN5 9ZZ") -> dict[str, str]:
    return form_of(client, PAGE) | {"typed": typed}


def test_what_was_typed_elsewhere_is_in_the_form_and_reading_it_tells_nobody(client):
    page = client.get(PAGE, {"typed": "3 New <Mews>"}).content.decode()
    assert "3 New &lt;Mews&gt;" in page
    for journey in ("/addresses/", "/bins/"):
        page = client.get(journey, {"uprn": "none", "address_text": "3 New Mews & Co"}).content.decode()
        assert f"{PAGE}?typed=3%20New%20Mews%20%26%20Co" in page
    assert not ReportedAddress.objects.exists()


def test_the_same_form_counts_once_however_often_it_is_sent(client):
    sent = answers(client)
    for _click in range(2):
        assert client.post(PAGE, sent)["Location"] == f"{PAGE}sent/"
    report = ReportedAddress.objects.get()
    assert (report.typed, report.postcode) == ("3 New Mews, Barnet, EN5 9ZZ", "EN5 9ZZ")
    assert report.about.startswith("visitor:")
    settle_report(report.pk, state=ReportState.REFUSED, reason="A shed", by="x")
    client.post(PAGE, sent)
    assert ReportedAddress.objects.count() == 1, "nor after it was decided"
    assert client.get(f"{PAGE}sent/").status_code == 200


def test_an_address_that_another_visitor_told_of_waits_once(client):
    for _visitor in range(2):
        client.post(PAGE, answers(client))
    assert ReportedAddress.objects.count() == 1


@pytest.mark.parametrize("typed", ["", " , ", "x" * 301])
def test_bad_input_is_explained_and_kept(client, typed):
    response = client.post(PAGE, answers(client, typed))
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not ReportedAddress.objects.exists()


def test_nobody_floods_the_team(client, monkeypatch):
    monkeypatch.setattr(views, "TOLD_A_MINUTE", 2)
    for number in range(3):
        page = client.post(PAGE, answers(client, f"{number} New Mews"))
    assert "Wait a minute" in page.content.decode()
    assert "2 New Mews" in page.content.decode()
    assert ReportedAddress.objects.count() == 2
