"""Team leaders plan the day."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.enums import CaseState, TeamKind
from portal.cases.models import Case
from portal.field.models import Job
from portal.field.services import plan_job
from tests.factories import ServiceFactory, TeamFactory


def sent(case, crew, day):
    when = {"planned_on_day": day.day, "planned_on_month": day.month, "planned_on_year": day.year}
    return {"cases": [case.pk], "crew": crew.pk, **when}


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


def test_lead_plans_a_request_and_it_is_with_the_crew(lead_client, reported, crew):
    case, today = reported(), timezone.localdate()
    response = lead_client.post(reverse("staff_crews"), sent(case, crew, today), follow=True)
    assert "1 job is planned for Crew 1." in response.content.decode()
    job = Job.objects.get()
    case.refresh_from_db()
    assert (job.case, job.crew, job.planned_on, case.team) == (case, crew, today, crew)
    assert case.timeline.filter(kind="assigned").count() == 1


def test_planning_again_moves_the_job(lead_client, reported, crew, lead):
    case, today = reported(), timezone.localdate()
    other = TeamFactory(slug="crew-2", name="Crew 2", kind=TeamKind.CREW)
    for to, on in ((crew, today), (crew, today), (crew, today + dt.timedelta(days=1)), (other, today)):
        lead_client.post(reverse("staff_crews"), sent(case, to, on))
    job = Job.objects.get()
    assert (job.crew, job.planned_on) == (other, today)


def test_day_that_is_over_and_office_teams_are_refused(lead_client, reported):
    office = TeamFactory(slug="office", name="Office")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    response = lead_client.post(reverse("staff_crews"), sent(reported(), office, yesterday))
    text = response.content.decode()
    assert "The day is over." in text
    assert "Choose a crew from the list" in text
    assert not Job.objects.exists()


def test_request_that_ended_meanwhile_is_named(lead_client, reported, crew):
    case = reported()
    Case.objects.filter(pk=case.pk).update(state=CaseState.WITHDRAWN)
    response = lead_client.post(reverse("staff_crews"), sent(case, crew, timezone.localdate()))
    assert "is not open any more" in response.content.decode()


def test_services_that_crews_do_not_do_are_not_offered(lead_client, reported):
    case = reported()
    Case.objects.filter(pk=case.pk).update(service=ServiceFactory(slug="other", name="Other"))
    assert case.reference not in lead_client.get(reverse("staff_crews")).content.decode()


def test_operatives_do_not_plan(client, otis):
    client.force_login(otis)
    assert client.get(reverse("staff_crews")).status_code == 403


def test_request_is_in_one_plan(job, crew):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(case=job.case, crew=crew, planned_on=timezone.localdate())


def test_could_not_is_planned_anew(job, otis, lead, crew, client, send, field_service):
    client.force_login(otis)
    send(client, job, chosen=f"cannot-{field_service.reasons.first().pk}")
    again = plan_job(job.case, actor=Actor.staff(lead), crew=crew, planned_on=timezone.localdate())
    assert again.pk != job.pk


def test_plan_costs_the_same_for_one_and_three(lead_client, reported):
    counts = []
    for keys in (["0"], ["1", "2"]):
        for key in keys:
            reported(key)
        lead_client.get(reverse("staff_crews"))
        with CaptureQueriesContext(connection) as asked:
            lead_client.get(reverse("staff_crews"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
