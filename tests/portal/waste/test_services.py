"""Reports of missed bins as the database keeps them, and fifty at once."""

import datetime as dt
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.kit.uploads import clean_photo
from portal.cases.enums import CaseState
from portal.cases.models import Attachment, Case, Follower
from portal.cases.registry import kind_for
from portal.cases.services import ContactDetails, receiving, resolve_case
from portal.waste import selectors, services
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import DraftPhoto, LogAnswer, MissedBin, ReportingRule
from portal.waste.services import NotReportableError, Report, keep_draft_photo, photo_of, report_missed_bins
from tests.factories import AddressFactory, ServiceFactory
from tests.portal.waste.factories import ContainerFactory, CrewLogEntryFactory, equip
from tests.portal.waste.photos import photo

pytestmark = pytest.mark.django_db


def report(*bins, address=None, key=None, email="someone@example.com", **more):
    return Report(
        address=address or bins[0].address,
        container_ids=[bin_.pk for bin_ in bins],
        actor=Actor.visitor(),
        submission_key=key or uuid.uuid4().hex,
        contact=ContactDetails(email=email),
        **more,
    )


def test_report_becomes_a_case_about_the_bin_and_the_day(at, black_bin):
    at(2026, 7, 7, 9)
    (receipt,) = report_missed_bins(report(black_bin, note="Behind the gate"))
    assert receipt.result == "created"
    missed = MissedBin.objects.get(case=receipt.case)
    assert (missed.container, str(missed.due_on)) == (black_bin, "2026-07-06")
    case = receipt.case
    assert (case.title, case.address) == ("Missed bin: refuse", black_bin.address)
    assert ["What you told us", "Behind the gate"] in case.details
    assert case.contact_email == "someone@example.com"
    assert str(case.promise_on) == "2026-07-09"


def test_each_bin_has_a_case_of_its_own(at, home, black_bin):
    at(2026, 7, 7, 9)
    food = equip(home, stream="food")
    receipts = report_missed_bins(report(black_bin, food, photos=[clean_photo(photo())]))
    assert [receipt.result for receipt in receipts] == ["created", "created"]
    assert Case.objects.count() == MissedBin.objects.count() == Attachment.objects.count() == 2


def test_same_form_twice_is_one_case(at, black_bin):
    at(2026, 7, 7, 9)
    first = report(black_bin, key="k" * 32)
    (created,), (repeated,) = report_missed_bins(first), report_missed_bins(first)
    assert (created.result, repeated.result) == ("created", "repeated")
    assert created.case == repeated.case


def test_same_form_is_answered_when_the_rules_no_longer_allow_it(at, black_bin):
    at(2026, 7, 7, 9)
    first = report(black_bin)
    (created,) = report_missed_bins(first)
    resolve_case(created.case, actor=Actor.system(), outcome="collected", public_reason="Done.")
    at(2026, 7, 11, 9)
    (repeated,) = report_missed_bins(first)
    assert (repeated.result, repeated.case) == ("repeated", created.case)


def test_second_person_joins_the_open_report(at, black_bin):
    at(2026, 7, 7, 9)
    (first,) = report_missed_bins(report(black_bin, email="first@example.com"))
    (second,) = report_missed_bins(report(black_bin, email="second@example.com"))
    assert (second.result, second.case) == ("joined", first.case)
    assert Follower.objects.get().email == "second@example.com"
    assert MissedBin.objects.count() == 1


@pytest.mark.parametrize("moment", [(2026, 7, 6, 10), (2026, 7, 9, 0)])
def test_report_outside_the_rules_is_refused_with_the_reason(at, black_bin, moment):
    at(*moment)
    with pytest.raises(NotReportableError) as refusal:
        report_missed_bins(report(black_bin))
    assert str(refusal.value)
    assert not Case.objects.exists()


def test_one_refused_bin_refuses_all_and_leaves_no_file(at, home, black_bin):
    at(2026, 7, 7, 9)
    food = equip(home, stream="food")
    CrewLogEntryFactory(
        round=selectors.rounds_of(home)[1], address=home, on=timezone.localdate().replace(day=6), outcome="not_out"
    )
    stored = Attachment(file="x").file.storage
    before = sorted(_files(stored, ""))
    with pytest.raises(NotReportableError):
        report_missed_bins(report(black_bin, food, photos=[clean_photo(photo())]))
    assert not Case.objects.exists()
    assert sorted(_files(stored, "")) == before


def _files(storage, folder):
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [*files, *(name for sub in folders for name in _files(storage, f"{folder}/{sub}".strip("/")))]


def test_bin_of_another_home_is_refused(at, home, black_bin):
    at(2026, 7, 7, 9)
    strange = equip(AddressFactory())
    for wrong in (report(strange, address=home), report(black_bin, strange), report(address=home)):
        with pytest.raises(ValidationError):
            report_missed_bins(wrong)
    assert not Case.objects.exists()


def test_bin_that_moved_house_does_not_join_the_old_report(at, black_bin):
    at(2026, 7, 7, 9)
    report_missed_bins(report(black_bin))
    new_home = equip(AddressFactory()).address
    black_bin.address = new_home
    black_bin.save()
    (receipt,) = report_missed_bins(report(black_bin, email="new@example.com"))
    assert receipt.result == "created"


# --- The back office --------------------------------------------------------------------------------------------------


def test_staff_see_bin_round_log_and_earlier_reports(at, home, black_bin):
    at(2026, 6, 30, 9)
    (earlier,) = report_missed_bins(report(black_bin))
    resolve_case(earlier.case, actor=Actor.system(), outcome="collected", public_reason="Done.")
    at(2026, 7, 7, 9)
    (receipt,) = report_missed_bins(report(black_bin))
    kind = kind_for("missed-bin")
    rows = {str(label): str(value) for label, value in kind.staff_rows(receipt.case)}
    assert rows["Bin number"] == black_bin.identifier
    assert rows["Collection day"] == "Monday 6 July 2026"
    assert rows["Crew log of that day"] == "The crew logged nothing at this address"
    assert earlier.case.reference in rows["Reported in the last 8 weeks"]
    CrewLogEntryFactory(
        round=selectors.rounds_of(home)[0], address=home, on=timezone.localdate().replace(day=6), outcome="collected"
    )
    rows = {str(label): str(value) for label, value in kind.staff_rows(receipt.case)}
    assert rows["Crew log of that day"].startswith("Collected, at ")


def test_every_outcome_has_a_reason_that_the_customer_can_read(at, black_bin):
    for outcome in kind_for("missed-bin").outcomes:
        assert len(str(outcome.default_reason)) > 30
        assert kind_for("missed-bin").outcome(outcome.code) is outcome


def test_staff_rows_of_a_case_without_a_bin_are_none(db):
    from tests.factories import CaseFactory

    assert kind_for("missed-bin").staff_rows(CaseFactory()) == []


def test_ground_is_laid_once_and_keeps_what_staff_changed(db):
    ensure_reporting_rules()
    ReportingRule.objects.filter(stream="food").update(window_working_days=5)
    LogAnswer.objects.filter(outcome="not_out").update(advice="Ours")
    ensure_reporting_rules()
    assert ReportingRule.objects.get(stream="food").window_working_days == 5
    assert LogAnswer.objects.get(outcome="not_out").advice == "Ours"
    assert (ReportingRule.objects.count(), LogAnswer.objects.count()) == (4, 3)


# --- Draft photos -----------------------------------------------------------------------------------------------------


def test_draft_photo_is_there_for_a_day_and_then_gone_with_its_file(db):
    draft = keep_draft_photo(clean_photo(photo()))
    assert photo_of(draft).sha256 == draft.sha256
    assert selectors.draft_photo_by_text(draft.key) == draft
    DraftPhoto.objects.update(added_at=timezone.now() - dt.timedelta(days=1, seconds=1))
    assert selectors.draft_photo_by_text(draft.key) is None
    keep_draft_photo(clean_photo(photo()))
    assert not DraftPhoto.objects.filter(pk=draft.pk).exists()
    assert not draft.file.storage.exists(draft.file.name)


# --- Fifty at once ----------------------------------------------------------------------------------------------------


def at_once(act, times=50):
    """Runs `act(number)` in that many threads, each with a database connection of its own."""
    results, errors, ready = [], [], threading.Barrier(times)

    def run(number):
        try:
            ready.wait(60)
            results.append(act(number))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, errors


@pytest.fixture
def bin_for_all(transactional_db, at):
    ServiceFactory()
    ensure_reporting_rules()
    at(2026, 7, 7, 9)
    return equip(AddressFactory())


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_fifty_people_at_once_make_one_case(bin_for_all):
    results, errors = at_once(
        lambda number: report_missed_bins(report(bin_for_all, email=f"person{number}@example.com"))[0].result
    )
    assert errors == []
    assert sorted(results) == ["created", *["joined"] * 49]
    assert Case.objects.count() == MissedBin.objects.count() == 1
    assert Follower.objects.count() == 49


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_one_form_sent_fifty_times_at_once_makes_one_case(bin_for_all):
    results, errors = at_once(lambda number: report_missed_bins(report(bin_for_all, key="k" * 32))[0].result)
    assert errors == []
    assert sorted(results) == ["created", *["repeated"] * 49]
    assert Case.objects.count() == 1
    assert not Follower.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_two_bins_in_either_order_never_deadlock(bin_for_all):
    food = equip(bin_for_all.address, stream="food")

    def act(number):
        bins = [bin_for_all, food] if number % 2 else [food, bin_for_all]
        return report_missed_bins(report(*bins, email=f"person{number}@example.com"))

    results, errors = at_once(act, 20)
    assert errors == []
    assert len(results) == 20
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_without_turns_and_constraint_the_race_would_be_lost(bin_for_all, monkeypatch):
    """The negative control: what makes the tests above pass is taken away, and the second case appears."""
    constraint = next(c for c in Case._meta.constraints if c.name == "case_one_open_report")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Case, constraint)
    try:
        monkeypatch.setattr(receiving, "take_turn", lambda name: None)
        looked = threading.Barrier(2)
        look = receiving.lock_open_report

        def look_together(key):
            found = look(key)
            looked.wait(60)
            return found

        monkeypatch.setattr(receiving, "lock_open_report", look_together)
        results, errors = at_once(
            lambda number: report_missed_bins(report(bin_for_all, email=f"person{number}@example.com"))[0].result, 2
        )
        assert errors == []
        assert results == ["created", "created"]
        assert Case.objects.filter(state=CaseState.RECEIVED).count() == 2
    finally:
        with transaction.atomic():
            newest = Case.objects.order_by("-pk").first()
            if newest:
                Case.objects.filter(pk=newest.pk).update(same_as_key="")
        with connection.schema_editor() as editor:
            editor.add_constraint(Case, constraint)


def test_services_name_their_service():
    assert kind_for("missed-bin").service_slug == services.SERVICE_SLUG


def test_two_bins_alike_are_told_apart_by_their_number(black_bin):
    from portal.waste.forms import bin_name

    twin = ContainerFactory(address=black_bin.address)
    assert twin.identifier in bin_name(twin, [black_bin, twin])
    assert twin.identifier not in bin_name(twin, [twin])
