"""What everybody sees of what others reported: what, where and how it stands; words and photos when staff let them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.models import Case
from portal.cases.services import recategorise_case, resolve_case
from portal.reports.models import About, PublicReport, PublicService, public_point
from portal.reports.pictures import pictures_of
from portal.reports.services import release
from tests.factories import AddressFactory, AreaFactory, ServiceFactory
from tests.portal.cases.conftest import photo_file
from tests.portal.reports.conftest import HERE

pytestmark = pytest.mark.django_db
SECRETS = ("Asha", "07700", "number 12")


def refs(response):
    return [row.case.reference for row in response.context["rows"]]


def test_the_list_tells_what_where_and_how_it_stands(client, pothole):
    report = pothole()
    page = client.get("/report/all/")
    assert refs(page) == [report.case.reference]
    assert "A pothole: High Street, Barnet" in page.text
    assert "<svg" in page.text
    own = client.get(report.get_absolute_url())
    for text in (page.text, own.text):
        assert not any(secret in text for secret in SECRETS)
    assert "Nobody is working on it yet" in own.text


def test_filters(client, pothole, ward):
    near_one, lamp, far = pothole("a"), pothole("b", service="report-street-light"), pothole("c", east=2000)
    other = AreaFactory(name="Edgware", code="E06")
    Case.objects.filter(pk=far.case_id).update(ward=other)

    def found(**query):
        return set(refs(client.get("/report/all/", query)))

    everything = {row.case.reference for row in (near_one, lamp, far)}
    assert found() == everything
    assert found(kind="report-street-light") == {lamp.case.reference}
    assert found(ward=other.pk) == {far.case.reference}
    assert found(postcode="en51aa") == everything - {far.case.reference}
    assert found(state="done") == set()
    wrong = client.get("/report/all/", {"postcode": "ZZ1 1ZZ", "ward": "x"})
    assert wrong.status_code == 400
    assert "Enter a postcode in the borough" in wrong.text
    assert 'value="ZZ1 1ZZ"' in wrong.text


def test_what_was_dealt_with_stays_for_four_weeks(client, pothole, dev):
    report = pothole()
    resolve_case(report.case, actor=Actor.staff(dev), outcome="done", public_reason="Asha is happy")
    assert refs(client.get("/report/all/")) == [report.case.reference]
    page = client.get(report.get_absolute_url())
    assert "We have dealt with it" in page.text
    assert "Asha is happy" not in page.text
    assert "Follow it" not in page.text
    Case.objects.update(resolved_at=timezone.now() - dt.timedelta(days=29))
    assert refs(client.get("/report/all/")) == []
    assert refs(client.get("/report/all/", {"state": "done"})) == [report.case.reference]


def test_withdrawn_private_and_unknown_ones_are_not_there(client, pothole, dev):
    withdrawn, moved = pothole("a"), pothole("b")
    Case.objects.filter(pk=withdrawn.case_id).update(state="withdrawn")
    private = ServiceFactory(slug="antisocial")
    recategorise_case(moved.case, actor=Actor.staff(dev), service=private, note="", version=None)
    for reference in (withdrawn.case.reference, moved.case.reference, "BAR-2222-2222", "x"):
        assert client.get(reverse("report", args=[reference])).status_code == 404
    assert refs(client.get("/report/all/")) == []


def test_a_service_that_is_closed_is_told_no_more(client, pothole):
    report = pothole()
    PublicService.objects.all().delete()
    assert client.get(report.get_absolute_url()).status_code == 404
    assert client.get("/report/all/").status_code == 200


def test_what_is_at_a_home_is_not_told_by_itself(kinds, pothole):
    PublicService.objects.update(about=About.HOME)
    with pytest.raises(PublicReport.DoesNotExist):
        pothole()
    square = public_point(HERE, About.HOME)
    assert (square.x, square.y) == (524750, 196750)


def test_words_and_photos_when_staff_let_them(client, pothole, dev):
    from barnet.kit.uploads import clean_photo
    from portal.cases.services import attach_photo

    report = pothole()
    attach_photo(report.case, actor=Actor.staff(dev), photo=clean_photo(photo_file()), is_public=False)
    [picture] = pictures_of(report.case)
    address = reverse("report_photo", args=[report.case.reference, picture.of.pk])
    assert client.get(address).status_code == 404
    release(report, actor=dev, words="A deep hole by the church", pictures=[picture])
    page = client.get(report.get_absolute_url())
    assert "A deep hole by the church" in page.text
    assert address in page.text
    assert client.get(address)["Content-Type"] == "image/jpeg"
    release(report, actor=dev, words="")
    assert client.get(address).status_code == 404
    assert "A deep hole" not in client.get(report.get_absolute_url()).text


def test_the_map_of_a_report_shows_what_stands_around_it_but_never_a_home(client, pothole):
    report = pothole()
    for number in (1, 2):
        AddressFactory(street="CHURCH PASSAGE", pao_start_number=number, location=report.point)
    page = client.get(report.get_absolute_url()).text
    assert "Church Passage" in page
    assert "portal-locator__pin" in page
    PublicReport.objects.update(about=About.HOME)
    page = client.get(report.get_absolute_url()).text
    assert "portal-locator__map" in page
    assert "Church Passage" not in page
    assert "portal-locator__pin" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_constant_queries(client, pothole, count, django_assert_num_queries):
    for number in range(count):
        pothole(str(number))
    client.get("/report/all/")
    with django_assert_num_queries(4):
        assert len(refs(client.get("/report/all/"))) == count
