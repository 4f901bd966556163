"""A visit has one end, and a moment from which it is worth nothing: by hand, by the pause, or by the job."""

import datetime as dt
import threading
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from barnet.customers.assisting import ending
from barnet.customers.enums import VISIT_ENDS, VisitEventKind
from barnet.customers.models import AssistedVisit, VisitEvent
from barnet.kit import periodic
from tests.portal.cases.test_races import at_once

MINUTE = dt.timedelta(minutes=1)
SESSION = settings.SESSION_COOKIE_NAME


def make_older(visit, minutes, *fields):
    """As if that much time had passed since the visit began, or since somebody did something in it."""
    visit.refresh_from_db()
    AssistedVisit.objects.filter(pk=visit.pk).update(
        **{name: getattr(visit, name) - minutes * MINUTE for name in fields or ("begun_at", "used_at")}
    )
    visit.refresh_from_db()


def ends():
    return list(VisitEvent.objects.filter(kind__in=VISIT_ENDS).values_list("kind", flat=True))


@pytest.mark.django_db
class TestLeft:
    def test_a_visitor_whose_browser_was_closed_is_ended_with_the_moment_of_the_pause(self, desk, handed):
        make_older(handed, settings.KIOSK_IDLE_MINUTES + 3)
        key = desk.cookies[SESSION].value
        assert Session.objects.filter(pk=key).exists()
        assert ending.end_left() == "1 visits"
        handed.refresh_from_db()
        assert handed.how_ended == "left"
        assert handed.ended_at == handed.used_at + settings.KIOSK_IDLE_MINUTES * MINUTE
        assert handed.ended_at < VisitEvent.objects.get(kind="left").at
        assert VisitEvent.objects.get(kind="left").actor is None
        assert not Session.objects.filter(pk=key).exists()
        assert ending.end_left() == "0 visits"
        assert ends() == ["left"]

    def test_a_cookie_that_comes_back_later_opens_nothing(self, desk, handed):
        key = desk.cookies[SESSION].value
        make_older(handed, settings.KIOSK_IDLE_MINUTES + 3)
        ending.end_left()
        thief = Client()
        thief.cookies[SESSION] = key
        assert thief.get("/visit/")["Location"] == "/"
        assert "Your visit" not in thief.get("/bins/").content.decode()
        assert "handed_over" not in thief.session

    def test_the_control_without_an_end_the_same_cookie_opens_the_visit(self, desk, handed):
        thief = Client()
        thief.cookies[SESSION] = desk.cookies[SESSION].value
        assert "Your visit" in thief.get("/visit/").content.decode()

    def test_a_session_that_the_store_gives_back_is_refused_by_the_record(self, desk, handed):
        """A copy of the session, as of a backup: the visit that it names is over."""
        key = desk.cookies[SESSION].value
        kept = Session.objects.get(pk=key)
        make_older(handed, settings.KIOSK_IDLE_MINUTES + 3)
        ending.end_left()
        kept.save(force_insert=True)
        answer = desk.get("/visit/")
        assert (answer["Location"], answer["Clear-Site-Data"]) == ("/", '"cache", "storage"')
        assert not Session.objects.filter(pk=key).exists()
        assert ends() == ["left"]

    def test_before_the_job_has_run_it_is_worth_nothing_already(self, desk, handed):
        make_older(handed, settings.KIOSK_IDLE_MINUTES + 0.1, "used_at")
        assert desk.get("/visit/")["Clear-Site-Data"]
        handed.refresh_from_db()
        assert handed.how_ended == "idle"
        assert handed.ended_at == handed.used_at + settings.KIOSK_IDLE_MINUTES * MINUTE

    def test_who_is_there_goes_on_and_every_act_counts(self, desk, handed):
        make_older(handed, settings.KIOSK_IDLE_MINUTES - 1)
        assert ending.end_left() == "0 visits"
        before = handed.used_at
        assert desk.get("/visit/").status_code == 200
        handed.refresh_from_db()
        assert handed.used_at > before
        make_older(handed, 1, "used_at")
        asked_by_itself = handed.used_at
        desk.get("/visit/", headers={"Sec-Fetch-Mode": "cors"})
        handed.refresh_from_db()
        assert handed.used_at == asked_by_itself

    def test_the_pause_is_the_visitors_while_staff_have_the_screen_only_the_longest_time_counts(self, desk, helped):
        make_older(helped, settings.VISIT_LONGEST_MINUTES - 1)
        assert ending.end_left() == "0 visits"
        assert "Vera Visitor" in desk.get("/staff/visit/").content.decode()
        make_older(helped, 3)
        assert ending.end_left() == "1 visits"
        helped.refresh_from_db()
        assert helped.ended_at == helped.begun_at + settings.VISIT_LONGEST_MINUTES * MINUTE

    def test_staff_whose_visit_ended_without_them_act_for_nobody(self, desk, helped):
        make_older(helped, settings.VISIT_LONGEST_MINUTES + 3)
        ending.end_left()
        session = desk.session
        session["tracking_open"] = {"BAR-7K3M-29QD": 9}
        session.save()
        answer = desk.post("/forms/missed-bin/", {})
        assert answer["Location"] == "/staff/visit/"
        assert answer["Clear-Site-Data"]
        assert not {"tracking_open", "serving", "visit"} & set(desk.session.keys())
        page = desk.get("/staff/visit/").content.decode()
        assert "The visit in this browser is over." in page
        assert "Vera Visitor" not in page
        assert "You are serving" not in desk.get("/bins/").content.decode()

    def test_staff_may_still_sign_out_of_a_visit_that_is_over(self, desk, helped):
        make_older(helped, settings.VISIT_LONGEST_MINUTES + 3)
        ending.end_left()
        desk.post("/account/sign-out/")
        assert desk.get("/staff/")["Location"].startswith("/account/sign-in/")

    def test_taking_back_a_visit_that_was_left_meanwhile_finds_nothing(self, desk, handed, librarian):
        desk.get("/account/sign-in/")
        desk.force_login(librarian)
        make_older(handed, settings.KIOSK_IDLE_MINUTES + 3)
        ending.end_left()
        assert desk.post("/staff/visit/take-back/")["Location"] == "/"
        assert ends() == ["left"]
        assert desk.get("/staff/")["Location"].startswith("/account/sign-in/")

    def test_the_job_is_registered(self):
        assert periodic.job_of("customers: visits that were left").function is ending.end_left

    def test_the_database_knows_one_end_and_no_end_without_a_moment(self, helped):
        ending.note(helped, VisitEventKind.ENDED, None)
        with pytest.raises(IntegrityError, match="visit_ends_once"), transaction.atomic():
            ending.note(helped, VisitEventKind.LEFT, None)
        with pytest.raises(IntegrityError, match="visit_end_has_moment"), transaction.atomic():
            AssistedVisit.objects.update(how_ended="left")
        with pytest.raises(IntegrityError, match="visit_over_without_screen"), transaction.atomic():
            AssistedVisit.objects.update(ended_at=timezone.now(), screen_key="x")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def left(self, handed):
        make_older(handed, settings.KIOSK_IDLE_MINUTES + 3)
        return handed

    def ways(self, visit, librarian):
        hands = (VisitEventKind.FINISHED, VisitEventKind.IDLE, VisitEventKind.ENDED)
        return [*(lambda how=how: ending.end(visit.pk, how, actor=librarian) for how in hands), ending.end_left]

    def test_of_ends_by_hand_and_by_the_job_at_one_moment_one_is_written(self, left, librarian):
        ways = self.ways(left, librarian)
        results = at_once(20, lambda n: ways[n % len(ways)]())
        assert not [error for error in results if isinstance(error, Exception)]
        assert sum(result in (True, "1 visits") for result in results) == 1
        assert len(ends()) == 1
        left.refresh_from_db()
        assert left.how_ended == ends()[0]

    def test_without_the_lock_the_database_still_keeps_one_and_the_second_meets_an_error(
        self, left, librarian, monkeypatch
    ):
        """The control: both look before either writes. It is the lock that spares people the error."""
        both_looked = threading.Barrier(2)

        def look(pk):
            visit = AssistedVisit.objects.select_related("customer").get(pk=pk)
            both_looked.wait(timeout=30)
            return visit

        monkeypatch.setattr(ending, "_locked", look)
        results = at_once(2, lambda n: ending.end(left.pk, (VisitEventKind.LEFT, VisitEventKind.ENDED)[n]))
        assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "bool"]
        assert len(ends()) == 1

    def test_who_comes_back_while_the_job_waits_for_the_visit_keeps_it(self, left):
        """The job found it; before it has the lock, somebody types."""
        with transaction.atomic():
            AssistedVisit.objects.select_for_update().get(pk=left.pk)
            job = threading.Thread(target=lambda: results.extend(at_once(1, lambda _n: ending.end_left())))
            results = []
            job.start()
            wait_until_somebody_waits()
            AssistedVisit.objects.filter(pk=left.pk).update(used_at=timezone.now())
        job.join(30)
        assert results == ["0 visits"]
        assert ends() == []


def wait_until_somebody_waits():
    for _try in range(300):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # the view is still within a transaction
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits for the lock.")
