"""An act on many requests that is interrupted or sent twice at once does each of them once."""

import pytest

from barnet.customers.actors import Actor
from portal.cases.models import BulkAct
from portal.cases.services import do_many, tell_case
from tests import factories

pytestmark = pytest.mark.django_db


def tell(dev):
    return lambda case, version: tell_case(case, actor=Actor.staff(dev), text="The crew is late.", version=version)


def test_what_was_interrupted_goes_on_where_it_stopped(dev, asha):
    cases = [factories.CaseFactory(customer=asha) for _number in range(2)]
    told = []

    def perform(case, version):
        if told:
            raise RuntimeError
        told.append(case)
        return tell(dev)(case, version)

    with pytest.raises(RuntimeError):
        do_many(cases, act="tell", actor=dev, submission_key="k", versions={}, perform=perform)
    done = do_many(cases, act="tell", actor=dev, submission_key="k", versions={}, perform=tell(dev))
    assert BulkAct.objects.get() == done
    assert [case.timeline.count() for case in cases] == [1, 1]
    assert [result.refusal for result in done.results.all()] == ["", ""]


def test_a_refusal_is_kept_with_its_reason_and_not_tried_again(dev):
    case = factories.CaseFactory(customer=None)
    for _time in range(2):
        done = do_many([case], act="tell", actor=dev, submission_key="k", versions={}, perform=tell(dev))
    assert "no way to reach" in done.results.get().refusal
