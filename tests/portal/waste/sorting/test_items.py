"""What goes where: the search, the pages, and what staff change. 6 July 2026 is a Monday."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from barnet.kit import ground
from portal.waste.models import WasteItem
from portal.waste.sorting.enums import Destination
from portal.waste.sorting.ground import ensure_items, first_items
from portal.waste.sorting.selectors import LONGEST, items_with_every_word, search_items
from tests.factories import AddressFactory, StaffFactory
from tests.portal.waste.factories import CollectionFactory, RoundFactory, equip

pytestmark = pytest.mark.django_db
FIND = "/bins/what-goes-where/"


@pytest.fixture
def items(db):
    ensure_items()


def first(text):
    found = search_items(text)
    return found[0].name if found else None


# --- The list ---------------------------------------------------------------------------------------------------------


def test_ground_holds_three_hundred_things_and_every_destination(items):
    assert WasteItem.objects.count() == len(first_items()) >= 300
    assert set(WasteItem.objects.values_list("goes_to", flat=True)) == set(Destination.values)
    assert "waste: what goes where" in ground.names()


def test_ground_brings_back_nothing_that_staff_deleted(items):
    WasteItem.objects.filter(slug="pizza-box").delete()
    WasteItem.objects.filter(slug="battery").update(name="Battery, all kinds")
    ensure_items()
    assert not WasteItem.objects.filter(slug="pizza-box").exists()
    assert WasteItem.objects.get(slug="battery").name == "Battery, all kinds"


def test_what_burns_in_a_lorry_is_never_sent_into_a_bin(items):
    dangerous = WasteItem.objects.filter(warning__iregex="fire|flames|explode|lithium|burst")
    assert dangerous.count() > 10
    into_a_bin = set(
        dangerous.filter(goes_to__in=["refuse", "recycling", "food", "garden"]).values_list("name", flat=True)
    )
    # Those three are safe once they are cold, soaked or empty, which is how they are to be prepared.
    assert into_a_bin == {"Ash, cold", "BBQ, disposable", "Aerosol can"}


def test_no_thing_without_a_place(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        WasteItem.objects.create(slug="x", name="X", goes_to="nowhere")


# --- Search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("pizza box", "Pizza box"),
        ("pizza boxes", "Pizza box"),
        ("battery", "Battery"),
        ("AA", "Battery"),
        ("batery", "Battery"),
        ("matress", "Mattress"),
        ("televison", "Television"),
        ("settee", "Sofa"),
        ("hoover", "Vacuum cleaner"),
        ("my old broken laptop!", "Laptop"),
        ("wellies", None),
        ("qqqq", None),
        ("the", None),
        ("", None),
        ("%_'\\", None),
        ("\x00", None),
    ],
)
def test_search_finds_words_plurals_synonyms_and_typing_errors(items, typed, name):
    assert first(typed) == name


def test_more_of_the_words_come_first(items):
    names = [item.name for item in search_items("car battery")]
    assert names[0] == "Car battery"
    assert "Car tyre" in names


@pytest.mark.parametrize("typed", ["battery", "batery", "box " * 30, "x" * 5000])
def test_search_costs_two_queries_at_most(items, typed):
    with CaptureQueriesContext(connection) as asked:
        search_items(typed)
    assert len(asked) <= 2


def test_trigram_index_answers_typing_errors(items):
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain select 1 from waste_wasteitem where search_text %%> %s", ["batery"])
        assert "waste_item_alike" in str(cursor.fetchall())
        cursor.execute(
            "explain select 1 from waste_wasteitem where search_words @@ plainto_tsquery('english', %s)", ["box"]
        )
        assert "waste_item_words" in str(cursor.fetchall())


def test_words_follow_what_staff_write(items):
    WasteItem.objects.filter(slug="mattress").update(other_words="futon")
    assert first("futons") == "Mattress"
    assert first("foam spring") != "Mattress"


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_search_page_answers_with_the_place(client, items):
    page = client.get(FIND, {"q": "batery"})
    assert "Battery" in page.text
    assert "A shop or charity that takes it back" in page.text
    assert 'href="/bins/what-goes-where/battery/"' in page.text


def test_empty_result_says_what_to_do(client, items):
    page = client.get(FIND, {"q": "qqqq"})
    assert "Nothing found for “qqqq”" in page.text
    assert "ask us" in page.text
    assert "put nothing with a battery" in page.text


@pytest.mark.parametrize("typed", ["x" * (LONGEST + 1), "<script>alert(1)</script>", "  "])
def test_strange_input_is_answered(client, items, typed):
    page = client.get(FIND, {"q": typed, "uprn": "9" * 300})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_what_was_too_long_is_kept_and_explained(client, items):
    page = client.get(FIND, {"q": "x" * (LONGEST + 1)})
    assert f"Use {LONGEST} characters or fewer." in page.text
    assert "x" * (LONGEST + 1) in page.text


def test_item_page_warns(client, items):
    page = client.get("/bins/what-goes-where/battery/")
    assert "Crushed batteries start fires in lorries." in page.text
    assert "govuk-warning-text" in page.text
    assert client.get("/bins/what-goes-where/nothing/").status_code == 404


def test_a_to_z_lists_all(client, items, django_assert_num_queries):
    with django_assert_num_queries(1):
        page = client.get("/bins/what-goes-where/a-to-z/")
    assert page.text.count('href="/bins/what-goes-where/') >= 300


def test_item_page_names_bin_and_next_day_of_a_home(client, items, at):
    at(2026, 7, 7, 9)
    home = AddressFactory()
    bin_ = equip(home, stream="recycling")
    page = client.get("/bins/what-goes-where/pizza-box/", {"uprn": home.pk})
    assert bin_.description in page.text
    assert "Monday 13 July 2026" in page.text
    assert page["X-Robots-Tag"] == "noindex"
    assert f"?uprn={home.pk}" in page.text


def test_item_page_knows_the_home_of_a_resident(client, items, asha, at):
    at(2026, 7, 7, 9)
    home = AddressFactory()
    equip(home, stream="recycling")
    asha.address = home
    asha.save()
    assert "Monday 13 July 2026" not in client.get("/bins/what-goes-where/pizza-box/").text
    client.force_login(asha.user)
    assert "Monday 13 July 2026" in client.get("/bins/what-goes-where/pizza-box/").text
    assert "At your home" not in client.get("/bins/what-goes-where/battery/").text


def test_item_page_says_when_the_home_has_no_such_bin(client, items):
    home = equip(AddressFactory()).address
    page = client.get("/bins/what-goes-where/grass-cuttings/", {"uprn": home.pk})
    assert "We do not collect this bin from your home." in page.text


def test_item_page_costs_the_same_for_one_bin_and_three(client, items, at):
    at(2026, 7, 7, 9)
    counts = []
    for bins in (1, 3):
        home = AddressFactory()
        tour = RoundFactory(stream="recycling")
        CollectionFactory(address=home, round=tour)
        for stream in ["recycling", "refuse", "food"][1:bins]:
            equip(home, stream=stream)
        with CaptureQueriesContext(connection) as asked:
            client.get("/bins/what-goes-where/pizza-box/", {"uprn": home.pk})
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


# --- The website ------------------------------------------------------------------------------------------------------


def test_site_search_finds_things_that_hold_every_word(items):
    assert [item.name for item in items_with_every_word("pizza boxes")] == ["Pizza box"]
    assert not items_with_every_word("pizza licence").exists()
    assert not items_with_every_word(" ").exists()


def test_website_search_and_sitemap_name_things(client, items):
    page = client.get("/search/", {"q": "pizza box"})
    assert 'href="/bins/what-goes-where/pizza-box/"' in page.text
    sitemap = client.get("/sitemap.xml").text
    assert "/bins/what-goes-where/</loc>" in sitemap
    assert "/bins/what-goes-where/pizza-box/</loc>" in sitemap


# --- Staff ------------------------------------------------------------------------------------------------------------


def address(act, *args):
    return reverse(f"wagtailsnippets_waste_wasteitem:{act}", args=args)


def posted(**changed):
    return {
        "name": "Didgeridoo",
        "slug": "didgeridoo",
        "other_words": "wind instrument",
        "goes_to": "centre",
        "prepare": "Play it once more.",
        "warning": "",
        **changed,
    }


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_staff_add_change_and_see_the_history(client, role):
    client.force_login(StaffFactory(roles=[role]))
    assert client.post(address("add"), posted()).status_code == 302
    item = WasteItem.objects.get()
    client.post(address("edit", item.pk), posted(goes_to="bulky"))
    item.refresh_from_db()
    assert item.goes_to == "bulky"
    assert item.revisions.count() == 2
    assert client.get(address("history", item.pk)).status_code == 200
    assert first("didgeridoos") == "Didgeridoo"
    listed = client.get(address("list"), {"q": "didger"})
    assert "Didgeridoo" in listed.text
    compare = item.revisions.order_by("pk").first()
    assert client.get(address("revisions_revert", item.pk, compare.pk)).status_code == 200


def test_two_things_of_one_name_are_refused(client):
    client.force_login(StaffFactory(roles=["editor"]))
    client.post(address("add"), posted())
    response = client.post(address("add"), posted(slug="other"))
    assert response.status_code == 200
    assert "already exists" in response.text


@pytest.mark.parametrize("role", ["adviser", "caseworker"])
def test_other_roles_may_not(client, role):
    client.force_login(StaffFactory(roles=[role]))
    assert client.post(address("add"), posted()).status_code in {302, 403, 404}
    assert not WasteItem.objects.exists()
