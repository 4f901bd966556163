"""Staff put an answer right: same field, same checks; what stood there is kept, the request follows."""

import copy
import threading

import pytest
from django.apps import apps
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.kit.retention import kind_of
from barnet.notifications.models import Message
from portal.cases.models import Case, TimelineEntry
from portal.smartforms.models import Answer, AnswerCorrection
from portal.smartforms.publishing import import_form
from portal.smartforms.results import correcting
from portal.smartforms.results.correcting import StaleAnswerError, correct_answer
from tests import factories
from tests.portal.smartforms.results.conftest import SECRET, add_file, send
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db

REASON = "Told us by telephone."


def url(answer):
    return reverse("staff_answer_correct", args=[answer.submission.case.reference, answer.pk])


def at(submission, path) -> Answer:
    return Answer.objects.select_related("submission__case").get(submission=submission, path=path)


def post(client, answer, *, reason=REASON, seen=None, **typed):
    last = answer.corrections.last()
    sent = {"correction-reason": reason, "correction-seen": (last.pk if last else 0) if seen is None else seen}
    return client.post(url(answer), typed | sent)


def everything():
    rows = [list(model.objects.order_by("pk").values()) for model in (Answer, AnswerCorrection, TimelineEntry)]
    return [*rows, list(Case.objects.values()), Message.objects.count()]


def test_before_after_who_when_and_why_are_kept_and_shown_and_the_request_follows(submission, staff, of, asha):
    client = staff("caseworker")
    answer = at(submission, "name")
    assert 'value="Asha Owner"' in client.get(url(answer)).content.decode()
    page = client.post(
        url(answer), {"name": "Asha Okonjo", "correction-reason": REASON, "correction-seen": 0}, follow=True
    ).content.decode()
    assert "Corrected. The customer is told now." in page
    for words in ("Asha Okonjo", "Asha Owner", REASON, str(client.user)):
        assert words in page
    kept = AnswerCorrection.objects.get()
    assert (kept.before, kept.words_before, kept.reason, kept.by) == ("Asha Owner", "Asha Owner", REASON, client.user)
    case = Case.objects.get()
    assert ["Your name", "Asha Okonjo"] in case.details
    assert ["Your name", "Asha Owner"] not in case.details
    assert (case.contact_name, case.version) == ("Asha Okonjo", submission.case.version + 1)
    own = of(asha).get(reverse("account_sent_answers", args=[case.reference])).content.decode()
    assert "Asha Okonjo" in own
    assert "Corrected by the council" in own
    assert REASON in own
    assert str(client.user) not in own
    request_page = of(asha).get(case.get_absolute_url()).content.decode()
    assert "We corrected “Your name”." in request_page
    assert Message.objects.filter(template_key="case-corrected").exists()


def test_what_staff_changed_in_the_request_since_stays(submission, staff):
    Case.objects.update(contact_name="Mrs Owner")
    post(staff("caseworker"), at(submission, "name"), name="Asha Okonjo")
    assert Case.objects.get().contact_name == "Mrs Owner"


def test_a_thing_of_a_group_is_corrected_and_its_namesake_is_not(club, asha, staff):
    submission = send(asha.user, children=2)
    Answer.objects.filter(path="children[1].child_name").update(value="Ada", words="Ada")
    Case.objects.update(
        details=[[label, "Ada" if words == "Child b" else words] for label, words in submission.case.details]
    )
    client = staff("caseworker")
    assert post(client, at(submission, "children[1].child_name"), child_name="Bea").status_code == 302
    names = [words for label, words in Case.objects.get().details if label == "Name"]
    assert names == ["Ada", "Bea"]
    born = at(submission, "children[0].child_born")
    sent = {"child_born_day": "2", "child_born_month": "3", "child_born_year": "2020"}
    post(client, born, **sent)
    assert at(submission, "children[0].child_born").words == "2 March 2020"


@pytest.mark.parametrize(
    ("path", "typed", "reason", "sentence"),
    [
        ("name", {"name": ""}, REASON, "Your name”"),
        ("name", {"name": "Asha Okonjo"}, "", "Say why it is corrected"),
        ("name", {"name": "Asha Okonjo"}, "x" * 301, "at most 300 characters"),
        ("name", {"name": "Asha Owner"}, REASON, "This is what it says already"),
        ("income", {"income": "6000"}, REASON, "A week, not a year: enter at most £5,000"),
        ("income", {"income": "much"}, REASON, "much"),
        ("local", {"local": "maybe"}, REASON, "error"),
        (
            "children[0].child_born",
            {"child_born_day": "31", "child_born_month": "2", "child_born_year": "2020"},
            REASON,
            "real date",
        ),
    ],
)
def test_bad_input_says_so_keeps_what_was_typed_and_changes_nothing(submission, staff, path, typed, reason, sentence):
    client, before = staff("caseworker"), everything()
    answer = post(client, at(submission, path), reason=reason, **typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "govuk-error-summary" in page
    assert sentence in page
    for value in typed.values():
        assert value in page or path == "local"
    assert everything() == before


def test_an_optional_answer_can_be_taken_away_and_come_back(submission, staff):
    client = staff("caseworker")
    post(client, at(submission, "income"), income="")
    assert (at(submission, "income").value, at(submission, "income").words) == ("", "")
    assert "Income a week" not in dict(Case.objects.get().details)
    assert "Not given" in client.get(reverse("staff_answers", args=[submission.case.reference])).content.decode()
    post(client, at(submission, "income"), income="150")
    assert dict(Case.objects.get().details)["Income a week"] == "£150.00"
    labels = [label for label, _words in Case.objects.get().details]
    assert labels.index("Income a week") < labels.index("Name")


def test_what_somebody_else_corrected_is_not_overwritten_and_both_texts_stand(submission, staff):
    first, second, answer = staff("caseworker"), staff("caseworker"), at(submission, "name")
    post(first, answer, name="Asha First", reason="As in the letter.")
    refused = post(second, answer, name="Asha Second", reason="As on the telephone.", seen=0)
    page = refused.content.decode()
    assert refused.status_code == 409
    for words in ("Asha First", "As in the letter.", "Asha Second", "As on the telephone.", "Somebody else corrected"):
        assert words in page
    assert at(submission, "name").value == "Asha First"
    last = AnswerCorrection.objects.get()
    assert f'value="{last.pk}"' in page
    post(second, answer, name="Asha Second", reason="As on the telephone.", seen=last.pk)
    assert at(submission, "name").value == "Asha Second"


def test_a_double_click_is_one_correction(submission, staff):
    client, answer = staff("caseworker"), at(submission, "name")
    for _time in range(2):
        assert post(client, answer, name="Asha Okonjo", seen=0).status_code == 302
    assert AnswerCorrection.objects.count() == 1
    assert TimelineEntry.objects.filter(kind="corrected").count() == 1


def two_at_once(submission):
    answer, results, start = at(submission, "name"), [], threading.Barrier(2)
    people = [factories.StaffFactory() for _person in range(2)]

    def press(number):
        start.wait(timeout=60)
        try:
            actor = Actor.staff(people[number])
            results.append(correct_answer(answer, actor=actor, value=f"Asha {number}", reason=REASON, seen=0))
        except StaleAnswerError as stale:
            results.append(stale)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_refused(submission):
    results = two_at_once(submission)
    assert sum(isinstance(result, StaleAnswerError) for result in results) == 1
    assert AnswerCorrection.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_both_would_be_written(submission, monkeypatch):
    """The control: both look before either writes, as they would without the locks."""
    both_have_looked = threading.Barrier(2)
    told = correcting.told_now

    def wait(*args):
        if not both_have_looked.broken and threading.current_thread() not in waited:
            waited.add(threading.current_thread())
            both_have_looked.wait(timeout=60)
        return told(*args)

    waited: set = set()
    monkeypatch.setattr(correcting, "told_now", wait)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, *args, **more: self)
    results = two_at_once(submission)
    assert not [result for result in results if isinstance(result, StaleAnswerError)]
    assert AnswerCorrection.objects.count() == 2


def test_another_way_is_said_in_plain_words_and_nothing_is_moved(club, asha, staff):
    rows = [
        {
            "service": "holiday-club",
            "case_title": "Help needed",
            "urgency": "urgent",
            "when": {"about": "has_needs", "one_of": ["yes"]},
        },
        {"service": "holiday-club", "case_title": "Holiday club: {name}"},
    ]
    import_form(copy.deepcopy(CLUB) | {"destinations": rows}, by=None)
    submission = send(asha.user)
    assert (submission.case.title, submission.case.urgency) == ("Help needed", "urgent")
    page = (
        staff("caseworker")
        .post(
            url(at(submission, "has_needs")),
            {"has_needs": "no", "correction-reason": REASON, "correction-seen": 0},
            follow=True,
        )
        .content.decode()
    )
    assert "Its urgency would be: Normal." in page
    assert "The form would not have asked “What help does the child need?”." in page
    case = Case.objects.get()
    assert (case.title, case.urgency, case.team) == ("Help needed", "urgent", None)
    assert Answer.objects.filter(path="health").exists()


def test_special_answers_are_corrected_by_right_only_and_stand_nowhere_else(submission, staff, of, asha):
    answer = at(submission, "health")
    before = everything()
    assert staff("caseworker").get(url(answer)).status_code == 403
    assert post(staff("caseworker"), answer, health="A frame.").status_code == 403
    client = staff("assessor")
    assert client.get(url(answer)).status_code == 302
    assert post(client, answer, health="A frame.").status_code == 302
    assert everything() == before
    client.post(reverse("staff_answers_special", args=[submission.case.reference]), {"reason": "To plan help"})
    assert post(client, answer, health="A frame.", reason="She walks again.").status_code == 302
    assert at(submission, "health").words == "A frame."
    told = str([everything()[2:], list(apps.get_model("cases", "CaseEvent").objects.values()), bodies()])
    for words in ("A frame.", SECRET, "She walks again.", "What help does the child need?"):
        assert words not in told
    page = staff("caseworker").get(reverse("staff_answers", args=[submission.case.reference])).content.decode()
    for words in ("A frame.", SECRET, "She walks again."):
        assert words not in page
    own = of(asha).get(reverse("account_sent_answers", args=[submission.case.reference])).content.decode()
    assert "A frame." in own
    assert SECRET in own


def bodies():
    return list(Message.objects.values_list("subject", "body"))


def test_files_are_not_corrected_and_answers_of_another_request_not_found(submission, staff, club):
    client = staff("caseworker")
    file = add_file(submission, data_class="personal", path="proof")
    assert client.get(url(at(submission, file.question))).status_code == 404
    other = send()
    address = reverse("staff_answer_correct", args=[submission.case.reference, at(other, "name").pk])
    assert client.get(address).status_code == 404
    assert client.get(address.replace(str(at(other, "name").pk), "9" * 30)).status_code == 404


def test_who_may_only_read_does_not_correct(submission, staff):
    client = staff("data_guardian")
    assert client.get(url(at(submission, "name"))).status_code == 403
    assert "/correct/" not in client.get(reverse("staff_answers", args=[submission.case.reference])).content.decode()


def test_when_its_time_is_over_what_stood_there_before_goes_too(submission, staff):
    post(staff("caseworker"), at(submission, "income"), income="321")
    versions = apps.get_model("cases", "CaseEvent").objects
    assert "£123" in str(list(versions.values()))
    Answer.objects.filter(path="income").update(forget_on=timezone.localdate())
    kind = kind_of("form-answers-short")
    assert kind.apply(kind.find()) == 1
    left = str(list(versions.values())) + str(list(Case.objects.values()))
    assert "£123" not in left
    assert "£321" not in left
    assert not AnswerCorrection.objects.exists()
