"""An order is forgotten when the request that it belongs to is; an open one never is."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.operations import retention
from portal.cases.models import Case
from portal.cases.services import resolve_case
from portal.waste.models import Container, ContainerOrder
from tests.portal.waste.orders.conftest import ordered

pytestmark = pytest.mark.django_db


def test_old_orders_of_closed_requests_go_and_the_bins_stay(home, served):
    cases = [
        ordered(home, (code, 1, reason))[0].case
        for code, reason in (
            ("recycling-240", "damaged"),
            ("food-caddy-kitchen", "lost"),
            ("recycling-box", "additional"),
        )
    ]
    for case in cases[:2]:
        resolve_case(case, actor=Actor.system(), outcome="delivered", public_reason="Told.")
    long_ago = timezone.now() - dt.timedelta(days=3 * 365 + 1)
    Case.objects.filter(pk__in=[cases[0].pk, cases[2].pk]).update(opened_at=long_ago)
    Case.objects.filter(pk=cases[0].pk).update(resolved_at=long_ago)
    bins = Container.objects.count()
    (report,) = retention.apply_all(keys=["container-orders"], is_dry_run=True)
    assert ContainerOrder.objects.count() == 3
    (report,) = retention.apply_all(keys=["container-orders"])
    assert (report.done, report.error) == (1, "")
    assert set(ContainerOrder.objects.values_list("case", flat=True)) == {cases[1].pk, cases[2].pk}
    assert Container.objects.count() == bins
    (report,) = retention.apply_all(keys=["container-orders"])
    assert report.done == 0
