"""Answers go with their request, some earlier, and their owner finds them until then."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from barnet.customers.keeping.holdings import holdings
from barnet.kit.retention import kind_of
from portal.cases.models import Case
from portal.smartforms.models import Answer, Draft, FormFile, Submission

pytestmark = pytest.mark.django_db


def held(key, customer):
    return next(holding for holding in holdings() if holding.key == key).everything(customer)


def apply(key):
    kind = kind_of(key)
    return kind.apply(kind.find())


def test_it_goes_on_its_day_and_the_others_stay(submission):
    assert Answer.objects.get(path="income").forget_on == timezone.localdate() + dt.timedelta(days=10)
    assert apply("form-answers-short") == 0
    versions = apps.get_model("cases", "CaseEvent").objects
    assert "£123" in str(Case.objects.get().details)
    assert "£123" in str(list(versions.values()))
    Answer.objects.filter(path="income").update(forget_on=timezone.localdate())
    count = Answer.objects.count()
    assert apply("form-answers-short") == 1
    assert Answer.objects.count() == count - 1
    assert not Answer.objects.filter(path="income").exists()
    assert "£123" not in str(Case.objects.get().details)
    assert "£123" not in str(list(versions.values()))
    assert ["Your name", "Asha Owner"] in Case.objects.get().details


def test_of_a_closed_request_nothing_says_whose_answers_they_were(submission, django_capture_on_commit_callbacks):
    file = FormFile(submission=submission, question="health", name="a.pdf", content_type="application/pdf", size=1)
    file.file.save("letter", ContentFile(b"x"))
    assert apply("form-answers") == 0
    Case.objects.update(state="withdrawn")
    with django_capture_on_commit_callbacks(execute=True):
        assert apply("form-answers") == 1
    assert not Answer.objects.exists()
    assert not FormFile.objects.exists()
    assert not file.file.storage.exists(file.file.name)
    kept = Submission.objects.get()
    assert (kept.subject, kept.calculated) == (None, {})
    assert apply("form-answers") == 0


def test_the_trace_of_a_sent_form_goes(submission):
    assert apply("form-drafts-sent") == 1
    assert not Draft.objects.exists()
    assert Answer.objects.exists()


def test_its_owner_finds_every_answer_and_a_stranger_none(submission, asha, cara):
    [sent] = held("form-answers", asha)
    assert {"A wheelchair.", "Ada"} < {answer["answer"] for answer in sent["answers"]}
    assert held("form-answers", cara) == []
    Draft.objects.update(state="open")
    assert [draft["form"] for draft in held("form-drafts", asha)] == ["Apply for the holiday club"]
