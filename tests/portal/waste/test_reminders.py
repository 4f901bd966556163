"""Subscribing, the reminder of the evening before, and the message that a day has changed: each once."""

import datetime as dt
import re
import threading

import pytest
from django.core import mail
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.notifications.delivery import deliver_due
from barnet.notifications.models import Message
from portal.waste import reminding, selectors, subscribing, telling_changes
from portal.waste.enums import NoticeKind
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import Subscription, ToldCollection
from portal.waste.notices import NoticeDraft, give_notice, withdraw_notice
from portal.waste.reminding import remind
from portal.waste.subscribing import ask_to_subscribe, end_subscription, subscribe_customer
from portal.waste.telling_changes import tell_changes
from tests.factories import AddressFactory, AreaFactory, CustomerFactory, ServiceFactory
from tests.portal.waste.factories import HolidayShiftFactory, equip

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 7, 6)


@pytest.fixture
def sunday(black_bin, at):
    """The afternoon before refuse is collected, an hour before reminders go out."""
    return at(2026, 7, 5, 16)


@pytest.fixture
def asha_asked(asha, home, sunday):
    return subscribe_customer(asha, home, ["refuse", "food"])


@pytest.fixture
def stranger_asked(home, sunday):
    return Subscription.objects.create(
        address=home, email="visitor@example.com", streams=["refuse"], confirmed_at=timezone.now()
    )


def mails(key="bins-reminder"):
    return list(Message.objects.filter(template_key__startswith=key, channel="email").exclude(state="cancelled"))


def suspend(home, key="n", **draft):
    (tour, *_others) = [tour for tour in selectors.rounds_of(home) if tour.stream == "refuse"]
    draft = {"kind": NoticeKind.SUSPENDED, "first_on": MONDAY, "round": tour, "advice": "Leave it out.", **draft}
    draft.setdefault("last_on", draft["first_on"])
    return give_notice(NoticeDraft(words="Snow has closed the roads.", **draft), source_key=key, by=None)


def beside(*works):
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait()
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- The evening before -----------------------------------------------------------------------------------------------


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


def cost_of(work):
    with CaptureQueriesContext(connection) as queries:
        work()
    return len(queries)


def test_evening_costs_the_same_for_one_and_for_many(home, black_bin, sunday, at):
    def cost(count):
        for _number in range(count):
            subscribe_customer(CustomerFactory(), home, ["refuse"])
        return cost_of(remind)

    at(2026, 7, 5, 17)
    assert cost(1) == cost(2) == cost(30)
    assert len(mails()) == 33


def test_changed_day_costs_the_same_for_one_and_for_many(home, black_bin, sunday, at):
    """Reminders that still wait are taken back with it."""

    def cost(count, sunday):
        at(2026, 7, sunday, 16)
        for _number in range(count):
            subscribe_customer(CustomerFactory(), home, ["refuse"])
        at(2026, 7, sunday, 17)
        remind()
        at(2026, 7, sunday, 18)
        notice = suspend(home, f"n{sunday}", first_on=dt.date(2026, 7, sunday + 1))
        spent = cost_of(tell_changes)
        at(2026, 7, sunday, 19)
        withdraw_notice(notice)
        tell_changes()
        assert not Message.objects.filter(template_key="bins-reminder", channel="email", state="queued").exists()
        Subscription.objects.all().delete()
        return spent

    tell_changes()  # the first time ever writes a row more
    assert cost(1, 5) == cost(3, 12) == cost(30, 19)
    assert len(mails("bins-changed-now")) == 2 * 34


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


def dies_after(queue_messages):
    """The messages are written, not committed."""

    def dies(*args, **options):
        assert queue_messages(*args, **options)
        raise RuntimeError

    return dies


def test_job_that_dies_half_way_leaves_nothing_half(asha_asked, stranger_asked, at, monkeypatch):
    at(2026, 7, 5, 17)
    with monkeypatch.context() as patched:
        patched.setattr(reminding, "queue_messages", dies_after(reminding.queue_messages))
        with pytest.raises(RuntimeError):
            remind()
    assert (mails(), ToldCollection.objects.count()) == ([], 0)
    remind()
    assert len(mails()) == 2


def test_telling_of_a_change_that_dies_half_way_leaves_nothing_half(asha_asked, stranger_asked, home, at, monkeypatch):
    at(2026, 7, 5, 17)
    suspend(home)
    with monkeypatch.context() as patched:
        patched.setattr(telling_changes, "queue_messages", dies_after(telling_changes.queue_messages))
        with pytest.raises(RuntimeError):
            tell_changes()
    assert (mails("bins-changed"), ToldCollection.objects.count()) == ([], 0)
    tell_changes()
    assert len(mails("bins-changed")) == 2


@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_tell_a_change_once(at):
    ensure_reporting_rules()
    ServiceFactory()
    home = AddressFactory()
    equip(home)
    at(2026, 7, 5, 16)
    for number in range(12):
        Subscription.objects.create(
            address=home, email=f"p{number}@example.com", streams=["refuse"], confirmed_at=timezone.now()
        )
    at(2026, 7, 5, 17)
    suspend(home)
    beside(*[tell_changes] * 4)
    assert len(mails("bins-changed")) == 12
    assert ToldCollection.objects.count() == 12


# --- A day changes ----------------------------------------------------------------------------------------------------


def test_suspension_is_told_once_to_those_affected(asha_asked, home, at):
    other = AddressFactory()
    equip(other)
    subscribe_customer(CustomerFactory(), other, ["refuse"])
    at(2026, 7, 5, 18)
    suspend(home)
    tell_changes()
    tell_changes()
    (sent,) = mails("bins-changed")
    assert sent.template_key == "bins-changed-now"
    assert "Refuse, Monday 6 July 2026: we cannot collect. Snow has closed the roads. Leave it out." in sent.body


def test_moved_day_is_told_with_the_new_day_and_reminds_anew(asha_asked, home, at):
    at(2026, 7, 5, 17)
    remind()
    at(2026, 7, 5, 18)
    suspend(home, kind=NoticeKind.MOVED, moved_to=MONDAY + dt.timedelta(days=2), advice="")
    tell_changes()
    (told,) = mails("bins-changed")
    assert "Refuse: we collect on Wednesday 8 July 2026 instead of Monday 6 July 2026." in told.body
    assert mails() == []  # the reminder for Monday had not left
    at(2026, 7, 7, 17)
    remind()
    remind()
    assert ["Wednesday 8 July 2026" in sent.body for sent in mails()] == [True]


def test_reminder_that_left_stays_and_the_new_day_is_reminded_of(asha_asked, home, at):
    at(2026, 7, 5, 17)
    remind()
    Message.objects.update(state="sent")
    at(2026, 7, 5, 18)
    suspend(home, kind=NoticeKind.MOVED, moved_to=MONDAY + dt.timedelta(days=2), advice="")
    tell_changes()
    at(2026, 7, 7, 17)
    remind()
    assert len(mails()) == 2


def test_bins_that_still_take_place_are_reminded_of_again_when_a_reminder_is_taken_back(asha_asked, home, at):
    equip(home, stream="food")
    at(2026, 7, 5, 17)
    remind()
    at(2026, 7, 5, 18)
    suspend(home)
    tell_changes()
    remind()
    assert [sent.subject for sent in mails()] == ["Put out tonight: Food waste"]


def test_change_and_its_withdrawal_are_told_once_each(asha_asked, home, at):
    at(2026, 7, 5, 18)
    notice = suspend(home)
    tell_changes()
    at(2026, 7, 5, 19)
    withdraw_notice(notice)
    tell_changes()
    tell_changes()
    at(2026, 7, 5, 20)
    suspend(home, key="again")
    tell_changes()
    bodies = [sent.body for sent in sorted(mails("bins-changed"), key=lambda sent: sent.created_at)]
    assert ["cannot collect" in body for body in bodies] == [True, False, True]
    assert "Refuse, Monday 6 July 2026: we collect as usual after all." in bodies[1]


def test_late_crew_is_told_and_told_again_when_it_gets_later(asha_asked, home, at):
    at(2026, 7, 6, 9)
    late = timezone.make_aware(dt.datetime(2026, 7, 6, 21))
    suspend(home, kind=NoticeKind.LATE, expected_at=late, advice="")
    tell_changes()
    assert "We expect it to be done by 9pm on Monday 6 July 2026." in mails("bins-changed")[0].body
    from portal.waste.models import RoundNotice
    from portal.waste.notices import reword_notice

    at(2026, 7, 6, 10)
    reword_notice(RoundNotice.objects.get(), words="Snow.", advice="", expected_at=late + dt.timedelta(hours=1))
    tell_changes()
    assert len(mails("bins-changed")) == 2


def test_holiday_shift_is_told_two_weeks_ahead(asha_asked, home, at):
    at(2026, 7, 5, 17)
    HolidayShiftFactory(due_on=dt.date(2026, 8, 3), moved_to=dt.date(2026, 8, 4), reason="Holiday")
    shift = HolidayShiftFactory._meta.model.objects.get()
    shift.changed_at = timezone.now() + dt.timedelta(minutes=1)
    type(shift).objects.filter(pk=shift.pk).update(changed_at=shift.changed_at)
    tell_changes()
    assert mails("bins-changed") == []
    at(2026, 7, 22, 9)
    tell_changes()
    (told,) = mails("bins-changed")
    assert (told.template_key, "Tuesday 4 August 2026 instead of Monday 3 August 2026" in told.body) == (
        "bins-changed",
        True,
    )


def test_who_begins_after_the_change_could_read_it_and_is_not_told(asha, home, sunday, at):
    suspend(home)
    at(2026, 7, 5, 17)
    subscribe_customer(asha, home, ["refuse"])
    tell_changes()
    assert mails("bins-changed") == []


def test_change_in_one_area_is_told_there_only(asha_asked, at, home):
    area = AreaFactory()
    far = AddressFactory(location="SRID=27700;POINT(530000 190000)")
    equip(far)
    subscribe_customer(CustomerFactory(), far, ["refuse"])
    at(2026, 7, 5, 18)
    suspend(home, round=None, stream="refuse", area=area)
    tell_changes()
    assert [sent.customer.name for sent in mails("bins-changed")] == ["Asha Owner"]


# --- Subscribing ------------------------------------------------------------------------------------------------------


def form_key(client, home):
    return client.get(reverse("reminders", args=[home.pk])).context["form"]["submission_key"].value()


def test_signed_in_resident_begins_changes_and_stops(client, asha, home, sunday):
    client.force_login(asha.user)
    address = reverse("reminders", args=[home.pk])
    assert address in client.get(reverse("collection_days", args=[home.pk])).text
    client.post(address, {"streams": ["refuse"], "submission_key": form_key(client, home)})
    assert Subscription.objects.active().get().streams == ["refuse"]
    assert "You get reminders now" in client.get(address).text
    client.post(address, {"submission_key": form_key(client, home)})
    assert not Subscription.objects.active().exists()


def visitor_asks(client, home, **answers):
    posted = {"streams": ["refuse"], "email": "Visitor@Example.com", "submission_key": form_key(client, home)}
    return client.post(reverse("reminders", args=[home.pk]), {**posted, **answers})


def confirm_link():
    (message,) = Message.objects.filter(template_key="bins-confirm")
    return re.search(r"/bins/reminders/confirm/\S+", message.body).group()


def test_visitor_proves_the_address_before_anything_is_sent(client, home, sunday, at):
    assert visitor_asks(client, home).status_code == 200
    at(2026, 7, 5, 17)
    remind()
    assert mails() == []
    link = confirm_link()
    assert "Do you want reminders" in client.get(link).text
    assert not Subscription.objects.active().exists()  # a visit confirms nothing
    assert "You get reminders" in client.post(link).text
    assert "You get reminders" in client.post(link).text
    remind()
    assert [sent.address for sent in mails()] == ["visitor@example.com"]


def test_answer_does_not_tell_whether_an_address_is_known(client, home, sunday, stranger_asked):
    known = visitor_asks(client, home, email="visitor@example.com").text
    unknown = visitor_asks(client, home, email="nobody@example.com").text
    changing = r'visitor|nobody|nonce="[^"]*"'
    assert re.sub(changing, "x", known) == re.sub(changing, "x", unknown)
    assert [m.address for m in Message.objects.filter(template_key="bins-confirm")] == ["nobody@example.com"]


def test_address_is_asked_three_times_a_day_at_most(sunday, home):
    for number in range(6):
        other = AddressFactory()
        ask_to_subscribe("visitor@example.com", other, ["refuse"], submission_key=str(number))
    assert Message.objects.filter(template_key="bins-confirm").count() == 3


def test_old_link_is_a_clear_page(client, home, sunday, monkeypatch):
    import time

    visitor_asks(client, home)
    link = confirm_link()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 86400)
    response = client.post(link)
    assert (response.status_code, "more than seven days old" in response.text) == (404, True)
    assert not Subscription.objects.active().exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"email": ""}, "e-mail address"),
        ({"email": "nonsense"}, "Enter an e-mail address, such as"),
        ({"email": f"{'a' * 300}@example.com"}, "254"),
        ({"streams": []}, "Choose the bins"),
        ({"streams": ["garden"]}, "That bin cannot be chosen here"),
        ({"submission_key": "forged"}, "already sent"),
    ],
)
def test_bad_answers_are_explained_and_change_nothing(client, home, sunday, answers, sentence):
    response = visitor_asks(client, home, **answers)
    assert sentence in response.text
    assert not Subscription.objects.exists()


def test_home_without_collections_leads_to_the_page_that_says_so(client, rules):
    home = AddressFactory()
    response = client.get(reverse("reminders", args=[home.pk]))
    assert response.url == reverse("collection_days", args=[home.pk])
