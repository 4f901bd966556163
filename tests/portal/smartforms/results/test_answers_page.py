"""Staff read what was sent; what is special category by right and for a reason."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from barnet.customers.models import AccessRecord
from portal.smartforms.models import FormVersion, Submission
from portal.smartforms.publishing import import_form
from tests.factories import CaseFactory
from tests.portal.smartforms.results.conftest import SECRET, add_file, send
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db

NOT_SHOWN = "Special-category answer: not shown"


def url(submission, name="staff_answers", *more):
    return reverse(name, args=[submission.case.reference, *more])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def open_special(client, submission, reason="To plan the help at the club"):
    return client.post(url(submission, "staff_answers_special"), {"reason": reason}, follow=True)


def test_answers_stand_in_the_order_and_words_of_their_version(submission, staff):
    newer = CLUB | {"title": "Another title"}
    newer["steps"] = [CLUB["steps"][0] | {"title": "Your borough"}, *CLUB["steps"][1:]]
    import_form(newer, by=None)
    page = text_of(staff("caseworker").get(url(submission)))
    said = ["Where you live", "Do you live in Barnet?", "Yes", "About you", "Your name", "Asha Owner", "Your children:"]
    said += ["child 1", "Name", "Ada", "Date of birth", "1 February 2020", "Needs", "Health"]
    at = page.index("Apply for the holiday club")
    for words in said:
        at = page.index(words, at)
    assert "Apply for the holiday club" in page
    assert "Your borough" not in page.partition("This form has since changed")[0]
    assert "1, published" in page


def test_each_answer_says_where_it_is_from(submission, staff):
    submission.answers.filter(path="name").update(source="account.name", as_of=dt.date(2026, 3, 14))
    page = text_of(staff("caseworker").get(url(submission)))
    assert "From the account (name), March 2026" in page
    assert f"Typed, {timezone.localdate().day} " in page
    Submission.objects.update(right="staff", channel="phone")
    page = text_of(staff("caseworker").get(url(submission)))
    assert "Typed by staff beside the customer" in page
    assert "As a member of staff" in page
    assert "Telephone" in page


def test_a_special_answer_is_nowhere_for_who_may_not(submission, staff):
    client = staff("caseworker")
    for address in (url(submission), reverse("staff_case", args=[submission.case.reference])):
        page = client.get(address).content.decode()
        assert SECRET not in page
    assert NOT_SHOWN in client.get(url(submission)).content.decode()
    assert open_special(client, submission).status_code == 403
    assert SECRET not in client.get(url(submission)).content.decode()
    for address in ("/staff/cases/?q=wheelchair", "/staff/cases/?state=any"):
        assert SECRET not in client.get(address).content.decode()
    lead = staff("team_lead")
    assert SECRET not in b"".join(lead.get("/staff/cases/export/?state=any").streaming_content).decode()
    assert SECRET not in lead.get(f"/staff/cases/{submission.case.reference}/versions/").content.decode()
    assert not AccessRecord.objects.filter(what__startswith="special").exists()


def test_with_the_right_it_is_shown_for_a_reason_and_the_reading_is_recorded(submission, staff, asha):
    client = staff("assessor")
    assert SECRET not in client.get(url(submission)).content.decode()
    page = open_special(client, submission)
    assert SECRET in page.content.decode()
    record = AccessRecord.objects.get(what=f"special-category answers of {submission.case.reference}")
    assert (record.actor, record.customer, record.purpose) == (client.user, asha, "To plan the help at the club")
    client.post(url(submission, "staff_answers_special"), {"shut": "1"})
    assert SECRET not in client.get(url(submission)).content.decode()


def test_it_closes_by_itself_and_with_the_right(submission, staff, monkeypatch):
    client = staff("assessor")
    open_special(client, submission)
    client.user.groups.set(Group.objects.filter(name="caseworker"))
    assert SECRET not in client.get(url(submission)).content.decode()
    client.user.groups.set(Group.objects.filter(name="assessor"))
    assert SECRET in client.get(url(submission)).content.decode()
    later = timezone.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr("portal.smartforms.results.special.timezone.now", lambda: later)
    assert SECRET not in client.get(url(submission)).content.decode()


def test_opened_for_one_request_it_is_not_open_for_another(submission, staff):
    other = send()
    client = staff("assessor")
    open_special(client, submission)
    assert SECRET not in client.get(url(other)).content.decode()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Say why you need to read them"),
        ("  x ", "Say in a few words why you need to read them"),
        ("x" * 101, "Say in at most 100 characters why you need to read them"),
    ],
)
def test_without_a_good_reason_nothing_is_shown(submission, staff, reason, sentence):
    client = staff("assessor")
    page = open_special(client, submission, reason).content.decode()
    assert sentence in page
    assert SECRET not in page
    assert SECRET not in client.get(url(submission)).content.decode()
    assert open_special(client, submission, "nul\x00l").status_code == 400
    assert SECRET not in client.get(url(submission)).content.decode()


def test_what_is_calculated_from_a_special_answer_is_as_private(asha, service_with_score, staff):
    submission = service_with_score
    page = staff("caseworker").get(url(submission)).content.decode()
    assert "Places wanted" in page
    assert "Points for help" not in page
    assert "Points altogether" not in page
    client = staff("assessor")
    assert "Points altogether" in open_special(client, submission).content.decode()


@pytest.fixture
def service_with_score(club, asha):
    calculations = [
        {"key": "places", "kind": "count", "label": "Places wanted", "about": "children"},
        {
            "key": "points",
            "kind": "score",
            "label": "Points for help",
            "rows": [{"when": {"about": "health", "given": True}, "number": 5}],
        },
        {"key": "all_points", "kind": "sum", "label": "Points altogether", "terms": [{"about": "points"}]},
    ]
    import_form(CLUB | {"calculations": calculations}, by=None)
    return send(asha.user)


def test_files_come_through_their_request_and_special_ones_by_right(submission, staff):
    plain = add_file(submission, data_class="personal", path="proof")
    special = add_file(submission, data_class="special", path="diagnosis")
    other = add_file(send(), data_class="personal", path="proof")
    client = staff("caseworker")
    page = client.get(url(submission)).content.decode()
    assert "proof.pdf" in page
    assert "diagnosis" not in page.replace("diagnosis</dt>", "")  # the question, and not the name of the file
    assert client.get(url(submission, "staff_answer_file", plain.pk)).getvalue() == b"pdf"
    assert client.get(url(submission, "staff_answer_file", special.pk)).status_code == 403
    assert client.get(url(submission, "staff_answer_file", other.pk)).status_code == 404
    client = staff("assessor")
    assert client.get(url(submission, "staff_answer_file", special.pk)).status_code == 403
    open_special(client, submission)
    assert client.get(url(submission, "staff_answer_file", special.pk)).getvalue() == b"pdf"
    assert AccessRecord.objects.filter(actor=client.user, what__startswith="special").count() == 2


def test_who_may_not_see_the_case_does_not_see_its_answers(submission, staff, of, asha, client):
    assert client.get(url(submission)).status_code == 302
    assert of(asha).get(url(submission)).status_code == 404
    assert staff("operative").get(url(submission)).status_code == 403
    assert staff("finance").get(url(submission)).status_code == 403
    assert staff("caseworker").get(reverse("staff_answers", args=["BAR-2222-2222"])).status_code == 404
    assert staff("caseworker").get("/staff/answers/%00/").status_code == 400
    assert AccessRecord.objects.filter(what=f"case {submission.case.reference}").count() == 0
    staff("adviser").get(url(submission))
    assert AccessRecord.objects.get(what=f"case {submission.case.reference}").purpose == "answers of a form"


def test_a_request_without_a_form_has_no_answers(staff, asha):
    case = CaseFactory(customer=asha)
    client = staff("caseworker")
    assert client.get(reverse("staff_answers", args=[case.reference])).status_code == 404
    assert "Read the answers" not in client.get(reverse("staff_case", args=[case.reference])).content.decode()


def test_the_case_leads_to_its_answers(submission, staff):
    page = staff("caseworker").get(reverse("staff_case", args=[submission.case.reference])).content.decode()
    assert f'href="{url(submission)}"' in page
    assert (
        url(submission)
        not in staff("operative").get(reverse("staff_case", args=[submission.case.reference])).content.decode()
    )


def test_one_child_or_three_cost_the_same(club, asha, staff):
    one, three = send(asha.user), send(asha.user, children=3)
    client = staff("assessor")
    for submission in (one, three):
        open_special(client, submission)
    with CaptureQueriesContext(connection) as first:
        client.get(url(one))
    with CaptureQueriesContext(connection) as second:
        page = client.get(url(three)).content.decode()
    assert "child 3" in page
    assert len(first) == len(second)
    assert FormVersion.objects.count() == 1
