"""A form is filled in in another language: its words are translated where they are, what is stored is English."""

import json

import pytest
from django.conf import settings as project
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ops import catalogues
from portal.smartforms import library
from portal.smartforms.models import FormWording, StepEvent, Submission
from portal.smartforms.publishing import import_form
from portal.smartforms.translating.keeping import Wording, keep
from tests.factories import ServiceFactory
from tests.portal.smartforms.running.conftest import CLUB, Hand

NAME = "cancel-school-transport"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def languages(settings):
    catalogues.compile_all()
    settings.LANGUAGES = [("en-gb", "English"), ("pl", "Polski"), ("fa", "فارسی")]


@pytest.fixture
def reader(client):
    def reads(language):
        client.cookies[project.LANGUAGE_COOKIE_NAME] = language
        return client

    return reads


@pytest.fixture
def transport(db):
    ServiceFactory(slug="school-transport")
    return import_form((library.FOLDER / f"{NAME}.json").read_text(), by=None).form


def part(html, begins, ends="</"):
    """The markup around some words."""
    return html[html.index(begins) : html.index(ends, html.index(begins))]


def test_a_form_of_the_library_is_filled_in_in_polish_and_its_case_is_english(transport, reader):
    hand = Hand(reader("pl"), NAME)
    begin = hand.client.get(transport.get_absolute_url()).text
    assert "Odwołaj dowóz do szkoły" in begin
    assert "Cancel school transport" not in begin
    hand.start()
    page = hand.get("child").text
    assert "Imię i nazwisko dziecka" in page
    assert 'lang="en-GB"' not in page[page.index("<main") : page.index("</main")]
    day = timezone.localdate().replace(year=timezone.localdate().year) + timezone.timedelta(days=3)
    hand.post("child", {"child": "Ola Nowak", "school": "Whitings"})
    parts = {"first_day_day": day.day, "first_day_month": day.month, "first_day_year": day.year}
    assert "Na stałe" in hand.get("days").text
    hand.post("days", parts | {"until": "end"})
    hand.post("why", {"reason": "ill"})
    hand.post("you", {"name": "Nia Nowak", "phone": "020 7946 0999"})
    answers = hand.client.get(hand.check_url).text
    assert "Na jak długo?" in answers
    assert "Na stałe" in answers
    sent = hand.client.post(hand.check_url, follow=True).text
    assert "Kończymy dowóz" in sent
    submission = Submission.objects.get()
    assert submission.case.title == "Transport ends"
    assert "For how long?" in json.dumps(submission.case.details)
    until = submission.answers.get(path="until")
    assert (until.value, until.words) == ("end", "For good")


def test_what_has_no_translation_is_english_and_says_so(transport, reader):
    hand = Hand(reader("fa"), NAME)
    hand.start()
    page = hand.get("child").text
    main = page[page.index("<main") : page.index("</main")]
    assert 'dir="rtl"' in page
    assert "نام فرزند شما" in main
    assert '<span lang="en-GB" dir="ltr">Or the college or centre.</span>' in main
    assert '<span lang="en-GB" dir="ltr">نام' not in main


def test_a_translation_rests_when_its_english_changes_until_somebody_looks_at_it(transport, reader):
    source = json.loads((library.FOLDER / f"{NAME}.json").read_text())
    source["steps"][0]["questions"][0]["label"] = "The child who does not travel"
    del source["translations"]
    version = import_form(source, by=None)
    hand = Hand(reader("pl"), NAME)
    hand.start()
    page = hand.get("child").text
    assert '<span lang="en-GB" dir="ltr">The child who does not travel</span>' in page
    assert "Imię i nazwisko dziecka" not in page
    assert "Szkoła" in page
    checked = Wording("pl", "step.child.child.label", "The child who does not travel", "Dziecko, które nie jedzie")
    keep(version.form, [checked])
    assert "Dziecko, które nie jedzie" in hand.get("child").text


def test_the_sentence_of_a_check_is_translated_and_counted_in_english(reader):
    ServiceFactory(slug="holiday-club")
    english = "A week, not a year: enter at most £5,000"
    form = import_form(CLUB, by=None).form
    keep(form, [Wording("pl", "step.you.income.check.1", english, "Tygodniowo: najwyżej £5,000")])
    hand = Hand(reader("pl"))
    hand.start()
    hand.answer("home", {"local": "yes"}, "you")
    page = hand.post("you", {"name": "Asha", "income": "9000"})
    assert "Tygodniowo: najwyżej £5,000" in page.text
    assert StepEvent.objects.get(question="income").sentence == english


def test_a_page_costs_one_query_more_than_in_english_however_many_texts(transport, reader):
    def queries(client, hand):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(hand.url("child")).status_code == 200
        return len(captured)

    hand = Hand(reader("en-gb"), NAME)
    hand.start()
    queries(hand.client, hand)
    english = queries(reader("en-gb"), hand)
    few, many = queries(reader("fa"), hand), queries(reader("pl"), hand)
    assert few == many == english + 1


def test_html_in_a_translation_is_text(transport, reader):
    row = FormWording.objects.get(language="pl", key="step.child.child.label")
    FormWording.objects.filter(pk=row.pk).update(text="<script>alert(1)</script>")
    hand = Hand(reader("pl"), NAME)
    hand.start()
    page = hand.get("child").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
