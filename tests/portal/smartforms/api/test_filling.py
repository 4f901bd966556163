"""A form is filled in and sent through the API, with the checks of the pages."""

import pytest
from django.core.files.base import ContentFile

from barnet.customers.enums import Channel
from barnet.notifications.models import Message
from portal.cases.models import Case
from portal.smartforms.models import Answer, ApiGrant, Draft, FormFile, Submission
from tests.portal.smartforms.api.conftest import publish
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def test_a_form_becomes_one_case_with_its_messages(kiosk):
    state = kiosk.fill_in()
    assert (state["next_step"], state["outcome"]["key"]) == (None, "sent")
    answer = kiosk.submit(declared=True)
    assert answer.status_code == 201, answer.content
    case = Case.objects.get()
    assert answer.json()["reference"] == case.reference
    assert (case.channel, case.contact_email) == (Channel.FACE_TO_FACE, "asha@example.com")
    assert Message.objects.filter(about=case.reference).exists()
    submission = Submission.objects.get()
    assert (submission.api_key, submission.case) == (kiosk.key, case)
    assert set(Answer.objects.values_list("path", flat=True)) == {
        "local", "name", "email", "children[0].child_name", "children[0].child_born", "has_needs",
    }  # fmt: skip
    assert kiosk.state() == {
        "id": kiosk.draft, "form": "holiday-club", "version": 1, "state": "sent", "steps": [], "next_step": None,
        "answers": {}, "calculated": {}, "outcome": None, "expires_at": kiosk.state()["expires_at"],
    }  # fmt: skip


def test_what_was_sent_again_is_the_same_case(kiosk):
    kiosk.fill_in()
    first, again = kiosk.submit(declared=True), kiosk.submit(declared=True)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert kiosk.step("needs", {"has_needs": "yes"}).status_code == 409
    assert kiosk.call("delete", "api_form_draft", kiosk.slug, kiosk.draft).status_code == 409


def test_one_idempotency_key_is_one_draft(kiosk):
    first = kiosk.begin(once="visit-1")
    kiosk.good("home", {"local": "yes"})
    again = kiosk.begin(once="visit-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["next_step"] == "you"
    kiosk.begin(once="visit-2")
    assert Draft.objects.count() == 2
    assert kiosk.call("post", "api_form_drafts", "holiday-club").status_code == 422  # without a key


def test_a_key_begins_a_form_so_many_times_a_day(kiosk):
    ApiGrant.objects.update(starts_a_day=2)
    kiosk.begin(once="a")
    kiosk.begin(once="b")
    third = kiosk.call("post", "api_form_drafts", "holiday-club", **{"Idempotency-Key": "c"})
    assert third.status_code == 429
    assert kiosk.begin(once="a").status_code == 200  # what was begun is gone on with


def test_nothing_is_sent_before_all_is_answered_or_declared(kiosk):
    kiosk.begin()
    kiosk.good("home", {"local": "yes"})
    refused = kiosk.submit(declared=True)
    assert (refused.status_code, refused.json()["step"]) == (409, "you")
    kiosk.fill_in()
    assert kiosk.submit().status_code == kiosk.submit(declared="yes").status_code == 422
    assert not Case.objects.exists()


def test_an_end_that_explains_is_told_and_not_sent(kiosk):
    kiosk.begin()
    state = kiosk.good("home", {"local": "no"})
    assert (state["next_step"], state["outcome"]["sends"]) == (None, False)
    assert kiosk.submit(declared=True).status_code == 409
    assert not Case.objects.exists()


def test_every_wrong_answer_has_its_own_sentence_and_nothing_changes(kiosk):
    kiosk.begin()
    assert kiosk.wrong("home", {}) == {"local": "Choose an answer for “Do you live in Barnet?”"}
    kiosk.good("home", {"local": "yes"})
    found = kiosk.wrong("you", {"name": "", "email": "nobody", "income": "lots"})
    assert found.keys() == {"name", "email", "income"}
    assert "name@example.com" in found["email"]
    found = kiosk.wrong("you", {"name": "Asha", "income": 52_000})
    assert found == {"income": "A week, not a year: enter at most £5,000"}
    kiosk.good("you", {"name": "Asha", "income": 120.5})
    assert kiosk.state()["answers"]["income"] == "120.5"
    found = kiosk.wrong("children", [{"child_name": "Ada", "child_born": "2020-02-01"}, {"child_born": "2020-02-31"}])
    assert found.keys() == {(1, "child_name"), (1, "child_born")}
    assert kiosk.wrong("children", []).keys() == {None}
    assert kiosk.wrong("children", {"child_name": "Ada"}).keys() == {None}


@pytest.mark.parametrize("value", [["yes"], {"yes": 1}, 1, True, "maybe"])
def test_an_answer_of_another_shape_is_refused(kiosk, value):
    kiosk.begin()
    assert kiosk.wrong("home", {"local": value}).keys() == {"local"}


def test_forged_answers_are_refused_and_hidden_ones_are_nowhere(kiosk):
    kiosk.begin()
    kiosk.good("home", {"local": "yes"})
    sentence = "This step does not ask this now."
    assert kiosk.wrong("you", {"name": "Asha", "health": "x", "nonsense": 1}) == {
        "health": sentence, "nonsense": sentence,
    }  # fmt: skip
    kiosk.fill_in()
    kiosk.good("needs", {"has_needs": "yes"})
    kiosk.good("health", {"health": "A wheelchair."})
    state = kiosk.good("needs", {"has_needs": "no"})
    assert "health" not in state["answers"]
    assert "health" not in [step["key"] for step in state["steps"]]
    assert kiosk.submit(declared=True).status_code == 201
    assert not Answer.objects.filter(path="health").exists()


@pytest.mark.parametrize("key", ["you", "health", "rules", "no-such-step", "%00"])
def test_a_step_ahead_hidden_or_unknown_is_answered_the_same(kiosk, key):
    kiosk.begin()
    refused = kiosk.step(key, {"name": "x"})
    if key == "%00":
        assert refused.status_code in (400, 409)
        return
    assert (refused.status_code, refused.json()) == (
        409, {"detail": "This step is not asked now.", "step": "home"},
    )  # fmt: skip


def test_a_new_version_asks_again_only_what_changed(kiosk):
    kiosk.fill_in()
    steps = [dict(step) for step in CLUB["steps"]]
    more = {"key": "days", "kind": "number", "label": "How many days?", "most": 5}
    steps[3] = {**steps[3], "questions": [*steps[3]["questions"], more]}
    publish({"steps": steps})
    state = kiosk.state()
    assert (state["version"], state["next_step"]) == (2, "needs")
    assert next(step for step in state["steps"] if step["key"] == "needs")["asked_again"]
    kiosk.good("needs", {"has_needs": "no", "days": 3})
    assert kiosk.submit(declared=True).status_code == 201


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def papers(kiosk):
    """The club asks for letters."""
    letters = {"key": "letters", "kind": "files", "label": "Letters", "most": 2}
    steps = [*CLUB["steps"], {"key": "papers", "title": "Papers", "questions": [letters]}]
    steps[2] = {**steps[2], "questions": [*steps[2]["questions"], {**letters, "key": "photo", "required": False}]}
    publish({"steps": steps})
    kiosk.fill_in()
    return kiosk


def pdf(name="letter.pdf", more=b""):
    return ContentFile(PDF + more, name)


def test_a_file_is_sent_named_and_goes_with_the_case(papers):
    kept = papers.upload("letters", pdf())
    assert (kept.status_code, kept.json()["name"]) == (201, "letter.pdf")
    assert papers.upload("letters", pdf()).json() == kept.json()  # twice is once
    state = papers.good("papers", {"letters": [{"id": kept.json()["id"]}]})
    assert state["answers"]["letters"] == [kept.json()]
    assert papers.submit(declared=True).status_code == 201
    assert FormFile.objects.get().submission == Submission.objects.get()


def test_a_file_is_taken_back(papers):
    kept = papers.upload("letters", pdf()).json()
    assert papers.good("papers", {"letters": [kept]})["next_step"] is None
    gone = papers.call("delete", "api_form_file", papers.slug, papers.draft, kept["id"])
    assert gone.status_code == 204
    assert papers.state()["next_step"] == "papers"
    assert not FormFile.objects.exists()
    assert papers.call("delete", "api_form_file", papers.slug, papers.draft, kept["id"]).status_code == 404


def test_a_file_that_we_cannot_take_is_refused_with_its_sentence(papers):
    refused = papers.upload("letters", ContentFile(b"MZ\x90\x00" + b"\x00" * 60, "letter.pdf"))
    assert refused.status_code == 422
    assert "letter.pdf" in refused.json()["errors"][0]["message"]
    assert papers.upload("letters", ContentFile(b"", "empty.pdf")).status_code == 422
    assert papers.upload("name", pdf()).status_code == 409  # not answered with files
    assert papers.upload("letters", pdf(more=b"1")).status_code == 201
    assert papers.upload("letters", pdf(more=b"2")).status_code == 201
    assert papers.upload("letters", pdf(more=b"3")).status_code == 422  # at most two
    for answer in ([{"id": "x"}], [{"id": 3}], "x", [[]], [{"name": "x"}]):
        assert papers.wrong("papers", {"letters": answer}).keys() == {"letters"}


def test_files_of_a_group_follow_their_thing(papers):
    one, two = (papers.upload("children.photo", pdf(more=more)).json() for more in (b"1", b"2"))
    ada = {"child_name": "Ada", "child_born": "2020-02-01", "photo": [one]}
    bo = {"child_name": "Bo", "child_born": "2021-02-01", "photo": [two]}
    papers.good("children", [ada, bo])
    state = papers.good("children", [bo, ada])
    assert [thing["photo"] for thing in state["answers"]["children"]] == [[two], [one]]
    papers.good("children", [ada])
    assert [str(file.pk) for file in FormFile.objects.all()] == [one["id"]]


def test_a_draft_is_given_up_with_all_that_is_in_it(papers):
    papers.upload("letters", pdf())
    assert papers.call("delete", "api_form_draft", papers.slug, papers.draft).status_code == 204
    assert not Draft.objects.exists()
    assert not FormFile.objects.exists()
    assert papers.call("get", "api_form_draft", papers.slug, papers.draft).status_code == 404
