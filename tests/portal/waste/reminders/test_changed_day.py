"""The message that a day has changed: once, to those whom it touches."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.notifications.models import Message
from portal.waste import telling_changes
from portal.waste.enums import NoticeKind
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import Subscription, ToldCollection
from portal.waste.notices import withdraw_notice
from portal.waste.reminding import remind
from portal.waste.subscribing import subscribe_customer
from portal.waste.telling_changes import tell_changes
from tests.factories import AddressFactory, AreaFactory, CustomerFactory, ServiceFactory
from tests.portal.waste.factories import HolidayShiftFactory, equip
from tests.portal.waste.reminders.telling import MONDAY, beside, cost_of, dies_after, mails, suspend

pytestmark = pytest.mark.django_db


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
