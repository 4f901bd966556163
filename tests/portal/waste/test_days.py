"""The pages of a property's collection days, and its calendar feed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from portal.waste import months, selectors
from portal.waste.models import HolidayShift
from portal.waste.schedule import collection_days
from tests.factories import AddressFactory, CaseFactory
from tests.portal.waste.factories import CollectionFactory, HolidayShiftFactory, RoundFactory, equip

pytestmark = pytest.mark.django_db


def page(home):
    return reverse("collection_days", args=[home.pk])


def feed(client, home, query=""):
    response = client.get(reverse("collections_feed", args=[home.pk]) + query)
    assert response.status_code == 200
    return Calendar.from_ical(response.content)


def events(calendar):
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


# --- Looking for an address -------------------------------------------------------------------------------------------


def test_start_page_asks_for_an_address(client, db):
    assert client.get("/bins/").status_code == 200


def test_chosen_address_leads_to_its_page(client, home):
    assert client.get("/bins/", {"uprn": home.pk}).url == page(home)


def test_postcode_leads_to_a_choice(client, home):
    response = client.get("/bins/", {"postcode": "en54aa"})
    assert home.one_line in response.text


@pytest.mark.parametrize(
    "query",
    [
        {"postcode": "EX1 1AA"},
        {"postcode": ""},
        {"uprn": "999"},
        {"uprn": "9" * 40},
        {"uprn": "abc"},
        {"postcode": "<script>alert(1)</script>"},
    ],
)
def test_address_that_we_do_not_know_is_a_clear_answer(client, home, query):
    response = client.get("/bins/", query)
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "Error: " in response.text


def test_typed_address_says_that_we_do_not_know_it(client, home):
    response = client.get("/bins/", {"uprn": "none", "address_text": "1 <b>Far</b> Lane, Exeter"})
    assert "We do not know this address" in response.text
    assert "<b>Far</b>" not in response.text


def test_own_address_is_offered(client, home, asha):
    asha.address = home
    asha.save()
    client.force_login(asha.user)
    assert page(home) in client.get("/bins/").text


# --- Collection days --------------------------------------------------------------------------------------------------


def test_next_collections_are_listed_with_what_moved_them(client, home, at):
    at(2026, 12, 20, 9)
    equip(home, first_on=dt.date(2026, 1, 2))  # Fridays
    HolidayShiftFactory(due_on=dt.date(2026, 12, 25), moved_to=dt.date(2026, 12, 28), reason="Christmas Day")
    text = client.get(page(home)).text
    assert "Monday 28 December 2026" in text
    assert "moved from Friday 25 December 2026: Christmas Day" in text


def test_today_is_a_collection_day_until_midnight(client, home, black_bin, at):
    at(2026, 7, 6, 23, 59)
    assert "Today, Monday 6 July 2026" in client.get(page(home)).text
    at(2026, 7, 7, 0, 0)
    assert "Monday 6 July 2026" not in client.get(page(home)).text


def test_collection_on_a_bank_holiday_says_that_it_stays(client, home, black_bin, at):
    at(2026, 12, 20, 9)
    assert "A bank holiday: we collect as usual." in client.get(page(home)).text


@pytest.mark.parametrize(
    "month", ["2026-08", "2027-07", "2026-06", "", "2026-13", "0000-01", "9999-12", "x", "٢٠٢٦-٠٨"]
)
def test_any_month_is_answered(client, home, black_bin, at, month):
    at(2026, 7, 7, 9)
    response = client.get(page(home), {"month": month})
    assert response.status_code == 200
    shown = {"2026-08": "August 2026", "2027-07": "July 2027", "2026-06": "June 2026"}.get(month, "July 2026")
    assert f'id="calendar">{shown}</h2>' in response.text


@pytest.mark.parametrize("month", [dt.date(2026, 2, 1), dt.date(2026, 11, 1), dt.date(2027, 1, 1)])
def test_month_is_whole_weeks_with_every_collection_once(month):
    tour = RoundFactory.build(frequency=1)
    from portal.waste.schedule import Shifts

    start, end = months.span(month)
    days = collection_days(tour, Shifts(), start, end)
    laid = months.lay_out(month, days, dt.date(2026, 11, 15))
    flat = [day for week in laid.weeks for day in week]
    assert all(len(week) == 7 for week in laid.weeks)
    assert [day.on for day in flat] == [start + dt.timedelta(days=n) for n in range((end - start).days)]
    assert [day.on for day in flat if day.marks] == [day.on for day in days]


def test_address_without_rounds_is_a_clear_page(client, home):
    response = client.get(page(home))
    assert response.status_code == 200
    assert "We have no collections for this address" in response.text


@pytest.mark.parametrize("uprn", ["1", "abc", "9" * 30, "-1", "1.5", "٣"])
@pytest.mark.parametrize("name", ["collection_days", "collections_feed", "missed_bin_choose", "missed_bin_tell"])
def test_unknown_property_is_not_found(client, db, uprn, name):
    assert client.get(reverse(name, args=[uprn])).status_code == 404


def test_retired_property_is_not_found(client, home):
    home.retired_on = dt.date(2026, 1, 1)
    home.save()
    assert client.get(page(home)).status_code == 404


def test_page_tells_nothing_about_people(client, home, black_bin, asha):
    asha.address = home
    asha.save()
    CaseFactory(same_as_key=selectors.same_as_key(black_bin), address=home, customer=asha, contact_name="Asha Owner")
    for address in (
        page(home),
        reverse("collections_feed", args=[home.pk]),
        reverse("missed_bin_choose", args=[home.pk]),
    ):
        text = client.get(address).text
        assert "Asha" not in text
        assert "asha@" not in text
        assert "BAR-" not in text


def test_page_asks_search_engines_to_leave(client, home, black_bin):
    assert client.get(page(home))["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_wrong_method_is_refused(client, home, method):
    for name in ("collection_days", "collections_feed", "missed_bin_choose"):
        assert getattr(client, method)(reverse(name, args=[home.pk])).status_code == 405
    assert getattr(client, method)("/bins/").status_code == 405


def test_one_bin_and_many_cost_the_same_few_queries(client, home, black_bin):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(home)).status_code == 200
        return len(queries)

    count()
    with_one = count()
    for stream in ("food", "recycling", "garden"):
        equip(home, stream=stream)
    HolidayShiftFactory()
    assert count() == with_one <= 5


def test_next_collections_cost_three_queries(home, black_bin, django_assert_num_queries):
    equip(home, stream="food")
    with django_assert_num_queries(3):
        days = selectors.next_collections(home, from_on=dt.date(2026, 7, 6), weeks=2)
    assert [(str(day.on), day.stream) for day in days] == [
        ("2026-07-06", "food"),
        ("2026-07-06", "refuse"),
        ("2026-07-13", "food"),
        ("2026-07-13", "refuse"),
    ]


# --- The feed ---------------------------------------------------------------------------------------------------------


def test_feed_has_all_day_events_on_the_collection_days(client, home, black_bin, at):
    at(2026, 7, 7, 9)
    calendar = feed(client, home)
    assert (str(calendar["VERSION"]), str(calendar["METHOD"])) == ("2.0", "PUBLISH")
    assert calendar["PRODID"]
    days = {event["DTSTART"].dt: event for event in calendar.walk("VEVENT")}
    assert set(days) == {dt.date(2026, 6, 8) + dt.timedelta(weeks=week) for week in range(56)}
    event = days[dt.date(2026, 7, 6)]
    assert type(event["DTSTART"].dt) is dt.date
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTEND"].dt == dt.date(2026, 7, 7)
    assert str(event["SUMMARY"]) == "Refuse collection"
    assert not list(event.walk("VALARM"))


def test_moved_collection_moves_its_event_and_says_that_it_changed(client, home, black_bin, at):
    at(2026, 12, 1, 9)
    before = events(feed(client, home))
    shift = HolidayShiftFactory(due_on=dt.date(2026, 12, 28), moved_to=dt.date(2026, 12, 29), reason="Boxing Day")
    after = events(feed(client, home))
    assert set(before) == set(after)
    (uid,) = [uid for uid in before if before[uid]["DTSTART"].dt != after[uid]["DTSTART"].dt]
    assert (before[uid]["DTSTART"].dt, after[uid]["DTSTART"].dt) == (dt.date(2026, 12, 28), dt.date(2026, 12, 29))
    assert (int(before[uid]["SEQUENCE"]), int(after[uid]["SEQUENCE"]) > 0) == (0, True)
    assert after[uid]["LAST-MODIFIED"].dt > before[uid]["LAST-MODIFIED"].dt
    assert "Moved from Monday 28 December: Boxing Day." in str(after[uid]["DESCRIPTION"])

    HolidayShift.objects.filter(pk=shift.pk).update(
        moved_to=shift.due_on, changed_at=shift.changed_at + dt.timedelta(hours=1)
    )
    back = events(feed(client, home))
    assert back[uid]["DTSTART"].dt == dt.date(2026, 12, 28)
    assert int(back[uid]["SEQUENCE"]) > int(after[uid]["SEQUENCE"])


def test_events_of_homes_and_streams_never_share_an_identity(client, home, black_bin):
    food = equip(home, stream="food")
    neighbour = AddressFactory()
    CollectionFactory(address=neighbour, round=selectors.rounds_of(home)[0])
    calendar = feed(client, home)
    assert food
    assert len(events(calendar)) == len(calendar.walk("VEVENT"))
    assert not set(events(calendar)) & set(events(feed(client, neighbour)))


@pytest.mark.parametrize(
    ("reminder", "trigger"),
    [("evening", dt.timedelta(hours=-5)), ("morning", dt.timedelta(hours=6))],
)
def test_feed_reminds_when_asked(client, home, black_bin, reminder, trigger):
    event = feed(client, home, f"?reminder={reminder}").walk("VEVENT")[0]
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == trigger
    assert str(alarm["ACTION"]) == "DISPLAY"


def test_unknown_reminder_is_none(client, home, black_bin):
    assert not feed(client, home, "?reminder=noon").walk("VALARM")


def test_feed_has_the_same_bytes_until_something_changes(client, home, black_bin, at):
    at(2026, 12, 1, 9)
    address = reverse("collections_feed", args=[home.pk])
    first = client.get(address)
    at(2026, 12, 3, 23)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    HolidayShiftFactory()
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_feed_keeps_to_the_line_length_and_escapes(client, home, black_bin, at):
    at(2026, 12, 1, 9)
    HolidayShiftFactory(reason="A; very, long\\ reason \N{SNOWMAN} " * 2)
    content = client.get(reverse("collections_feed", args=[home.pk])).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert any("\N{SNOWMAN}" in str(event.get("DESCRIPTION")) for event in Calendar.from_ical(content).walk("VEVENT"))


def test_feed_of_a_home_without_rounds_is_an_empty_calendar(client, home):
    assert feed(client, home).walk("VEVENT") == []


# --- Save as my address -----------------------------------------------------------------------------------------------


def test_signed_in_person_saves_the_address(client, home, black_bin, asha):
    client.force_login(asha.user)
    assert "Save as my address" in client.get(page(home)).text
    response = client.post(reverse("save_address", args=[home.pk]))
    assert response.url == page(home)
    asha.refresh_from_db()
    assert asha.address == home
    assert "Save as my address" not in client.get(page(home)).text


def test_saving_asks_visitors_to_sign_in_and_needs_a_post(client, home, black_bin, asha):
    save = reverse("save_address", args=[home.pk])
    assert "/account/sign-in/" in client.post(save).url
    client.force_login(asha.user)
    assert client.get(save).status_code == 405


def test_delegate_never_saves_an_address_for_the_other(client, home, black_bin, asha, ben):
    client.force_login(ben.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    assert "Save as my address" not in client.get(page(home)).text
    client.post(reverse("save_address", args=[home.pk]))
    asha.refresh_from_db()
    ben.refresh_from_db()
    assert asha.address is None
    assert ben.address is None
