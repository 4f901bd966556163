"""What was told before is offered where a form begins, and used only with the person's yes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.consent import agreeing
from barnet.customers.models import Consent, Delegation, PurposeText
from portal.smartforms.models import Answer, Draft
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory
from tests.people import PortalClient
from tests.portal.smartforms.running.conftest import Hand

pytestmark = pytest.mark.django_db


def question(key, label, kind="name", **more):
    return {"key": key, "kind": kind, "label": label, **more}


def course(slug="course", title="Join a course"):
    """Asks about a person, their doctor and their health."""
    ServiceFactory(slug="courses")
    steps = [
        question("doctor", "Your doctor's name"),
        question("born", "Date of birth", "date", latest="today", prefill="account.date_of_birth"),
        question("health", "Your health", "long_text", data_class="special", why="To help you."),
        question("code", "A code for the door", "short_text", keep_days=5),
        question("course", "Which course?", "short_text", data_class="ordinary"),
        question("birthday", "Your birthday, once more", "date", latest="today", prefill="account.date_of_birth"),
    ]
    form = {
        "slug": slug,
        "title": title,
        "summary": "Learn something.",
        "service": "courses",
        "steps": [{"key": row["key"], "title": row["label"], "questions": [row]} for row in steps],
        "outcomes": [{"key": "sent", "title": "We have it"}],
        "destinations": [{"service": "courses", "case_title": "A course"}],
    }
    return import_form(form, by=None).form


BORN = {"born_day": "1", "born_month": "2", "born_year": "1980"}
BIRTHDAY = {f"birthday_{part}": number for part, number in (("day", "1"), ("month", "2"), ("year", "1980"))}


@pytest.fixture(autouse=True)
def purposes(db):
    agreeing.ensure_purposes()


def signed_in(customer, slug="course"):
    client = PortalClient()
    client.force_login(customer.user)
    return Hand(client, slug)


def send(hand):
    """Every page of the course, to the end."""
    hand.answer("doctor", {"doctor": "Dr Ada Ó Néill"}, "born")
    hand.answer("born", BORN, "health")
    hand.answer("health", {"health": "An illness."}, "code")
    hand.answer("code", {"code": "4711"}, "course")
    hand.answer("course", {"course": "Pottery"}, "birthday")
    hand.answer("birthday", BIRTHDAY, "check")
    assert hand.client.post(hand.check_url).status_code == 302


def begin(hand, *, again, **more):
    """Presses the button, with the tick when there is an offer."""
    page = hand.client.get(f"/forms/{hand.slug}/")
    form = page.context["form"]
    data = {"submission_key": form["submission_key"].value()}
    if "again" in form.fields:
        data |= {"text": form["text"].value(), **({"again": "on"} if again else {}), **more}
    answer = hand.client.post(f"/forms/{hand.slug}/", data)
    if answer.status_code == 302:
        hand.draft = Draft.objects.latest("started_at")
    return page.content.decode(), answer


@pytest.fixture
def told(asha):
    """Asha has sent the course once."""
    course()
    hand = signed_in(asha)
    page, _answer = begin(hand, again=False)
    assert "You told us this before" not in page
    send(hand)
    return hand


def test_with_a_yes_earlier_answers_stand_in_their_fields_with_form_and_month(told, asha):
    page, _answer = begin(told, again=True)
    month = f"{timezone.localdate():%B %Y}"
    assert "Dr Ada Ó Néill (Join a course, " + month in page
    for never in ("An illness", "4711", "Pottery"):
        assert never not in page
    shown = told.get("doctor").content.decode()
    assert 'value="Dr Ada Ó Néill"' in shown
    assert f"You told us this before: Join a course, {month}" in shown
    reference = Answer.objects.first().submission.case.reference
    assert f'href="/account/requests/{reference}/"' in shown  # where a wrong one is put right
    assert told.client.get(f"/account/requests/{reference}/").status_code == 200
    told.answer("doctor", {"doctor": "Dr Ada Ó Néill"}, "born")
    today = timezone.localdate().isoformat()
    assert told.kept() == {"doctor": "Dr Ada Ó Néill"}
    assert told.draft.sources == {"doctor": {"source": f"earlier:{reference}", "as_of": today}}
    assert agreeing.has_agreed(asha, "earlier-answers")
    assert Consent.objects.get().text.wording in page


def test_without_a_yes_nothing_is_filled_in_and_nothing_is_agreed(told):
    begin(told, again=False)
    assert "Ó Néill" not in told.get("doctor").content.decode()
    assert told.draft.earlier == {}
    assert not Consent.objects.exists()


def test_an_answer_that_is_changed_is_the_persons_own(told):
    begin(told, again=True)
    told.answer("doctor", {"doctor": "Dr Bo"}, "born")
    told.draft.refresh_from_db()
    assert told.draft.sources == {}


def test_another_form_is_offered_only_what_asks_for_the_same_detail(told):
    course("other", "Another course")
    told.slug = "other"
    page, _answer = begin(told, again=True)
    assert "1 February 1980 (Join a course" in page
    assert "Ó Néill" not in page  # the same key there need not mean the same
    told.answer("doctor", {"doctor": "Dr Cy"}, "born")
    shown = told.get("born").content.decode()
    assert 'value="1980"' in shown
    assert "You told us this before: Join a course" in shown


def test_nobody_is_offered_what_somebody_else_told(told, asha, ben, cara):
    assert "You told us this before" not in begin(signed_in(cara), again=True)[0]
    hand = signed_in(ben)
    assert Delegation.objects.filter(delegate=ben, principal=asha).exists()
    session = hand.client.session
    session["acting_for"] = asha.pk
    session.save()
    page = hand.client.get("/forms/course/").content.decode()
    assert "You fill this in for Asha Owner" in page
    assert "Ó Néill" not in page
    anybody = PortalClient().get("/forms/course/").content.decode()
    assert "Ó Néill" not in anybody


def test_a_forged_tick_gives_nothing(told, cara):
    hand = signed_in(cara)
    key = hand.client.get("/forms/course/").context["form"]["submission_key"].value()
    text = PurposeText.objects.get(purpose__slug="earlier-answers").pk
    hand.client.post("/forms/course/", {"submission_key": key, "again": "on", "text": text})
    assert Draft.objects.latest("started_at").earlier == {}
    assert not Consent.objects.exists()


@pytest.mark.parametrize("text", ["", "999999", "x", "9" * 40])
def test_a_yes_to_another_text_is_asked_again(told, text):
    before = Draft.objects.count()
    _page, answer = begin(told, again=True, text=text)
    assert answer.status_code == 200
    assert "The text changed" in answer.content.decode()
    assert Draft.objects.count() == before
    assert not Consent.objects.exists()


def test_who_withdrew_is_not_asked_again(told, asha):
    begin(told, again=True)
    text = PurposeText.objects.get(purpose__slug="earlier-answers")
    agreeing.withdraw(asha, text, actor=Actor.online(asha.user, asha), by=asha.user)
    assert "You told us this before" not in begin(told, again=True)[0]


def test_answers_that_were_forgotten_are_not_offered(told):
    Answer.objects.all().delete()
    assert "You told us this before" not in begin(told, again=True)[0]


def test_the_offer_costs_the_same_for_one_form_sent_and_for_three(told, django_assert_num_queries):
    with CaptureQueriesContext(connection) as once:
        told.client.get("/forms/course/")
    count = len(once)
    for _more in range(2):
        begin(told, again=False)
        send(told)
    Draft.objects.all().delete()
    with django_assert_num_queries(count):
        told.client.get("/forms/course/")


def test_the_same_thing_is_not_typed_twice_in_one_form_without_an_account_either(client):
    course()
    hand = Hand(client, "course")
    hand.start()
    hand.answer("doctor", {"doctor": "Dr Ada"}, "born")
    hand.answer("born", BORN, "health")
    hand.answer("health", {"health": "Fine."}, "code")
    hand.answer("code", {"code": "1"}, "course")
    hand.answer("course", {"course": "Pottery"}, "birthday")
    page = hand.get("birthday").content.decode()
    assert 'value="1980"' in page
    assert "You told us this on an earlier page" in page
    assert hand.url("born") in page
    hand.answer("birthday", BIRTHDAY, "check")
    hand.draft.refresh_from_db()
    assert hand.draft.sources["birthday"]["source"] == "journey"


# --- Things of a group ------------------------------------------------------------------------------------------------


def family():
    """Asks about each child; what is said of its health, and a code, is nobody's to offer again."""
    ServiceFactory(slug="courses")
    each = [
        question("first_name", "First name"),
        question("born", "Date of birth", "date", latest="today"),
        question("ill", "Illnesses", "long_text", data_class="special", why="To help.", required=False),
        question("pin", "A code", "short_text", keep_days=5, required=False),
    ]
    group = {"key": "child", "title": "Your children", "kind": "group", "item_name": "child", "least": 1, "most": 4}
    form = {
        "slug": "family",
        "title": "A family card",
        "summary": "For families.",
        "service": "courses",
        "steps": [group | {"questions": each}],
        "outcomes": [{"key": "sent", "title": "We have it"}],
        "destinations": [{"service": "courses", "case_title": "A card"}],
    }
    return import_form(form, by=None).form


def child(name, year="2020", **more):
    return {"first_name": name, "born_day": "1", "born_month": "2", "born_year": year, **more}


def add(hand, number, typed):
    return hand.client.post(hand.thing_url("child", number), typed)


def send_family(hand, *children):
    begin(hand, again=False)
    for number, typed in enumerate(children, 1):
        assert add(hand, number, typed).status_code == 302
    hand.answer("child", {"another": "no"}, "check")
    assert hand.client.post(hand.check_url).status_code == 302


@pytest.fixture
def parent(asha):
    """Asha has told of Ada and Bo."""
    family()
    hand = signed_in(asha, "family")
    send_family(hand, child("Ada", ill="Asthma.", pin="4711"), child("Bo", "2022"))
    return hand


def sources(hand):
    hand.draft.refresh_from_db()
    return sorted(hand.draft.sources)


def test_the_things_of_a_group_are_offered_and_filled_in_with_a_yes(parent):
    page, _answer = begin(parent, again=True)
    for words in ("child 1: First name", "Ada (A family card", "child 2: Date of birth", "1 February 2022 (A"):
        assert words in page
    assert page.index("Ada (") < page.index("1 February 2020 (") < page.index("Bo (")
    for never in ("Asthma", "4711"):
        assert never not in page
    first = parent.client.get(parent.thing_url("child", 1)).content.decode()
    assert 'value="Ada"' in first
    assert "You told us this before: A family card" in first
    assert "Asthma" not in first
    assert parent.draft.answers == {}  # nothing counts before its page is sent
    add(parent, 1, child("Ada"))
    group = parent.get("child").content.decode()
    assert "If you add another one, the answers that you gave then are filled in." in group
    assert 'value="Bo"' in parent.client.get(parent.thing_url("child", 2)).content.decode()
    add(parent, 2, child("Bo", "2021"))
    assert sources(parent) == ["child[0].born", "child[0].first_name", "child[1].first_name"]  # the year is new
    assert "are filled in" not in parent.get("child").content.decode()
    parent.answer("child", {"another": "no"}, "check")
    parent.client.post(parent.check_url)
    sent = Answer.objects.order_by("-pk").filter(path="child[1].first_name").first()
    assert sent.source.startswith("earlier:")
    assert sent.submission.answers.get(path="child[1].born").source == ""


def test_a_thing_that_is_changed_or_removed_takes_its_sources_with_it(parent):
    begin(parent, again=True)
    add(parent, 1, child("Ada"))
    add(parent, 2, child("Bo", "2022"))
    add(parent, 1, child("Ada"))  # sent again from its own page: it is their own word now
    assert sources(parent) == ["child[1].born", "child[1].first_name"]
    parent.client.post(reverse("form_thing_remove", args=["family", parent.draft.pk, "child", 1]))
    assert sources(parent) == ["child[0].born", "child[0].first_name"]
    parent.client.post(reverse("form_thing_remove", args=["family", parent.draft.pk, "child", 1]))
    assert sources(parent) == []


def test_without_a_yes_no_thing_is_filled_in(parent):
    begin(parent, again=False)
    assert 'value="Ada"' not in parent.client.get(parent.thing_url("child", 1)).content.decode()


def test_things_of_several_requests_are_never_mixed(parent):
    send_family(parent, child("Cy", "2023"))
    page, _answer = begin(parent, again=True)
    assert "Cy (A family card" in page
    assert "Ada (" not in page
    assert "Bo (" not in page


def test_things_stay_in_their_form(parent):
    course()
    parent.slug = "course"
    assert "Ada (" not in begin(parent, again=True)[0]


def test_things_cost_the_same_for_one_and_for_three(asha, django_assert_num_queries):
    family()
    hand = signed_in(asha, "family")
    send_family(hand, child("Ada"))
    with CaptureQueriesContext(connection) as one:
        hand.client.get("/forms/family/")
    count = len(one)
    send_family(hand, child("Ada"), child("Bo"), child("Cy"))
    Draft.objects.all().delete()
    with django_assert_num_queries(count):
        hand.client.get("/forms/family/")
