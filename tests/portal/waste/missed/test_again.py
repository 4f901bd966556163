"""The report of a missed bin: back, twice, in two tabs, in another session."""

import pytest
from bs4 import BeautifulSoup

from barnet.customers.actors import Actor
from portal.cases.models import Case, Follower
from portal.cases.services import resolve_case
from portal.waste import browser
from portal.waste.models import DraftPhoto, MissedBin
from tests.portal.waste.factories import equip
from tests.portal.waste.missed.pages import ANSWERS, check, done, send, typed, url
from tests.portal.waste.photos import photo

pytestmark = pytest.mark.django_db


def test_double_click_is_one_case_and_one_answer(client, home, black_bin):
    held = typed(check(client, home, black_bin))
    first, second = (client.post(url("check", home), held) for _ in range(2))
    assert Case.objects.count() == 1
    assert not Follower.objects.exists()
    reference = Case.objects.get().reference
    assert reference in client.get(first.url).text
    assert reference in client.get(second.url).text


def test_sent_again_days_later_from_an_old_tab_is_answered_with_the_first(client, home, black_bin, at):
    held = typed(check(client, home, black_bin))
    client.post(url("check", home), held)
    case = Case.objects.get()
    resolve_case(case, actor=Actor.system(), outcome="collected", public_reason="Done.")
    at(2026, 7, 11, 9)
    assert case.reference in done(client.post(url("check", home), held), client).text
    assert Case.objects.count() == 1


def test_back_from_check_keeps_every_answer(client, home, black_bin):
    page = check(client, home, black_bin, photo=photo())
    back = BeautifulSoup(page.content, "html.parser").select_one(".govuk-back-link")["href"]
    held = typed(client.get(back))
    assert {name: held[name][0] for name in ("name", "email", "phone", "note")} == {
        name: ANSWERS[name] for name in ("name", "email", "phone", "note")
    }
    assert held["kept_photo"] == [str(DraftPhoto.objects.get().key)]


def test_back_with_the_button_of_the_browser_keeps_every_answer(client, home, black_bin):
    check(client, home, black_bin)
    held = typed(client.get(url("tell", home), {"bin": black_bin.pk}))
    assert {name: held[name] for name in ("name", "note")} == {"name": ["Pat Example"], "note": ["By the gate"]}


def test_two_tabs_keep_apart(client, home, black_bin):
    food = equip(home, stream="food")
    first = check(client, home, black_bin, note="first tab")
    second = check(client, home, food, note="second tab")
    assert "first tab" in first.text
    assert "second tab" in second.text
    for page in (first, second):
        client.post(url("check", home), typed(page))
    notes = {missed.container: missed.case.details[-1][1] for missed in MissedBin.objects.all()}
    assert notes == {black_bin: "first tab", food: "second tab"}


def test_session_that_is_over_loses_nothing(client, home, black_bin):
    held = typed(check(client, home, black_bin))
    del client.cookies["sessionid"]
    confirmation = done(client.post(url("check", home), held), client)
    assert Case.objects.get().reference in confirmation.text


def test_session_that_is_over_at_the_question_loses_nothing(client, home, black_bin):
    page = client.get(url("tell", home), {"bin": black_bin.pk})
    client.cookies.pop("sessionid", None)
    response = client.post(url("tell", home), {**typed(page), **ANSWERS})
    assert "By the gate" in client.get(response.url).text


def test_session_remembers_a_few_reports_only(client, home, black_bin):
    for number in range(8):
        check(client, home, black_bin, note=f"number {number}")
    kept = client.session[browser._ANSWERS]
    assert len(kept) == browser._KEPT
    assert [entry["answers"]["note"] for entry in kept.values()] == [[f"number {n}"] for n in range(3, 8)]


def test_answers_are_forgotten_when_sent(client, home, black_bin):
    send(client, home, black_bin)
    assert client.session[browser._ANSWERS] == {}
