"""The same act sent twenty times at once is done once. The control: without turns and locks the constraint refuses."""

import threading

import pytest
from django.db import IntegrityError

from barnet.customers.actors import Actor
from portal.cases.models import Case
from portal.field import services
from portal.field.models import FieldAct, FieldService, Job
from portal.field.services import Ending, end_job
from tests.factories import ServiceFactory
from tests.people import PortalClient
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 20
KEY = "6f0c1b52-52ab-4a39-9a07-0c4f7a3a1a11"


def test_twenty_of_one_key_are_one_act_with_one_answer(job, otis, send):
    FieldService.objects.create(service=ServiceFactory(slug="graffiti", name="Remove graffiti"))
    client = PortalClient()
    client.force_login(otis)
    cookies = client.cookies

    def post(_number):
        mine = PortalClient()
        mine.cookies = cookies
        response = send(mine, job, key=KEY, follow_on="graffiti", note="Swept")
        return response.status_code, response.json()["answer"]

    found = at_once(TIMES, post)
    assert found == [(200, FieldAct.objects.get().answer)] * TIMES
    timeline = job.case.timeline
    assert timeline.filter(kind="resolved").count() == 1
    assert timeline.filter(internal_text="Swept").count() == 1
    assert Case.objects.filter(service__slug="graffiti").count() == 1


def test_twenty_of_different_keys_are_one_act_and_nineteen_sentences(job, otis):
    def act(number):
        return end_job(job, actor=Actor.staff(otis), key=f"key {number}", ending=Ending("done-done"))

    found = at_once(TIMES, act)
    refused = [str(one) for one in found if isinstance(one, Exception)]
    assert len(refused) == TIMES - 1
    assert {text.partition(" already")[0] for text in refused} == {str(otis)}
    assert FieldAct.objects.count() == 1


def test_control_without_turns_and_locks_the_constraint_has_to_refuse(job, otis, monkeypatch):
    monkeypatch.setattr(services, "take_turn", lambda _name: None)
    monkeypatch.setattr(services, "lock_case", lambda case: Case.objects.select_related("service").get(pk=case.pk))
    monkeypatch.setattr(Job.objects.__class__, "select_for_update", lambda self, **_: self.get_queryset())
    all_here = threading.Barrier(TIMES)

    def say(job, *_):
        all_here.wait(timeout=60)
        job.state = "done"

    monkeypatch.setattr(services, "_say_how_it_ended", say)

    def act(_number):
        return end_job(job, actor=Actor.staff(otis), key="same", ending=Ending("done-done"))

    found = at_once(TIMES, act)
    assert any(isinstance(one, IntegrityError) for one in found)
    assert FieldAct.objects.count() == 1
