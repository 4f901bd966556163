"""Telling many people of something: each as a single call would, in a constant number of statements, each once."""

import datetime as dt
import threading
import uuid
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from barnet.customers.enums import ContactKind, Language, Topic
from barnet.customers.models import Customer
from barnet.customers.reaching import contacts
from barnet.customers.services import choose_language
from barnet.notifications import registry, writing
from barnet.notifications.enums import MessageChannel, MessageState, Urgency
from barnet.notifications.models import Message, MessageTemplate, MessageTranslation, PushDevice, SuppressedAddress
from barnet.notifications.push import keys
from barnet.notifications.registry import TemplateKind
from barnet.notifications.services import Telling, queue_message, queue_messages
from tests import factories
from tests.barnet.notifications.notify import simulating
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db


NOON = dt.datetime(2026, 7, 6, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def by_every_channel(settings, monkeypatch):
    """At noon: whether a telephone may ring shall not depend on the clock."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    simulating.use(settings, "http://127.0.0.1:1")
    settings.PUSH_PRIVATE_KEY = keys.new_private_key()


@pytest.fixture
def bins(monkeypatch):
    """A kind whose topic people have preferences for."""
    kind = TemplateKind(
        key="bins-of-this-test",
        name="Bins",
        subject="Put out ((bins))",
        body="At ((place)).",
        fields={"bins": "Refuse", "place": "12 High Street"},
        topic=Topic.BINS,
        urgency=Urgency.WHENEVER,
    )
    monkeypatch.setitem(registry._kinds, kind.key, kind)
    row = MessageTemplate.objects.create(key=kind.key, subject=kind.subject, body=kind.body)
    MessageTranslation.objects.create(
        template=row, language=Language.POLISH, subject="Wystaw ((bins))", body="Adres: ((place))."
    )
    return kind


def customer(number, **options):
    return factories.CustomerFactory(name=f"Person {number}", email=f"person{number}@example.com", **options)


def prefer(one, channels, **options):
    options = {"is_digest": False, "quiet": None, **options}
    contacts.set_preference(one, Topic.BINS, channels=channels, by=None, **options)


def crowd(size, start=0):
    """Every sixth of a sort: mail, text, letter, digest with quiet hours, a dead address, a visitor."""
    return [_somebody(number) for number in range(start, start + size)]


def _somebody(number):
    sort = number % 6
    if sort == 5:
        return Telling(key=f"event:{number}", fields=fields(number), email=f"Visitor{number}@example.com")
    one = customer(number, address=factories.AddressFactory())
    if sort == 1:
        contacts.add_point(one, ContactKind.MOBILE, f"+4477009{number:05}", verified=True)
        prefer(one, ["sms", "email"])
    elif sort == 2:
        prefer(one, ["letter"])
        choose_language(one, Language.POLISH)
    elif sort == 3:
        prefer(one, ["email"], is_digest=True, quiet=(dt.time(8), dt.time(20)))
    elif sort == 4:
        SuppressedAddress.objects.create(channel="email", address=one.email, reason="bounced")
        contacts.mark_unusable(ContactKind.EMAIL, one.email, reason="bounced")
    # As a room reads them: nothing is fetched along with them.
    one = type(one).objects.get(pk=one.pk)
    return Telling(key=f"event:{number}", fields=fields(number), customer=one, about="BAR-7K3M-29QD")


def fields(number):
    return {"bins": "Refuse", "place": f"{number} High Street"}


def written():
    names = ["idempotency_key", "channel", "address", "state", "language", "subject", "body", "short", "about"]
    return sorted(Message.objects.values_list(*names, "provider_reference", "customer", "last_error", "topic"))


def test_many_are_told_as_each_would_be_alone(bins):
    people = crowd(12)
    together = queue_messages(bins.key, people)
    tasks, rows = OrmQ.objects.count(), written()
    assert {(row[1], row[3]) for row in rows} >= {
        ("email", "queued"), ("sms", "queued"), ("letter", "queued"), ("email", "held"), ("email", "parked"),
        ("inbox", "sent"),
    }  # fmt: skip
    assert {row[5] for row in rows} == {"Put out Refuse", "Wystaw Refuse"}
    Message.objects.all().delete()
    OrmQ.objects.all().delete()
    alone = [
        queue_message(bins.key, key=one.key, customer=one.customer, email=one.email, fields=one.fields, about=one.about)
        for one in people
    ]
    assert (written(), OrmQ.objects.count()) == (rows, tasks)
    assert [[m.idempotency_key for m in one] for one in together] == [[m.idempotency_key for m in one] for one in alone]


def test_quiet_hours_hold_each_back_by_their_own(bins):
    people = crowd(4)
    queue_messages(bins.key, people)
    due = dict(Message.objects.exclude(channel="inbox").values_list("customer", "due_at"))
    assert due[people[0].customer.pk] == NOON
    assert due[people[3].customer.pk] == NOON + dt.timedelta(hours=7)  # 8pm in London


def test_reminders_wait_for_their_moment_and_channels_narrow_the_choice(bins):
    later = NOON + dt.timedelta(days=2)
    people = crowd(3)
    queue_messages(bins.key, people, send_at=later, channels=[MessageChannel.INBOX])
    assert set(Message.objects.values_list("channel", "state")) == {("inbox", "queued")}
    assert all(due >= later for due in Message.objects.values_list("due_at", flat=True))
    assert OrmQ.objects.count() == 0


@pytest.mark.parametrize(("channels", "is_told_by"), [(["sms", "email"], "sms"), (["push", "letter"], "push")])
def test_telling_fifty_takes_as_many_statements_as_telling_one(bins, channels, is_told_by):
    counts = {}
    for start, size in ((0, 1), (100, 3), (200, 50)):
        people = [_somebody(6 * (start + n) + 1) for n in range(size)]
        for one in people:
            prefer(one.customer, channels)
            turn_notifications_on(one.customer)
        people = [replace(one, customer=Customer.objects.get(pk=one.customer.pk)) for one in people]
        with CaptureQueriesContext(connection) as captured:
            queue_messages(bins.key, people)
        counts[size] = len(captured)
    assert len(set(counts.values())) == 1, counts
    assert counts[50] <= 13
    assert Message.objects.filter(channel=is_told_by, state="queued").count() == 54


def turn_notifications_on(one):
    PushDevice.objects.create(
        customer=one,
        endpoint=f"https://push.example/{one.pk}",
        p256dh="x",
        auth="x",
        server_key=keys.public_key(),
        name="A browser",
    )


def test_mixed_crowds_cost_the_same_whatever_their_size(bins):
    counts = []
    for start, size in ((0, 6), (60, 48)):
        people = crowd(size, start)
        with CaptureQueriesContext(connection) as captured:
            queue_messages(bins.key, people)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_nobody_to_tell_costs_no_more_than_a_look(bins, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):  # the savepoint
        assert queue_messages(bins.key, []) == []


def test_again_writes_nothing_and_returns_the_first(bins):
    people = crowd(12)
    first = queue_messages(bins.key, people)
    rows, tasks = written(), OrmQ.objects.count()
    again = queue_messages(bins.key, [*people, *crowd(1, 600)])
    assert [[m.pk for m in one] for one in again[:12]] == [[m.pk for m in one] for one in first]
    assert OrmQ.objects.count() == tasks + 1
    assert set(rows) < set(written())


def test_the_same_person_twice_in_one_call_is_told_once(bins, asha):
    one = Telling(key="event", fields=fields(1), customer=asha)
    first, second = queue_messages(bins.key, [one, one])
    assert [m.pk for m in first] == [m.pk for m in second]
    assert (Message.objects.count(), OrmQ.objects.count()) == (2, 1)


def test_the_dead_are_left_out_and_keep_their_place(bins, asha, cara):
    asha.died_on = NOON.date()
    asha.save()
    told = queue_messages(
        bins.key, [Telling(key="e", fields=fields(1), customer=asha), Telling(key="e", fields=fields(2), customer=cara)]
    )
    assert told[0] == []
    assert {m.customer_id for m in told[1]} == {cara.pk}


def test_more_than_fit_into_memory_are_written_in_parts(bins, monkeypatch):
    monkeypatch.setattr(writing, "AT_ONCE", 5)
    told = queue_messages(bins.key, crowd(12))
    assert [one[0].idempotency_key.split(":")[1] for one in told] == [str(n) for n in range(12)]
    assert OrmQ.objects.count() == Message.objects.filter(state=MessageState.QUEUED).count() > 0


def test_everybody_writes_in_one_order(bins, monkeypatch):
    """Two who tell the same people in another order never wait for each other."""
    seen = []
    store = writing._store
    monkeypatch.setattr(writing, "_store", lambda rows: seen.append([r.idempotency_key for r in rows]) or store(rows))
    people = crowd(12)
    with transaction.atomic():
        queue_messages(bins.key, people)
        transaction.set_rollback(True)
    queue_messages(bins.key, people[::-1])
    assert seen[0] == seen[1]


def race(bins, people):
    """One has written and not committed when the other begins; it commits when the other waits, or has ended."""
    is_written, may_end, ended = threading.Event(), threading.Event(), threading.Event()
    pids = []

    def first():
        with transaction.atomic():
            queue_messages(bins.key, people)
            is_written.set()
            may_end.wait(60)
        connection.close()

    def second():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        queue_messages(bins.key, people)
        ended.set()
        connection.close()

    def waits():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND wait_event_type = 'Lock'", [pids]
            )
            return cursor.fetchone()[0]

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    is_written.wait(60)
    threads[1].start()
    wait_for(lambda: pids and (waits() or ended.is_set()), "the second", seconds=60)
    may_end.set()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_who_tell_the_same_people_at_once_write_each_message_once(bins):
    people = crowd(12)
    race(bins, people)
    told = Message.objects.exclude(channel="inbox")
    assert told.count() == 12
    assert OrmQ.objects.count() == told.filter(state=MessageState.QUEUED).count()


@pytest.mark.django_db(transaction=True)
def test_without_the_key_two_who_tell_at_once_tell_twice(bins, monkeypatch):
    """The control: it is the key that makes one of two."""
    monkeypatch.setattr(writing, "idempotency_key", lambda event, recipient: str(uuid.uuid4()))
    race(bins, crowd(12))
    assert Message.objects.exclude(channel="inbox").count() == 24
