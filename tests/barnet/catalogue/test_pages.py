"""The public pages of the catalogue, as people and search engines read them."""

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.urls import resolve
from django.utils import timezone

from barnet.catalogue.enums import ChannelPolicy
from barnet.catalogue.models import Category, ContactWay, Fee, HelpPoint, Service
from barnet.catalogue.selectors import due_for_review, search_services
from barnet.catalogue.services import ensure_services, first_catalogue
from barnet.gazetteer.models import OpeningHours
from tests.factories import CategoryFactory, ServiceFactory

pytestmark = pytest.mark.django_db
MONDAY_AT_11 = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_AT_11)


@pytest.fixture
def service(db):
    return ServiceFactory(slug="thing", name="A thing", summary="Get a thing.", start_path="/thing/")


def fee(service, amount, from_on, to_on=None, **more):
    return Fee.objects.create(
        service=service,
        **{"code": "thing", "label": "One thing", "amount": amount, "from_on": from_on, "to_on": to_on, **more},
    )


def page(client, service):
    response = client.get(service.get_absolute_url())
    assert response.status_code == 200
    return response


def linked_data(response):
    script = BeautifulSoup(response.content, "html.parser").select_one("script[type='application/ld+json']")
    return script, json.loads(script.string)


def test_page_says_what_who_and_where(client, service):
    Service.objects.update(body="First.\n\nSecond <b>bold</b>.", who_may="Anybody over 18.")
    text = page(client, service).text
    assert "<p>First.</p>" in text.replace(' class="govuk-body"', "")
    assert "Second &lt;b&gt;bold&lt;/b&gt;." in text
    assert "Anybody over 18." in text
    assert 'href="/thing/"' in text
    assert 'href="/services/category/bins-and-recycling/"' in text


def test_page_shows_todays_fee_and_the_announced_one(client, service, now):
    fee(service, 3000, dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    fee(service, 4550, dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    fee(service, 4900, dt.date(2027, 4, 1))
    fee(service, 0, dt.date(2026, 4, 1), concession="support")
    cells = [
        cell.get_text() for cell in BeautifulSoup(page(client, service).content, "html.parser").select("tbody tr *")
    ]
    assert cells == [
        "One thing", "Standard", "£45.50", "£49.00 from 1 April 2027",
        "One thing", "With Council Tax Support or Housing Benefit", "Free", "",
    ]  # fmt: skip


def test_fee_that_has_not_begun_is_announced(client, service, now):
    fee(service, 4900, dt.date(2027, 4, 1), vat="included")
    text = page(client, service).text
    assert "Not charged yet" in text
    assert "£49.00 from 1 April 2027" in text
    assert "Includes VAT at 20%" in text


def test_self_service_only_always_offers_help(client, service, now):
    OpeningHours.objects.create(place="Burnt Oak Library", weekday=0, opens_at=dt.time(9), closes_at=dt.time(17))
    HelpPoint.objects.create(kind="phone", label="Customer services", value="020 7946 0100")
    HelpPoint.objects.create(kind="counter", label="Burnt Oak Library", value="Edgware", hours_at="burnt oak library")
    Service.objects.update(channel_policy=ChannelPolicy.SELF_SERVICE)
    text = page(client, service).text
    assert "This is an online service. If you cannot use it alone, we do it with you" in text
    assert 'href="tel:02079460100"' in text
    assert "Open now until 5pm" in text
    assert "Monday: 9am to 5pm" in text


def test_page_without_any_way_in_leads_to_contact(client):
    service = ServiceFactory(slug="bare", start_path="", channel_policy=ChannelPolicy.SELF_SERVICE)
    text = page(client, service).text
    assert 'href="/contact/"' in text
    assert "This is an online service" not in text


def test_ground_starts_nothing_that_does_not_exist():
    starts = {row["slug"]: row["start"] for row in first_catalogue()["service"] if row.get("start")}
    assert {"bin-collection-days", "missed-bin", "new-bin"} <= set(starts)
    of_editors = {"/contact/"}  # a page that the website begins with: tests/cms
    for path in set(starts.values()) - of_editors:
        assert resolve(path).view_name != "wagtail_serve", path


def test_linked_data_describes_the_service_and_cannot_break_out(client, service, now):
    nasty = '</script><script>alert("x")</script><!--'
    Service.objects.update(name=nasty, lgsl=524, who_may="Everybody & all")
    fee(service, 4550, dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    ContactWay.objects.create(service=service, kind="phone", label="Line", value="020 7946 0101")
    script, said = linked_data(page(client, service))
    assert script["nonce"]
    assert (said["@type"], said["name"]) == ("GovernmentService", nasty)
    assert said["identifier"]["value"] == "524"
    assert said["audience"]["audienceType"] == "Everybody & all"
    assert said["offers"][0]["price"] == "45.50"
    assert said["availableChannel"][0]["serviceUrl"].endswith("/thing/")
    assert said["availableChannel"][1]["servicePhone"]["telephone"] == "020 7946 0101"


@pytest.mark.parametrize("rows", [1, 3])
def test_service_page_costs_the_same_for_one_and_three(client, service, rows, django_assert_max_num_queries):
    for number in range(rows):
        fee(service, 100, dt.date(2026, 1, 1), code=f"thing-{number}")
        ContactWay.objects.create(
            service=service, kind="phone", label=f"L{number}", value="020 7946 0101", hours_at="X"
        )
        HelpPoint.objects.create(kind="phone", label=f"H{number}", value="020 7946 0101", hours_at=f"Y{number}")
        OpeningHours.objects.create(place=f"Y{number}", weekday=0, opens_at=dt.time(9), closes_at=dt.time(17))
    with django_assert_max_num_queries(6):
        page(client, service)


def test_category_page_lists_its_live_services(client, service):
    other = CategoryFactory(slug="streets", name="Streets")
    ServiceFactory(slug="hole", name="A hole", category=other)
    ServiceFactory(slug="old", name="An old thing", live=False)
    text = client.get("/services/category/bins-and-recycling/").text
    assert "A thing" in text
    assert "A hole" not in text
    assert "An old thing" not in text


@pytest.mark.parametrize("slug", ["none", "empty"])
def test_category_without_services_is_not_found(client, slug):
    CategoryFactory(slug="empty", name="Empty")
    assert client.get(f"/services/category/{slug}/").status_code == 404


def test_service_without_a_topic_is_still_listed(client):
    ServiceFactory(slug="lost", name="Lost and found", category=None)
    assert "Lost and found" in client.get("/services/").text
    assert client.get("/services/lost/").status_code == 200


# --- The ground -------------------------------------------------------------------------------------------------------


def test_ground_lays_at_least_forty_services_each_with_words_a_topic_and_a_review(client):
    ensure_services()
    services = Service.objects.all()
    assert services.count() >= 40
    assert not services.filter(category=None).exists()
    assert not services.filter(review_on=None).exists()
    assert not [service.slug for service in services if len(service.search_words.split()) < 5]
    assert all(client.get(service.get_absolute_url()).status_code == 200 for service in services[:70:9])
    everything = client.get("/services/a-to-z/").text
    assert all(row["name"].replace("'", "&#x27;") in everything for row in first_catalogue()["service"])


@pytest.mark.parametrize(
    "slug",
    """report-pothole report-fly-tipping business-licence parking-permit new-bin bulky-waste pitch-booking
    library-membership school-admissions school-information""".split(),
)
def test_the_eight_services_of_the_strategy_are_self_service_only(slug):
    ensure_services()
    assert Service.objects.get(slug=slug).is_self_service_only


def test_admission_during_the_year_is_open_to_every_channel():
    ensure_services()
    assert not Service.objects.get(slug="school-admissions-in-year").is_self_service_only


def test_ground_starts_a_journey_that_is_new_unless_staff_edited_the_service():
    ensure_services()
    Service.objects.filter(slug__in=["new-bin", "missed-bin"]).update(start_path="")
    Service.objects.get(slug="missed-bin").save_revision()
    ensure_services()
    assert Service.objects.get(slug="new-bin").start_path == "/bins/order/"
    assert Service.objects.get(slug="missed-bin").start_path == ""


def test_ground_fills_in_what_an_older_version_did_not_know():
    ServiceFactory(slug="new-bin", name="Bins!", standard_working_days=4, category=None)
    ensure_services()
    service = Service.objects.get(slug="new-bin")
    assert (service.name, service.standard_working_days) == ("Bins!", 4)
    assert service.category.slug == "bins-and-recycling"
    assert service.fees.count() > 5
    service.fees.all().delete()
    Service.objects.update(body="", who_may="Nobody")
    ensure_services()
    service.refresh_from_db()
    assert (service.fees.count(), service.body, service.who_may) == (0, "", "Nobody")


def test_ground_keeps_a_topic_of_the_same_name_and_help_that_staff_took_away():
    Category.objects.create(slug="rubbish", name="Bins and Recycling", position=1)
    ensure_services()
    assert Service.objects.get(slug="missed-bin").category.slug == "rubbish"
    HelpPoint.objects.filter(kind="counter").delete()
    ensure_services()
    assert HelpPoint.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pot hole", "report-pothole"),
        ("pothol", "report-pothole"),
        ("sofa", "bulky-waste"),
        ("pcn", "penalty-charge"),
        ("old fridge collection", "bulky-waste"),
        ("rats", "pest-control"),
        ("evicted", "homelessness"),
        ("council tax single person", "council-tax-discount"),
        ("dog poo", "report-dog-mess"),
        ("nursery", "childcare-and-early-years"),
        ("missed bin", "missed-bin"),
        ("blue bage", "blue-badge"),
    ],
)
def test_search_puts_first_what_people_mean(typed, first):
    ensure_services()
    assert search_services(typed)[0].slug == first


def test_due_for_review_lists_what_is_late_or_was_never_planned(service):
    today = dt.date(2026, 11, 23)
    Service.objects.update(review_on=today)
    ServiceFactory(slug="never", review_on=None)
    ServiceFactory(slug="later", review_on=today + dt.timedelta(days=1))
    ServiceFactory(slug="down", review_on=None, live=False)
    assert [found.slug for found in due_for_review(today)] == ["never", "thing"]
