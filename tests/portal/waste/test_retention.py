"""Subscriptions and what was told of them go when their time is over, and not sooner."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.operations import retention
from portal.waste import moving
from portal.waste.models import Subscription, ToldCollection
from tests.factories import AddressFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def make(home):
    def make_one(name, **moments):
        return Subscription.objects.create(
            address=home, email=f"{name}@example.com", streams=["refuse"], **{"asked_at": timezone.now(), **moments}
        )

    return make_one


def left():
    return {subscription.email.split("@")[0] for subscription in Subscription.objects.all()}


def test_subscriptions_that_nobody_confirmed_or_that_ended_go_and_living_ones_stay(make):
    now = timezone.now()
    make("unproved", asked_at=now - 8 * DAY)
    make("asked-again", asked_at=now - 6 * DAY)
    make("lives", asked_at=now - 900 * DAY, confirmed_at=now - 900 * DAY)
    make("ended", confirmed_at=now - 90 * DAY, ended_at=now - 31 * DAY)
    make("just-ended", confirmed_at=now - 90 * DAY, ended_at=now - 29 * DAY)
    retention.apply_all(keys=["bin-subscriptions-unproved", "bin-subscriptions-ended"], is_dry_run=True)
    assert len(left()) == 5
    reports = retention.apply_all(keys=["bin-subscriptions-unproved", "bin-subscriptions-ended"])
    assert [(report.done, report.error) for report in reports] == [(1, ""), (1, "")]
    assert left() == {"asked-again", "lives", "just-ended"}


def test_what_was_told_goes_after_two_months_and_with_its_subscription(make):
    subscription, today = make("lives", confirmed_at=timezone.now()), timezone.localdate()
    for days in (61, 59):
        due_on = today - days * DAY
        ToldCollection.objects.create(subscription=subscription, stream="refuse", due_on=due_on, on=due_on)
    (report,) = retention.apply_all(keys=["bin-tellings"])
    assert (report.done, report.error) == (1, "")
    assert timezone.localtime(report.oldest_at) == timezone.make_aware(
        dt.datetime.combine(today - 61 * DAY, dt.time.min)
    )
    assert ToldCollection.objects.get().due_on == today - 59 * DAY
    Subscription.objects.update(ended_at=timezone.now() - 31 * DAY)
    (report,) = retention.apply_all(keys=["bin-subscriptions-ended"])
    assert report.done == 1  # subscriptions, not what hangs on them
    assert not ToldCollection.objects.exists()


def test_a_no_about_ones_own_home_holds_for_as_long_as_it_is_the_home(asha, home):
    asha.address = home
    asha.save()
    moments = {"streams": ["refuse"], "confirmed_at": timezone.now() - 90 * DAY, "ended_at": timezone.now() - 31 * DAY}
    theirs = Subscription.objects.create(address=home, customer=asha, **moments)
    other = Subscription.objects.create(address=AddressFactory(), customer=asha, **moments)
    (report,) = retention.apply_all(keys=["bin-subscriptions-ended"])
    assert (report.done, report.error) == (1, "")
    assert list(Subscription.objects.all()) == [theirs] != [other]
    assert moving._readers([home.pk]) == []
    asha.address = AddressFactory()
    asha.save()
    (report,) = retention.apply_all(keys=["bin-subscriptions-ended"])
    assert (report.done, Subscription.objects.count()) == (1, 0)
