"""A request that was made without an account joins one: once, with a code that only its slip shows."""

import threading

import pytest
from django.test import Client
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.customers.models import Customer, SecurityEvent
from barnet.kit import retention
from barnet.notifications.models import Message
from portal.cases.models import Case, ClaimCode, Follower
from portal.cases.selectors import cases_for
from portal.cases.services import MoveRefusedError, claim_case, claiming, make_claim_code, receive_case
from tests import factories
from tests.portal.cases.test_races import at_once


def made_for(customer, by, service, key="walk-in"):
    actor = Actor.staff(by, Channel.FACE_TO_FACE)
    return receive_case(service, actor=actor, submission_key=key, title="Ask us", customer=customer).case


@pytest.fixture
def visitor(db):
    return Customer.objects.create(name="Vera Visitor", email="vera@example.com")


@pytest.fixture
def case(visitor, dev, service):
    return made_for(visitor, dev, service)


@pytest.fixture
def slip(case, by_dev):
    return make_claim_code(case, actor=by_dev, submission_key="slip-1")


def test_the_code_is_kept_as_a_slow_hash(slip, case):
    held = ClaimCode.objects.get(case=case)
    assert slip.code not in held.code_hash
    assert "$" in held.code_hash
    assert len(slip.code) == 10
    assert (slip.expires_on - timezone.localdate()).days == 90


def test_claiming_moves_the_request_and_what_hangs_on_it(slip, case, asha, visitor):
    Follower.objects.create(case=case, customer=asha, title="Ask us")
    assert Message.objects.filter(about=case.reference, customer=visitor).exists()
    assert not cases_for(asha.user).filter(pk=case.pk).exists()

    assert claim_case(asha.user, reference=case.reference.lower(), code=slip.spaced.lower()) == case

    case.refresh_from_db()
    assert case.customer == asha
    assert cases_for(asha.user).filter(pk=case.pk).exists()
    assert not Follower.objects.filter(case=case).exists()
    assert not Message.objects.filter(about=case.reference, customer=visitor).exists()
    last = case.timeline.last()
    assert (last.kind, last.public_text, last.actor, last.subject) == ("claim", "", asha.user, asha)
    assert Customer.objects.filter(pk=visitor.pk).exists()


def test_other_requests_of_the_record_stay(slip, case, asha, visitor, dev, service):
    other = made_for(visitor, dev, service, key="another")
    claim_case(asha.user, reference=case.reference, code=slip.code)
    other.refresh_from_db()
    assert other.customer == visitor


def test_a_request_by_an_address_alone_can_be_claimed(asha, service, by_dev):
    case = receive_case(service, actor=Actor.visitor(), submission_key="web", title="Ask us").case
    slip = make_claim_code(case, actor=by_dev, submission_key="slip")
    assert claim_case(asha.user, reference=case.reference, code=slip.code) == case


@pytest.mark.parametrize("wrong", ["code", "reference", "no reference", "used", "late", "replaced", "owned"])
def test_every_refusal_is_the_same_and_changes_nothing(wrong, slip, case, asha, cara, by_dev, visitor):
    reference, code = case.reference, slip.code
    match wrong:
        case "code":
            code = "2222222222"
        case "reference":
            reference = made_for(visitor, by_dev.user, case.service, key="x").reference
        case "no reference":
            reference = "BAR-2222-2222"
        case "used":
            claim_case(cara.user, reference=reference, code=code)
        case "late":
            ClaimCode.objects.update(expires_at=timezone.now())
        case "replaced":
            make_claim_code(case, actor=by_dev, submission_key="slip-2")
        case "owned":
            Case.objects.filter(pk=case.pk).update(customer=cara)
    before = Case.objects.get(pk=case.pk).customer
    assert claim_case(asha.user, reference=reference, code=code) is None
    assert Case.objects.get(pk=case.pk).customer == before != asha


def test_the_same_form_twice_shows_one_code_and_another_form_a_new_one(slip, case, by_dev):
    again = make_claim_code(case, actor=by_dev, submission_key="slip-1")
    assert (again.code, again.expires_on) == (slip.code, slip.expires_on)
    assert case.timeline.filter(kind="claim").count() == 1
    assert make_claim_code(case, actor=by_dev, submission_key="slip-2").code != slip.code
    assert ClaimCode.objects.count() == 1


def test_claiming_twice_by_the_same_person_is_once(slip, case, asha):
    for _click in range(2):
        assert claim_case(asha.user, reference=case.reference, code=slip.code) == case
    assert case.timeline.filter(kind="claim", subject=asha).count() == 1


def test_a_request_in_an_account_gets_no_code(ashas_case, by_dev):
    with pytest.raises(MoveRefusedError):
        make_claim_code(ashas_case, actor=by_dev, submission_key="slip")


# --- The slip ---------------------------------------------------------------------------------------------------------


def test_the_slip_is_shown_once_and_the_page_knows_it_no_more(slip, case, client):
    client.force_login(factories.StaffFactory(roles=["librarian"]))
    address = f"/staff/cases/{case.reference}/code/"
    page = client.get(address)
    assert slip.spaced not in page.content.decode()
    key = page.context["form"]["submission_key"].value()
    shown = client.post(address, {"submission_key": key})
    new = shown.context["slip"]
    text = shown.content.decode()
    assert new.spaced in text
    assert "/account/claim/" in text
    assert case.reference in text
    assert "no-store" in shown["Cache-Control"]
    assert new.spaced not in client.get(address).content.decode()


def test_whoever_serves_the_visitor_gets_it_on_the_page_that_says_it_was_sent(case, visitor, asha, client):
    client.force_login(factories.StaffFactory(roles=["librarian"]))
    address = f"/requests/{case.reference}/code/"
    assert client.get(address).status_code == 404
    client.post(f"/staff/customers/{visitor.pk}/serve/", {"channel": "face_to_face"})
    page = client.get(address)
    key = page.context["form"]["submission_key"].value()
    assert "Print this page" in client.post(address, {"submission_key": key}).content.decode()
    client.post(f"/staff/customers/{asha.pk}/serve/", {"channel": "face_to_face"})
    assert client.get(address).status_code == 404


def test_a_forged_form_makes_no_code(case, client):
    client.force_login(factories.StaffFactory(roles=["librarian"]))
    assert client.post(f"/staff/cases/{case.reference}/code/", {"submission_key": "forged"}).status_code == 200
    assert not ClaimCode.objects.exists()


# --- In My Account ----------------------------------------------------------------------------------------------------


def test_a_resident_joins_it_in_the_browser(slip, case, asha, client):
    client.force_login(asha.user)
    said = {"reference": case.reference, "code": slip.spaced}
    assert client.post("/account/claim/", said)["Location"] == f"/account/requests/{case.reference}/"
    assert client.get(f"/account/requests/{case.reference}/").status_code == 200


def test_wrong_tries_get_one_sentence_keep_what_was_typed_and_are_counted(slip, case, asha, client):
    client.force_login(asha.user)
    pages = []
    for reference, code in ((case.reference, "2222222222"), ("BAR-2222-2222", slip.code), ("nonsense", "x")):
        answer = client.post("/account/claim/", {"reference": reference, "code": code})
        text = answer.content.decode()
        assert reference in text
        pages.append([str(error) for error in answer.context["form"].non_field_errors()])
    assert pages[0] == pages[1] == pages[2]
    assert len(pages[0]) == 1
    assert SecurityEvent.objects.filter(user=asha.user, kind="claim_code_refused").count() == 3
    tries = [client.post("/account/claim/", {"reference": "x", "code": "x"}) for _try in range(3)]
    assert [one.status_code for one in tries] == [200, 200, 429]
    assert "wait 15 minutes" in tries[-1].content.decode()


def test_whoever_acts_for_somebody_joins_nothing(slip, case, asha, ben, client):
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    assert "You are acting for" in client.get("/account/").content.decode()
    answer = client.post("/account/claim/", {"reference": case.reference, "code": slip.code})
    assert answer["Location"] == "/account/requests/"
    case.refresh_from_db()
    assert case.customer not in (asha, ben)


# --- Races ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_twenty_tries_of_two_accounts_at_once_join_it_once(slip, case, asha, cara):
    users = [asha.user, cara.user]
    results = at_once(20, lambda n: claim_case(users[n % 2], reference=case.reference, code=slip.code))
    case.refresh_from_db()
    joined = case.timeline.filter(kind="claim").exclude(actor=case.timeline.filter(kind="claim").first().actor)
    assert joined.count() == 1
    assert sum(result is not None for result in results) == 10  # of one of the two, who may send the form again
    assert case.customer.user == joined.get().actor == ClaimCode.objects.get().used_by


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_both_accounts_have_it(slip, case, asha, cara, monkeypatch):
    """The control: both have read the unused code before either goes on."""
    both = threading.Barrier(2)

    def unlocked(found):
        held = ClaimCode.objects.get(case=found)
        held.case = found
        both.wait(timeout=60)
        return held

    monkeypatch.setattr(claiming, "lock_case", lambda found: found)
    monkeypatch.setattr(claiming, "_locked_code", unlocked)
    users = [asha.user, cara.user]
    results = at_once(2, lambda n: claim_case(users[n], reference=case.reference, code=slip.code))
    assert [result.pk for result in results] == [case.pk, case.pk]
    assert case.timeline.filter(kind="claim", subject__in=[asha, cara]).count() == 2


# --- Its end ----------------------------------------------------------------------------------------------------------


def test_old_codes_are_deleted_and_erased_with_the_request(slip, case):
    kinds = {kind.key: kind for kind in retention.kinds()}
    assert kinds["closed-requests"].apply(Case.objects.filter(pk=case.pk)) == 1
    assert not ClaimCode.objects.exists()
    assert kinds["claim-codes"].age == "expires_at"


def test_strangers_find_no_slip(case, cara):
    visitor, stranger = Client(), Client()
    stranger.force_login(cara.user)
    assert visitor.get(f"/staff/cases/{case.reference}/code/").status_code == 302
    assert stranger.get(f"/staff/cases/{case.reference}/code/").status_code == 404
