"""Who is told that a home is on another round: by imports, once, and only of what is new to them."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from barnet.customers.enums import ContactKind, Topic
from barnet.customers.reaching import contacts
from barnet.notifications.models import Message
from portal.waste import moving
from portal.waste.ground import ensure_reporting_rules
from portal.waste.importing.collections import import_collections
from portal.waste.importing.csv_file import Line, Tally
from portal.waste.importing.rounds import import_rounds
from portal.waste.models import Collection, MovedHome, Subscription
from portal.waste.moving import tell_moves
from portal.waste.reminding import remind
from portal.waste.subscribing import end_subscription, subscribe_customer
from tests.barnet.notifications.notify import simulating
from tests.barnet.notifications.notify.simulating import simulator
from tests.factories import AddressFactory, CustomerFactory, ServiceFactory
from tests.portal.waste.factories import CollectionFactory, RoundFactory, equip
from tests.portal.waste.reminders.telling import beside
from tests.waiting import wait_for, waits_for_a_lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def sunday(black_bin, at):
    return at(2026, 7, 5, 12)


@pytest.fixture
def asha_asked(asha, home, sunday):
    return subscribe_customer(asha, home, ["refuse", "food"])


@pytest.fixture
def tuesdays(rules):
    return RoundFactory(code="tue", first_on=dt.date(2026, 1, 6))


def put_on(tour, *homes, **options):
    """What the file of the contractor does."""
    tally = Tally()
    lines = [
        Line(n, {"uprn": str(home.pk), "stream": tour.stream, "round": tour.code, "container": "", "description": ""})
        for n, home in enumerate(homes)
    ]
    with transaction.atomic():
        import_collections(lines, tally, today=dt.date(2026, 7, 5), **options)
    assert not tally.refused


def told(channel="email"):
    return list(Message.objects.filter(template_key__startswith="bins-new-days", channel=channel).order_by("pk"))


def test_subscriber_is_told_once_of_the_new_days(asha_asked, home, tuesdays):
    put_on(tuesdays, home)
    put_on(tuesdays, home)
    assert told() == []  # the import writes no messages
    for _again in range(3):
        tell_moves()
    (sent,) = told()
    assert "Refuse: we now collect every Tuesday. Until now: every Monday." in sent.body
    assert "The next collection is on Tuesday 7 July 2026." in sent.body
    assert "/bins/reminders/end/" in sent.body
    assert not MovedHome.objects.exists()


def test_import_that_is_taken_back_tells_nobody(asha_asked, home, tuesdays):
    with transaction.atomic():
        put_on(tuesdays, home)
        assert MovedHome.objects.exists()
        transaction.set_rollback(True)
    tell_moves()
    assert told() == []


def test_move_there_and_back_before_anybody_was_told_is_no_news(asha_asked, home, tuesdays):
    mondays = Collection.objects.get(address=home).round
    put_on(tuesdays, home)
    put_on(mondays, home)
    assert MovedHome.objects.exists()
    tell_moves()
    assert told() == []
    assert not MovedHome.objects.exists()


def test_two_moves_before_anybody_was_told_are_one_message_from_what_they_know(asha_asked, home, tuesdays):
    put_on(tuesdays, home)
    put_on(RoundFactory(code="fri", frequency=2, first_on=dt.date(2026, 1, 9)), home)
    tell_moves()
    (sent,) = told()
    assert "we now collect every other Friday. Until now: every Monday." in sent.body


@pytest.mark.parametrize(
    ("frequency", "first_on", "is_news"),
    [(1, "2026-03-02", False), (2, "2026-01-05", True), (2, "2026-01-12", True), (1, "2026-01-07", True)],
)
def test_another_round_with_the_same_days_is_no_news(asha_asked, home, frequency, first_on, is_news):
    put_on(RoundFactory(code="x", frequency=frequency, first_on=dt.date.fromisoformat(first_on)), home)
    tell_moves()
    assert bool(told()) is is_news


def test_fortnight_of_the_other_week_is_news(rules, asha, at):
    home = AddressFactory()
    equip(home, stream="recycling", frequency=2, first_on=dt.date(2026, 1, 5))
    at(2026, 7, 5, 12)
    subscribe_customer(asha, home, ["recycling"])
    put_on(RoundFactory(code="b", stream="recycling", frequency=2, first_on=dt.date(2026, 1, 12)), home)
    tell_moves()
    (sent,) = told()
    assert "The next collection is on Monday 13 July 2026." in sent.body


def test_only_bins_that_they_asked_for_and_only_those_who_want_it(home, sunday, tuesdays):
    food_only, ended, unproved = CustomerFactory(), CustomerFactory(address=home), "visitor@example.com"
    subscribe_customer(food_only, home, ["food"])
    end_subscription(subscribe_customer(ended, home, ["refuse"]))
    Subscription.objects.create(address=home, email=unproved, streams=["refuse"])
    put_on(tuesdays, home)
    tell_moves()
    assert told() == []


def test_whose_saved_home_it_is_is_told_without_having_asked_and_neighbours_are_not(home, sunday, tuesdays, asha, cara):
    asha.address = home
    asha.save()
    cara.address = AddressFactory()
    cara.save()
    put_on(tuesdays, home)
    tell_moves()
    (sent,) = told()
    assert sent.customer == asha
    assert "the home in your account" in sent.body


def test_home_of_nobody_is_not_remembered(home, sunday, tuesdays):
    put_on(tuesdays, home)
    assert Collection.objects.get(address=home).round == tuesdays
    assert not MovedHome.objects.exists()


def test_round_that_goes_out_on_other_days_tells_its_homes(asha_asked, home):
    tour = Collection.objects.get(address=home).round
    cells = {"code": tour.code, "name": "Renamed", "stream": "refuse", "weekday": "monday", "frequency": "weekly"}
    import_rounds([Line(1, {**cells, "first_date": "2026-01-05"})], Tally())
    tell_moves()
    assert told() == []  # another name is no news
    import_rounds([Line(1, {**cells, "weekday": "thursday", "first_date": "2026-01-08"})], Tally())
    tell_moves()
    (sent,) = told()
    assert "every Thursday. Until now: every Monday." in sent.body


def test_bin_that_is_collected_no_more_is_said(asha_asked, home, tuesdays):
    put_on(tuesdays, AddressFactory(), is_complete=True)
    tell_moves()
    (sent,) = told()
    assert "we do not collect it at this home any more. Until now: every Monday." in sent.body


def test_reminder_of_the_old_day_that_still_waits_is_taken_back(asha_asked, home, tuesdays, at):
    at(2026, 7, 5, 17)
    remind()
    put_on(tuesdays, home)
    tell_moves()
    assert set(
        Message.objects.filter(template_key="bins-reminder", channel="email").values_list("state", flat=True)
    ) == {"cancelled"}
    at(2026, 7, 6, 17)
    remind()
    assert Message.objects.filter(template_key="bins-reminder", channel="email").exclude(state="cancelled").count() == 1


def test_new_days_and_reminders_go_by_text_message_to_who_prefers_it(asha_asked, asha, home, tuesdays, settings, at):
    with simulator() as notify:
        simulating.use(settings, notify.url)
        contacts.add_point(asha, ContactKind.MOBILE, "+447700900123", verified=True)
        contacts.set_preference(asha, Topic.BINS, channels=["sms", "email"], is_digest=False, quiet=None, by=None)
        put_on(tuesdays, home)
        tell_moves()
        at(2026, 7, 6, 17)
        remind()
    ways = Message.objects.filter(template_key__startswith="bins-").exclude(channel="inbox")
    assert set(ways.values_list("template_key", "channel", "address")) == {
        ("bins-new-days", "sms", "+447700900123"),
        ("bins-reminder", "sms", "+447700900123"),
    }


def test_import_and_telling_cost_the_same_for_one_home_and_for_many(sunday, tuesdays):
    mondays = RoundFactory(code="mon")

    def cost(count):
        homes = AddressFactory.create_batch(count)
        for one in homes:
            CollectionFactory(address=one, round=mondays)
            subscribe_customer(CustomerFactory(), one, ["refuse"])
        with CaptureQueriesContext(connection) as importing:
            put_on(tuesdays, *homes)
        with CaptureQueriesContext(connection) as telling:
            tell_moves()
        return len(importing), len(telling)

    assert cost(1) == cost(3) == cost(50)
    assert len(told()) == 54


@pytest.fixture
def borough(transactional_db, at):
    """Twelve subscribers of one home that moves; it is Sunday."""
    ensure_reporting_rules()
    ServiceFactory()
    home, tuesdays = AddressFactory(), RoundFactory(code="tue", first_on=dt.date(2026, 1, 6))
    equip(home)
    now = at(2026, 7, 5, 12)
    for number in range(12):
        Subscription.objects.create(address=home, email=f"p{number}@example.com", streams=["refuse"], confirmed_at=now)
    return home, tuesdays


def test_workers_beside_each_other_tell_once(borough):
    home, tuesdays = borough
    put_on(tuesdays, home)
    beside(*[tell_moves] * 4)
    assert len(told()) == 12


def test_move_while_people_are_being_told_is_told_afterwards(borough, monkeypatch):
    """The second import waits for the telling of the first; its own news is not lost."""
    home, tuesdays = borough
    fridays = RoundFactory(code="fri", first_on=dt.date(2026, 1, 9))
    put_on(tuesdays, home)
    lines, has_waited = moving._lines, []

    def move_on():
        put_on(fridays, home)
        connections.close_all()

    importing = threading.Thread(target=move_on)

    def slowly(moves):
        found = lines(moves)
        importing.start()
        wait_for(waits_for_a_lock, "the import to wait")
        has_waited.append(importing.is_alive())
        return found

    monkeypatch.setattr(moving, "_lines", slowly)
    moving._tell_some_homes()
    importing.join()
    assert has_waited == [True]
    monkeypatch.setattr(moving, "_lines", lines)
    tell_moves()
    bodies = [message.body for message in told()]
    assert len(bodies) == 24
    assert sum("every Tuesday. Until now: every Monday." in body for body in bodies) == 12
    assert sum("every Friday. Until now: every Tuesday." in body for body in bodies) == 12


def test_worker_that_dies_half_way_leaves_nothing_half(asha_asked, home, tuesdays, monkeypatch):
    subscribe_customer(CustomerFactory(), home, ["refuse"])
    put_on(tuesdays, home)
    queue_messages = moving.queue_messages

    def dies(*args):
        assert queue_messages(*args)
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(moving, "queue_messages", dies)
        with pytest.raises(RuntimeError):
            tell_moves()
    assert (told(), MovedHome.objects.count()) == ([], 1)
    tell_moves()
    assert len(told()) == 2
