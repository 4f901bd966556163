"""Authorities: begun on evidence, prolonged, ended by either side or by staff; at once, and both are told."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from barnet.customers import selectors
from barnet.customers.acting_for import delegating
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.enums import AuthorityKind, EndedBy, Power, Right
from barnet.customers.models import Customer, Delegation
from barnet.notifications.models import Message
from barnet.notifications.services import queue_message
from tests import factories

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)


@pytest.fixture
def adviser(db):
    return factories.StaffFactory(email="adviser@example.com", roles=["adviser"])


@pytest.fixture
def record(asha, cara, adviser):
    def recorded(**changes):
        asked = {
            "principal": asha,
            "delegate": cara,
            "kind": AuthorityKind.RECORDED,
            "services": None,
            "evidence": "Letter of authority seen",
            "reason": "She cannot use a screen",
            "by": adviser,
        }
        return delegating.record_authority(**(asked | changes))

    return recorded


def told(key):
    return sorted(Message.objects.filter(template_key=key, channel="email").values_list("address", flat=True))


def test_recorded_authority_reaches_the_chosen_services_only(record, asha, cara, adviser):
    bins, parking = factories.ServiceFactory(), factories.ServiceFactory(slug="parking")
    music = factories.ServiceFactory(slug="music")
    held = record(services=[bins, parking])

    assert (held.recorded_by, held.reason, held.covers_everything) == (adviser, "She cannot use a screen", False)
    assert selectors.may_act(cara.user, asha, bins)
    assert selectors.may_act(cara.user, asha, parking)
    assert not selectors.may_act(cara.user, asha, music)
    assert sorted(selectors.reach_of(cara.user)) == sorted([(asha.pk, bins.pk), (asha.pk, parking.pk)])
    assert told("authority-given") == ["asha@example.com", "cara@example.com"]


def test_authority_without_scope_reaches_nothing(asha, cara):
    factories.DelegationFactory(principal=asha, delegate=cara, covers_everything=False)
    assert selectors.reach_of(cara.user) == []
    assert not selectors.may_act(cara.user, asha, factories.ServiceFactory())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"evidence": " "}, "Write what you saw"),
        ({"reason": ""}, "Write what you saw"),
        ({"services": []}, "at least one service"),
        ({"kind": AuthorityKind.INVITED}, "cannot record"),
        ({"kind": AuthorityKind.BUSINESS}, "cannot record"),
        ({"ends_on": TODAY - dt.timedelta(days=1)}, "must not be before"),
        ({"kind": AuthorityKind.PARENT}, "date of birth"),
        ({"kind": AuthorityKind.PARENT, "born_on": dt.date(2008, 11, 23)}, "18 or older"),
        ({"kind": AuthorityKind.PARENT, "born_on": TODAY + dt.timedelta(days=1)}, "future"),
        ({"kind": AuthorityKind.EXECUTOR}, "day of death"),
        ({"kind": AuthorityKind.EXECUTOR, "died_on": TODAY + dt.timedelta(days=1)}, "future"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_changes_nothing(record, asha, changes, sentence):
    with pytest.raises(AuthorityRefusedError, match=sentence):
        record(**changes)
    asha.refresh_from_db()
    assert (Delegation.objects.count(), Message.objects.count(), asha.died_on) == (0, 0, None)


def test_nobody_acts_for_themselves_for_a_business_or_without_a_login(record, asha):
    with pytest.raises(AuthorityRefusedError, match="themselves"):
        record(delegate=asha)
    with pytest.raises(AuthorityRefusedError, match="roles"):
        record(principal=Customer.objects.create(kind="business", name="Corner shop"))
    with pytest.raises(AuthorityRefusedError, match="no account"):
        record(delegate=factories.CustomerFactory(user=None, name="Nobody"))


def test_a_new_one_of_the_same_kind_takes_the_place_of_the_old(record, asha, cara):
    old, new = record(), record(services=[factories.ServiceFactory()])
    old.refresh_from_db()
    assert (old.revoked_at is None, old.ended_by) == (False, EndedBy.SYSTEM)
    assert list(Delegation.objects.open()) == [new]
    other = record(kind=AuthorityKind.ATTORNEY, evidence="Certified copy seen")
    assert set(Delegation.objects.open()) == {new, other}


def test_database_keeps_what_an_authority_must_be(asha, cara, adviser):
    for wrong in (
        {"evidence": ""},
        {"kind": "parent"},
        {"kind": "business"},
        {"role": "owner"},
        {"ends_on": dt.date(2019, 1, 1)},
        {"ended_by": "staff"},
        {"delegate": asha},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.DelegationFactory(**({"principal": asha, "delegate": cara} | wrong))
    factories.DelegationFactory(principal=asha, delegate=cara)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.DelegationFactory(principal=asha, delegate=cara)


# --- Ending and prolonging ---


@pytest.mark.parametrize("side", [EndedBy.PRINCIPAL, EndedBy.DELEGATE])
def test_either_side_ends_it_at_once_and_both_are_told(asha, ben, side):
    held = Delegation.objects.get()
    assert selectors.reach_of(ben.user)
    assert delegating.end_authority(held, by=ben.user, side=side)
    assert selectors.reach_of(ben.user) == []
    held.refresh_from_db()
    assert (held.ended_by, held.revoked_by) == (side, ben.user)
    assert told("authority-ended") == ["asha@example.com", "ben@example.com"]
    assert not delegating.end_authority(held, by=asha.user, side=EndedBy.PRINCIPAL)
    assert len(told("authority-ended")) == 2


def test_staff_end_it_with_a_reason_that_both_read(asha, ben, adviser):
    held = Delegation.objects.get()
    with pytest.raises(AuthorityRefusedError, match="Write why"):
        delegating.end_authority(held, by=adviser, side=EndedBy.STAFF, reason="  ")
    assert selectors.reach_of(ben.user)
    delegating.end_authority(held, by=adviser, side=EndedBy.STAFF, reason="The court ended it")
    assert selectors.reach_of(ben.user) == []
    assert "The court ended it" in Message.objects.filter(template_key="authority-ended").first().body


def test_renewed_authority_that_ran_out_works_again(asha, ben):
    Delegation.objects.update(ends_on=TODAY - dt.timedelta(days=1))
    held = Delegation.objects.get()
    assert selectors.reach_of(ben.user) == []
    with pytest.raises(AuthorityRefusedError, match="past"):
        delegating.renew_authority(held, ends_on=TODAY - dt.timedelta(days=1))
    delegating.renew_authority(held, ends_on=TODAY)
    assert selectors.reach_of(ben.user) == [(asha.pk, None)]
    assert told("authority-changed") == ["asha@example.com", "ben@example.com"]


def test_what_was_ended_is_not_renewed(asha, ben):
    held = Delegation.objects.get()
    delegating.end_authority(held, by=asha.user, side=EndedBy.PRINCIPAL)
    with pytest.raises(AuthorityRefusedError, match="was ended"):
        delegating.renew_authority(held, ends_on=None)


# --- Children and the dead ---


def test_authority_of_a_parent_ends_on_the_day_before_the_18th_birthday(record, asha):
    held = record(kind=AuthorityKind.PARENT, born_on=dt.date(2012, 2, 29), evidence="Birth certificate seen")
    assert held.ends_on == dt.date(2030, 2, 28)
    asha.refresh_from_db()
    assert asha.born_on == dt.date(2012, 2, 29)
    for asked, got in [(None, dt.date(2030, 2, 28)), (dt.date(2031, 1, 1), dt.date(2030, 2, 28))]:
        assert delegating.renew_authority(held, ends_on=asked).ends_on == got
    assert delegating.renew_authority(held, ends_on=dt.date(2027, 1, 1)).ends_on == dt.date(2027, 1, 1)


def test_with_a_death_every_authority_ends_and_the_executors_begins(record, asha, ben, cara, adviser):
    will = {"kind": AuthorityKind.EXECUTOR, "evidence": "Grant of probate seen", "died_on": dt.date(2026, 11, 1)}
    record(**will)
    asha.refresh_from_db()
    assert (asha.died_on, asha.is_written_to) == (dt.date(2026, 11, 1), False)
    assert selectors.reach_of(ben.user) == []
    assert selectors.reach_of(cara.user) == [(asha.pk, None)]
    assert told("authority-given") == ["cara@example.com"]
    assert told("authority-ended") == ["ben@example.com"]
    with pytest.raises(AuthorityRefusedError, match="Only an executor"):
        record()


def test_in_force_asks_for_the_death_itself(asha, ben, cara):
    """Whatever way it came to be known: a row that nobody ended gives nothing."""
    factories.DelegationFactory(principal=asha, delegate=cara, kind="executor")
    assert (len(selectors.reach_of(ben.user)), len(selectors.reach_of(cara.user))) == (1, 0)
    Customer.objects.filter(pk=asha.pk).update(died_on=TODAY)
    assert (len(selectors.reach_of(ben.user)), len(selectors.reach_of(cara.user))) == (0, 1)


def test_a_login_never_becomes_that_of_a_dead_person_or_of_a_business(db):
    gone = Customer.objects.create(name="Gone", email="gone@example.com", died_on=TODAY)
    shop = Customer.objects.create(name="Shop", email="shop@example.com", kind="business")
    for email in ("gone@example.com", "shop@example.com"):
        assert Customer.objects.of(factories.UserFactory(email=email)) not in {gone, shop}


def test_powers_of_roles():
    shop = Customer(kind="business")
    assert Delegation(principal=shop, role="may_read").powers == {Power.READ}
    assert Delegation(principal=shop, role="may_pay").powers == {Power.READ, Power.PAY}
    assert Power.MANAGE in Delegation(principal=shop, role="manager").powers
    assert Power.MANAGE not in Delegation().powers


def test_nobody_writes_to_the_dead(asha, cara):
    fields = {"council": "x", "asked_at": "now"}
    asha.died_on = TODAY
    assert queue_message("test-message", key="a", customer=asha, fields=fields) == []
    assert queue_message("test-message", key="a", customer=cara, fields=fields)
    asha.save()
    assert asha not in Customer.objects.written_to()


def test_what_a_delegate_does_is_recorded_as_done_by_them_for_the_other(client, asha, ben):
    case = factories.CaseFactory(customer=asha)
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    client.post(f"{case.get_absolute_url()}withdraw/", {"version": case.version, "why": ""})
    entry = case.timeline.get()
    assert (entry.actor, entry.subject, entry.right) == (ben.user, asha, Right.DELEGATE)


def test_scope_is_not_escaped_through_a_request_of_another_service(client, asha, ben):
    bins, music = factories.ServiceFactory(), factories.ServiceFactory(slug="music")
    factories.narrow(Delegation.objects.get(), bins)
    own, other = factories.CaseFactory(customer=asha, service=bins), factories.CaseFactory(customer=asha, service=music)
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    for act in ("withdraw/", "answer/", "photo/", "reopen/"):
        for method in (client.get, client.post):
            assert method(f"{other.get_absolute_url()}{act}").status_code == 404, act
    listed = client.get("/account/requests/?show=all").content.decode()
    assert (own.reference in listed, other.reference in listed) == (True, False)
