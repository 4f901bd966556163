"""The customer answers what was asked: the answers become part of the same request, once."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Case, Contact
from portal.cases.services import resume_case
from portal.smartforms.models import (
    Answer,
    AnswerCorrection,
    AskedState,
    FormFile,
    FormVersion,
    MoreAsked,
    StepEvent,
    Submission,
)
from portal.smartforms.publishing import import_form
from portal.smartforms.running.prefilling import ASKED_AGAIN
from tests.people import PortalClient
from tests.portal.smartforms.asking.conftest import WHY
from tests.portal.smartforms.results.conftest import SECRET
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db


def paths():
    return list(Answer.objects.values_list("path", flat=True))


def test_a_short_run_of_only_what_was_asked_corrects_the_answer(answering, asha, submission):
    hand = answering("income")
    page = hand.client.get(hand.more_url).content.decode()
    assert WHY in page
    step = hand.get("you").content.decode()
    assert 'value="123"' in step.replace("123.00", "123")
    assert "Your name" not in step
    assert hand.post("you", {"income": "456"}).url == hand.check_url
    assert "£456" in hand.client.get(hand.check_url).content.decode()
    done = hand.send()
    assert "We have your answers" in hand.client.get(done.url).content.decode()

    answer = Answer.objects.get(path="income")
    assert (answer.value, answer.words, answer.source) == ("456", "£456.00", ASKED_AGAIN)
    correction = AnswerCorrection.objects.get()
    assert (correction.answer, correction.by) == (answer, asha.user)
    assert correction.words_before.startswith("£123")
    assert correction.asked == MoreAsked.objects.get()
    assert (Submission.objects.count(), Case.objects.count()) == (1, 1)
    case = Case.objects.get()
    assert case.state == CaseState.RECEIVED
    assert [value for label, value in case.details if label == "Income a week"] == [answer.words]
    assert SECRET not in str(case.details)
    assert case.timeline.filter(kind="answered").get().actor == asha.user
    assert Contact.objects.filter(case=case).count() == 2
    assert Message.objects.filter(template_key="case-answered").exists()
    assert "£" not in Message.objects.filter(template_key="case-answered").first().body


def test_sent_twice_it_is_there_once(answering):
    hand = answering("income")
    hand.post("you", {"income": "456"})
    assert {hand.send().status_code for _time in range(3)} == {302}
    assert AnswerCorrection.objects.count() == 1
    assert Case.objects.get().timeline.filter(kind="answered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_by_four_at_the_same_moment_it_is_there_once(answering):
    hand = answering("income")
    hand.post("you", {"income": "456"})
    barrier = threading.Barrier(4)

    def press():
        client = PortalClient()
        client.cookies = hand.client.cookies
        barrier.wait()
        client.post(hand.check_url, {"declared": "on"})
        connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AnswerCorrection.objects.count() == 1
    assert Case.objects.get().timeline.filter(kind="answered").count() == 1


def test_the_same_answer_again_corrects_nothing_and_the_request_goes_on(answering):
    hand = answering("income")
    hand.post("you", {"income": "123"})
    hand.send()
    assert not AnswerCorrection.objects.exists()
    assert Case.objects.get().state == CaseState.RECEIVED


def test_what_the_new_answers_hide_goes(answering, submission):
    hand = answering("has_needs")
    assert "health" in paths()
    hand.post("needs", {"has_needs": "no"})
    hand.send()
    assert "health" not in paths()
    entries = list(Case.objects.get().timeline.values_list("internal_text", flat=True))
    assert any("What help does the child need?" in text for text in entries)
    assert SECRET not in str(entries)


def test_what_the_new_answers_ask_for_comes_along(answering, submission):
    Answer.objects.filter(path="health").delete()
    Answer.objects.filter(path="has_needs").update(value="no", words="No")
    hand = answering("has_needs")
    assert hand.post("needs", {"has_needs": "yes"}).url == hand.url("health")
    assert hand.post("health", {"health": "A ramp."}).url == hand.check_url
    hand.send()
    added = Answer.objects.get(path="health")
    assert (added.words, added.source, added.data_class) == ("A ramp.", ASKED_AGAIN, "special")
    assert not added.corrections.exists()
    group = ["children[0].child_name", "children[0].child_born"]
    assert paths() == ["local", "name", "email", "income", *group, "has_needs", "health"]


def test_a_question_that_the_rules_hid_is_asked_because_staff_chose_it(answering, submission):
    Answer.objects.filter(path="health").delete()
    hand = answering("health")
    assert hand.client.get(hand.url("health")).status_code == 200


def test_a_group_is_asked_as_a_whole(answering):
    hand = answering("children")
    assert "Ada" in hand.get("children").content.decode()
    hand.add_child(2, "Bo")
    assert hand.post("children", {"another": "no"}).url == hand.check_url
    hand.send()
    assert [answer.words for answer in Answer.objects.filter(path__endswith="child_name")] == ["Ada", "Bo"]
    hand = answering("children")
    hand.client.post(reverse("form_thing_remove", args=[hand.slug, hand.draft.pk, "children", 2]))
    hand.post("children", {"another": "no"})
    hand.send()
    assert [answer.words for answer in Answer.objects.filter(path__endswith="child_name")] == ["Ada"]


def test_checks_see_what_was_answered_before(answering):
    hand = answering("income")
    response = hand.post("you", {"income": "9000"})
    assert "A week, not a year" in response.content.decode()
    assert hand.client.get(hand.check_url).status_code == 302


def test_a_new_version_of_the_form_does_not_change_what_was_asked(answering):
    hand = answering("income")
    changed = {**CLUB, "steps": [dict(step) for step in CLUB["steps"]]}
    changed["steps"][1]["title"] = "Changed"
    import_form(changed, by=None)
    assert hand.post("you", {"income": "456"}).url == hand.check_url
    hand.send()
    assert Answer.objects.get(path="income").words.startswith("£456")


def test_it_is_not_counted_as_somebody_who_fills_in_the_form(answering):
    before = StepEvent.objects.count()
    hand = answering("income")
    hand.post("you", {"income": "x"})
    hand.post("you", {"income": "456"})
    hand.send()
    assert StepEvent.objects.count() == before


def test_a_delegate_answers_with_their_name(answering, ben, asha):
    client = PortalClient()
    client.force_login(ben.user)
    session = client.session
    session["acting_for"] = asha.pk
    session.save()
    hand = answering("income", client=client)
    hand.post("you", {"income": "456"})
    hand.send()
    assert AnswerCorrection.objects.get().by == ben.user


def test_after_staff_went_on_without_the_answer_comes_all_the_same(answering, dev):
    hand = answering("income")
    resume_case(Case.objects.get(), actor=Actor.staff(dev))
    hand.post("you", {"income": "456"})
    hand.send()
    assert Answer.objects.get(path="income").words.startswith("£456")
    assert MoreAsked.objects.get().state == AskedState.ANSWERED
    assert "1 question was answered" in Case.objects.get().timeline.latest("at", "id").internal_text


def test_files_are_added_to_those_sent_before(staff, submission, asha_client, answering):
    form = {**CLUB, "slug": "proof-club", "steps": [dict(CLUB["steps"][0])]}
    form["steps"][0]["questions"] = [
        {"key": "local", "kind": "yes_no", "label": "Local?"},
        {"key": "proof", "kind": "files", "label": "Proof"},
    ]
    version = import_form(form, by=None)
    Answer.objects.all().delete()
    Submission.objects.update(version=version)
    old = FormFile(submission=submission, question="proof", name="old.pdf", content_type="application/pdf", size=4)
    old.file.save("old", SimpleUploadedFile("old.pdf", b"%PDF"))
    named = [{"id": str(old.pk), "name": "old.pdf", "size": 4}]
    Answer.objects.create(submission=submission, path="local", kind="yes_no", value="yes", words="Yes", position=0)
    Answer.objects.create(submission=submission, path="proof", kind="files", value=named, words="old.pdf", position=1)
    hand = answering("proof")
    assert "you sent old.pdf before" in hand.get("home").content.decode()
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    response = hand.post("home", {"proof": SimpleUploadedFile("new.pdf", body)})
    assert response.status_code == 302, response.content.decode()
    hand.send()
    answer = Answer.objects.get(path="proof")
    assert [item["name"] for item in answer.value] == ["old.pdf", "new.pdf"]
    assert set(FormFile.objects.values_list("submission", "name")) == {
        (submission.pk, "old.pdf"),
        (submission.pk, "new.pdf"),
    }
    assert FormVersion.objects.filter(form__slug="proof-club").count() == 1
