"""An address is looked for, chosen or typed on the page of its question, without JavaScript."""

import pytest

from portal.smartforms.definition.model import Question
from portal.smartforms.kinds import kind_of
from tests.factories import AddressFactory
from tests.portal.smartforms.kinds.asking import Page

pytestmark = pytest.mark.django_db
HOME = Question("home", "address", "Where do you live?")


@pytest.fixture
def houses():
    return [AddressFactory(uprn=200_000_001 + n) for n in range(3)]


def test_first_round_finds_second_chooses(houses):
    first = Page(HOME, {"home-postcode": "en54aa", "home-address_step": "search"})
    assert first.asks_more
    assert not first.summary
    assert "3 addresses found" in first.html
    second = Page(HOME, {"home-postcode": "en54aa", "home-choosing": "1", "home-uprn": "200000002"})
    assert second.value == {"uprn": "200000002", "text": houses[1].one_line}


def test_the_pages_own_button_looks_for_what_was_typed(houses):
    page = Page(HOME, {"home-postcode": "EN5 4AA", "home-uprn": ""})
    assert page.asks_more
    assert "Choose your address" in page.html


def test_not_listed_leads_to_typing():
    typing = Page(HOME, {"home-postcode": "EN5 4AA", "home-address_step": "type"})
    assert typing.asks_more
    assert "home-address_text" in typing.html
    typed = {"home-postcode": "EN5 4AA", "home-uprn": "none", "home-address_text": "3 New Mews\nBarnet"}
    assert Page(HOME, typed).value == {"uprn": "", "text": "3 New Mews, Barnet"}


def test_a_building_leads_to_its_homes(houses):
    AddressFactory(uprn=200_000_100, parent_uprn=200_000_001, sao_text="FLAT 1")
    page = Page(HOME, {"home-postcode": "EN5 4AA", "home-choosing": "1", "home-uprn": "200000001"})
    assert page.asks_more
    assert "Which home in the building?" in page.html
    whole = {"home-postcode": "EN5 4AA", "home-choosing": "1", "home-block": "200000001", "home-uprn": "200000001"}
    assert Page(HOME, whole).value["uprn"] == "200000001"


@pytest.mark.parametrize("uprn", ["1", "999999999999", "-1", "forged", "²", "9" * 400, "null\x00"])
def test_forged_uprns_lead_back_to_the_search(houses, uprn):
    page = Page(HOME, {"home-postcode": "EN5 4AA", "home-uprn": uprn})
    assert "We do not know that address" in page.summary
    assert 'href="#id_home-postcode"' in page.summary


def test_an_error_stands_once_and_leads_to_its_box():
    page = Page(HOME, {"home-postcode": ""})
    assert not page.asks_more
    assert page.summary.count("Enter a postcode") == 1
    assert page.html.count("Enter a postcode, or a house number and street") == 1


def test_nothing_found_is_said_after_the_questions_own_button():
    page = Page(HOME, {"home-postcode": "NW1 1AA", "home-address_step": "search"})
    assert page.asks_more
    assert "We have no address at NW1 1AA" in page.summary


def test_an_optional_address_may_stay_away():
    question = Question("home", "address", "Where?", required=False)
    assert Page(question, {"home-postcode": "", "home-uprn": ""}).value is None


@pytest.mark.parametrize("uprn", ["200000001", ""])
def test_an_answer_given_before_is_shown_and_sent_again_as_it_was(houses, uprn):
    kept = {"uprn": uprn, "text": houses[0].one_line}
    shown = Page(HOME, given=kept)
    assert houses[0].one_line in shown.html
    assert Page(HOME, kind_of(HOME).posted("home", kept)).value == kept
    changing = Page(HOME, {**kind_of(HOME).posted("home", kept), "home-address_step": "change"})
    assert changing.asks_more
    assert 'name="home-postcode"' in changing.html


def test_two_addresses_on_a_page_do_not_meet(houses):
    sent = {"home-postcode": "EN5 4AA", "other-uprn": "200000001", "uprn": "200000001", "address_step": "change"}
    assert Page(HOME, sent).asks_more
