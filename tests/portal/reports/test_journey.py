"""Kind, place, nearby, details: without JavaScript, to one case on the map."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.cases.models import Case
from portal.reports.models import PublicReport
from portal.smartforms.models import Draft
from tests.portal.reports.conftest import key_in

pytestmark = pytest.mark.django_db
PLACE = "/report/place/?kind=report-pothole"


def photo(latitude=None, longitude=None):
    picture, written = Image.new("RGB", (40, 30), "grey"), io.BytesIO()
    exif = Image.Exif()
    if latitude:
        exif.get_ifd(0x8825).update({1: "N", 2: latitude, 3: "W", 4: longitude})
    picture.save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("lamp.jpg", written.getvalue(), "image/jpeg")


def test_the_kinds_lead_to_the_place(client, kinds):
    assert b"A pothole" in client.get("/report/").content
    assert client.get("/report/", {"go": "1", "kind": "report-pothole"}).url == PLACE
    for kind in ("", "report-graffiti", "council-tax"):
        refused = client.get("/report/", {"go": "1", "kind": kind})
        assert refused.status_code == 400
        assert "Choose" in refused.text


def test_what_is_not_on_the_map_has_no_place(client, kinds):
    for name in ("report_place", "report_nearby"):
        for kind in ("", "report-graffiti", "nothing"):
            assert client.get(reverse(name), {"kind": kind}).status_code == 404


def test_without_kinds_the_page_leads_on(client, db):
    assert "Nothing can be reported on the map" in client.get("/report/").text


def test_a_place_by_its_address_then_the_pin(client, kinds):
    found = client.post(PLACE, {"place-postcode": "EN5 1AA", "place-address_step": "search"})
    assert "Choose the nearest address" in found.text
    uprn = str(found.context["form"]["place"].field.stands.found[0].pk)
    pin = client.post(PLACE, {"place-postcode": "EN5 1AA", "place-choosing": "1", "place-uprn": uprn})
    assert "Move the pin" in pin.text
    sent = {"place-easting": "524500", "place-northing": "196500", "place-text": "By the church"}
    moved = client.post(PLACE, {**sent, "place-move": "north"})
    assert 'value="196510"' in moved.text
    assert client.post(PLACE, sent).url.startswith("/report/nearby/?kind=report-pothole&easting=524500")


def test_a_place_in_words_is_as_good(client, kinds):
    asked = client.post(PLACE, {"place-text": " "})
    assert "Describe the place" in asked.text
    on = client.post(PLACE, {"place-text": "Under the bridge"}).url
    assert on == "/report/nearby/?kind=report-pothole&text=Under+the+bridge"
    assert "Nobody has told us yet" in client.get(on).text


def test_where_i_am_and_where_the_photo_was_taken(client, kinds):
    here = client.post(PLACE, {"here": "1", "latitude": "51.6544", "longitude": "-0.2016"})
    assert here.url.startswith("/report/place/?kind=report-pothole&easting=52450")
    assert "High+Street" in here.url
    taken = client.post(PLACE, {"from_photo": "1", "photo": photo((51, 39, 15.84), (0, 12, 5.76))})
    assert taken.url == here.url
    looking = client.get(PLACE).text
    assert looking.index("Use where I am now") < looking.index("Find the place")
    pin = client.get(taken.url)
    assert "Move the pin" in pin.text
    assert "Use where I am now" not in pin.text
    assert "High Street" in pin.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"here": "1"}, "did not say where you are"),
        ({"here": "1", "latitude": "nan", "longitude": "x"}, "did not say where you are"),
        ({"here": "1", "latitude": "52.2", "longitude": "0.1"}, "outside our borough"),
        ({"here": "1", "latitude": "40.7", "longitude": "-74"}, "outside our borough"),
        ({"here": "1", "latitude": "inf", "longitude": "0"}, "did not say where you are"),
        ({"from_photo": "1", "photo": photo((1, 0, 0), (100, 0, 0))}, "outside our borough"),
        ({"from_photo": "1"}, "Choose a photo first"),
        ({"from_photo": "1", "photo": photo()}, "does not say where"),
        ({"from_photo": "1", "photo": SimpleUploadedFile("a.jpg", b"no photo")}, "does not say where"),
        ({"place-easting": "1", "place-northing": "1"}, "outside our borough"),
    ],
)
def test_a_place_that_is_none_is_said(client, kinds, sent, words):
    page = client.post(PLACE, sent).text
    assert words in page
    assert "<title>Error: Where is it?" in page


def test_open_ones_of_the_same_kind_nearby_are_offered_the_nearest_first(nearby_page, pothole):
    far, near_one = pothole("far", east=200), pothole("near", east=20)
    pothole("too far", east=400)
    pothole("lamp", service="report-street-light")
    done = pothole("done", east=10)
    Case.objects.filter(pk=done.case_id).update(state="withdrawn")
    page = nearby_page()
    assert [row.pk for row in page.context["rows"]] == [near_one.pk, far.pk]
    assert "20 metres away" in page.text
    assert "Asha" not in page.text


def test_an_address_that_means_nothing_goes_back_to_the_place(nearby_page):
    for said in ({"easting": "x", "text": ""}, {"easting": "", "northing": "", "text": " "}):
        assert nearby_page(**said).url == PLACE
    assert nearby_page(easting="99999999999", text="A corner").status_code == 200


def test_it_goes_on_in_the_form_which_asks_neither_kind_nor_place_again(client, nearby_page):
    page = nearby_page()
    address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    began = client.post(address, {"submission_key": key_in(page)})
    again = client.post(address, {"submission_key": key_in(page)})
    assert began.url == again.url
    assert Draft.objects.count() == 1
    step = client.get(began.url)
    assert 'value="pothole" checked' in " ".join(step.text.split())
    hole = client.post(began.url, {"problem": "pothole", "danger": "no"}).url
    after = client.post(hole, {"hole_where": "middle", "hole_depth": "flat"}).url
    assert after.endswith("/photos/")
    you = client.post(after, {}).url
    check = client.post(you, {"name": "Asha Owner", "email": "asha@example.com"}).url
    page = client.get(check)
    assert "By the church" in page.text
    client.post(check, {})
    case = Case.objects.get()
    assert (case.service.slug, case.location.x, case.ward.name) == ("report-pothole", 524500, "High Barnet")
    report = PublicReport.objects.get()
    assert report.place == "High Street, Barnet"
    assert report.point == case.location
    answer = case_answers(case)["place"]
    assert answer.source == "before"


def case_answers(case):
    from portal.smartforms.models import Answer

    return {answer.path: answer for answer in Answer.objects.filter(submission__case=case)}


def test_a_forged_form_begins_nothing(client, nearby_page):
    page = nearby_page()
    address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    assert client.post(address, {"submission_key": "forged"}).status_code == 200
    assert not Draft.objects.exists()


def test_the_service_begins_on_the_map(client, kinds):
    kinds["report-pothole"].refresh_from_db()
    assert kinds["report-pothole"].start_path == PLACE
