"""Two people at once, over real connections: one code, one acceptance; a business keeps an owner."""

import pytest
from django.utils import timezone

from barnet.customers.acting_for import business, delegating, inviting
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.acting_for.inviting import Offer
from barnet.customers.enums import EndedBy
from barnet.customers.models import Customer, Delegation, Invitation
from tests import factories
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


@pytest.fixture
def letter(asha):
    asha.address = factories.AddressFactory(postcode="EN5 4AA")
    asha.save()
    return inviting.invite(asha, Offer(name="Whoever"), by=asha.user, submission_key="race")


def accept_all(invitation):
    takers = [factories.CustomerFactory().user for _number in range(PEOPLE)]
    return at_once(PEOPLE, lambda n: inviting.accept(invitation, by=takers[n], with_code=True))


def test_of_all_who_accept_one_code_at_once_one_gets_the_authority(letter, asha):
    results = accept_all(letter.invitation)
    assert [type(one) for one in results].count(Delegation) == 1
    assert [type(one) for one in results].count(AuthorityRefusedError) == PEOPLE - 1
    assert Delegation.objects.filter(principal=asha).count() == 1
    assert Invitation.objects.get().state == "accepted"


def test_without_a_look_at_the_state_one_code_gives_several_authorities(letter, asha, monkeypatch):
    """The control: it is the state, looked at in turn, that makes one."""
    seen = Invitation.objects.get()
    monkeypatch.setattr(inviting, "_check_answer", lambda *args: None)
    results = accept_all(seen)
    assert Delegation.objects.filter(principal=asha).count() > 1, results


def test_two_owners_who_leave_at_once_leave_one(asha, cara):
    shop = business.found_business(name="Shop", owner=asha.user, submission_key="shop")
    made = inviting.invite(shop, Offer(email="cara@example.com", role="owner"), by=asha.user, submission_key="o")
    inviting.accept(made.invitation, by=cara.user)
    owners = list(Delegation.objects.filter(principal=shop, role="owner").select_related("delegate__user"))

    def leave(number):
        return delegating.end_authority(owners[number], by=owners[number].delegate.user, side=EndedBy.DELEGATE)

    results = at_once(2, leave)
    assert sorted(type(one).__name__ for one in results) == ["AuthorityRefusedError", "bool"]
    assert Delegation.objects.in_force(timezone.localdate()).filter(principal=shop, role="owner").count() == 1


def test_same_business_form_twice_at_once_founds_one(asha):
    results = at_once(4, lambda n: business.found_business(name="Shop", owner=asha.user, submission_key="twice"))
    assert {one.pk for one in results if isinstance(one, Customer)} == {Customer.objects.get(kind="business").pk}
    assert Delegation.objects.count() == 1
