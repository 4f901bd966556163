"""Acts on a selection: what to do, what each customer will receive, what became of each."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import BulkAct, Case, Follower, ReadyReply
from portal.cases.services import receive_case, withdraw_case
from tests import factories

pytestmark = pytest.mark.django_db

SOON = timezone.localdate() + dt.timedelta(days=1)


def make(**fields) -> Case:
    return factories.CaseFactory(**{"promise_on": SOON, **fields})


def tick(*cases: Case) -> list[str]:
    return [f"{case.pk}:{case.version}" for case in cases]


def hidden(response) -> dict[str, str]:
    """What the form of the page would send besides what is chosen."""
    page = response.content.decode()
    return dict(re.findall(r'<input type="hidden" name="(submission_key)" value="([^"]*)"', page))


def walk(client, act: str, cases, answers, *, again: bool = False):
    """The ticks, the answers, the look at them, and the act. Returns the preview and the last page."""
    address = f"/staff/cases/many/{act}/"
    sent = {"case": tick(*cases), "back": "/staff/cases/?team=nobody"}
    sent |= hidden(client.post(address, sent)) | answers
    preview = client.post(address, sent | {"step": "preview"})
    for _time in range(2 if again else 1):
        done = client.post(address, sent | {"step": "do"}, follow=True)
    return preview, done


# --- Giving -----------------------------------------------------------------------------------------------------------


def test_giving_many_asks_for_the_team_shows_what_happens_and_then_gives(as_dev, dev, team):
    cases = [make(), make()]
    preview, done = walk(as_dev, "assign", cases, {"given_to": f"{team.pk}:{dev.pk}", "note": "Before noon"})
    assert "2 requests will be changed." in preview.content.decode()
    assert "2 requests were changed" in done.content.decode()
    assert 'href="/staff/cases/?team=nobody"' in done.content.decode()
    assert Case.objects.filter(team=team, assignee=dev, state=CaseState.ASSIGNED).count() == 2


def test_what_changed_meanwhile_is_named_and_the_rest_is_done(as_dev, team):
    fresh, stale = make(), make()
    ticked = tick(fresh, stale)
    Case.objects.filter(pk=stale.pk).update(version=9)
    address = "/staff/cases/many/assign/"
    sent = {"case": ticked, "given_to": f"{team.pk}:"}
    sent |= hidden(as_dev.post(address, sent))
    preview = as_dev.post(address, sent | {"step": "preview"}).content.decode()
    assert "1 request will be changed." in preview
    assert f"Somebody else changed {stale.reference}" in preview
    done = as_dev.post(address, sent | {"step": "do"}, follow=True).content.decode()
    assert f"Somebody else changed {stale.reference}" in done
    assert Case.objects.get(team=team) == fresh


def test_ticking_nothing_says_what_to_do(as_dev):
    response = as_dev.post("/staff/cases/many/assign/", {})
    assert response.status_code == 400
    assert "tick at least one" in response.content.decode()


@pytest.mark.parametrize("forged", ["x", "1", "1:x", ":", "-1:0", "9" * 30 + ":0", "999999:0", "１:０"])
def test_forged_choices_choose_nothing(as_dev, forged):
    assert as_dev.post("/staff/cases/many/assign/", {"case": forged}).status_code == 400


@pytest.mark.parametrize("forged", ["", "0:", "999999:", "x:y", "1:1:1"])
def test_a_forged_team_is_refused_and_the_choice_is_kept(as_dev, team, forged):
    case = make()
    response = as_dev.post("/staff/cases/many/assign/", {"case": tick(case), "given_to": forged, "step": "do"})
    assert "There is a problem" in response.content.decode()
    assert f'value="{case.pk}:0"' in response.content.decode()


def test_the_way_back_never_leads_out_of_the_list(as_dev):
    for forged in ("https://evil.example/", "//evil.example", "/account/", "/staff/cases/../../"):
        response = as_dev.post("/staff/cases/many/assign/", {"case": tick(make()), "back": forged})
        assert "evil.example" not in response.content.decode()


def test_who_may_not_give_sees_no_choice_and_cannot_send_one(signed_in):
    case = make()
    operative = signed_in("operative")
    assert 'name="case"' not in operative.get("/staff/cases/").content.decode()
    assert operative.post("/staff/cases/many/assign/", {"case": tick(case)}).status_code == 403


def test_an_act_that_is_not_there_is_not_found(as_dev):
    assert as_dev.post("/staff/cases/many/burn/", {"case": tick(make())}).status_code == 404


# --- Writing and resolving --------------------------------------------------------------------------------------------


def test_each_customer_is_shown_and_gets_their_own_words(as_dev, asha, cara):
    theirs = make(customer=asha)
    hers = make(customer=cara)
    Follower.objects.create(case=hers, email="fay@example.com", title="Bin not emptied")
    preview, done = walk(as_dev, "tell", [theirs, hers], {"text": "The crew is late. Please quote ((reference))."})
    page = preview.content.decode()
    assert "2 requests will be changed. 3 people are told." in page
    assert f"Please quote {theirs.reference}." in page
    assert "To Asha Owner (" in page
    assert "To fay@example.com (" in page
    assert set(Message.objects.filter(about=hers.reference).values_list("template_key", flat=True)) == {
        "case-told",
        "follower-told",
    }
    assert theirs.timeline.get().public_text == f"The crew is late. Please quote {theirs.reference}."
    assert "2 requests were changed" in done.content.decode()


def test_looking_changes_nothing(as_dev, asha, service):
    case = make(customer=asha, service=service)
    address = "/staff/cases/many/resolve/"
    sent = {"case": tick(case), "outcome": "done", "text": ""}
    sent |= hidden(as_dev.post(address, sent))
    assert "1 request will be changed." in as_dev.post(address, sent | {"step": "preview"}).content.decode()
    case.refresh_from_db()
    assert (case.state, case.version) == (CaseState.RECEIVED, 0)
    assert not any(kept.exists() for kept in (case.timeline, Message.objects, BulkAct.objects))


def test_who_cannot_be_told_or_is_closed_is_left_out_with_the_reason(as_dev, asha, dev):
    nobody = make(customer=None)
    closed = make(customer=asha)
    withdraw_case(closed, actor=Actor.staff(dev))
    closed.refresh_from_db()
    preview, _done = walk(as_dev, "tell", [nobody, closed], {"text": "The crew is late."})
    page = preview.content.decode()
    assert "0 requests will be changed. 0 people are told." in page
    assert "there is no way to reach who asked" in page
    assert f"{closed.reference} is “Withdrawn”" in page
    assert "Do it" not in page


def test_the_same_form_twice_works_once(as_dev, asha):
    case = make(customer=asha)
    _preview, done = walk(as_dev, "tell", [case], {"text": "The crew is late."}, again=True)
    assert "1 request was changed" in done.content.decode()
    assert case.timeline.count() == 1
    assert BulkAct.objects.count() == 1


def test_many_are_resolved_with_a_ready_reply_or_the_sentence_of_the_outcome(as_dev, service, asha):
    cases = [
        receive_case(service, actor=Actor.system(), submission_key=f"k{number}", title="x", customer=asha).case
        for number in range(2)
    ]
    walk(as_dev, "resolve", cases[:1], {"outcome": "done"})
    reply = ReadyReply.objects.create(name="Thanks", use="resolve", text="Thank you for ((reference)).")
    walk(as_dev, "resolve", cases[1:], {"outcome": "answered", "reply": reply.pk})
    for case in cases:
        case.refresh_from_db()
    assert cases[0].public_reason == "We have done what you asked for."
    assert cases[1].public_reason == f"Thank you for {cases[1].reference}."


def test_an_outcome_of_another_service_leaves_a_request_out(as_dev, service, asha):
    missed = make(customer=asha)
    asked = receive_case(service, actor=Actor.system(), submission_key="k", title="x", customer=asha).case
    preview, _done = walk(as_dev, "resolve", [missed, asked], {"outcome": "answered"})
    assert "does not end so" in preview.content.decode()
    missed.refresh_from_db()
    assert missed.state == CaseState.RECEIVED


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Write what the customers should know"),
        ({"text": "Dear ((name))"}, "We cannot fill in ((name)) here."),
        ({"text": "x" * 1001}, "Use 1,000 characters or fewer."),
        ({"reply": "999999"}, "This reply does not fit these requests."),
    ],
)
def test_words_that_make_no_sense_are_refused_and_kept(as_dev, asha, answers, sentence):
    preview, done = walk(as_dev, "tell", [make(customer=asha)], answers)
    assert sentence in preview.content.decode()
    assert sentence in done.content.decode()
    assert answers.get("text", "") in done.content.decode()
    assert not Message.objects.exists()


def test_change_something_shows_the_answers_again(as_dev, asha):
    sent = {"case": tick(make(customer=asha)), "text": "The crew is late.", "step": "change"}
    assert ">The crew is late.</textarea>" in as_dev.post("/staff/cases/many/tell/", sent).content.decode().replace(
        "\r\n", ""
    ).replace("\n", "")


def test_results_are_for_who_did_it(as_dev, asha, signed_in):
    _preview, done = walk(as_dev, "tell", [make(customer=asha)], {"text": "The crew is late."})
    address = done.redirect_chain[-1][0]
    assert as_dev.get(address).status_code == 200
    assert signed_in("caseworker").get(address).status_code == 404
