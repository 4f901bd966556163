"""What somebody agreed to goes six years after it stopped counting, and never so that an old yes counts again."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from barnet.customers.consent import agreeing
from barnet.customers.models import Consent, PurposeText
from barnet.operations import retention

pytestmark = pytest.mark.django_db

YEAR = 365


def say(customer, is_given, days):
    text = PurposeText.objects.get(purpose__slug="opinion")
    return Consent.objects.create(
        customer=customer, text=text, is_given=is_given, actor=customer.user, right="self", channel="web",
        at=timezone.now() - dt.timedelta(days=days),
    )  # fmt: skip


@pytest.fixture(autouse=True)
def purposes(db):
    agreeing.ensure_purposes()


def apply():
    [report] = retention.apply_all(keys=["consents"])
    assert report.error == ""
    return report.done


def left():
    return set(Consent.objects.all())


def test_a_yes_that_counts_stays_whatever_its_age(asha):
    yes = say(asha, True, 20 * YEAR)
    assert apply() == 0
    assert left() == {yes}
    assert agreeing.has_agreed(asha, "opinion")


def test_withdrawn_six_years_ago_it_all_goes_and_lately_it_all_stays(asha, cara):
    say(asha, True, 9 * YEAR)
    say(asha, False, 6 * YEAR + 1)
    kept = {say(cara, True, 9 * YEAR), say(cara, False, 6 * YEAR - 1)}
    assert apply() == 2
    assert left() == kept
    assert not agreeing.has_agreed(asha, "opinion")


def test_a_yes_that_was_replaced_counts_from_its_replacement(asha):
    old, withdrawn, new = say(asha, True, 12 * YEAR), say(asha, False, 7 * YEAR), say(asha, True, 5 * YEAR)
    assert apply() == 1
    assert left() == {withdrawn, new} != {old}
    assert agreeing.has_agreed(asha, "opinion")


def test_no_run_that_is_interrupted_leaves_an_old_yes_that_counts(asha, monkeypatch):
    """One row at a time: whichever goes first, withdrawn stays withdrawn."""
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    say(asha, True, 9 * YEAR)
    say(asha, False, 8 * YEAR)
    kind, before = retention.retention.kind_of("consents"), timezone.now() - dt.timedelta(days=6 * YEAR)
    while retention._apply_some(kind, before):
        assert not agreeing.has_agreed(asha, "opinion")
    assert left() == set()


def test_without_the_schedule_nobody_deletes_one(asha):
    yes = say(asha, True, 1)
    with pytest.raises(ProgrammingError), transaction.atomic():
        yes.delete()
