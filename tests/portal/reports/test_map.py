"""From the whole borough to the pin, by presses of a picture or by links alone."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.gis.geos import Point
from django.urls import reverse

from barnet.gazetteer.models import BNG
from tests.factories import AddressFactory, AreaFactory
from tests.portal.reports.conftest import HERE

pytestmark = pytest.mark.django_db
KIND = {"kind": "report-pothole"}


@pytest.fixture
def see(client, kinds):
    """The ward is a square of ten kilometres around (525000, 195000)."""
    return lambda **said: client.get(reverse("report_map"), {**KIND, **said})


def at(metres, east=524500, north=196500):
    return {"easting": str(east), "northing": str(north), "metres": str(metres)}


def place(answer):
    return answer.url.partition("?kind=report-pothole&")[2].removesuffix("#map")


def test_the_place_leads_to_the_map_and_the_map_back_to_the_address(client, kinds):
    on_place = client.get(reverse("report_place"), KIND).text
    assert 'href="/report/place/map/?kind=report-pothole"' in on_place
    page = client.get("/report/place/map/?kind=report-pothole")
    main = BeautifulSoup(page.text, "html.parser").main
    assert (
        main.find("a", string="Give an address, a street or words instead")["href"]
        == "/report/place/?kind=report-pothole"
    )
    assert main.find(class_="portal-locator__area-name").text == "High Barnet"
    assert len(main.find_all("input", type="image", alt=True)) == 2


def test_presses_come_nearer_until_they_put_the_pin(see, client):
    """A quarter of the width from the left, three quarters up: on a telephone and on a desk the same."""
    near = [
        see(**{f"{name}.x": str(size // 4), f"{name}.y": str(size // 4)})
        for name, size in (("phone", 288), ("desk", 540))
    ]
    assert place(near[0]) == place(near[1]) == "easting=522400&northing=197600&metres=2000"
    nearer = see(**at(2000, 524000, 196000), **{"desk.x": "405", "desk.y": "135"})
    assert place(nearer) == "easting=524500&northing=196500&metres=500"
    pinned = see(**at(500), **{"phone.x": "72", "phone.y": "216"})
    assert place(pinned) == "easting=524375&northing=196375"
    assert "Move the pin" in client.get(pinned.url).text


def test_the_street_beside_the_press_is_told(see):
    pinned = see(**at(500), **{"phone.x": "144", "phone.y": "144"})
    assert place(pinned) == "easting=524500&northing=196500&text=High+Street%2C+Barnet"


def test_a_ward_is_a_link_and_the_keyboard_gets_to_the_pin(see, client):
    ward = BeautifulSoup(see().text, "html.parser").find("a", string="High Barnet")
    page = client.get(ward["href"])
    east = BeautifulSoup(page.text, "html.parser").find("a", string="East")
    assert "easting=530200" in east["href"]
    assert east["href"].endswith("#" + east["id"])
    for said in ({"middle": "1"}, {"phone.x": "0", "phone.y": "0"}):
        assert place(see(**at(2000), **said)) == "easting=524500&northing=196500&metres=500"
        assert place(see(**at(500), **said)).startswith("easting=524500&northing=196500")


@pytest.mark.parametrize(("metres", "further"), [(500, "metres=2000"), (2000, "kind=report-pothole")])
def test_further_out_goes_back_a_level(see, metres, further):
    link = BeautifulSoup(see(**at(metres)).text, "html.parser").find("a", string="Further out")
    assert link["href"].endswith(f"{further}#map")


@pytest.mark.parametrize(
    "said",
    [
        {**at(500, 519800), "phone.x": "10", "phone.y": "10"},
        {**at(2000, 500000), "phone.x": "10", "phone.y": "10"},
        {**at(500, 500000), "middle": "1"},
    ],
)
def test_a_press_outside_the_borough_is_said(see, said):
    page = see(**said)
    assert page.status_code == 200
    assert "outside our borough" in page.text
    assert BeautifulSoup(page.text, "html.parser").title.text.startswith("Error: ")


def test_just_beside_the_border_the_map_still_comes_nearer(see):
    """Nobody presses a picture of the borough that finely."""
    assert place(see(**at(2000, 519800), middle="1")) == "easting=519800&northing=196500&metres=500"


@pytest.mark.parametrize(
    "said",
    [
        {"easting": "x", "northing": "1", "metres": "500"},
        {"easting": "524500", "northing": "196500", "metres": "1"},
        {"easting": "524500", "northing": "196500", "metres": "99999999999"},
        {"phone.x": "-1", "phone.y": "²"},
    ],
)
def test_an_address_that_means_nothing_shows_the_borough(see, said):
    assert see(**said).context["window"].is_whole


def test_streets_are_named_where_the_map_is_near(see):
    for number in range(6):
        AddressFactory(street="LONG LANE", location=Point(HERE.x - 100 + number * 40, HERE.y + 50, srid=BNG))
    near = BeautifulSoup(see(**at(500)).text, "html.parser")
    assert near.find(class_="portal-locator__street").text == "Long Lane"
    assert len(near.find_all(class_="portal-locator__dot")) == 7
    assert not BeautifulSoup(see().text, "html.parser").find(class_="portal-locator__dot")


def test_a_map_costs_the_same_however_much_it_shows(see, django_assert_num_queries):
    def ask():
        with django_assert_num_queries(3):  # the kind, the wards, the dots
            assert see(**at(2000)).status_code == 200

    see()
    ask()
    for number in range(3):
        AreaFactory(name=f"Ward {number}", code=f"E{number}")
        AddressFactory(street=f"ROAD {number}", location=HERE)
    ask()


def test_without_wards_there_is_no_map(see, ward):
    ward.delete()
    assert see().url == "/report/place/?kind=report-pothole"


def test_a_kind_that_is_not_on_the_map_has_none(see):
    assert see(kind="report-graffiti").status_code == 404
