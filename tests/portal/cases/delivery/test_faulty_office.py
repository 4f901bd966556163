"""An office that fails, stalls, repeats and mixes up; a worker that is killed: everything arrives, once, in order."""

import os
import signal
import time
from itertools import groupby

import pytest
from django.db import transaction

from barnet.customers.actors import Actor
from demo.back_office import BackOffice, Faults, serving
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.sending import replay
from portal.cases.models import Case, Delivery, DeliveryAttempt, OfficeUpdate, TimelineEntry
from portal.cases.services import assign_case
from tests import factories
from tests.portal.cases.delivery.crew import crew
from tests.portal.cases.delivery.office import SECRET
from tests.waiting import wait_for

CASES = 100
FAULTS = Faults(fail=0.15, stall=0.05, stall_seconds=0.8, duplicate=0.3, reorder=0.5)


@pytest.fixture
def office(live_server):
    url = f"{live_server.url}/api/v1/back-offices/lamps/updates/"
    return BackOffice(secret=SECRET, updates_url=url, faults=FAULTS, seed=7)


def by_case(rows):
    return {name: [row[1] for row in found] for name, found in groupby(sorted(rows, key=lambda row: row[0]), key=first)}


def first(row):
    return row[0]


def is_done(office):
    """What was given up in spite of all is replayed, as staff would."""
    replay(Delivery.objects.all())
    time.sleep(0.3)
    waits = Delivery.objects.filter(state__in=[DeliveryState.WAITING, DeliveryState.GIVEN_UP]).exists()
    return not waits and office.has_told_everything()


def test_a_hundred_requests_arrive_once_and_every_update_is_applied_in_order(office, make_office, receive, dev):
    team = factories.TeamFactory()
    with serving(office) as url, crew(3) as workers:
        make_office(url=url)
        for number in range(CASES):
            with transaction.atomic():
                case = receive(number)
                if number % 4 == 0:  # so that the order of a request's calls matters
                    assign_case(case, actor=Actor.staff(dev), team=team)
        wait_for(lambda: len(office.arrived) > CASES // 5, "the first arrivals")
        os.kill(workers[0], signal.SIGKILL)
        wait_for(lambda: is_done(office), "every delivery and update", seconds=60)

    told = {key for _case, _entry, key in office.arrived}
    sent = Delivery.objects.filter(state=DeliveryState.SENT)
    assert len(told) == len(office.arrived) == sent.count() == CASES + CASES // 4
    assert told == {str(key) for key in sent.values_list("key", flat=True)}
    entries = by_case((reference, entry) for reference, entry, _key in office.arrived)
    assert set(Case.objects.values_list("reference", flat=True)) == set(entries)
    assert all(numbers == sorted(numbers) for numbers in entries.values())

    assert set(OfficeUpdate.objects.values_list("result", flat=True)) == {"applied"}
    applied = OfficeUpdate.objects.order_by("at").values_list("case__reference", "update_id")
    assert by_case(applied) == by_case((said["reference"], said["update_id"]) for said in office.updates)
    assert OfficeUpdate.objects.count() == len(office.updates) == 2 * CASES
    assert set(Case.objects.values_list("state", "outcome")) == {("resolved", "done")}
    last = TimelineEntry.objects.order_by("case_id", "-at", "-pk").distinct("case_id")
    assert {entry.kind for entry in last} == {"resolved"}
    assert TimelineEntry.objects.filter(kind="resolved").count() == CASES

    # The faults did happen.
    assert office.repeats > 0
    assert DeliveryAttempt.objects.filter(error__startswith="503").exists()
