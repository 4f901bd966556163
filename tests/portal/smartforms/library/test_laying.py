"""The forms that come with the portal: published once, found by the words that people type, left alone by staff's."""

import pytest
from django.core.management import call_command
from django.test import RequestFactory

from barnet.catalogue.models import Service
from barnet.catalogue.services import ensure_services
from cms.selectors import search
from portal.smartforms import library, publishing
from portal.smartforms.definition.model import CalculationKind, DataClass, StepKind
from portal.smartforms.kinds import names
from portal.smartforms.library import laying
from portal.smartforms.models import FormVersion, SmartForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue():
    ensure_services()


@pytest.fixture
def laid(catalogue):
    return laying.lay()


def test_all_forms_are_published_and_a_second_time_changes_and_proves_nothing(laid, monkeypatch):
    assert laid == (len(library.names()), len(library.names()))
    assert len(library.names()) >= 19
    services = list(Service.objects.order_by("pk").values())
    monkeypatch.setattr(publishing, "prove", lambda *_: pytest.fail("proved again"))
    assert laying.lay() == (len(library.names()), 0)
    assert FormVersion.objects.count() == len(library.names())
    assert list(Service.objects.order_by("pk").values()) == services


def test_services_begin_with_their_form_and_better_journeys_stay(laid, client):
    starts = dict(Service.objects.values_list("slug", "start_path"))
    assert starts["report-street-light"] == "/forms/report-a-street-problem/?problem=light"
    assert starts["report-graffiti"] == "/forms/report-a-street-problem/?problem=graffiti"
    assert starts["blue-badge"] == "/forms/blue-badge/"
    assert starts["new-bin"] == "/bins/order/"
    begun = {path for path in starts.values() if path.startswith("/forms/")}
    assert len(begun) >= 18
    assert all(client.get(path).status_code == 200 for path in begun)
    assert 'href="/forms/blue-badge/"' in client.get("/services/blue-badge/").text


def test_what_staff_published_or_edited_stays(laid, dev):
    form = SmartForm.objects.get(slug="complaint")
    changed = library.form("complaint")
    object.__setattr__(changed, "title", "Tell us off")
    theirs = publishing.publish(form, changed, by=dev)
    service = Service.objects.get(slug="blue-badge")
    service.start_path = ""
    service.save()
    service.save_revision()
    call_command("import_forms", verbosity=0)
    assert SmartForm.objects.get(slug="complaint").live_version == theirs
    assert Service.objects.get(slug="blue-badge").start_path == ""
    call_command("import_forms", str(library.FOLDER / "complaint.json"))
    assert SmartForm.objects.get(slug="complaint").live_version.number == theirs.number + 1


@pytest.mark.parametrize(
    ("typed", "service"),
    [
        ("pothole", "report-pothole"),
        ("street lamp not working", "report-street-light"),
        ("someone dumped a mattress", "report-fly-tipping"),
        ("new wheelie bin", "new-bin"),
        ("get rid of old sofa", "bulky-waste"),
        ("resident parking permit", "parking-permit"),
        ("visitor permit", "visitor-vouchers"),
        ("appeal parking fine", "penalty-charge"),
        ("pcn", "penalty-charge"),
        ("help with rent", "housing-benefit"),
        ("council tax reduction", "housing-benefit"),
        ("change my address", "change-of-address"),
        ("moving house", "change-of-address"),
        ("care for my mum", "carers-assessment"),
        ("carers assessment", "carers-assessment"),
        ("home help elderly", "adult-social-care"),
        ("gp referral", "professional-referral"),
        ("boiler broken", "housing-repair"),
        ("mould in my flat", "housing-repair"),
        ("neighbour threatening me", "antisocial-behaviour"),
        ("asb", "antisocial-behaviour"),
        ("primary school place", "school-admissions"),
        ("library card", "library-membership"),
        ("alcohol licence", "business-licence"),
        ("disabled badge", "blue-badge"),
        ("complain", "complaint"),
        ("cancel school bus", "school-transport"),
        ("my child is ill no bus today", "school-transport"),
    ],
)
def test_people_find_it_with_words_that_they_type(catalogue, typed, service):
    hits = search(typed, RequestFactory().get("/"))[:3]
    assert f"/services/{service}/" in [hit.url for hit in hits]


def test_together_they_use_everything_that_a_form_can_have():
    forms = [library.form(name) for name in library.names()]
    questions = [question for form in forms for question in form.questions.values()]
    assert {question.kind for question in questions} | {"reference"} >= set(names()) - {"location"}
    assert {step.kind for form in forms for step in form.steps} == set(StepKind)
    assert {row.kind for form in forms for row in form.calculations} == set(CalculationKind)
    assert {question.data_class for question in questions} == set(DataClass)
    assert all(
        any(getattr(question, part) for question in questions)
        for part in ("hint", "help", "why", "checks", "prefill", "from_link", "keep_days", "show_when", "rows", "parts")
    )
    assert any(not outcome.sends for form in forms for outcome in form.outcomes)
    assert any(row.team for form in forms for row in form.destinations)


def test_health_and_origin_are_special_and_say_why():
    for form in map(library.form, library.names()):
        for question in form.questions.values():
            if question.data_class is DataClass.SPECIAL:
                assert question.why, f"{form.slug}: {question.key}"
