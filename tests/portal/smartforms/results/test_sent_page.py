"""Residents read what they sent, through the door of the request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.portal.smartforms.results.conftest import SECRET, add_file, send

pytestmark = pytest.mark.django_db


def url(submission, name="account_sent_answers", *more):
    return reverse(name, args=[submission.case.reference, *more])


def test_its_owner_reads_everything_and_the_request_leads_there(submission, of, asha):
    client = of(asha)
    assert f'href="{url(submission)}"' in client.get(submission.case.get_absolute_url()).content.decode()
    page = client.get(url(submission)).content.decode()
    for words in ("Asha Owner", "Ada", "1 February 2020", "£123", SECRET, "Typed, "):
        assert words in page, words
    assert "Correct<" not in page


def test_who_has_her_authority_reads_it_but_not_what_is_about_her_health(submission, of, ben):
    page = of(ben).get(url(submission)).content.decode()
    assert "Asha Owner" in page
    assert SECRET not in page
    assert "Special-category answer: not shown" in page


def test_who_wrote_it_with_her_authority_reads_all(submission, of, ben):
    type(submission).objects.filter(pk=submission.pk).update(actor=ben.user, right="delegate")
    assert SECRET in of(ben).get(url(submission)).content.decode()


def test_a_stranger_finds_nothing_and_a_visitor_signs_in(submission, of, cara, client):
    file = add_file(submission, data_class="personal", path="proof")
    for address in (url(submission), url(submission, "account_sent_file", file.pk)):
        assert of(cara).get(address).status_code == 404
        assert client.get(address)["Location"].startswith("/account/sign-in/")


def test_files_are_their_owners(submission, of, asha, ben):
    plain = add_file(submission, data_class="personal", path="proof")
    special = add_file(submission, data_class="special", path="letter")
    foreign = add_file(send(), data_class="personal", path="proof")
    assert of(asha).get(url(submission, "account_sent_file", plain.pk)).getvalue() == b"pdf"
    assert of(asha).get(url(submission, "account_sent_file", special.pk)).getvalue() == b"pdf"
    assert of(ben).get(url(submission, "account_sent_file", plain.pk)).getvalue() == b"pdf"
    assert of(ben).get(url(submission, "account_sent_file", special.pk)).status_code == 404
    assert of(asha).get(url(submission, "account_sent_file", foreign.pk)).status_code == 404
    answer = of(asha).get(url(submission, "account_sent_file", plain.pk))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]


def test_without_answers_the_page_says_so(submission, of, asha):
    submission.answers.all().delete()
    assert "no longer kept" in of(asha).get(url(submission)).content.decode()


def test_another_way_of_writing_the_reference_leads_there(submission, of, asha):
    address = reverse("account_sent_answers", args=[submission.case.reference.lower()])
    assert of(asha).get(address)["Location"] == url(submission)


def test_one_child_or_three_cost_the_same(club, asha, of):
    one, three = send(asha.user), send(asha.user, children=3)
    counts = []
    for submission in (one, three):
        client = of(asha)
        client.get("/account/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(submission)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
