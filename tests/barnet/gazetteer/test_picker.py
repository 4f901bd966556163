import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from barnet.gazetteer.picker import pick_address
from tests.factories import AddressFactory, AreaFactory

pytestmark = pytest.mark.django_db
FINDER = "/addresses/"


@pytest.fixture
def homes():
    return [AddressFactory(pao_start_number=number, postcode="EN5 4AA") for number in (1, 2, 10)]


def test_picker_asks_for_a_postcode_first(client):
    page = client.get(FINDER).content.decode()
    assert "Postcode, or house number and street" in page


@pytest.mark.parametrize("typed", ["EN5 4AA", "en54aa", " EN5  4aa "])
def test_picker_lists_the_addresses_of_a_postcode_in_any_spacing(client, homes, typed):
    page = client.get(FINDER, {"postcode": typed}).content.decode()
    assert all(home.one_line in page for home in homes)
    assert "My address is not listed" in page


def test_picker_takes_the_chosen_address_and_names_its_ward(client, homes):
    AreaFactory(name="High Barnet")
    page = client.get(FINDER, {"postcode": "EN5 4AA", "uprn": homes[0].pk}).content.decode()
    assert str(homes[0].pk) in page
    assert "High Barnet" in page


def test_picker_without_a_choice_says_what_to_do_and_keeps_the_list(client, homes):
    page = client.get(FINDER, {"postcode": "EN5 4AA", "choosing": "1", "uprn": ""}).content.decode()
    assert "Choose an address, or say that yours is not listed" in page
    assert homes[2].one_line in page


def test_picker_with_an_empty_search_says_what_to_do(client):
    page = client.get(FINDER, {"postcode": ""}).content.decode()
    assert "Enter a postcode, or a house number and street" in page
    assert "<title>Error: " in page


def test_picker_outside_the_borough_says_so_and_keeps_what_was_typed(client, homes):
    page = client.get(FINDER, {"postcode": "nw1 1aa"}).content.decode()
    assert "We have no address at NW1 1AA" in page
    assert 'value="nw1 1aa"' in page


def test_picker_lets_somebody_type_an_address_that_is_not_listed(client, homes):
    page = client.get(FINDER, {"postcode": "EN5 4AA", "uprn": "none"}).content.decode()
    assert "House number and street, town, and postcode" in page
    page = client.get(FINDER, {"uprn": "none", "address_text": ""}).content.decode()
    assert "Enter the address, with its postcode" in page
    page = client.get(FINDER, {"uprn": "none", "address_text": "3 New Mews\nBarnet\n EN5 9ZZ"}).content.decode()
    assert "3 New Mews, Barnet, EN5 9ZZ" in page


def test_picker_lists_a_large_block_as_a_select(client):
    for flat in range(12):
        AddressFactory(sao_text=f"FLAT {flat}", pao_text="ELM COURT", pao_start_number=None, postcode="EN5 4AB")
    page = client.get(FINDER, {"postcode": "EN5 4AB"}).content.decode()
    assert "<select" in page


@pytest.mark.parametrize(
    "uprn", ["999", "-1", "1e9", "1' OR '1'='1", "99999999999999999999", "²", "None", "<script>", "none\x7f"]
)
def test_picker_refuses_a_forged_uprn_with_a_sentence(client, homes, uprn):
    answer = client.get(FINDER, {"postcode": "EN5 4AA", "uprn": uprn})
    assert answer.status_code == 200
    assert "We do not know that address any more" in answer.content.decode()


def test_picker_does_not_know_a_retired_address(client, homes):
    homes[0].retired_on = "2026-01-01"
    homes[0].save()
    assert "We do not know that address" in client.get(FINDER, {"uprn": homes[0].pk}).content.decode()


def test_suggest_answers_labels_and_uprns(client, homes):
    results = client.get(reverse("address_suggest"), {"q": "EN5 4AA"}).json()["results"]
    assert results[0] == {"uprn": str(homes[0].pk), "label": homes[0].one_line}
    assert len(results) == 3


@pytest.mark.parametrize("text", ["", "a", "%%%", "x" * 9_000])
def test_suggest_survives_anything(client, homes, text):
    assert client.get(reverse("address_suggest"), {"q": text}).status_code == 200


def test_suggest_stops_somebody_who_reads_the_whole_gazetteer(client, homes, monkeypatch):
    monkeypatch.setattr("barnet.gazetteer.views.ASKED_A_MINUTE", 3)
    statuses = [client.get(reverse("address_suggest"), {"q": "high street"}).status_code for _ in range(8)]
    assert 429 in statuses
    assert client.post(reverse("address_suggest")).status_code == 405


def test_picker_offers_to_type_before_and_after_a_search_without_result(client, homes):
    assert "?uprn=none" in client.get(FINDER).content.decode()
    page = client.get(FINDER, {"postcode": "NW1 1AA & more"}).content.decode()
    assert "?uprn=none&amp;postcode=NW1%201AA%20%26%20more" in page


def test_picker_without_a_radio_pressed_says_what_to_do(client, homes):
    page = client.get(FINDER, {"postcode": "EN5 4AA", "choosing": "1"}).content.decode()
    assert "Choose an address, or say that yours is not listed" in page
    assert page.count("govuk-radios__input") == 4


def test_picker_tells_when_there_may_be_more(client, monkeypatch):
    monkeypatch.setattr("barnet.gazetteer.forms.MOST_ELSEWHERE", 2)
    for number in (1, 2, 3):
        AddressFactory(pao_start_number=number)
    page = client.get(FINDER, {"postcode": "high street"}).content.decode()
    assert "The first 2 addresses" in page


def test_picker_lists_a_whole_block(client):
    for flat in range(1, 301):
        AddressFactory(sao_text=f"FLAT {flat}", postcode="EN5 4AB", one_line=f"Flat {flat}, Elm Court")
    page = client.get(FINDER, {"postcode": "EN5 4AB"}).content.decode()
    assert page.count("<option") == 302
    assert page.index("Flat 2,") < page.index("Flat 10,") < page.index("Flat 300,")


def test_picker_says_one_thing_about_a_uprn_that_is_wrong(client):
    page = client.get(FINDER, {"uprn": "999"}).content.decode()
    assert "Enter a postcode" not in page
    assert page.count("We do not know that address any more") == 2  # summary and field


def test_picker_refuses_an_address_of_signs_only_and_one_that_is_too_long(client):
    assert "Enter the address" in client.get(FINDER, {"uprn": "none", "address_text": " , \n,"}).content.decode()
    too_long = client.get(FINDER, {"uprn": "none", "address_text": "x" * 301}).content.decode()
    assert "at most 300 characters" in too_long
    assert "x" * 301 in too_long


def embedded(rf, **said):
    request = rf.post("/anything/", said)
    picked = pick_address(request, embedded=True, outside="Your own council collects your bins.")
    return picked, render_to_string(picked.template, {"picked": picked}, request=request)


def test_picker_in_a_bigger_form_goes_all_the_way_with_its_own_buttons(rf, homes):
    picked, html = embedded(rf, name="Asha", postcode="en54aa", address_step="search")
    assert (picked.step, picked.is_asking, picked.is_settled) == ("choose", True, False)
    assert "<form" not in html
    picked, html = embedded(rf, postcode="en54aa", choosing="1", uprn=str(homes[1].pk), address_step="choose")
    assert (picked.address, picked.is_settled) == (homes[1], False)
    assert f'name="uprn" value="{homes[1].pk}"' in html
    picked, _html = embedded(rf, postcode="en54aa", uprn=str(homes[1].pk))
    assert (picked.address, picked.is_settled) == (homes[1], True)
    picked, html = embedded(rf, postcode="en54aa", uprn=str(homes[1].pk), address_step="change")
    assert (picked.step, picked.is_done) == ("search", False)
    assert 'value="en54aa"' in html


def test_picker_in_a_bigger_form_asks_when_the_page_is_sent_without_an_address(rf, homes):
    picked, html = embedded(rf, postcode="")
    assert (picked.is_settled, picked.form.is_valid()) == (False, False)
    assert "Enter a postcode, or a house number and street" in html
    _picked, html = embedded(rf, postcode="nw1 1aa")
    assert "We have no address at NW1 1AA. Check it. Your own council collects your bins." in html
    picked, _html = embedded(rf, postcode="nw1 1aa", address_step="type")
    assert (picked.step, picked.form.is_bound) == ("type", False)
    picked, html = embedded(rf, uprn="none", address_text="3 New Mews\nBarnet", address_step="typed")
    assert picked.typed == "3 New Mews, Barnet"
    assert 'name="address_text" value="3 New Mews, Barnet"' in html
