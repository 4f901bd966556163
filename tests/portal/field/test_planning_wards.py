"""Team leaders give all of a ward to a crew: looked at first, never doubled, never taken from a colleague."""

import datetime as dt
import threading

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.gazetteer.enums import AreaKind
from barnet.gazetteer.models import BNG, Area
from portal.cases.enums import CaseState, TeamKind
from portal.cases.models import Case
from portal.field import services
from portal.field.models import Job
from portal.field.services import plan_job, plan_jobs
from tests.factories import AddressFactory, ServiceFactory, StaffFactory, TeamFactory
from tests.portal.cases.test_races import at_once


@pytest.fixture
def ward(db):
    square = Polygon.from_bbox((524_000, 196_000, 526_000, 198_000))
    square.srid = BNG
    return Area.objects.create(
        kind=AreaKind.WARD, code="E0500001", name="High Barnet", geometry=MultiPolygon(square, srid=BNG)
    )


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def in_ward(reported, ward):
    """A request in the ward, so many metres east of its middle."""

    def make(key, east=0):
        return reported(key, address=AddressFactory(location=Point(525_000 + east, 197_000, srid=BNG)))

    return make


def asked(ward, service, crew, day=None) -> str:
    day = day or timezone.localdate()
    said = {"ward": ward.code, "service": service.pk, "crew": crew.pk}
    said |= {"planned_on_day": day.day, "planned_on_month": day.month, "planned_on_year": day.year}
    return reverse("staff_crews_ward") + "?" + "&".join(f"{name}={value}" for name, value in said.items())


def shown(page) -> list[int]:
    return page.context["sent"]["cases"].value()


def test_a_ward_is_looked_at_and_then_planned(lead_client, in_ward, reported, ward, service, crew, lead):
    first, second = in_ward("1"), in_ward("2", 50)
    outside = reported("3", address=AddressFactory(location=Point(520_000, 190_000, srid=BNG)))
    page = lead_client.get(asked(ward, service, crew))
    text = page.content.decode()
    assert "2 requests are in no plan" in text
    assert "Plan 2 jobs" in text
    assert [first.reference in text, second.reference in text, outside.reference in text] == [True, True, False]
    assert "<svg" in text
    assert not Job.objects.exists()
    assert AccessRecord.objects.filter(actor=lead, what=f"case {second.reference}").exists()
    done = lead_client.post(asked(ward, service, crew), {"cases": shown(page)}, follow=True).content.decode()
    assert "2 jobs are planned for Crew 1." in done
    assert set(Job.objects.values_list("case", "crew")) == {(first.pk, crew.pk), (second.pk, crew.pk)}


def test_what_is_in_a_plan_already_is_not_doubled_and_not_moved(lead_client, in_ward, ward, service, crew, lead):
    other = TeamFactory(slug="crew-2", name="Crew 2", kind=TeamKind.CREW)
    mine, theirs, free = in_ward("1"), in_ward("2"), in_ward("3")
    today = timezone.localdate()
    for case, to in ((mine, crew), (theirs, other)):
        plan_job(case, actor=Actor.staff(lead), crew=to, planned_on=today)
    page = lead_client.get(asked(ward, service, crew))
    assert shown(page) == [free.pk]
    assert "In a plan already" in page.content.decode()
    lead_client.post(asked(ward, service, crew), {"cases": [mine.pk, theirs.pk, free.pk]})
    found = dict(Job.objects.values_list("case", "crew"))
    assert (Job.objects.count(), found) == (3, {mine.pk: crew.pk, theirs.pk: other.pk, free.pk: crew.pk})


def test_sent_twice_it_is_planned_once(lead_client, in_ward, ward, service, crew):
    case = in_ward("1")
    for _time in range(2):
        lead_client.post(asked(ward, service, crew), {"cases": [case.pk]})
    assert Job.objects.count() == 1
    assert case.timeline.filter(kind="assigned").count() == 1


def test_what_came_after_somebody_looked_is_not_planned(lead_client, in_ward, ward, service, crew):
    seen = in_ward("1")
    page = lead_client.get(asked(ward, service, crew))
    in_ward("2")
    lead_client.post(asked(ward, service, crew), {"cases": shown(page)})
    assert [job.case for job in Job.objects.all()] == [seen]


def test_what_a_colleague_planned_or_ended_meanwhile_is_named(lead_client, in_ward, ward, service, crew, lead):
    taken, ended, free = in_ward("1"), in_ward("2"), in_ward("3")
    other = TeamFactory(slug="crew-2", name="Crew 2", kind=TeamKind.CREW)
    plan_job(taken, actor=Actor.staff(lead), crew=other, planned_on=timezone.localdate())
    Case.objects.filter(pk=ended.pk).update(state=CaseState.WITHDRAWN)
    sent = {"cases": [taken.pk, ended.pk, free.pk]}
    text = lead_client.post(asked(ward, service, crew), sent, follow=True).content.decode()
    assert f"{taken.reference} was planned meanwhile: for Crew 2" in text
    assert "1 job is planned for Crew 1." in text
    assert Job.objects.get(case=taken).crew == other


def test_requests_of_other_wards_and_services_cannot_be_slipped_in(lead_client, in_ward, reported, ward, service, crew):
    outside = reported("3", address=AddressFactory(location=Point(520_000, 190_000, srid=BNG)))
    foreign = in_ward("4")
    Case.objects.filter(pk=foreign.pk).update(service=ServiceFactory(slug="other", name="Other"))
    lead_client.post(asked(ward, service, crew), {"cases": [outside.pk, foreign.pk]})
    assert not Job.objects.exists()


@pytest.mark.parametrize("cases", [[], ["x"], ["9" * 40]])
def test_nothing_to_plan_is_said(lead_client, in_ward, ward, service, crew, cases):
    in_ward("1")
    text = lead_client.post(asked(ward, service, crew), {"cases": cases}).content.decode()
    assert "There is nothing to plan here." in text
    assert not Job.objects.exists()


def test_what_is_wrong_is_said_and_what_was_chosen_stays(lead_client, ward, service, crew):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    page = lead_client.get(asked(ward, service, crew, yesterday))
    assert "The day is over. Enter today or a later day." in page.content.decode()
    assert page.context["form"]["ward"].value() == ward.code
    text = lead_client.get(reverse("staff_crews_ward"), {"ward": "nowhere"}).content.decode()
    for sentence in ("Choose a ward from the list", "Choose a service", "Choose a crew", "Enter the day"):
        assert sentence in text


def test_the_form_names_how_many_are_in_no_plan(lead_client, in_ward, ward):
    in_ward("1")
    assert "High Barnet (1 in no plan)" in lead_client.get(reverse("staff_crews_ward")).content.decode()


@pytest.mark.parametrize("role", ["operative", "adviser"])
def test_who_does_not_plan_sees_nothing(client, role, ward, service, crew):
    client.force_login(StaffFactory(roles=[role]))
    assert client.get(asked(ward, service, crew)).status_code == 403


def test_the_preview_costs_the_same_for_one_and_three(lead_client, in_ward, ward, service, crew, lead):
    counts = []
    for keys in ("01", "2345"):
        for key in keys:
            case = in_ward(key)
            if int(key) % 2:
                plan_job(case, actor=Actor.staff(lead), crew=crew, planned_on=timezone.localdate())
        lead_client.get(asked(ward, service, crew))
        with CaptureQueriesContext(connection) as queries:
            lead_client.get(asked(ward, service, crew))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Races ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_crews(crew):
    return crew, TeamFactory(slug="crew-2", name="Crew 2", kind=TeamKind.CREW)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_plan_the_same_jobs_one_wins_each(in_ward, two_crews, lead):
    cases, today = [in_ward(str(number)) for number in range(6)], timezone.localdate()

    def plan(number):
        ordered = cases if number else cases[::-1]  # from both ends, so that they meet
        return plan_jobs(ordered, actor=Actor.staff(lead), crew=two_crews[number], planned_on=today, moves=False)

    refusals = at_once(2, plan)
    assert all(isinstance(said, list) for said in refusals), refusals
    jobs = list(Job.objects.all())
    assert sorted(job.case_id for job in jobs) == sorted(case.pk for case in cases)
    won = [sum(job.crew_id == crew.pk for job in jobs) for crew in two_crews]
    assert [len(said) for said in refusals] == [won[1], won[0]]
    for case in cases:
        assert case.timeline.filter(kind="assigned").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_locks_both_plan_it_and_the_constraint_has_to_refuse(in_ward, two_crews, lead, monkeypatch):
    case, both = in_ward("1"), threading.Barrier(2)
    monkeypatch.setattr(services, "lock_case", lambda case: Case.objects.select_related("service").get(pk=case.pk))
    monkeypatch.setattr(Job.objects.__class__, "select_for_update", lambda self, **_: self.get_queryset())
    monkeypatch.setattr(services, "assign_case", lambda *_, **__: both.wait(timeout=30))

    def plan(number):
        return plan_job(
            case, actor=Actor.staff(lead), crew=two_crews[number], planned_on=timezone.localdate(), moves=False
        )

    found = at_once(2, plan)
    assert sum(isinstance(each, IntegrityError) for each in found) == 1
    assert Job.objects.count() == 1
