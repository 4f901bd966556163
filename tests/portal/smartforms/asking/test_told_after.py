"""What was asked for once more, and what staff put right: the request says both, and pages say where it is from."""

import copy

import pytest
from django.urls import reverse

from barnet.customers.staff.roles import ensure_roles
from portal.cases.models import Case
from portal.smartforms.models import Answer, AnswerCorrection, Draft
from portal.smartforms.publishing import import_form
from tests import factories
from tests.people import PortalClient
from tests.portal.smartforms.results.conftest import SECRET, send
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db


@pytest.fixture
def caseworker(db):
    ensure_roles()
    client = PortalClient()
    client.force_login(factories.StaffFactory(roles=["caseworker"]))
    return client


def put_right(client, path, **typed):
    answer = Answer.objects.get(path=path)
    last = answer.corrections.last()
    sent = {"correction-reason": "By telephone.", "correction-seen": last.pk if last else 0}
    response = client.post(
        reverse("staff_answer_correct", args=[Case.objects.get().reference, answer.pk]), typed | sent
    )
    assert response.status_code == 302, response.content.decode()


def details():
    return [(label, words) for label, words in Case.objects.get().details]


def test_what_the_customer_answers_and_what_staff_correct_both_stand_in_the_request(answering, caseworker):
    hand = answering("email", "income")
    hand.post("you", {"email": "new@example.com", "income": "456"})
    hand.send()
    case = Case.objects.get()
    assert case.contact_email == "new@example.com"
    assert ("Income a week", "£456.00") in details()
    put_right(caseworker, "income", income="")
    put_right(caseworker, "name", name="Asha Okonjo")
    assert ("Your name", "Asha Okonjo") in details()
    assert ("Your email address", "new@example.com") in details()
    assert "Income a week" not in dict(details())
    put_right(caseworker, "email", email="newer@example.com")
    assert Case.objects.get().contact_email == "newer@example.com"
    hand = answering("has_needs")
    hand.post("needs", {"has_needs": "no"})
    hand.send()
    assert ("Your name", "Asha Okonjo") in details()
    assert "Income a week" not in dict(details())  # taken away is not told again as nothing
    assert ("Does a child need special help?", "No") in details()


def test_what_staff_changed_in_the_request_since_stays(answering):
    Case.objects.update(contact_email="by-hand@example.com")
    hand = answering("email")
    hand.post("you", {"email": "new@example.com"})
    hand.send()
    assert Case.objects.get().contact_email == "by-hand@example.com"
    assert ("Your email address", "new@example.com") in details()


def test_a_visitor_who_answers_again_has_no_name_and_none_is_made_up(answering, caseworker, submission):
    hand = answering("income")
    hand.post("you", {"income": "456"})
    hand.send()
    # As when somebody without an account came by the link in an e-mail.
    answer = Answer.objects.get(path="income")
    [row] = answer.corrections.all()
    row_of_a_visitor = {"before": row.before, "words_before": row.words_before, "asked": row.asked, "by": None}
    row.delete()
    AnswerCorrection.objects.create(answer=answer, reason="We asked for it again.", **row_of_a_visitor)
    page = caseworker.get(reverse("staff_answers", args=[submission.case.reference])).content.decode()
    assert "Answered once more because we asked" in page
    assert "Given when we asked again" in page
    assert "None" not in page
    assert "The form would also have" not in page


@pytest.mark.parametrize(
    ("source", "words"),
    [("journey", "Taken over from an earlier page"), ("earlier:BAR-2222-2222", "Used again from BAR-2222-2222")],
)
def test_each_source_has_words(submission, caseworker, source, words):
    Answer.objects.filter(path="name").update(source=source)
    assert words in caseworker.get(reverse("staff_answers", args=[submission.case.reference])).content.decode()


def test_a_question_asked_because_of_a_new_answer_was_asked(answering, caseworker, submission):
    """The page of answers does not say that the form would have asked it: it did."""
    Answer.objects.filter(path="health").delete()
    Answer.objects.filter(path="has_needs").update(value="no", words="No")
    hand = answering("has_needs")
    hand.post("needs", {"has_needs": "yes"})
    hand.post("health", {"health": "A ramp."})
    hand.send()
    page = caseworker.get(reverse("staff_answers", args=[submission.case.reference])).content.decode()
    assert "would also have asked" not in page
    put_right(caseworker, "has_needs", has_needs="no")
    put_right(caseworker, "has_needs", has_needs="yes")
    Answer.objects.filter(path="health").delete()
    page = caseworker.get(reverse("staff_answers", args=[submission.case.reference])).content.decode()
    assert "would also have asked" in page


def test_special_category_answers_are_not_shown_again(answering, submission, asha):
    hand = answering("health")
    assert SECRET not in str(list(Draft.objects.values_list("answers", flat=True)))
    page = hand.client.get(hand.more_url).content.decode()
    assert "is not shown here" in page
    assert SECRET not in hand.get("health").content.decode()
    hand.post("health", {"health": "A ramp."})
    hand.send()
    assert Answer.objects.get(path="health").words == "A ramp."
    assert AnswerCorrection.objects.get().words_before == SECRET


def test_an_answer_that_was_not_shown_is_not_taken_away_by_leaving_it_empty(club, asha, answering):
    form = copy.deepcopy(CLUB)
    form["steps"][4]["questions"][0]["required"] = False
    import_form(form, by=None)
    sent = send(asha.user)
    hand = answering("health", "income", of=sent)
    hand.post("you", {"income": ""})
    hand.post("health", {"health": ""})
    hand.send()
    assert sent.answers.get(path="health").words == SECRET
    assert not sent.answers.filter(path="income").exists()


def test_results_of_what_is_not_shown_are_not_shown(club, asha, answering):
    form = copy.deepcopy(CLUB)
    form["steps"][3]["questions"][0] |= {"data_class": "special", "why": "To have help there."}
    rows = [{"when": {"about": "has_needs", "one_of": ["yes"]}, "number": 77}]
    row = {"key": "places", "kind": "table", "label": "Places with help", "shown": True, "base": 5, "rows": rows}
    import_form(form | {"calculations": [row]}, by=None)
    hand = answering("income", of=send(asha.user))
    hand.post("you", {"income": "5"})
    assert "Places with help" not in hand.client.get(hand.check_url).content.decode()
