"""The reminder of the evening before: once, and only when it still helps."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.utils import timezone

from barnet.notifications.delivery import deliver_due
from barnet.notifications.models import Message
from portal.waste import reminding, subscribing
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import Subscription, ToldCollection
from portal.waste.reminding import remind
from portal.waste.subscribing import end_subscription, subscribe_customer
from tests.factories import AddressFactory, CustomerFactory, ServiceFactory
from tests.portal.waste.factories import HolidayShiftFactory, equip
from tests.portal.waste.reminders.telling import MONDAY, beside, cost_of, dies_after, mails, suspend

pytestmark = pytest.mark.django_db


def test_reminder_comes_once_the_evening_before(asha_asked, at):
    remind()
    assert mails() == []
    at(2026, 7, 5, 17)
    for _again in range(3):
        remind()
    (sent,) = mails()
    assert sent.subject == "Put out tonight: Refuse"
    assert "Day: Monday 6 July 2026" in sent.body
    at(2026, 7, 12, 17)
    remind()
    assert len(mails()) == 2


def test_bins_of_one_day_come_in_one_message(asha_asked, home, at):
    equip(home, stream="food")
    equip(home, stream="garden")  # not asked for
    at(2026, 7, 5, 17)
    remind()
    (sent,) = mails()
    assert sent.subject == "Put out tonight: Refuse, Food waste"


def test_worker_that_was_away_catches_up_but_never_after_the_crews_began(asha_asked, at):
    at(2026, 7, 6, 6)
    remind()
    assert mails() == []
    at(2026, 7, 6, 5, 59)
    remind()
    (sent,) = mails()
    assert sent.template_key == "bins-reminder-late"
    assert set(Message.objects.values_list("channel", flat=True)) <= {"email", "inbox"}  # nobody is woken


def test_reminder_that_waited_too_long_is_not_sent(stranger_asked, at):
    at(2026, 7, 5, 17)
    remind()
    at(2026, 7, 6, 6)
    deliver_due()
    assert mail.outbox == []
    assert Message.objects.get().state == "cancelled"


def test_reminder_carries_the_one_click_end(stranger_asked, at, client):
    at(2026, 7, 5, 17)
    remind()
    deliver_due()
    (sent,) = mail.outbox
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in sent.body
    path = link.removeprefix(re.match(r"https?://[^/]+", link).group())
    assert client.get(path).status_code == 200
    assert Subscription.objects.active().exists()  # a visit ends nothing
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.active().exists()
    at(2026, 7, 12, 17)
    remind()
    assert len(mails()) == 1


def test_one_click_needs_no_cookie(stranger_asked):
    from django.test import Client

    link = subscribing.end_link(stranger_asked.key)
    path = re.sub(r"https?://[^/]+", "", link)
    assert Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.active().exists()


def test_suspended_collection_is_not_reminded_of(asha_asked, home, at):
    suspend(home)
    at(2026, 7, 5, 17)
    remind()
    assert mails() == []


def test_reminder_is_for_the_day_to_which_a_holiday_moved_it(asha_asked, home, at):
    HolidayShiftFactory(due_on=MONDAY, moved_to=MONDAY + dt.timedelta(days=1), reason="Holiday")
    at(2026, 7, 5, 17)
    remind()
    assert mails() == []
    at(2026, 7, 6, 17)
    remind()
    assert "moved from Monday 6 July 2026 (Holiday)" in mails()[0].body


def test_somebody_who_ended_and_began_again_is_not_reminded_twice(asha_asked, asha, home, at):
    at(2026, 7, 5, 17)
    remind()
    Message.objects.update(state="sent")
    end_subscription(asha_asked)
    subscribe_customer(asha, home, ["refuse"])
    remind()
    assert len(mails()) == 1


def test_ending_takes_back_what_waits(stranger_asked, at):
    at(2026, 7, 5, 17)
    remind()
    end_subscription(stranger_asked)
    deliver_due()
    assert mail.outbox == []


def test_evening_costs_the_same_for_one_and_for_many(home, black_bin, sunday, at):
    def cost(count):
        for _number in range(count):
            subscribe_customer(CustomerFactory(), home, ["refuse"])
        return cost_of(remind)

    at(2026, 7, 5, 17)
    assert cost(1) == cost(2) == cost(30)
    assert len(mails()) == 33


@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_remind_once(at):
    ensure_reporting_rules()
    ServiceFactory()
    home = AddressFactory()
    equip(home)
    at(2026, 7, 5, 17)
    for number in range(12):
        Subscription.objects.create(
            address=home, email=f"p{number}@example.com", streams=["refuse"], confirmed_at=timezone.now()
        )
    beside(*[remind] * 4)
    assert len(mails()) == 12
    assert ToldCollection.objects.count() == 12


def test_job_that_dies_half_way_leaves_nothing_half(asha_asked, stranger_asked, at, monkeypatch):
    at(2026, 7, 5, 17)
    with monkeypatch.context() as patched:
        patched.setattr(reminding, "queue_messages", dies_after(reminding.queue_messages))
        with pytest.raises(RuntimeError):
            remind()
    assert (mails(), ToldCollection.objects.count()) == ([], 0)
    remind()
    assert len(mails()) == 2
