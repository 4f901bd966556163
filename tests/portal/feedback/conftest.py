"""A request of Asha's that was closed two days ago."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from portal.cases.models import Case
from portal.cases.registry import kind_for
from portal.cases.services import assign_case, receive_case, resolve_case
from tests.factories import ServiceFactory, TeamFactory


@pytest.fixture
def closed(db, asha, dev):
    def make(key="one", *, customer=asha, days=2, contact=None, service=None):
        service = service or ServiceFactory()
        case = receive_case(
            service,
            actor=Actor.visitor(),
            submission_key=key,
            title="Missed bin",
            customer=customer,
            contact=contact,
        ).case
        case = assign_case(case, actor=Actor.staff(dev), team=TeamFactory())
        outcome = kind_for(service.slug).outcomes[0].code
        case = resolve_case(case, actor=Actor.staff(dev), outcome=outcome, public_reason="We came back.")
        Case.objects.filter(pk=case.pk).update(resolved_at=timezone.now() - dt.timedelta(days=days))
        case.refresh_from_db()
        return case

    return make
