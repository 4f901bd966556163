"""The files: what is in them, what is not, and what they cost."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.models import AccessRecord
from portal.cases.models import Case
from portal.smartforms.exporting.batches import Export, begin_export
from portal.smartforms.exporting.files import lines_of
from portal.smartforms.models import Answer, AnswerCorrection, Submission
from tests import factories
from tests.portal.smartforms.exporting.conftest import guardian
from tests.portal.smartforms.results.conftest import SECRET

pytestmark = pytest.mark.django_db
PURPOSE = "Report to the committee"


@pytest.fixture
def exporter(db):
    """Reads special-category answers, too."""
    return guardian()


def more_of(submission, count):
    """The same form, sent by others."""
    made = []
    for number in range(count):
        case = Case.objects.get(pk=submission.case_id)
        case.pk, case.reference, case.submission_key = None, f"BAR-2222-222{number}", f"more-{number}"
        case.customer = factories.CustomerFactory()
        case.save()
        one = Submission.objects.create(
            version=submission.version,
            case=case,
            outcome="sent",
            started_at=timezone.now(),
            subject=case.customer,
            right="self",
            channel="web",
        )
        answers = list(Answer.objects.filter(submission=submission))
        for answer in answers:
            answer.pk, answer.submission = None, one
        Answer.objects.bulk_create(answers)
        made.append(one)
    return made


def export_of(submission, **more):
    return Export(version=submission.version, purpose=PURPOSE, **more)


def text_of(export, by, contents="csv"):
    return "".join(lines_of(export, begin_export(export, by=by), contents))


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def cell(text, key, line=2):
    rows = rows_of(text)
    return rows[line][rows[0].index(key)]


def test_a_column_for_each_question_with_its_label_below(submission, exporter):
    rows = rows_of(text_of(export_of(submission), exporter))
    assert rows[0] == [
        *("reference", "sent_at", "channel", "outcome"),
        *("local", "name", "email", "income", "has_needs", "children", "corrected"),
    ]
    assert rows[1][4:6] == ["Do you live in Barnet?", "Your name"]
    assert rows[2][0] == submission.case.reference
    assert rows[2][4:9] == ["Yes", "Asha Owner", "asha@example.com", "£123.00", "Yes"]
    assert json.loads(rows[2][9]) == [{"child_name": "Ada", "child_born": "1 February 2020"}]
    assert len(rows) == 3


def test_a_group_has_a_file_with_a_line_for_each_thing(submission, exporter):
    bo = {"path": "children[1].child_name", "kind": "name", "value": "Bo", "words": "Bo", "position": 9}
    Answer.objects.create(submission=submission, **bo)
    rows = rows_of(text_of(export_of(submission), exporter, "group-children"))
    assert rows[0] == ["reference", "number", "child_name", "child_born", "corrected"]
    assert [row[1:4] for row in rows[2:]] == [["1", "Ada", "1 February 2020"], ["2", "Bo", ""]]


def test_special_category_answers_are_there_only_when_asked_for(submission, exporter):
    for contents in ("csv", "json"):
        assert SECRET not in text_of(export_of(submission), exporter, contents)
        assert '"health"' not in text_of(export_of(submission), exporter, contents)
        assert SECRET in text_of(export_of(submission, with_special=True), exporter, contents)


def test_json_holds_values_words_and_what_the_keys_mean(submission, exporter):
    found = json.loads(text_of(export_of(submission), exporter, "json"))
    assert (found["form"], found["version"]) == ("holiday-club", 1)
    assert {"key": "income", "label": "Income a week", "kind": "money", "data_class": "personal"} in found["questions"]
    (one,) = found["submissions"]
    assert one["answers"]["income"] == {"value": "123", "words": "£123.00"}
    assert one["groups"]["children"][0]["child_name"]["words"] == "Ada"


def test_of_nothing_sent_a_file_without_lines(submission, exporter):
    other = export_of(submission, from_on=timezone.localdate() + dt.timedelta(days=1))
    assert len(rows_of(text_of(other, exporter))) == 2
    assert json.loads(text_of(other, exporter, "json"))["submissions"] == []


def test_days_are_from_and_until_with_both(submission, exporter):
    today = timezone.localdate()
    before = today - dt.timedelta(days=1)
    for first, last, count in ((today, today, 1), (before, before, 0), (None, before, 0), (before, None, 1)):
        rows = rows_of(text_of(export_of(submission, from_on=first, until_on=last), exporter))
        assert len(rows) == 2 + count


def test_corrected_answers_are_marked(submission, exporter, dev):
    for path in ("income", "children[0].child_name", "health"):
        answer = Answer.objects.get(path=path)
        AnswerCorrection.objects.create(answer=answer, before="1", words_before="£1.00", reason="Typed wrong", by=dev)
    assert cell(text_of(export_of(submission), exporter), "corrected") == "income children[0].child_name"
    assert rows_of(text_of(export_of(submission), exporter, "group-children"))[2][-1] == "child_name"
    found = json.loads(text_of(export_of(submission), exporter, "json"))["submissions"][0]
    assert found["answers"]["income"]["corrected"] is True
    assert "corrected" not in found["answers"]["name"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\n="])
def test_no_answer_is_run_as_a_formula(submission, exporter, start):
    Answer.objects.filter(path="name").update(words=f'{start}HYPERLINK("http://example.com")')
    assert cell(text_of(export_of(submission), exporter), "name").startswith(f"'{start}")


def test_long_and_foreign_answers_come_whole(submission, exporter):
    words = 'ñ́ שלום 😀 "quoted", with;\nlines ' * 400
    words = words[:10_000]
    Answer.objects.filter(path="name").update(words=words, value=words)
    assert cell(text_of(export_of(submission), exporter), "name") == words
    found = json.loads(text_of(export_of(submission), exporter, "json"))
    assert found["submissions"][0]["answers"]["name"]["words"] == words


@pytest.mark.parametrize("contents", ["csv", "json", "group-children"])
def test_three_cost_as_much_as_one(submission, exporter, contents):
    """The record of the whole; sendings, answers, corrections, the records of the batch."""

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert "BAR-" in text_of(export_of(submission), exporter, contents)
        return len(queries)

    cost()
    assert cost() == 5
    more_of(submission, 2)
    assert cost() == 5


def test_the_whole_and_each_person_leave_a_record(submission, exporter):
    others = more_of(submission, 2)
    text_of(export_of(submission), exporter)
    records = AccessRecord.objects.filter(actor=exporter, purpose=PURPOSE)
    assert records.get(customer=None).what.startswith("answers of form")
    people = {submission.subject_id, *(one.subject_id for one in others)}
    assert set(records.exclude(customer=None).values_list("customer", flat=True)) == people
    assert records.filter(what=f"answers of {submission.case.reference}, exported").count() == 1


def test_nothing_is_kept_in_memory_beyond_a_batch(submission, exporter, monkeypatch):
    monkeypatch.setattr("portal.smartforms.exporting.batches.BATCH", 2)
    more_of(submission, 4)
    sizes = [len(batch) for batch in begin_export(export_of(submission), by=exporter)]
    assert sizes == [2, 2, 1]
