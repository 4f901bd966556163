"""One box for people, addresses and requests: what it finds, where it goes straight, what it shows to whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.finding import digits_of, search_customers
from barnet.customers.models import AccessRecord, ContactPoint
from portal.smartforms.models import Answer, FormVersion, SmartForm, Submission
from portal.smartforms.models.submissions import as_it_looks
from tests import factories

pytestmark = pytest.mark.django_db
SEARCH = "/staff/search/"


@pytest.fixture
def adviser(signed_in):
    return signed_in("adviser")


@pytest.fixture
def home():
    return factories.AddressFactory(uprn=100_200_000_001, pao_start_number=12, postcode="EN5 4AA")


@pytest.fixture
def asha(asha, home):
    asha.phone, asha.address = "020 7946 0123", home
    asha.save()
    ContactPoint.objects.create(customer=asha, kind="mobile", value="+447700900123")
    ContactPoint.objects.create(customer=asha, kind="email", value="asha.at.work@example.org")
    return asha


# --- Finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "Asha Owner",
        "owner asha",
        "asha",
        "sha own",
        "Aasha Owner",
        "Asha Ownre",
        "Asha Onwer",
        "en54aa",
        "12 high street",
    ],
)
def test_a_person_is_found_by_a_name_however_it_is_spelt_or_by_where_they_live(adviser, asha, typed):
    factories.CustomerFactory(name="Boris Different")
    page = adviser.get(SEARCH, {"q": typed}).text
    assert f"/staff/customers/{asha.pk}/" in page
    assert "Boris" not in page
    assert AccessRecord.objects.get(what="search of customers").actor == adviser.user


@pytest.mark.parametrize(
    "typed",
    [
        "020 7946 0123",
        "(020) 7946-0123",
        "+44 20 7946 0123",
        "0044 (0)20 7946 0123",
        "2079460123",
        "07700 900123",
        "+447700900123",
        "ASHA@example.com",
        "asha.at.work@example.org",
    ],
)
def test_a_number_or_an_address_of_one_person_goes_straight_to_them(adviser, asha, typed):
    assert adviser.get(SEARCH, {"q": typed})["Location"] == f"/staff/customers/{asha.pk}/"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jürgen Müller", "jurgen muller"),
        ("Jurgen Muller", "Müller"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("Siobhán O’Brien", "obrien"),
        ("Siobhan O'Brien", "O Brien"),
        ("Siobhan O Brien", "o'brien"),
        ("Anne-Marie D'Souza", "dsouza"),
        ("Anne-Marie D'Souza", "anne marie"),
        ("Ellen Nolan", "ellen"),
        ("Ellen Nolan", "nolan"),
    ],
)
def test_a_name_is_found_without_its_accents_and_in_any_spelling_of_its_apostrophe(adviser, name, typed):
    found = factories.CustomerFactory(name=name)
    assert f"/staff/customers/{found.pk}/" in adviser.get(SEARCH, {"q": typed}).text


@pytest.mark.parametrize("typed", ["00123", "900123", "07700 90", "+44 7700 9", "946 01"])
def test_a_part_of_a_number_finds_who_has_it(adviser, asha, cara, typed):
    cara.phone = "020 8359 2000"
    cara.save()
    page = adviser.get(SEARCH, {"q": typed}, follow=True).text
    assert f"/staff/customers/{asha.pk}/" in page
    assert "Cara" not in page


@pytest.mark.parametrize("typed", ["00440", "04400", "00000"])
def test_the_prefix_of_every_number_finds_nobody(adviser, asha, typed):
    assert "Nothing fits." in adviser.get(SEARCH, {"q": typed}).text


def test_a_name_is_found_by_its_index(asha):
    with CaptureQueriesContext(connection) as captured:
        search_customers("asha ownre")
    asked = [query["sql"] for query in captured if "plain_name" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            assert "customer_plain_name" in str(cursor.fetchall())
    assert len(asked) == 2


def test_a_number_of_two_people_shows_both(adviser, asha, cara):
    cara.phone = "02079460123"
    cara.save()
    page = adviser.get(SEARCH, {"q": "020 7946 0123"}).text
    assert "Asha Owner" in page
    assert "Cara Stranger" in page


def test_a_uprn_shows_the_address_and_who_is_registered_there(adviser, asha, home):
    page = adviser.get(SEARCH, {"q": str(home.pk)}).text
    assert f"/staff/addresses/{home.pk}/" in page
    assert "Asha Owner" in page
    empty = factories.AddressFactory(uprn=100_200_000_002)
    assert adviser.get(SEARCH, {"q": str(empty.pk)})["Location"] == f"/staff/addresses/{empty.pk}/"


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda text: text.replace("-", " ")])
def test_a_reference_goes_straight_to_the_request(adviser, ashas_case, change):
    assert (
        adviser.get(SEARCH, {"q": change(ashas_case.reference)})["Location"] == f"/staff/cases/{ashas_case.reference}/"
    )


def test_a_reference_that_does_not_exist_finds_nothing(adviser):
    assert "Nothing fits." in adviser.get(SEARCH, {"q": "BAR-2222-2222"}).text


@pytest.mark.parametrize("typed", ["%%%", "___", "'; DROP TABLE x; --", "🗑🗑🗑", "(((", "0" * 99, "@@@", "9" * 15])
def test_the_search_takes_any_text(adviser, typed):
    assert adviser.get(SEARCH, {"q": typed}).status_code == 200


def test_too_little_is_explained(adviser):
    assert "There is a problem" in adviser.get(SEARCH, {"q": "as"}).text


def test_digits_are_those_of_a_number_only():
    assert digits_of("+44 (0)20 7946-0123") == "4402079460123"
    assert [digits_of(text) for text in ("12 High Street", "123456", "1" * 16, "")] == [""] * 4


def test_the_likest_name_comes_first(asha):
    factories.CustomerFactory(name="Basha Ownerson of the Hill")
    assert search_customers("asha owner")[0] == asha


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_who_sees_no_customers_finds_none(signed_in, asha, ashas_case, home):
    gazetteer = signed_in("gazetteer")
    page = gazetteer.get(SEARCH, {"q": "12 high street"}).text
    assert home.one_line in page
    assert "Asha" not in page
    assert "Location" not in gazetteer.get(SEARCH, {"q": ashas_case.reference})
    assert "Location" not in gazetteer.get(SEARCH, {"q": asha.email})


def test_an_operative_finds_requests_only(signed_in, asha, ashas_case):
    operative = signed_in("operative")
    assert operative.get(SEARCH, {"q": ashas_case.reference}).status_code == 302
    page = operative.get(SEARCH, {"q": "asha"}).text
    assert f"/staff/customers/{asha.pk}/" not in page
    assert not AccessRecord.objects.filter(what="search of customers").exists()


def test_who_may_find_nothing_has_no_box(signed_in):
    analyst = signed_in("analyst")
    assert analyst.get(SEARCH).status_code == 403
    assert SEARCH not in analyst.get("/staff/").text


def test_the_box_is_in_the_head_of_the_back_office(adviser):
    assert f'action="{SEARCH}"' in adviser.get("/staff/cases/").text


# --- Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["tester", "en54aa", "tester number", "12 high street"])
def test_the_search_costs_the_same_queries_for_one_and_for_three(adviser, home, typed):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            adviser.get(SEARCH, {"q": typed})
        return len(captured)

    def add(number: int) -> None:
        address = factories.AddressFactory(pao_start_number=12, postcode="EN5 4AA")
        factories.CustomerFactory(name=f"Tester Number {number}", address=address)

    add(1)
    adviser.get(SEARCH, {"q": typed})
    one = queries()
    add(2)
    add(3)
    assert queries() == one


# --- Vehicles ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def permit(asha):
    """Asha's form names a car; a witness in another one named one, too, which few may read."""

    def ask(plate: str, data_class: str = "personal"):
        case = factories.CaseFactory(customer=asha, title="A permit")
        service = case.service
        form, _new = SmartForm.objects.get_or_create(slug=f"form-{service.pk}", title="Permit", service=service)
        version, _new = FormVersion.objects.get_or_create(
            form=form, number=1, defaults={"definition": {}, "sha256": "0" * 64, "ways": 1}
        )
        sent = Submission.objects.create(
            version=version, case=case, outcome="sent", started_at=timezone.now(), right="self", channel="web"
        )
        Answer.objects.create(
            submission=sent, path="plate", kind="vehicle", value=plate, words=plate, data_class=data_class, position=0
        )
        return case

    return ask


@pytest.mark.parametrize("typed", ["OB12 ICE", "ob12ice", "0B12 1CE", "OBI2 1CE", "ob-12-ice"])
def test_a_vehicle_leads_to_the_request_that_names_it(adviser, permit, typed):
    case = permit("OB12ICE")
    permit("OB12ICF")
    assert adviser.get(SEARCH, {"q": typed}).headers["Location"] == f"/staff/cases/{case.reference}/"


def test_several_requests_of_one_vehicle_are_a_list(adviser, permit):
    cases = [permit("OB12ICE") for _number in range(2)]
    page = adviser.get(SEARCH, {"q": "OB12 ICE"}).text
    assert "Requests that name this vehicle" in page
    assert all(case.reference in page for case in cases)


def test_a_vehicle_among_special_answers_or_for_who_reads_no_answers_is_not_found(adviser, signed_in, permit):
    permit("OB12ICE", data_class="special")
    assert "Requests that name this vehicle" not in adviser.get(SEARCH, {"q": "OB12ICE"}).text
    permit("AB12CDE")
    assert signed_in("operative").get(SEARCH, {"q": "AB12CDE"}).status_code == 200


def test_the_search_for_a_vehicle_reads_its_index(permit):
    permit("OB12ICE")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    looks = as_it_looks("words")
    plan = Answer.objects.alias(looks=looks).filter(kind="vehicle", looks="0B121CE").order_by().explain()
    assert "answer_vehicle" in plan
