"""Staff sign in with the council's own accounts: its groups decide, at each sign-in."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from barnet.customers.enums import StaffSource
from barnet.customers.models import SignOnRefusal, StaffEvent, User
from barnet.customers.staff import staffing
from tests import factories
from tests.barnet.customers.signing_in.sign_on.conftest import LINK, by_mock, by_nursery, people, words
from tests.factories import PASSWORD
from tests.people import give_authenticator


@pytest.fixture
def entra(mock_provider, configure):
    def claims(*groups, **more):
        usual = {"email": "ines@barnet.example", "email_verified": True, "given_name": "Ines", "family_name": "Adviser"}
        people(mock_provider, "ines", **{**usual, "groups": list(groups), **more})

    claims("CC-Advisers")
    configure("staff", mock_provider, second_step=("mfa", "hwk"))
    return claims


def kinds():
    return [(event.kind, event.roles, event.source) for event in StaffEvent.objects.order_by("pk")]


def test_joiner_gets_an_account_with_the_roles_of_their_groups(visitor, entra):
    entra("CC-Advisers", "CC-Leads", "A group that means nothing here", amr=["pwd", "mfa"])
    assert by_mock(visitor, "staff", "ines").url == "/staff/"
    user = User.objects.get(email="ines@barnet.example")
    assert staffing.roles_of(user) == ["adviser", "analyst", "team_lead"]
    assert str(user) == "Ines Adviser"
    assert not user.has_usable_password()
    assert kinds() == [("joined", ["adviser", "analyst", "team_lead"], StaffSource.CLAIM)]
    assert visitor.get("/staff/").status_code == 200  # the provider's second step counts


def test_second_step_that_the_provider_did_not_do_is_asked_for_here(visitor, entra):
    entra("CC-Advisers", amr=["pwd"])
    by_mock(visitor, "staff", "ines")
    assert visitor.get("/staff/").url.startswith("/account/security/second-step/")


def test_second_step_of_the_provider_does_not_count_unless_operators_say_so(visitor, entra, configure, mock_provider):
    configure("staff", mock_provider)
    entra("CC-Advisers", amr=["mfa"])
    by_mock(visitor, "staff", "ines")
    assert visitor.get("/staff/").url.startswith("/account/security/second-step/")


def test_authenticator_is_not_asked_for_twice(visitor, entra):
    entra("CC-Advisers", amr=["mfa"])
    by_mock(Client(), "staff", "ines")
    give_authenticator(User.objects.get())
    assert by_mock(visitor, "staff", "ines").url == "/staff/"
    assert visitor.get("/staff/").status_code == 200
    entra("CC-Advisers", amr=["pwd"])
    assert by_mock(Client(), "staff", "ines").url == "/account/sign-in/second-step/"


def test_context_class_counts_as_a_second_step_too(visitor, nursery, configure):
    configure("staff", nursery.issuer, second_step=("phrh",))
    nursery.claims = {"acr": "phrh", "groups": ["CC-Advisers"]}
    by_nursery(visitor, nursery, "staff")
    assert visitor.get("/staff/").status_code == 200


def test_mover_has_other_roles_from_the_next_sign_in(visitor, entra):
    by_mock(visitor, "staff", "ines")
    entra("CC-Leads")
    by_mock(Client(), "staff", "ines")
    assert staffing.roles_of(User.objects.get()) == ["analyst", "team_lead"]
    by_mock(Client(), "staff", "ines")
    assert [kind for kind, _roles, _source in kinds()] == ["joined", "moved"]


def test_leaver_is_refused_and_their_account_closed_with_every_session(visitor, entra):
    entra("CC-Advisers", amr=["mfa"])
    by_mock(visitor, "staff", "ines")
    team = factories.TeamFactory()
    ines = User.objects.get(email="ines@barnet.example")
    case = factories.CaseFactory(team=team, assignee=ines, state="assigned")
    assert visitor.get("/staff/").status_code == 200
    entra("Former staff")

    other = Client()
    answer = by_mock(other, "staff", "ines")

    assert answer.status_code == 403
    assert "did not name a group that may use the back office" in words(answer)
    ines.refresh_from_db()
    assert not ines.is_active
    assert staffing.roles_of(ines) == []
    assert visitor.get("/staff/").url.startswith("/account/sign-in/")
    assert other.get("/account/").status_code == 302
    case.refresh_from_db()
    assert (case.team, case.assignee) == (team, None)
    assert SignOnRefusal.objects.get().reason == "no_role"
    assert kinds()[-1] == ("left", [], StaffSource.CLAIM)


def test_leaver_whom_groups_closed_returns_by_groups_but_not_one_whom_people_closed(visitor, entra, dev):
    by_mock(Client(), "staff", "ines")
    entra()
    by_mock(Client(), "staff", "ines")
    entra("CC-Advisers")
    assert by_mock(Client(), "staff", "ines").url == "/staff/"

    staffing.leave(User.objects.get(email="ines@barnet.example"), cause=staffing.Cause.page(dev, "Dismissed"))
    answer = by_mock(visitor, "staff", "ines")
    assert answer.status_code == 403
    assert "Your account here is closed" in words(answer)
    assert not User.objects.get(email="ines@barnet.example").is_active


def test_stranger_without_a_group_makes_no_account(visitor, entra):
    for groups in ([], ["Elsewhere"]):
        entra(*groups)
        assert by_mock(visitor, "staff", "ines").status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize("said", [5, {"CC-Advisers": True}, [["CC-Advisers"]], None])
def test_groups_of_a_strange_shape_give_nothing(said, visitor, entra):
    entra("x", groups=said)
    assert by_mock(visitor, "staff", "ines").status_code == 403
    assert not User.objects.exists()


def test_groups_that_did_not_fit_into_the_token_close_nobody(visitor, nursery, configure):
    configure("staff", nursery.issuer)
    nursery.claims = {"groups": ["CC-Advisers"]}
    by_nursery(Client(), nursery, "staff")
    nursery.claims = {"_claim_names": {"groups": "src1"}}
    assert by_nursery(visitor, nursery, "staff").status_code == 403
    assert User.objects.get().is_active


def test_member_of_staff_whom_an_administrator_made_is_linked_at_their_first_sign_in(visitor, entra, outbox):
    ines = factories.StaffFactory(email="ines@barnet.example", roles=["librarian"])
    by_mock(visitor, "staff", "ines")
    assert SocialAccount.objects.get().user == ines
    assert staffing.roles_of(ines) == ["adviser"]
    assert outbox.keys == ["account-sign-on-linked"]


def test_address_that_the_provider_neither_confirmed_nor_gives_out_opens_nothing(visitor, entra):
    factories.StaffFactory(email="ines@barnet.example", roles=["administrator"])
    entra("CC-Advisers", email_verified=False)
    assert by_mock(visitor, "staff", "ines").status_code == 403
    assert not SocialAccount.objects.exists()
    assert not StaffEvent.objects.exists()


def test_provider_vouches_for_the_addresses_of_its_own_domains(visitor, entra, configure, mock_provider):
    configure("staff", mock_provider, email_domains=("barnet.example",))
    entra("CC-Advisers", email_verified=None)
    assert by_mock(visitor, "staff", "ines").url == "/staff/"
    people(mock_provider, "evil", email="x@barnet.example.evil.example", groups=["CC-Advisers"])
    assert by_mock(Client(), "staff", "evil").status_code == 403


def test_residents_login_is_not_taken_over_but_linked_by_its_owner(visitor, entra, outbox):
    resident = factories.CustomerFactory(user__email="ines@barnet.example").user
    answer = by_mock(visitor, "staff", "ines")
    assert answer.status_code == 403
    assert "Sign in to it the way you usually do" in words(answer)
    assert not User.objects.get().is_staff

    visitor.post("/account/sign-in/", {"login": resident.email, "password": PASSWORD})
    assert by_mock(visitor, "staff", "ines", address=LINK).url == "/account/security/"
    user = User.objects.get()
    assert user.is_staff
    assert staffing.roles_of(user) == ["adviser"]


def test_superuser_is_never_changed_by_groups(visitor, entra):
    boss = factories.StaffFactory(email="ines@barnet.example", is_superuser=True)
    entra("Former staff")
    assert by_mock(visitor, "staff", "ines").status_code == 403
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.is_superuser


def test_account_of_staff_leaves_no_record_of_confidence(visitor, entra):
    from barnet.customers.models import IdentityCheck

    by_mock(visitor, "staff", "ines")
    assert not IdentityCheck.objects.exists()
