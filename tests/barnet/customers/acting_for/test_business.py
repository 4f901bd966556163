"""A business: roles, what each allows, and an owner always."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from barnet.customers import selectors
from barnet.customers.acting_for import business, delegating, inviting, serving
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.acting_for.inviting import Offer
from barnet.customers.enums import BusinessRole, CustomerKind, EndedBy, Power
from barnet.customers.models import Customer, Delegation
from tests import factories
from tests.barnet.customers.acting_for.test_serving import request_of


@pytest.fixture
def shop(asha):
    return business.found_business(name="Corner shop", owner=asha.user, submission_key="shop")


@pytest.fixture
def join(shop, asha):
    def joined(customer, role):
        offer = Offer(email=customer.user.email, role=role)
        made = inviting.invite(shop, offer, by=asha.user, submission_key=f"{customer.pk}{role}")
        return inviting.accept(made.invitation, by=customer.user)

    return joined


def test_founder_is_owner_and_the_form_sent_twice_founds_once(shop, asha):
    again = business.found_business(name="Corner shop", owner=asha.user, submission_key="shop")
    assert (again, shop.kind, shop.user) == (shop, CustomerKind.BUSINESS, None)
    assert business.role_in(asha.user, shop) == BusinessRole.OWNER
    assert [one.delegate for one in business.people_of(shop)] == [asha]


def test_roles_allow_what_they_say_through_the_same_door(shop, join, cara):
    service = factories.ServiceFactory()
    join(cara, BusinessRole.MAY_READ)
    request = request_of(cara.user, {"acting_for": shop.pk})
    assert serving.party_for(request).customer == shop
    assert serving.party_for(request, service=service, power=Power.READ).customer == shop
    with pytest.raises(serving.NotCoveredError):
        serving.party_for(request, service=service)
    join(cara, BusinessRole.MAY_PAY)
    assert selectors.may_act(cara.user, shop, service, Power.PAY)
    assert not selectors.may_act(cara.user, shop, service, Power.ACT)
    join(cara, BusinessRole.MANAGER)
    assert serving.party_for(request_of(cara.user, {"acting_for": shop.pk}), service=service).customer == shop


def test_reader_of_a_business_reads_its_case_and_is_told_that_they_may_not_change_it(shop, join, asha, cara, client):
    join(cara, BusinessRole.MAY_READ)
    case = factories.CaseFactory(customer=shop)
    client.force_login(cara.user)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "You may read it" in page
    assert "I no longer need this" not in page
    assert client.post(f"{case.get_absolute_url()}withdraw/", {"version": 0}).status_code == 403
    case.refresh_from_db()
    assert case.state == "received"
    client.force_login(asha.user)
    assert "I no longer need this" in client.get(case.get_absolute_url()).content.decode()


def test_last_owner_cannot_leave_be_demoted_or_have_an_end(shop, join, asha, cara):
    owner = Delegation.objects.get(principal=shop)
    with pytest.raises(AuthorityRefusedError, match="needs an owner"):
        delegating.end_authority(owner, by=asha.user, side=EndedBy.DELEGATE)
    with pytest.raises(AuthorityRefusedError, match="no last day"):
        delegating.renew_authority(owner, ends_on=dt.date(2030, 1, 1))
    manager = join(cara, BusinessRole.MANAGER)
    demoting = inviting.invite(
        shop, Offer(email="asha@example.com", role=BusinessRole.MAY_READ), by=cara.user, submission_key="demote"
    )
    with pytest.raises(AuthorityRefusedError, match="needs an owner"):
        inviting.accept(demoting.invitation, by=asha.user)
    assert business.role_in(asha.user, shop) == BusinessRole.OWNER
    join(cara, BusinessRole.OWNER)
    manager.refresh_from_db()
    assert manager.revoked_at
    assert delegating.end_authority(owner, by=asha.user, side=EndedBy.DELEGATE)
    assert selectors.delegations_of(asha.user).count() == 0


def test_who_may_give_which_role():
    assert business.may_give("owner", "owner")
    assert business.may_give("manager", "may_pay")
    assert not business.may_give("manager", "owner")
    for role in ("may_pay", "may_read", ""):
        assert not business.may_give(role, "may_read")


def test_colleague_without_the_right_sees_no_others_authority(shop, join, asha, cara):
    owner = Delegation.objects.get(principal=shop)
    own = join(cara, BusinessRole.MAY_PAY)
    with pytest.raises(Http404):
        selectors.authority_for(cara.user, owner.pk)
    assert selectors.authority_for(cara.user, own.pk) == (own, EndedBy.DELEGATE)
    assert selectors.authority_for(asha.user, own.pk) == (own, EndedBy.PRINCIPAL)


def test_authority_for_a_person_is_not_passed_on(asha, ben, cara):
    assert not selectors.stands_for(ben.user, asha)
    given = factories.DelegationFactory(principal=asha, delegate=cara)
    with pytest.raises(Http404):
        selectors.authority_for(ben.user, given.pk)


def test_business_is_no_person(db):
    for wrong in (
        {"user": factories.UserFactory()},
        {"born_on": dt.date(2000, 1, 1)},
        {"died_on": dt.date(2020, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Customer.objects.create(kind="business", name="Shop", **wrong)


def test_pages_invite_remove_and_leave(client, shop, asha, cara):
    client.force_login(asha.user)
    client.post("/account/acting-for/", {"principal": shop.pk})
    page = client.get("/account/people/invite/")
    key = page.context["form"]["submission_key"].value()
    sent = {"name": "Cara", "email": "cara@example.com", "role": "manager", "submission_key": key}
    assert client.post("/account/people/invite/", sent).url == "/account/people/"
    invitation = shop.invitations.get()

    client.force_login(cara.user)
    client.post(f"/account/people/invitations/{invitation.pk}/", {"answer": "accept"})
    assert business.role_in(cara.user, shop) == BusinessRole.MANAGER
    client.post("/account/acting-for/", {"principal": shop.pk})
    page = client.get("/account/people/invite/")
    assert [value for value, _label in page.context["form"].fields["role"].choices] == [
        "manager",
        "may_pay",
        "may_read",
    ]
    owner = Delegation.objects.get(principal=shop, role="owner")
    assert client.post(f"/account/people/{owner.pk}/", {"reason": ""}).status_code == 403
    own = Delegation.objects.get(principal=shop, role="manager")
    client.post(f"/account/people/{own.pk}/", {"reason": "I found other work"})
    assert business.role_in(cara.user, shop) == ""
