"""Two sent forms side by side, also of different versions."""

import copy

import pytest
from django.urls import reverse

from barnet.customers.models import AccessRecord
from portal.smartforms.publishing import import_form
from tests.factories import CaseFactory
from tests.portal.smartforms.results.conftest import SECRET, send
from tests.portal.smartforms.running.conftest import CLUB

pytestmark = pytest.mark.django_db


def url(submission, query=""):
    return reverse("staff_answers_compare", args=[submission.case.reference]) + query


@pytest.fixture
def two(club, asha):
    """The second of a newer version, in which a question is worded anew."""
    first = send(asha.user)
    form = copy.deepcopy(CLUB)
    form["steps"][1]["questions"][0]["label"] = "Your full name"
    import_form(form, by=None)
    return first, send(asha.user, children=2, name="Asha Okonjo")


def rows_of(page):
    return {row[0]: row[1:] for section in page.context["sections"] for row in section.rows}


def test_answers_stand_beside_each_other_and_what_changed_is_said(two, staff):
    first, second = two
    client = staff("caseworker")
    page = client.get(url(first))
    assert second.case.reference in page.content.decode()
    page = client.get(url(first, f"?other={second.case.reference.lower()}"))
    rows = rows_of(page)
    assert rows["Your name (the other asked: Your full name)"] == ("Asha Owner", "Asha Okonjo", "Different")
    assert rows["Income a week"] == ("£123.00", "£123.00", "Same")
    assert ("Not asked, or not given", "Child b", "Different") in [row[1:] for row in page.context["sections"][-1].rows]
    assert any("Your full name" in sentence for sentence in page.context["changes"])
    assert AccessRecord.objects.filter(actor=client.user, purpose="comparing answers").count() == 3


def test_a_special_answer_is_not_shown_not_even_whether_it_is_the_same(two, staff):
    first, second = two
    page = staff("caseworker").get(url(first, f"?other={second.case.reference}"))
    hidden = "Special-category answer: not shown"
    assert rows_of(page)["What help does the child need?"] == (hidden, hidden, "Not shown")
    assert SECRET not in page.content.decode()


def test_the_answers_say_what_changed_in_the_form_since(two, staff):
    first, second = two
    client = staff("caseworker")
    old = client.get(reverse("staff_answers", args=[first.case.reference])).content.decode()
    new = client.get(reverse("staff_answers", args=[second.case.reference])).content.decode()
    assert "This form has since changed" in old
    assert "Your full name" in old
    assert "This form has since changed" not in new


def test_a_wrong_reference_is_said_and_kept(two, staff):
    first, _second = two
    without = CaseFactory()
    client = staff("caseworker")
    for typed, sentence in (
        ("", "Enter the reference of the other request"),
        ("nonsense", "Enter a reference like"),
        (first.case.reference, "another request than this one"),
        (without.reference, "No request with this reference was made with a form"),
        ("x" * 500, "nothing more than 20"),
    ):
        page = client.get(url(first), {"other": typed})
        assert page.status_code == 400
        assert sentence in page.content.decode() or typed.startswith("xx")
        assert typed in page.content.decode()


def test_another_form_is_refused(two, staff):
    first, second = two
    other = import_form(copy.deepcopy(CLUB) | {"slug": "another-club"}, by=None)
    type(second).objects.filter(pk=second.pk).update(version=other)
    page = staff("caseworker").get(url(first), {"other": second.case.reference})
    assert "That request was made with another form" in page.content.decode()
