"""A place is pinned near an address, or described in words; both without JavaScript."""

import pytest

from portal.smartforms.definition.model import Question
from portal.smartforms.kinds import kind_of
from tests.factories import AddressFactory, AreaFactory
from tests.portal.smartforms.kinds.asking import Page

pytestmark = pytest.mark.django_db
SPOT = Question("home", "location", "Where is the hole?")
PINNED = {"home-easting": "524500", "home-northing": "196500", "home-text": "Outside the bakery"}


@pytest.fixture(autouse=True)
def house():
    AreaFactory()
    return AddressFactory(uprn=200_000_001)


def test_the_nearest_address_puts_the_pin_and_words(house):
    found = Page(SPOT, {"home-postcode": "EN5 4AA", "home-address_step": "search"})
    assert found.asks_more
    assert "Choose the nearest address" in found.html
    pinned = Page(SPOT, {"home-postcode": "EN5 4AA", "home-choosing": "1", "home-uprn": "200000001"})
    assert pinned.asks_more
    assert not pinned.summary
    assert 'name="home-easting" value="524500"' in pinned.html
    assert house.one_line in pinned.html
    assert "<svg" in pinned.html
    value = Page(SPOT, PINNED).value
    assert value == {"easting": "524500", "northing": "196500", "text": "Outside the bakery"}
    assert kind_of(SPOT).in_words(SPOT, value) == "Outside the bakery (easting 524500, northing 196500)"


@pytest.mark.parametrize(
    ("move", "easting", "northing"),
    [("north", 524500, 196510), ("south", 524500, 196490), ("west", 524490, 196500), ("east", 524510, 196500)],
)
def test_buttons_move_the_pin_and_keep_the_words(move, easting, northing):
    page = Page(SPOT, {**PINNED, "home-move": move})
    assert page.asks_more
    assert f'name="home-easting" value="{easting}"' in page.html
    assert f'name="home-northing" value="{northing}"' in page.html
    assert "Outside the bakery" in page.html
    assert page.html.count(" autofocus") == 1
    assert f'value="{move}" autofocus>' in page.html


def test_a_place_outside_the_borough_is_refused_and_kept():
    page = Page(SPOT, {**PINNED, "home-easting": "530000"})
    assert "outside our borough" in page.summary
    assert "Outside the bakery" in page.html
    moved = Page(SPOT, {**PINNED, "home-northing": "196999", "home-move": "north"})
    assert "outside our borough" in moved.summary


def test_words_are_as_good_as_a_pin():
    asked = Page(SPOT, {"home-postcode": "", "home-address_step": "type"})
    assert asked.asks_more
    assert not asked.summary
    assert "Describe the place" in asked.html
    assert Page(SPOT, {"home-text": "By the pond"}).value == {"easting": "", "northing": "", "text": "By the pond"}
    assert "Describe the place" in Page(SPOT, {"home-text": " "}).summary


def test_an_address_that_is_not_listed_leads_to_words():
    page = Page(SPOT, {"home-postcode": "EN5 4AA", "home-choosing": "1", "home-uprn": "none"})
    assert page.asks_more
    assert 'name="home-text"' in page.html


@pytest.mark.parametrize("forged", ["NaN", "1e400", "-1", "9" * 400, "٥٢٤٥٠٠", "null\x00", " "])
@pytest.mark.parametrize("part", ["home-easting", "home-northing"])
def test_forged_places_lead_back_to_the_search(part, forged):
    page = Page(SPOT, {**PINNED, part: forged})
    assert "We could not read the place" in page.summary
    assert "home-postcode" in page.html


def test_words_that_are_too_long_are_refused_at_their_box():
    page = Page(SPOT, {**PINNED, "home-text": "x" * 501})
    assert "at most 500 characters" in page.summary
    assert 'href="#id_home-text"' in page.summary


@pytest.mark.parametrize("easting", ["524500", ""])
def test_an_answer_given_before_is_shown_and_sent_again_as_it_was(easting):
    kept = {"easting": easting, "northing": easting and "196500", "text": "Outside the bakery"}
    assert "Outside the bakery" in Page(SPOT, given=kept).html
    assert Page(SPOT, kind_of(SPOT).posted("home", kept)).value == kept
    again = Page(SPOT, {**kind_of(SPOT).posted("home", kept), "home-address_step": "change"})
    assert again.asks_more
    assert "home-postcode" in again.html


def test_an_optional_place_may_stay_away():
    question = Question("home", "location", "Where?", required=False)
    assert Page(question, {"home-postcode": "", "home-uprn": ""}).value is None
    assert Page(question, {"home-text": ""}).value is None
