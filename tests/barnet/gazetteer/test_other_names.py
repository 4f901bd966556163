"""An address is found by what it was called, and answered with today's line; flats are chosen in their block."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.gazetteer.lines import searchable
from barnet.gazetteer.models import Address, AddressName, SourceRecord
from barnet.gazetteer.selectors import find_addresses, find_for_staff, flats_of, successors_of
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db


def named(address: Address, line: str, kind: str = "former") -> AddressName:
    return AddressName.objects.create(
        address=address, kind=kind, key=line[:20], one_line=line, search_text=searchable(line)
    )


@pytest.fixture
def home():
    address = AddressFactory(pao_start_number=12, street="QUEENS PARADE", one_line="12 Queens Parade, Barnet, EN5 4AA")
    named(address, "12 Smithy Lane, Barnet, EN5 4AA")
    named(address, "Rose Cottage, Queens Parade, Barnet, EN5 4AA", "alternative")
    return address


@pytest.mark.parametrize(
    "typed", ["12 smithy lane", "smithy ln", "rose cottage", "12 Smithy Lane EN5 4AA", "smithy lene"]
)
def test_address_is_found_by_another_name_and_answered_with_todays(home, typed):
    found = find_addresses(typed)
    assert [address.one_line for address in found] == ["12 Queens Parade, Barnet, EN5 4AA"]
    assert "Queens Parade" not in found[0].known_as or "Rose Cottage" in found[0].known_as


@pytest.mark.parametrize("typed", ["13 smithy lane", "1 smithy lane", "flat 2, 12 smithy lane", "rose manor"])
def test_another_number_or_name_is_not_found_by_it(home, typed):
    assert home not in find_addresses(typed)


def test_present_names_come_before_former_ones(home):
    today = AddressFactory(
        pao_start_number=12, street="SMITHY LANE", one_line="12 Smithy Lane, London, N2 0AB", postcode="N2 0AB"
    )
    assert find_addresses("12 smithy lane") == [today, home]
    assert find_addresses("12 smithy lane")[0].known_as == ""


def test_ended_and_provisional_addresses_are_not_found_by_residents_but_by_staff(home):
    Address.objects.filter(pk=home.pk).update(retired_on=dt.date(2026, 1, 1))
    planned = AddressFactory(street="QUEENS PARADE", one_line="Plot 4, Queens Parade", is_provisional=True)
    assert find_addresses("rose cottage") == []
    assert find_addresses("queens parade") == []
    assert find_addresses(str(planned.pk)) == []
    assert set(find_for_staff("queens parade")) == {home, planned}
    assert find_for_staff(str(planned.pk)) == [planned]
    assert set(find_for_staff("EN5 4AA")) == {home, planned}


def test_picker_and_suggestions_say_by_which_name_it_was_found(client, home):
    label = "12 Queens Parade, Barnet, EN5 4AA (found as 12 Smithy Lane, Barnet, EN5 4AA)"
    assert label in client.get("/addresses/", {"postcode": "12 smithy lane"}).content.decode()
    assert client.get("/addresses/suggest", {"q": "12 smithy"}).json()["results"][0]["label"] == label


@pytest.mark.parametrize("text", ["%%%", "x" * 9_000, "\0\0\0 smithy", "((( smithy", "12 \\y smithy lane"])
def test_search_by_other_names_survives_anything(home, text):
    find_addresses(text)
    find_for_staff(text)


@pytest.fixture
def block():
    block = AddressFactory(
        pao_text="ELM COURT", pao_start_number=7, one_line="Elm Court, 7 High Street, Barnet, EN5 4AA"
    )
    for flat in (2, 10, 1):
        AddressFactory(
            sao_text=f"FLAT {flat}",
            pao_text="ELM COURT",
            pao_start_number=7,
            parent_uprn=block.pk,
            one_line=f"Flat {flat}, Elm Court, 7 High Street, Barnet, EN5 4AA",
        )
    return block


def test_flats_of_a_block_are_listed_as_people_count(block):
    assert [flat.sao_text for flat in flats_of(block)] == ["FLAT 1", "FLAT 2", "FLAT 10"]


def test_picked_block_asks_which_home_and_takes_the_flat_or_the_whole(client, block):
    said = {"postcode": "EN5 4AA", "choosing": "1", "uprn": block.pk}
    page = client.get("/bins/", said).content.decode()
    assert "3 homes are at Elm Court" in page
    assert "Which home in the building?" in page
    assert "The building as a whole" in page
    flat = flats_of(block)[1]
    answer = client.get("/bins/", said | {"block": block.pk, "uprn": flat.pk})
    assert answer["Location"] == f"/bins/{flat.pk}/"
    answer = client.get("/bins/", said | {"block": block.pk, "uprn": block.pk})
    assert answer["Location"] == f"/bins/{block.pk}/"


def test_block_without_a_choice_says_what_to_do_and_keeps_its_homes(client, block):
    page = client.get("/bins/", {"postcode": "EN5 4AA", "choosing": "1", "block": block.pk}).content.decode()
    assert "Choose an address, or say that yours is not listed" in page
    assert page.count("Elm Court, 7 High Street") == 4
    page = client.get("/bins/", {"postcode": "EN5 4AA", "choosing": "1", "block": "x", "uprn": ""}).content.decode()
    assert "Choose an address, or say that yours is not listed" in page


def test_page_of_a_block_links_to_its_homes_and_theirs_names_it(client, block):
    flat = flats_of(block)[0]
    page = client.get("/addresses/", {"uprn": block.pk}).content.decode()
    assert f"?uprn={flat.pk}" in page
    assert "In the building" in client.get("/addresses/", {"uprn": flat.pk}).content.decode()


def test_ended_address_names_what_it_was_replaced_by(client):
    old, new = AddressFactory(retired_on=timezone.localdate()), AddressFactory()
    SourceRecord.objects.create(record_type=30, key="S1", uprn=old.pk, facts={"SUCCESSOR": str(new.pk)})
    assert successors_of(old) == [new]
    page = client.get("/addresses/", {"uprn": old.pk}).content.decode()
    assert f"That address was replaced by: {new.one_line}. Look for it again." in page
