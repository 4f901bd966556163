"""Suspended, late and moved collections: what residents see and may report, what calendars learn, what staff do."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from portal.waste import selectors
from portal.waste.enums import NoticeKind
from portal.waste.models import RoundNotice
from portal.waste.notices import NoticeDraft, StaleNoticeError, announced_notices, give_notice, reword_notice
from portal.waste.notices import withdraw_notice as withdraw
from portal.waste.reporting import Standing
from tests.factories import AddressFactory, AreaFactory, StaffFactory
from tests.portal.waste.factories import HolidayShiftFactory, RoundRunFactory, equip

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 7, 6)


@pytest.fixture
def tour(black_bin, home, at):
    """The round of the home: refuse, Mondays. It is the Sunday before."""
    at(2026, 7, 5, 12)
    return selectors.rounds_of(home)[0]


@pytest.fixture
def officer(client):
    client.force_login(StaffFactory(roles=["collections"]))
    return client


def given(kind="suspended", *, key="n", **draft):
    draft = {"first_on": MONDAY, "words": "Snow has closed the roads.", "advice": "Leave your bin out.", **draft}
    draft.setdefault("last_on", draft["first_on"])
    return give_notice(NoticeDraft(kind=NoticeKind(kind), **draft), source_key=key, by=None)


def moment(*parts):
    return timezone.make_aware(dt.datetime(*parts))


def page(client, home):
    return client.get(reverse("collection_days", args=[home.pk])).text


def only_choice(home, now):
    (choice,) = selectors.reportable(home, now)
    return choice


# --- What residents see -----------------------------------------------------------------------------------------------


def test_suspended_round_shows_at_once_on_the_page_of_the_home(client, home, tour):
    assert "Snow has closed" not in page(client, home)
    given(round=tour)
    text = page(client, home)
    assert "Refuse, Monday 6 July 2026: We cannot collect." in text
    assert "Snow has closed the roads. Leave your bin out." in text


def test_late_crew_shows_until_when(client, home, tour):
    given("late", round=tour, expected_at=moment(2026, 7, 6, 20, 30))
    assert "We expect it to be done by 8:30pm on Monday 6 July 2026." in page(client, home)


def test_moved_collection_stands_on_its_new_day(client, home, tour):
    given("moved", round=tour, moved_to=MONDAY + dt.timedelta(days=2))
    text = page(client, home)
    assert "Wednesday 8 July 2026" in text
    assert "moved from Monday 6 July 2026: Snow has closed the roads." in text
    assert [day.on for day in selectors.collections_between(home, MONDAY, dt.date(2026, 7, 20))] == [
        dt.date(2026, 7, 8),
        dt.date(2026, 7, 13),
    ]


def test_notice_is_about_the_day_to_which_a_holiday_moved_the_collection(home, tour):
    HolidayShiftFactory(due_on=MONDAY, moved_to=MONDAY + dt.timedelta(days=1))
    given(round=tour, first_on=MONDAY + dt.timedelta(days=1))
    (day,) = selectors.collections_between(home, MONDAY, MONDAY + dt.timedelta(days=7))
    assert (day.on, day.is_suspended) == (dt.date(2026, 7, 7), True)
    with pytest.raises(ValidationError, match="No such collection is due then"):
        given(round=tour, key="other")


def test_notice_reaches_its_area_only(client, home, tour):
    here = AreaFactory(name="High Barnet")
    far = AddressFactory(location="SRID=27700;POINT(530000 190000)")
    equip(far)
    notice = given(stream="refuse", area=here)
    assert (notice.home_count, [ward.name for ward in notice.wards.all()]) == (1, ["High Barnet"])
    assert "We cannot collect" in page(client, home)
    assert "We cannot collect" not in page(client, far)


def test_other_streams_and_other_rounds_are_as_usual(client, home, tour):
    other = AddressFactory()
    equip(other)
    equip(home, stream="food")
    given(round=tour)
    assert "We cannot collect" not in page(client, other)
    suspended = [day for day in selectors.collections_between(home, MONDAY, dt.date(2026, 7, 7)) if day.is_suspended]
    assert [day.stream for day in suspended] == ["refuse"]


def test_newest_notice_counts_and_withdrawing_it_gives_way_to_the_older(home, tour):
    given(stream="refuse")
    newer = given("late", round=tour, key="newer", expected_at=moment(2026, 7, 6, 21))
    (day,) = selectors.collections_between(home, MONDAY, dt.date(2026, 7, 7))
    assert day.notice == newer
    withdraw(newer)
    (day,) = selectors.collections_between(home, MONDAY, dt.date(2026, 7, 7))
    assert day.is_suspended


def test_start_page_announces_what_is_not_as_usual(client, home, tour):
    notice = given(stream="refuse")
    assert "Refuse, Monday 6 July 2026: We cannot collect." in client.get("/bins/").text
    withdraw(notice)
    assert "We cannot collect" not in client.get("/bins/").text


def test_announcements_cost_the_same_for_one_and_for_three(home, tour, django_assert_num_queries):
    given(round=tour)
    with django_assert_num_queries(2):
        assert [notice.where for notice in announced_notices(MONDAY)] == [""]
    for number in range(2):
        given(round=tour, key=str(number))
    with django_assert_num_queries(2):
        assert len([notice.where for notice in announced_notices(MONDAY)]) == 3


def test_page_of_a_home_costs_the_same_with_notices(client, home, tour):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(client, home)
        return len(queries)

    before = cost()
    for number in range(3):
        given(round=tour, key=str(number))
    assert cost() == before


# --- Missed bins ------------------------------------------------------------------------------------------------------


def test_suspended_collection_cannot_be_reported_and_says_what_happens_instead(home, tour):
    given(round=tour)
    choice = only_choice(home, moment(2026, 7, 6, 19))
    assert choice.standing == Standing.SUSPENDED
    assert not choice.may_choose
    assert choice.sentence == "We could not collect on Monday 6 July 2026. Snow has closed the roads."
    assert choice.advice == "Leave your bin out. The next collection is on Monday 13 July 2026."


def test_next_collection_after_a_suspension_is_one_that_takes_place(home, tour):
    given(round=tour, last_on=MONDAY + dt.timedelta(days=14))
    assert "Monday 27 July 2026" in only_choice(home, moment(2026, 7, 6, 19)).advice


def test_late_crew_is_not_missed_before_it_is_done(home, tour):
    given("late", round=tour, expected_at=moment(2026, 7, 7, 11))
    early = only_choice(home, moment(2026, 7, 6, 22))
    assert early.standing == Standing.TOO_EARLY
    assert "by 11am on Tuesday 7 July 2026" in early.advice
    assert only_choice(home, moment(2026, 7, 7, 11)).may_report


def test_late_crew_that_says_it_is_done_opens_reports(home, tour):
    given("late", round=tour, expected_at=moment(2026, 7, 7, 11))
    RoundRunFactory(round=tour, on=MONDAY, finished_at=moment(2026, 7, 6, 20))
    assert only_choice(home, moment(2026, 7, 6, 21)).may_report


def test_days_to_report_a_late_crew_begin_when_it_was_to_be_done(home, tour):
    given("late", round=tour, expected_at=moment(2026, 7, 7, 11))
    assert only_choice(home, moment(2026, 7, 9, 23)).may_report  # two working days after Tuesday
    assert only_choice(home, moment(2026, 7, 10, 1)).standing == Standing.TOO_LATE


# --- Calendars --------------------------------------------------------------------------------------------------------


class Subscriber:
    """A calendar program: keeps events by UID, and takes a newer SEQUENCE only."""

    def __init__(self, client, home):
        self.client, self.address, self.events, self.etag = client, reverse("collections_feed", args=[home.pk]), {}, ""

    def refresh(self) -> bool:
        response = self.client.get(self.address, headers={"If-None-Match": self.etag} if self.etag else {})
        if response.status_code == 304:
            return False
        self.etag = response["ETag"]
        for event in Calendar.from_ical(response.content).walk("VEVENT"):
            known = self.events.get(str(event["UID"]))
            if known is None or event["SEQUENCE"] > known["SEQUENCE"]:
                self.events[str(event["UID"])] = event
        return True

    def on(self, day):
        return [event for event in self.events.values() if event.decoded("dtstart") == day]


def test_calendar_follows_a_notice_and_its_withdrawal_without_a_second_event(client, home, tour, at):
    calendar = Subscriber(client, home)
    assert calendar.refresh()
    assert not calendar.refresh()
    uids = set(calendar.events)
    notice = given("moved", round=tour, moved_to=dt.date(2026, 7, 8))
    assert calendar.refresh()
    assert (calendar.on(MONDAY), len(calendar.on(dt.date(2026, 7, 8)))) == ([], 1)
    at(2026, 7, 5, 13)
    withdraw(notice)
    assert calendar.refresh()
    assert (len(calendar.on(MONDAY)), calendar.on(dt.date(2026, 7, 8))) == (1, [])
    assert set(calendar.events) == uids


def test_calendar_is_told_that_a_suspended_collection_is_cancelled(client, home, tour, at):
    calendar = Subscriber(client, home)
    calendar.refresh()
    notice = given(round=tour)
    calendar.refresh()
    (event,) = calendar.on(MONDAY)
    assert (event["STATUS"], str(event["SUMMARY"])) == ("CANCELLED", "No Refuse collection")
    assert "Snow has closed the roads." in event["DESCRIPTION"]
    at(2026, 7, 5, 13)
    reword_notice(notice, words="Ice has closed the roads.", advice="Leave your bin out.")
    calendar.refresh()
    (event,) = calendar.on(MONDAY)
    assert "Ice has closed" in event["DESCRIPTION"]
    at(2026, 7, 5, 14)
    withdraw(notice)
    calendar.refresh()
    assert calendar.on(MONDAY)[0]["STATUS"] == "CONFIRMED"


# --- Rules of a notice ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("suspended", {"advice": ""}, "Say what happens instead"),
        ("suspended", {"last_on": MONDAY - dt.timedelta(days=1)}, "The last day must be the same as or after"),
        ("suspended", {"first_on": dt.date(2026, 6, 1)}, "These days are over"),
        ("suspended", {"last_on": MONDAY + dt.timedelta(days=61)}, "60 days at most"),
        ("suspended", {"first_on": dt.date(2027, 8, 2)}, "in the next twelve months"),
        ("suspended", {"first_on": dt.date(2026, 7, 7)}, "No such collection is due then"),
        ("late", {}, "Say when the crew will be done."),
        ("late", {"expected_at": moment(2026, 7, 10, 0)}, "in the three days after"),
        ("late", {"expected_at": moment(2026, 7, 5, 23)}, "in the three days after"),
        ("moved", {}, "Say on which day we collect instead."),
        ("moved", {"moved_to": MONDAY}, "This is the same day"),
        ("moved", {"moved_to": dt.date(2026, 7, 4)}, "This day is over"),
        ("moved", {"moved_to": dt.date(2026, 7, 13)}, "at most 6 days away"),
    ],
)
def test_notice_that_makes_no_sense_is_refused(tour, kind, changed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        given(kind, round=tour, **changed)
    assert not RoundNotice.objects.exists()


def test_moved_collection_never_passes_the_next_one(tour):
    HolidayShiftFactory(due_on=MONDAY + dt.timedelta(days=7), moved_to=MONDAY + dt.timedelta(days=4))
    with pytest.raises(ValidationError, match="the next or the last collection"):
        given("moved", round=tour, moved_to=MONDAY + dt.timedelta(days=5))
    given("moved", round=tour, moved_to=MONDAY + dt.timedelta(days=3))


def test_same_source_key_is_one_notice(tour):
    assert given(round=tour) == given(round=tour, words="Something else.")
    assert RoundNotice.objects.get().words == "Snow has closed the roads."


@pytest.mark.parametrize("change", [{"first_on": dt.date(2026, 7, 5)}, {"stream": "food"}, {"kind": "late"}])
def test_database_keeps_what_a_notice_is_about(tour, change):
    notice = given(stream="refuse")
    with pytest.raises(DatabaseError), transaction.atomic():
        RoundNotice.objects.filter(pk=notice.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        notice.delete()


def test_stale_words_are_refused(tour, at):
    notice = given(round=tour)
    at(2026, 7, 5, 13)
    reword_notice(notice, words="Ice.", advice="Wait.", seen_at=notice.changed_at)
    with pytest.raises(StaleNoticeError):
        reword_notice(notice, words="Rain.", advice="Wait.", seen_at=notice.changed_at)
    assert RoundNotice.objects.get().words == "Ice."


# --- Staff ------------------------------------------------------------------------------------------------------------


def form_of(tour, **changed):
    return {
        "round": tour.code,
        "first_on_day": "6",
        "first_on_month": "7",
        "first_on_year": "2026",
        "words": "Snow has closed the roads.",
        "advice": "Leave your bin out.",
        **changed,
    }


def filled(client, kind, **answers):
    form = client.get(reverse("staff_notice_new", args=[kind])).context["form"]
    return {**answers, "submission_key": form["submission_key"].value()}


def test_officer_gives_a_notice_after_seeing_what_it_reaches(officer, home, tour):
    AreaFactory(name="High Barnet")
    address = reverse("staff_notice_new", args=["suspended"])
    answers = filled(officer, "suspended", **form_of(tour))
    checked = officer.post(address, answers)
    assert "High Barnet" in checked.text
    assert not RoundNotice.objects.exists()
    posted = {**dict(checked.context["posted"]), "confirm": "1"}
    assert officer.post(address, posted).status_code == 302
    assert officer.post(address, posted).status_code == 302  # a double click
    notice = RoundNotice.objects.get()
    assert (notice.round, notice.home_count, notice.given_by.is_staff) == (tour, 1, True)
    assert "We cannot collect" in page(officer, home)


@pytest.mark.parametrize(
    ("kind", "changed", "sentence"),
    [
        ("suspended", {"words": ""}, "why, as residents read it"),
        ("suspended", {"stream": "refuse"}, "Choose one round, or a kind of bin"),
        ("suspended", {"round": "forged"}, "round"),
        ("suspended", {"first_on_year": "99999"}, "4 numbers"),
        ("late", {"expected_time": "soon"}, "Enter a time, such as 5:30pm"),
        ("late", {}, "Say when the crew will be done."),
        ("moved", {}, "we collect on"),
    ],
)
def test_form_says_what_is_wrong_and_keeps_what_was_typed(officer, tour, kind, changed, sentence):
    answers = filled(officer, kind, **form_of(tour, **changed), confirm="1")
    response = officer.post(reverse("staff_notice_new", args=[kind]), answers)
    assert response.status_code == 200
    assert sentence.lower() in response.text.lower()
    assert "Leave your bin out." in response.text
    assert not RoundNotice.objects.exists()


def test_late_form_reads_times_as_people_write_them(officer, tour):
    when = {"expected_on_day": "7", "expected_on_month": "7", "expected_on_year": "2026", "expected_time": "9:30am"}
    answers = filled(officer, "late", **form_of(tour, **when), confirm="1")
    assert officer.post(reverse("staff_notice_new", args=["late"]), answers).status_code == 302
    assert timezone.localtime(RoundNotice.objects.get().expected_at) == moment(2026, 7, 7, 9, 30)


def test_unknown_kind_is_not_found(officer, db):
    assert officer.get(reverse("staff_notice_new", args=["strike"])).status_code == 404


def test_officer_changes_words_and_withdraws(officer, home, tour, at):
    notice = given(round=tour)
    shown = officer.get(reverse("staff_notice", args=[notice.pk]))
    seen_at = shown.context["form"]["seen_at"].value()
    answers = {"words": "Ice has closed the roads.", "advice": "Wait.", "seen_at": seen_at}
    at(2026, 7, 5, 13)
    assert officer.post(reverse("staff_notice_reword", args=[notice.pk]), answers).status_code == 302
    stale = officer.post(reverse("staff_notice_reword", args=[notice.pk]), {**answers, "words": "Rain fell."})
    assert (stale.status_code, "Rain fell." in stale.text) == (409, True)
    assert "Ice has closed the roads." in page(officer, home)
    officer.post(reverse("staff_notice_withdraw", args=[notice.pk]))
    assert "Ice has closed" not in page(officer, home)
    officer.post(reverse("staff_notice_reword", args=[notice.pk]), answers)
    assert not RoundNotice.objects.get().is_standing


def test_list_costs_the_same_for_one_and_for_three(officer, tour):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(reverse("staff_rounds")).status_code == 200
        return len(queries)

    given(round=tour)
    first = cost()
    for number in range(2):
        given(round=tour, key=str(number))
    assert cost() == first


def test_history_of_a_notice_is_kept(tour):
    notice = given(round=tour)
    reword_notice(notice, words="Ice.", advice="Wait.")
    withdraw(notice)
    assert [event.words for event in notice.events.order_by("pgh_id")] == ["Snow has closed the roads.", "Ice.", "Ice."]


# --- Files ------------------------------------------------------------------------------------------------------------


HEADING = (
    "reference,kind,first_date,last_date,round,stream,ward,moved_to,expected_date,expected_time,words,advice,withdrawn"
)


def run(tmp_path, *lines, **options):
    file = tmp_path / "notices.csv"
    file.write_text("\n".join([HEADING, *lines]))
    call_command("import_notices", file, verbosity=0, **options)


def test_file_gives_changes_and_withdraws_and_may_be_read_twice(tmp_path, tour, at):
    line = f"A-1,late,2026-07-06,,{tour.code},,,,,20:15,The lorry broke down.,,"
    run(tmp_path, line)
    run(tmp_path, line)
    notice = RoundNotice.objects.get()
    assert (notice.kind, timezone.localtime(notice.expected_at)) == ("late", moment(2026, 7, 6, 20, 15))
    assert notice.changed_at == notice.given_at
    at(2026, 7, 5, 13)
    run(tmp_path, line.replace("20:15", "21:00"))
    assert timezone.localtime(RoundNotice.objects.get().expected_at) == moment(2026, 7, 6, 21)
    run(tmp_path, f"{line.replace('20:15', '21:00')}yes")
    run(tmp_path, f"{line.replace('20:15', '21:00')}yes")
    assert not RoundNotice.objects.get().is_standing


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A,late,2026-07-06,,nowhere,,,,,20:15,Words.,,", "round 'nowhere' is not known"),
        ("A,broken,2026-07-06,,,,,,,,Words.,,", "is not one of: suspended, late, moved"),
        ("A,suspended,2026-07-06,,,,,,,,Words.,,", "Say what happens instead"),
        ("A,suspended,2026-07-07,,,,,,,,Words.,Wait.,", "No such collection is due then"),
        ("A,suspended,2026-07-06,,,,E99,,,,Words.,Wait.,", "ward 'E99'"),
        (",suspended,2026-07-06,,,,,,,,Words.,Wait.,", "reference is empty"),
    ],
)
def test_bad_line_is_named_and_nothing_changes(tmp_path, tour, capsys, line, reason):
    with pytest.raises(CommandError, match="1 bad line"):
        run(tmp_path, line)
    assert reason in capsys.readouterr().err
    assert not RoundNotice.objects.exists()
