"""Fifty people at once, over fifty real connections. Each guarantee has a control: without the lock it breaks."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, connections
from django.db.models import Model

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.models import BulkAct, BulkActResult, Case, CaseRelation, Contact, Follower
from portal.cases.services import (
    ContactDetails,
    MoveRefusedError,
    StaleCaseError,
    add_note,
    assign_case,
    do_many,
    merge_case,
    receive_case,
    receiving,
    reopen_case,
    resolve_case,
)
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 50
ONE_OPEN_REPORT = "case_one_open_report"


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Runs `act(0) … act(count - 1)` in as many threads that start together. Errors are results, too."""
    results: list[object] = [None] * count
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(timeout=60)
            results[number] = act(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def report(service, number: int, key: str, email: str, same_as: str = "bin-1") -> receiving.Receipt:
    return receive_case(
        service,
        actor=Actor.visitor(),
        submission_key=key,
        title=f"Missed bin told by {number}",
        contact=ContactDetails(email=email),
        same_as_key=same_as,
    )


@pytest.fixture
def service():
    return factories.ServiceFactory(slug="general-enquiry", standard_working_days=2)


def test_fifty_people_who_report_the_same_at_once_make_one_case_and_get_clear_answers(service):
    receipts = at_once(PEOPLE, lambda n: report(service, n, f"key-{n}", f"person{n}@example.com"))

    assert Counter(receipt.result for receipt in receipts) == {"created": 1, "joined": PEOPLE - 1}
    case = Case.objects.get()
    assert {receipt.case.pk for receipt in receipts} == {case.pk}
    assert Follower.objects.filter(case=case).count() == PEOPLE - 1
    assert Contact.objects.filter(case=case).count() == PEOPLE
    assert Message.objects.filter(about=case.reference).count() == PEOPLE  # one e-mail to each


def test_without_turn_and_constraint_the_same_report_doubles(service, monkeypatch):
    """The control: it is the turn that makes one case, and the constraint that stands behind it."""
    monkeypatch.setattr(receiving, "take_turn", lambda name: None)
    results = at_once(PEOPLE, lambda n: report(service, n, f"key-{n}", f"person{n}@example.com"))
    assert Case.objects.count() == 1  # the constraint held
    assert any(isinstance(result, IntegrityError) for result in results)  # but people met an error

    empty()
    with without_constraint(ONE_OPEN_REPORT):
        at_once(PEOPLE, lambda n: report(service, n, f"again-{n}", f"person{n}@example.com"))
        assert Case.objects.count() > 1
        empty()


def test_one_form_sent_twenty_times_at_once_is_one_case(service):
    receipts = at_once(20, lambda n: report(service, 0, "one-key", "vera@example.com"))
    assert Counter(receipt.result for receipt in receipts) == {"created": 1, "repeated": 19}
    assert Case.objects.count() == Contact.objects.count() == Message.objects.count() == 1


def test_without_its_turn_one_form_sent_at_once_meets_errors(service, monkeypatch):
    monkeypatch.setattr(receiving, "take_turn", lambda name: None)
    results = at_once(20, lambda n: report(service, 0, "one-key", "vera@example.com"))
    assert any(isinstance(result, IntegrityError) for result in results)
    assert Case.objects.count() == 1


def test_two_clerks_who_decide_at_once_do_not_overwrite_each_other(service):
    dev, eva = (factories.StaffFactory() for _person in range(2))
    team = factories.TeamFactory()
    case = report(service, 0, "key", "vera@example.com").case
    acts = [
        lambda: resolve_case(case, actor=Actor.staff(dev), outcome="done", public_reason="Done.", version=case.version),
        lambda: assign_case(case, actor=Actor.staff(eva), team=team, version=case.version),
    ]
    results = at_once(2, lambda n: acts[n]())
    assert sum(isinstance(result, StaleCaseError) for result in results) == 1
    case.refresh_from_db()
    assert case.version == 1
    assert case.timeline.count() == 2


def test_reopening_and_reporting_again_at_once_leave_one_open_case(service):
    dev = factories.StaffFactory()
    case = report(service, 0, "key", "vera@example.com").case
    resolve_case(case, actor=Actor.staff(dev), outcome="done", public_reason="Done.")
    acts = [
        lambda: reopen_case(case, actor=Actor.visitor(), why="Still full"),
        *[lambda n=n: report(service, n, f"key-{n}", f"person{n}@example.com") for n in range(1, 8)],
    ]
    results = at_once(len(acts), lambda n: acts[n]())
    assert Case.objects.open().count() == 1
    assert not [result for result in results if isinstance(result, IntegrityError)]


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_case, cases_contact, notifications_message CASCADE")


class without_constraint:
    """Drops a unique constraint and puts it back."""

    def __init__(self, name: str, model: type[Model] = Case) -> None:
        self.model = model
        self.constraint = next(made for made in model._meta.constraints if made.name == name)

    def __enter__(self) -> None:
        with connection.schema_editor() as editor:
            editor.remove_constraint(self.model, self.constraint)

    def __exit__(self, *raised: object) -> None:
        with connection.schema_editor() as editor:
            editor.add_constraint(self.model, self.constraint)


def test_one_form_for_many_requests_sent_at_once_does_each_once():
    dev = factories.StaffFactory(roles=["caseworker"])
    cases = [factories.CaseFactory() for _number in range(3)]
    at_once(8, lambda n: _note_many(cases, dev, n))
    assert [case.timeline.count() for case in cases] == [1, 1, 1]


def test_without_its_constraint_a_form_for_many_sent_at_once_does_them_more_than_once():
    dev = factories.StaffFactory(roles=["caseworker"])
    cases = [factories.CaseFactory()]
    with without_constraint("bulk_act_once_per_case", model=BulkActResult):
        at_once(8, lambda n: _note_many(cases, dev, n))
        assert cases[0].timeline.count() > 1
        BulkAct.objects.all().delete()


def _note_many(cases, dev, number: int) -> BulkAct:
    def perform(case, version):
        return add_note(case, actor=Actor.staff(dev), text=f"Note {number}")

    return do_many(cases, act="note", actor=dev, submission_key="one-key", versions={}, perform=perform)


def test_two_requests_put_together_both_ways_at_once_leave_one_leading(service):
    dev = factories.StaffFactory(roles=["caseworker"])
    one, other = (report(service, n, f"key-{n}", f"person{n}@example.com", same_as="").case for n in range(2))

    def merge(number: int) -> object:
        case, into = (one, other) if number % 2 else (other, one)
        return merge_case(case, into=into, actor=Actor.staff(dev))

    results = at_once(8, merge)
    assert {type(result) for result in results} == {Case, MoveRefusedError}
    assert CaseRelation.objects.count() == Follower.objects.count() == Case.objects.open().count() == 1
