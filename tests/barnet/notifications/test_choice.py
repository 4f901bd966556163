"""By which way and when somebody is told, and what happens when it does not arrive."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from barnet.customers.enums import ContactKind, Topic
from barnet.customers.models import ChannelPreference, ContactPoint
from barnet.customers.reaching import contacts
from barnet.notifications import registry, smtp
from barnet.notifications.delivery import deliver, deliver_due
from barnet.notifications.digest import send_summaries
from barnet.notifications.enums import MessageState, Receipt, Urgency
from barnet.notifications.errors import PermanentRefusalError
from barnet.notifications.models import Message, SuppressedAddress
from barnet.notifications.moments import LONDON, not_before
from barnet.notifications.notify import receipts
from barnet.notifications.registry import TemplateKind
from barnet.notifications.selectors import inbox_for
from barnet.notifications.services import cancel_messages, queue_message
from barnet.notifications.suppression import lift
from tests import factories
from tests.barnet.notifications.notify import simulating
from tests.barnet.notifications.notify.simulating import simulator


@pytest.fixture(autouse=True)
def _by_day(monkeypatch):
    """Nobody is told in the night: these tests shall not depend on the clock."""
    monkeypatch.setattr("barnet.notifications.moments.NIGHT", (dt.time(3), dt.time(3, 0, 1)))


@pytest.fixture
def notify(settings):
    with simulator() as one:
        simulating.use(settings, one.url)
        yield one


@pytest.fixture
def mobile(asha) -> ContactPoint:
    return contacts.add_point(asha, ContactKind.MOBILE, "+447700900123", verified=True)


def prefer(customer, *channels, topic=Topic.BINS, **options) -> ChannelPreference:
    options = {"is_digest": False, "quiet": None, "by": None, **options}
    return contacts.set_preference(customer, topic, channels=list(channels), **options)


@pytest.fixture
def bins_kind(monkeypatch):
    def bins_kind(urgency=Urgency.TODAY) -> TemplateKind:
        kind = TemplateKind(
            key="bins-changed",
            name="Day changed",
            subject="Your ((bin)) bin: a new day",
            body="We collect it on ((day)).",
            fields={"bin": "blue", "day": "Tuesday", "link": "https://x.example/"},
            topic=Topic.BINS,
            urgency=urgency,
        )
        monkeypatch.setitem(registry._kinds, kind.key, kind)
        return kind

    return bins_kind


@pytest.fixture
def tell(bins_kind):
    def tell(customer, key="bins:1", urgency=Urgency.TODAY, day="Tuesday", **options) -> list[Message]:
        fields = {"bin": "blue", "day": day, "link": "https://x.example/"}
        return queue_message(bins_kind(urgency).key, key=key, customer=customer, fields=fields, **options)

    return tell


def ways(messages) -> list[tuple[str, str]]:
    return [(message.channel, message.address) for message in messages]


def bounced(message: Message, receipt=Receipt.PERMANENT_FAILURE) -> Message | None:
    message.refresh_from_db()
    receipts.apply(message.provider_reference, receipt)
    return Message.objects.filter(replaces=message).first()


# --- Which way ---


def test_the_preferred_way_is_taken_and_the_inbox_keeps_a_copy(notify, asha, mobile, tell):
    prefer(asha, "sms", "email")
    assert ways(tell(asha)) == [("sms", "+447700900123"), ("inbox", "")]
    deliver_due()
    assert notify.taken[0]["content"] == {"body": "Barnet Council: Your blue bin: a new day. https://x.example/"}


def test_another_topic_goes_as_usual(notify, asha, mobile, tell):
    prefer(asha, "sms", topic=Topic.NEWS)
    assert ways(tell(asha))[0] == ("email", "asha@example.com")


def test_a_number_that_nobody_proved_gets_no_text_message(notify, asha, tell):
    contacts.add_point(asha, ContactKind.MOBILE, "+447700900123")
    prefer(asha, "sms", "email")
    assert ways(tell(asha))[0] == ("email", "asha@example.com")


def test_a_channel_that_the_council_does_not_have_is_passed_over(asha, mobile, tell):
    prefer(asha, "sms", "email")
    assert ways(tell(asha))[0] == ("email", "asha@example.com")


def test_no_channel_is_the_inbox_alone_but_the_account_is_always_told_of_by_mail(notify, asha, tell):
    prefer(asha)
    prefer(asha, topic=Topic.ACCOUNT)
    assert ways(tell(asha)) == [("inbox", "")]
    fields = {"council": "x", "asked_at": "y"}
    assert ways(queue_message("test-message", key="k", customer=asha, fields=fields))[0][0] == "email"


def test_somebody_without_a_login_who_wants_nothing_is_told_all_the_same(notify, db, tell):
    customer = factories.CustomerFactory(user=None, email="walk.in@example.com")
    prefer(customer)
    assert ways(tell(customer)) == [("email", "walk.in@example.com")]


def test_an_address_of_their_own_follows_their_preference_and_a_strangers_does_not(notify, asha, mobile, tell):
    prefer(asha, "sms")
    assert ways(tell(asha, email="Asha@Example.com"))[0][0] == "sms"
    assert ways(tell(asha, key="other", email="neighbour@example.com"))[0] == ("email", "neighbour@example.com")


def test_a_letter_goes_to_the_address_in_lines(notify, db, tell):
    address = factories.AddressFactory(one_line="Flat 3, 12 High Street, Barnet, EN5 4AA")
    customer = factories.CustomerFactory(user=None, name="Asha Owner", email="", address=address)
    prefer(customer, "letter")
    (letter,) = tell(customer)
    assert letter.address.split("\n") == ["Asha Owner", "Flat 3", "12 High Street", "Barnet", "EN5 4AA"]
    prefer(customer, "letter", "email")
    assert ways(tell(customer, key="now", urgency=Urgency.NOW))[0][0] == "letter"  # nothing faster reaches them


def test_the_same_event_is_told_once_though_the_preference_changed_meanwhile(notify, asha, mobile, tell):
    first = tell(asha)
    prefer(asha, "sms")
    assert [m.pk for m in tell(asha)] == [m.pk for m in first]
    assert Message.objects.count() == 2


# --- Falling back ---


def test_what_bounces_goes_the_next_way_once_and_the_address_is_dead(notify, asha, mobile, tell):
    message = tell(asha)[0]
    deliver(str(message.pk))
    instead = bounced(message)
    assert bounced(message).pk == instead.pk
    assert Message.objects.exclude(channel="inbox").count() == 2
    message.refresh_from_db()
    assert (message.state, ways([instead])) == (MessageState.REPLACED, [("sms", "+447700900123")])
    assert deliver(str(instead.pk)) == "delivered"
    point = asha.contact_points.get(value="asha@example.com")
    assert (point.is_usable, point.unusable_reason) == (False, str(Receipt.PERMANENT_FAILURE.label))
    assert SuppressedAddress.objects.get().address == "asha@example.com"
    assert ways(tell(asha, key="next"))[0][0] == "sms"


def test_receipts_that_come_at_once_from_two_sides_make_one_replacement(notify, mobile, tell, asha, transactional_db):
    mobile = contacts.add_point(asha, ContactKind.MOBILE, "+447700900124", verified=True)
    message = tell(asha)[0]
    deliver(str(message.pk))
    reference, together = Message.objects.get(pk=message.pk).provider_reference, threading.Barrier(4)

    def hear():
        together.wait()
        receipts.apply(reference, Receipt.PERMANENT_FAILURE)
        connection.close()

    threads = [threading.Thread(target=hear) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.filter(replaces=message).count() == 1
    assert mobile.pk


def test_cancelling_an_event_reaches_what_goes_instead(notify, asha, mobile, tell):
    message = tell(asha, key="bins:7:x")[0]
    deliver(str(message.pk))
    instead = bounced(message)
    cancel_messages("bins:7:")
    instead.refresh_from_db()
    assert instead.state == MessageState.CANCELLED


def test_when_no_way_is_left_staff_look_after_it(notify, asha, mobile, tell):
    message = tell(asha)[0]
    deliver(str(message.pk))
    instead = bounced(message)
    deliver(str(instead.pk))
    assert bounced(instead) is None
    instead.refresh_from_db()
    assert instead.state == MessageState.PARKED


def test_a_full_mailbox_is_no_dead_address(notify, asha, mobile, tell):
    message = tell(asha)[0]
    deliver(str(message.pk))
    assert bounced(message, Receipt.TEMPORARY_FAILURE).channel == "sms"
    assert not SuppressedAddress.objects.exists()


def test_an_address_that_died_while_the_message_waited_is_not_tried(notify, asha, mobile, tell):
    first, second = tell(asha)[0], tell(asha, key="second")[0]
    deliver(str(first.pk))
    bounced(first)
    deliver(str(second.pk))
    assert Message.objects.filter(replaces=second).get().channel == "sms"
    assert [taken["type"] for taken in notify.taken] == ["email"]


def test_what_goes_to_a_dead_address_with_no_other_way_is_seen_by_staff_at_once(notify, db, tell):
    customer = factories.CustomerFactory(user=None, email="gone@example.com")
    first = tell(customer)[0]
    deliver(str(first.pk))
    bounced(first)
    (message,) = tell(customer, key="next")
    assert (message.state, message.address) == (MessageState.PARKED, "gone@example.com")
    assert lift(SuppressedAddress.objects.get(), by=None, reason="they called")
    assert not lift(SuppressedAddress.objects.first(), by=None, reason="again")
    assert tell(customer, key="after")[0].state == MessageState.QUEUED


def test_a_code_goes_to_a_dead_address_too(notify, db, secret_kind):
    SuppressedAddress.objects.create(channel="email", address="asha@example.com", reason="x")
    (message,) = queue_message(secret_kind.key, key="k", email="asha@example.com", fields={"code": "X"})
    assert deliver(str(message.pk)) == "delivered"


@pytest.mark.parametrize(
    ("answer", "is_dead"),
    [
        ((550, b"5.1.1 User unknown"), True),
        ((550, b"No such user here"), True),
        ((550, b"5.7.1 Looks like spam"), False),
        ((552, b"5.2.2 Mailbox full"), False),
    ],
)
def test_a_mail_server_says_whether_the_address_is_dead(answer, is_dead):
    with pytest.raises(PermanentRefusalError) as refusal:
        smtp._expect(answer, is_final=True, is_recipient=True)
    assert refusal.value.is_address_dead == is_dead


# --- Which moment ---


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def quiet(start: str, end: str) -> ChannelPreference:
    return ChannelPreference(quiet_from=dt.time.fromisoformat(start), quiet_until=dt.time.fromisoformat(end))


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        (("21:00", "08:00"), "2026-11-24T20:59:00+00:00", None),
        (("21:00", "08:00"), "2026-11-24T21:00:00+00:00", "2026-11-25T08:00:00+00:00"),
        (("21:00", "08:00"), "2026-11-25T07:59:00+00:00", "2026-11-25T08:00:00+00:00"),
        (("21:00", "08:00"), "2026-11-25T08:00:00+00:00", None),
        (("09:00", "17:00"), "2026-11-25T12:00:00+00:00", "2026-11-25T17:00:00+00:00"),
        (("09:00", "17:00"), "2026-11-25T17:00:00+00:00", None),
        # In summer the clock in London is an hour ahead.
        (("21:00", "08:00"), "2026-07-01T20:30:00+00:00", "2026-07-02T07:00:00+00:00"),
        # 28 March 2027: 01:00 becomes 02:00. The night is an hour shorter.
        (("21:00", "08:00"), "2027-03-27T22:00:00+00:00", "2027-03-28T07:00:00+00:00"),
        (("21:00", "01:30"), "2027-03-28T00:15:00+00:00", "2027-03-28T01:30:00+00:00"),  # a time that does not exist
        # 25 October 2026: 02:00 becomes 01:00. The night is an hour longer.
        (("21:00", "08:00"), "2026-10-24T21:00:00+00:00", "2026-10-25T08:00:00+00:00"),
        (
            ("21:00", "01:30"),
            "2026-10-24T23:45:00+00:00",
            "2026-10-25T00:30:00+00:00",
        ),  # the first of two half past ones
        (("21:00", "01:30"), "2026-10-25T01:10:00+00:00", "2026-10-25T01:30:00+00:00"),  # in the hour that comes again
    ],
)
def test_quiet_hours_end_by_the_clock_of_london(hours, at, until):
    found = not_before(moment(at), channel="sms", urgency=Urgency.TODAY, preference=quiet(*hours))
    assert found == moment(until or at)


def test_in_the_night_no_telephone_rings_mail_goes_and_what_is_urgent_goes(monkeypatch):
    monkeypatch.setattr("barnet.notifications.moments.NIGHT", (dt.time(21), dt.time(8)))
    at = dt.datetime(2026, 11, 24, 23, tzinfo=LONDON)
    morning = dt.datetime(2026, 11, 25, 8, tzinfo=LONDON)

    def when(channel, urgency, preference=None):
        return not_before(at, channel=channel, urgency=urgency, preference=preference)

    assert when("sms", Urgency.TODAY) == when("push", Urgency.WHENEVER) == morning
    assert when("email", Urgency.TODAY) == when("sms", Urgency.NOW) == when("letter", Urgency.TODAY) == at
    assert when("email", Urgency.TODAY, quiet("22:00", "08:00")) == morning
    assert when("email", Urgency.NOW, quiet("22:00", "08:00")) == at


def test_a_message_in_quiet_hours_waits_and_is_in_the_inbox_already(mailbox, asha, tell):
    now = timezone.localtime()
    hours = ((now - dt.timedelta(hours=1)).time(), (now + dt.timedelta(hours=1)).time())
    prefer(asha, "email", quiet=hours)
    told = tell(asha)[0]
    assert deliver_due() == 0
    assert dt.timedelta(minutes=59) < told.due_at - now <= dt.timedelta(hours=1)
    assert inbox_for(asha.user).count() == 1


# --- The daily summary ---


@pytest.fixture
def held(asha, tell, mailbox):
    prefer(asha, "email", is_digest=True)
    return [tell(asha, key=f"bins:{n}", urgency=Urgency.WHENEVER, day=f"day {n}")[0] for n in range(3)]


def test_what_can_wait_comes_once_in_one_message(held, asha):
    assert deliver_due() == 0
    assert send_summaries() == "1 summaries"
    assert send_summaries() == "0 summaries"
    assert deliver_due() == 1
    summary = Message.objects.get(template_key="daily-summary")
    assert summary.subject == "Bin collections: 3 messages"
    assert [f"day {n}" in summary.body for n in range(3)] == [True] * 3
    assert summary.body.count("Please do not reply") == 1
    assert set(Message.objects.filter(collected_in=summary)) == set(held)
    assert inbox_for(asha.user).count() == 3


def test_what_cannot_wait_does_not(asha, tell, mailbox):
    prefer(asha, "email", is_digest=True)
    assert tell(asha)[0].state == MessageState.QUEUED


def test_one_alone_is_sent_as_it_is(asha, tell, mailbox):
    prefer(asha, "email", is_digest=True)
    message = tell(asha, urgency=Urgency.WHENEVER)[0]
    send_summaries()
    assert deliver(str(message.pk)) == "delivered"
    assert not Message.objects.filter(template_key="daily-summary").exists()


def test_what_was_cancelled_is_not_in_the_summary(held):
    assert cancel_messages("bins:2:") == 1
    send_summaries()
    assert "day 2" not in Message.objects.get(template_key="daily-summary").body


def test_two_summaries_at_once_collect_each_message_once(transactional_db, held):
    together = threading.Barrier(2)

    def collect():
        together.wait()
        send_summaries()
        connection.close()

    threads = [threading.Thread(target=collect) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    summaries = Message.objects.filter(template_key="daily-summary")
    assert "".join(summaries.values_list("body", flat=True)).count("We collect it on") == 3
    assert Message.objects.filter(state=MessageState.HELD).count() == 0
