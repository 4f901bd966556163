"""Related requests, duplicates with a leading one, parts that are taken out, colleagues who are called."""

import pytest

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.enums import CaseState, EntryKind
from portal.cases.errors import MoveRefusedError, StaleCaseError
from portal.cases.models import Case, CaseRelation, Follower, Mention
from portal.cases.selectors import mentions_of, relations_of, unseen_mentions
from portal.cases.services import (
    add_note,
    ask_customer,
    merge_case,
    part_case,
    receive_case,
    relate_cases,
    reopen_case,
    resolve_case,
    see_mentions,
    split_case,
    unrelate_cases,
    withdraw_case,
)
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def caras_case(cara, service) -> Case:
    return receive_case(
        service, actor=Actor.online(cara.user, cara), submission_key="cara-1", title="Bin not emptied", customer=cara
    ).case


def told(case: Case, template: str) -> set[str]:
    return set(Message.objects.filter(about=case.reference, template_key=template).values_list("address", flat=True))


# --- Related ----------------------------------------------------------------------------------------------------------


def test_related_requests_lead_to_each_other_once_and_apart_again(ashas_case, caras_case, by_dev, dev):
    relate_cases(ashas_case, to=caras_case, actor=by_dev)
    relate_cases(caras_case, to=ashas_case, actor=by_dev)
    assert CaseRelation.objects.count() == 1
    assert relations_of(ashas_case, dev) == [("Related", caras_case)]
    assert relations_of(caras_case, dev) == [("Related", ashas_case)]
    unrelate_cases(caras_case, to=ashas_case, actor=by_dev)
    unrelate_cases(caras_case, to=ashas_case, actor=by_dev)
    assert relations_of(ashas_case, dev) == []
    assert ashas_case.timeline.filter(kind=EntryKind.RELATED).count() == 2


def test_a_request_is_not_related_to_itself(ashas_case, by_dev):
    with pytest.raises(MoveRefusedError, match="That is this request"):
        relate_cases(ashas_case, to=ashas_case, actor=by_dev)


# --- Duplicates -------------------------------------------------------------------------------------------------------


def test_everybody_who_reported_a_duplicate_hears_of_the_leading_request(ashas_case, caras_case, by_dev, asha, cara):
    Follower.objects.create(case=caras_case, email="fay@example.com", title="Smell", place="Back gate")
    Follower.objects.create(case=caras_case, customer=asha, title="Mine, too")
    merged = merge_case(caras_case, into=ashas_case, actor=by_dev)
    assert (merged.state, merged.outcome) == (CaseState.RESOLVED, "duplicate")
    assert {(f.customer, f.email, f.title) for f in ashas_case.followers.all()} == {
        (cara, "", "Bin not emptied"),
        (None, "fay@example.com", "Smell"),
    }
    assert told(caras_case, "case-merged") >= {"cara@example.com"}
    assert told(ashas_case, "case-joined") == {"fay@example.com"}
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    assert told(ashas_case, "follower-resolved") >= {"cara@example.com", "fay@example.com"}
    text = Message.objects.filter(template_key="follower-resolved", customer=cara).first().body
    assert "Bin not emptied" in text
    assert ashas_case.title not in text


def test_a_duplicate_is_taken_apart_as_if_nothing_had_been(ashas_case, caras_case, by_dev, dev):
    fay = Follower.objects.create(case=caras_case, email="fay@example.com", title="Smell")
    promise = caras_case.promise_on
    merge_case(caras_case, into=ashas_case, actor=by_dev)
    for _time in range(2):
        parted = part_case(caras_case, actor=by_dev)
    assert (parted.state, parted.outcome, parted.public_reason) == (CaseState.RECEIVED, "", "")
    assert (parted.promise_on, parted.reopened_count) == (promise, 0)
    assert not ashas_case.followers.exists()
    assert caras_case.followers.get() == fay
    assert relations_of(ashas_case, dev) == []
    assert caras_case.timeline.filter(kind=EntryKind.PARTED).count() == 1
    assert told(caras_case, "case-parted") >= {"cara@example.com"}


def test_a_customer_who_says_that_it_is_not_fixed_takes_a_duplicate_apart(ashas_case, caras_case, by_dev, cara):
    merge_case(caras_case, into=ashas_case, actor=by_dev)
    reopen_case(caras_case, actor=Actor.online(cara.user, cara), why="Mine is another bin")
    assert not CaseRelation.objects.exists()
    assert not ashas_case.followers.exists()


def test_sent_twice_it_is_put_together_once(ashas_case, caras_case, by_dev):
    version = caras_case.version
    for _time in range(2):
        merge_case(caras_case, into=ashas_case, actor=by_dev, version=version)
    assert caras_case.timeline.filter(kind=EntryKind.MERGED).count() == 1


def test_one_customer_with_two_requests_does_not_follow_themselves(ashas_case, asha, service, by_dev):
    again = receive_case(service, actor=by_dev, submission_key="asha-2", title="Again", customer=asha).case
    merge_case(again, into=ashas_case, actor=by_dev)
    assert not ashas_case.followers.exists()
    assert told(again, "case-merged") >= {"asha@example.com"}


def test_what_cannot_be_put_together_is_refused_and_nothing_changes(ashas_case, caras_case, by_dev):
    other = factories.CaseFactory(service=factories.ServiceFactory(slug="graffiti", name="Graffiti"))
    with pytest.raises(MoveRefusedError, match="different services"):
        merge_case(ashas_case, into=other, actor=by_dev)
    with pytest.raises(StaleCaseError):
        merge_case(caras_case, into=ashas_case, actor=by_dev, version=99)
    withdraw_case(ashas_case, actor=by_dev)
    with pytest.raises(MoveRefusedError, match="Withdrawn"):
        merge_case(caras_case, into=ashas_case, actor=by_dev)
    missed = [factories.CaseFactory() for _number in range(2)]
    with pytest.raises(MoveRefusedError, match="keeps records of its own"):
        merge_case(missed[0], into=missed[1], actor=by_dev)
    assert not CaseRelation.objects.exists()
    assert not Follower.objects.exists()


def test_a_duplicate_cannot_be_unrelated_and_a_single_request_not_parted(ashas_case, caras_case, by_dev):
    with pytest.raises(MoveRefusedError, match="is no duplicate"):
        part_case(caras_case, actor=by_dev)
    ask_customer(caras_case, actor=by_dev, question="Which bin?")
    merge_case(caras_case, into=ashas_case, actor=by_dev)
    assert not caras_case.pauses.filter(until_on=None).exists()
    with pytest.raises(MoveRefusedError, match="Take them apart instead"):
        unrelate_cases(caras_case, to=ashas_case, actor=by_dev)


# --- Parts ------------------------------------------------------------------------------------------------------------


def test_a_part_becomes_a_request_of_the_same_customer_at_the_same_place(ashas_case, asha, by_dev, dev):
    service = factories.ServiceFactory(slug="graffiti", name="Graffiti")
    for _time in range(2):
        part = split_case(ashas_case, actor=by_dev, service=service, title="Paint on the wall", text="By the gate")
    assert Case.objects.count() == 2
    assert (part.customer, part.address, part.service) == (asha, ashas_case.address, service)
    assert part.details[-1] == ["What it is about", "By the gate"]
    assert relations_of(ashas_case, dev) == [("Part", part)]
    assert relations_of(part, dev) == [("Taken out of", ashas_case)]
    assert told(part, "case-received") >= {"asha@example.com"}


# --- Colleagues -------------------------------------------------------------------------------------------------------


def test_a_note_calls_a_colleague_who_sees_it_in_their_list(ashas_case, by_dev):
    eve = factories.StaffFactory(email="eve.night@example.com", roles=["caseworker"])
    for _time in range(2):
        add_note(ashas_case, actor=by_dev, text="@Eve.Night, can you look? Write to mail@example.org or @eve.night.")
    assert unseen_mentions(eve) == 1
    assert mentions_of(eve).get().entry.case == ashas_case
    message = Message.objects.get(template_key="staff-mention")
    assert message.address == eve.email
    assert "can you look" not in message.body
    see_mentions(ashas_case, user=eve)
    assert unseen_mentions(eve) == 0


@pytest.mark.parametrize("name", ["@nobody", "@asha", "@ed"])
def test_who_is_no_colleague_or_may_not_read_requests_cannot_be_called(ashas_case, by_dev, name):
    factories.StaffFactory(email="ed@example.com", roles=["editor"])
    with pytest.raises(MoveRefusedError, match="We know no colleague"):
        add_note(ashas_case, actor=by_dev, text=f"Ask {name}")
    assert not Mention.objects.exists()
    assert not ashas_case.timeline.filter(kind=EntryKind.NOTE).exists()
