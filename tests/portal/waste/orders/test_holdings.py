"""What My Account says that we hold of somebody's orders."""

import pytest

from barnet.customers.keeping.holdings import holdings
from tests.portal.waste.orders.conftest import ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def holding():
    return next(one for one in holdings() if one.key == "container-orders")


def test_orders_are_named_to_who_ordered_and_to_nobody_else(home, served, asha, cara, holding):
    case = ordered(home, ("recycling-240", 1, "damaged"), customer=asha)[0].case
    assert list(holding.rows(asha)) == [(home.one_line, "1 × Recycling bin, 240 litres")]
    assert holding.everything(asha) == [
        {
            "reference": case.reference,
            "address": home.one_line,
            "container": "Recycling bin, 240 litres",
            "number": 1,
            "reason": "damaged",
            "fee_pence": 0,
            "receipt": "",
        }
    ]
    assert (list(holding.rows(cara)), holding.everything(cara)) == ([], [])


def test_one_order_and_three_cost_the_same_queries(home, served, asha, holding, django_assert_num_queries):
    ordered(home, ("recycling-240", 1, "damaged"), customer=asha)
    with django_assert_num_queries(1):
        assert len(holding.rows(asha)) == 1
    ordered(home, ("food-caddy-kitchen", 1, "lost"), ("food-caddy-outdoor", 1, "damaged"), customer=asha)
    with django_assert_num_queries(1):
        assert len(holding.rows(asha)) == 3
    with django_assert_num_queries(1):
        assert len(holding.everything(asha)) == 3
