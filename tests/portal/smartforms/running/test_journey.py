"""A form from its first page to the page of answers, in plain HTML."""

import pytest
from django.urls import reverse

from portal.smartforms.models import Draft
from tests.portal.smartforms.running.conftest import CLUB, Hand

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def test_pages_come_one_after_the_other_and_each_is_kept(hand):
    assert hand.start() == hand.url("home")
    hand.answer("home", {"local": "yes"}, "you")
    assert hand.kept() == {"local": "yes"}
    hand.answer("you", {"name": "Ada Ó Néill אדה", "income": "1,200.50"}, "children")
    assert hand.kept() == {"local": "yes", "name": "Ada Ó Néill אדה", "income": "1200.50"}
    first = hand.get("children")
    assert first.url == hand.thing_url("children", 1)  # at least one is needed: no question before
    hand.add_child(1, "Bo")
    assert "Bo" in text(hand.get("children"))
    assert hand.post("children", {"another": "yes"}).url == hand.thing_url("children", 2)
    hand.add_child(2, "Cy")
    hand.answer("children", {"another": "no"}, "needs")
    hand.answer("needs", {"has_needs": "yes"}, "health")
    hand.answer("health", {"health": "A wheelchair."}, "rules")
    assert '<ul class="govuk-list govuk-list--bullet"><li>A hat</li>' in text(hand.get("rules"))
    hand.answer("rules", {}, "check")
    page = text(hand.client.get(hand.check_url))
    for shown in ("Ada Ó Néill אדה", "£1,200.50", "Bo", "Cy", "1 February 2020", "A wheelchair."):
        assert shown in page


def test_an_answer_that_is_hidden_now_is_gone_from_the_page_of_answers_and_comes_back(hand):
    hand.fill_in()
    hand.answer("needs", {"has_needs": "yes"}, "health")
    hand.answer("health", {"health": "A wheelchair."}, "rules")
    hand.answer("needs", {"has_needs": "no"}, "rules")
    assert "wheelchair" not in text(hand.client.get(hand.check_url))
    assert hand.get("health").url == hand.check_url  # hidden: leads to where they stand
    hand.answer("needs", {"has_needs": "yes"}, "health")
    assert "A wheelchair." in text(hand.get("health"))


def test_change_leads_back_to_the_answers_unless_something_new_is_asked(hand):
    hand.fill_in()
    page = text(hand.client.get(hand.check_url))
    assert hand.url("you", "?from=check#id_name") in page
    answer = hand.post("you", {"name": "Other Name"}, "?from=check")
    assert answer.url == hand.check_url
    answer = hand.post("needs", {"has_needs": "yes"}, "?from=check")
    assert answer.url == hand.url("health", "?from=check")
    assert hand.post("health", {"health": "Glasses."}, "?from=check").url == hand.check_url


def test_wrong_answers_are_told_kept_and_do_not_go_on(hand):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    page = text(hand.post("you", {"name": "Asha", "income": "lots"}))
    assert "There is a problem" in page
    assert 'value="lots"' in page
    assert 'value="Asha"' in page
    assert hand.kept() == {"local": "yes", "name": "Asha"}  # the good one is not lost
    assert hand.get("children").url == hand.url("you")  # but the page is not done
    page = text(hand.post("you", {"name": "Asha", "income": "52000"}))
    assert "A week, not a year" in page
    assert hand.get("children").url == hand.url("you")


def test_steps_ahead_hidden_or_unknown_lead_to_where_somebody_stands(hand):
    hand.start()
    for key in ("rules", "health", "nothing"):
        assert hand.get(key).url == hand.url("home")
        assert hand.post(key, {"health": "forged"}).url == hand.url("home")
    assert hand.client.get(hand.check_url).url == hand.url("home")
    assert hand.client.get(hand.thing_url("children", 1)).url == hand.url("home")
    assert hand.kept() == {}


def test_forged_fields_are_not_taken(hand):
    hand.start()
    hand.answer("home", {"local": "yes", "health": "forged", "name": "forged"}, "you")
    assert hand.kept() == {"local": "yes"}
    assert "There is a problem" in text(hand.post("home", {"local": "perhaps"}))
    assert hand.kept() == {"local": "yes"}


def test_an_end_explains_and_sends_nothing(hand):
    hand.start()
    answer = hand.post("home", {"local": "no"})
    assert answer.url == hand.check_url
    page = text(hand.client.get(hand.check_url))
    assert "Ask your own council" in page
    assert "Nothing was sent" in page
    hand.client.post(hand.check_url, {"declared": "on"})
    assert Draft.objects.get().state == "open"


def test_things_are_changed_and_removed_and_are_never_too_many_or_too_few(hand):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    hand.answer("you", {"name": "Asha"}, "children")
    for number, name in enumerate(("Bo", "Cy", "Di"), 1):
        hand.add_child(number, name)
    hand.add_child(3, "Dia")  # sent twice, or changed: still three
    assert [child["child_name"] for child in hand.kept()["children"]] == ["Bo", "Cy", "Dia"]
    page = text(hand.get("children"))
    assert "You cannot add more here" in page
    assert hand.client.get(hand.thing_url("children", 4)).url == hand.url("children")
    remove = reverse("form_thing_remove", args=[hand.slug, hand.draft.pk, "children", 1])
    for _time in range(3):
        hand.client.post(remove)
    assert hand.kept()["children"] == []
    page = text(hand.post("children", {"another": "no"}))
    assert "At least 1" in page
    assert hand.get("needs").url == hand.url("children")


def test_an_unfinished_thing_is_refused_and_not_added(hand):
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    hand.answer("you", {"name": "Asha"}, "children")
    page = hand.client.post(hand.thing_url("children", 1), {"child_name": "Bo", "child_born_day": "31"})
    assert "There is a problem" in text(page)
    assert 'value="Bo"' in text(page)
    assert "children" not in hand.kept()


def test_the_declaration_must_be_made(hand):
    hand.fill_in()
    page = text(hand.client.post(hand.check_url, {}))
    assert "Tick the box" in page
    assert Draft.objects.get().state == "open"


def test_start_pressed_twice_is_one_draft_and_two_starts_are_two(hand, client):
    page = client.get(reverse("form_start", args=["holiday-club"]))
    data = {"submission_key": page.context["form"]["submission_key"].value()}
    for _time in range(2):
        client.post(reverse("form_start", args=["holiday-club"]), data)
    assert Draft.objects.count() == 1
    hand.start()
    assert Draft.objects.count() == 2


def test_a_form_that_needs_an_account_asks_for_it(service, client, asha):
    from portal.smartforms.publishing import import_form

    import_form(CLUB | {"needs_account": True}, by=None)
    page = client.get("/forms/holiday-club/")
    assert "Sign in to start" in text(page)
    key = page.context["form"]["submission_key"].value()
    client.post("/forms/holiday-club/", {"submission_key": key})
    assert not Draft.objects.exists()
    client.force_login(asha.user)
    Hand(client).start()
    assert Draft.objects.get().customer == asha


def test_unknown_and_unpublished_forms_are_not_there(client, club):
    assert client.get("/forms/nothing/").status_code == 404
    club.live_version = None
    club.save()
    assert client.get("/forms/holiday-club/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_whatever_was_answered(hand, django_assert_max_num_queries, number):
    hand.fill_in()
    for thing in range(2, number + 1):
        hand.add_child(thing)
    with django_assert_max_num_queries(5):
        hand.get("children")
    with django_assert_max_num_queries(5):
        hand.client.get(hand.check_url)
    with django_assert_max_num_queries(9):
        hand.post("needs", {"has_needs": "no"})
