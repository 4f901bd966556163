"""The author's pages around a form, through Wagtail's real views."""

import copy
import json

import pytest

from portal.smartforms import library
from portal.smartforms.models import SmartForm
from portal.smartforms.publishing import import_form
from tests.portal.smartforms.reviewing.conftest import address, latest, redraft
from tests.portal.smartforms.reviewing.forms import club
from tests.portal.smartforms.reviewing.test_touched import draft

pytestmark = pytest.mark.django_db
PAGES = ["ways", "versions", "touched", "export", "copy"]


def with_optional_name():
    form = club()
    form["steps"][0]["questions"][0]["required"] = False
    return form


# --- every way ---


def test_every_way_of_the_draft_with_picture_and_list(dev, form):
    page = dev.get(address("ways", form.pk))
    assert page.status_code == 200
    text = page.text
    assert "4 ways lead through the form, and each can be finished." in text
    assert '<svg class="ways-picture" role="img"' in text
    assert "Way 1: " in text
    assert "Way 4: " in text
    assert "Case for Clubs, team youth, urgency high" in text
    assert "only to those who are signed in: this way asks for no email address" in text
    assert "style=" not in text[text.index("<svg") : text.index("</svg>")]


def test_a_published_version_stays_as_it_was(dev, form):
    redraft(form, club(title="Club") | {"steps": club()["steps"][:1], "ends": [], "calculations": [],
            "outcomes": [{"key": "sent", "title": "Another end"}],
            "destinations": [{"service": "club", "case_title": "Member"}]})  # fmt: skip
    now, then = (dev.get(address("ways", form.pk), {"version": code}).text for code in ("draft", "1"))
    assert "Another end" in now
    assert "Your children" not in now
    assert "Another end" not in then
    assert "Your children" in then


def test_one_way_stands_out_in_the_picture(dev, form):
    page = dev.get(address("ways", form.pk), {"way": "2"})
    assert "Way 2 stands out." in page.text
    assert "ways-picture--one" in page.text


def test_only_the_ways_with_one_end(dev, form):
    page = dev.get(address("ways", form.pk), {"outcome": "big"})
    assert [row["way"].outcome.key for row in page.context["page_ways"]] == ["big"]
    assert dev.get(address("ways", form.pk), {"outcome": "nonsense", "p": "x"}).text.count("No way ends so.") == 1


@pytest.mark.parametrize("code", ["2", "x", "-1", "9" * 30, "\u0661", "1 or 1"])
def test_a_version_that_there_is_not(dev, form, code):
    assert dev.get(address("ways", form.pk), {"version": code}).status_code == 404
    assert dev.get(address("export", form.pk), {"version": code}).status_code == 404


def test_findings_lead_to_their_block(dev, form):
    made = club()
    made["steps"][2]["questions"][1]["label"] = ""
    made["outcomes"][1]["title"] = ""
    redraft(form, made)
    page = dev.get(address("ways", form.pk))
    assert "Not ready to publish: 2 things." in page.text
    stands = latest(form)
    question = stands.steps[2].value["questions"].bound_blocks[1].id
    outcome = stands.outcomes[1].id
    assert [finding.url for finding in page.context["findings"]] == [
        f"{address('edit', form.pk)}#block-{question}-section",
        f"{address('edit', form.pk)}#block-{outcome}-section",
    ]
    assert "Page 3, question 2: Words are missing here." in page.text
    assert "<svg" in page.text


def test_a_draft_that_cannot_be_read_says_why(dev, form):
    stands = latest(form)
    stands.steps[0].value["key"] = "Not a key!"
    stands.save_revision()
    for act in ("ways", "touched"):
        page = dev.get(address(act, form.pk))
        assert "Use small letters, digits and underscores; begin with a letter." in page.text
    page = dev.get(address("versions", form.pk), {"old": "1", "new": "draft"})
    assert "The draft cannot be compared before this is put right:" in page.text
    assert dev.get(address("export", form.pk)).url == address("ways", form.pk)


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("name", ["housing-repair", "apply-for-a-business-licence"])
def test_a_long_form_of_the_library_has_pages_of_ways(dev, name):
    form = import_form(json.loads((library.FOLDER / f"{name}.json").read_text()), by=None).form
    page = dev.get(address("ways", form.pk))
    assert "Page 1 of" in page.text
    last = page.context["page"].paginator.num_pages
    assert f"Page {last} of {last}" in dev.get(address("ways", form.pk), {"p": last}).text


# --- comparing ---


def test_two_revisions_in_plain_words(dev, form):
    before = redraft(form, club())
    after = redraft(form, with_optional_name())
    page = dev.get(address("revisions_compare", form.pk, before.pk, after.pk))
    assert "Question 1 ‘Your name’ is now optional" in page.text
    assert "Compatible" in page.text
    assert address("revisions_compare", form.pk, before.pk, after.pk) in dev.get(address("history", form.pk)).text


def test_a_revision_that_is_not_finished_is_still_compared(dev, form):
    before = redraft(form, club())
    stands = latest(form)
    stands.steps[0].value["key"] = "Not a key!"
    after = stands.save_revision()
    page = dev.get(address("revisions_compare", form.pk, before.pk, after.pk))
    assert page.status_code == 200
    assert "One of the two is not finished so far" in page.text


def test_two_versions_and_the_draft(dev, form):
    import_form(with_optional_name(), by=None)
    compared = {"old": "1", "new": "2"}
    assert "Question 1 ‘Your name’ is now optional" in dev.get(address("versions", form.pk), compared).text
    back = {"old": "2", "new": "1"}
    assert "Question 1 ‘Your name’ must now be answered" in dev.get(address("versions", form.pk), back).text
    assert "Nothing changed." in dev.get(address("versions", form.pk), {"old": "2", "new": "draft"}).text
    assert dev.get(address("versions", form.pk), {"old": "1", "new": "7"}).status_code == 404


# --- whom it touches ---


def test_whom_the_draft_touches_without_a_name_or_an_answer(dev, form):
    draft(form)
    draft(form, {"lives": "here", "name": "Cara Stranger"}, ["you"])
    made = club()
    made["steps"][1]["questions"].append({"key": "age", "kind": "number", "label": "Age"})
    redraft(form, made)
    page = dev.get(address("touched", form.pk))
    assert "Version 1: 2 people are filling it in" in page.text
    assert "<strong>Must ask again</strong>: 1" in page.text
    assert "<strong>Compatible</strong>: 1" in page.text
    assert "Question 5 ‘Age’ is new: 1" in page.text
    for secret in ("Asha", "Cara", "Ada"):
        assert secret not in page.text


def test_the_editor_says_before_publishing_that_people_fill_it_in(dev, form):
    draft(form)
    assert "is filling this form in" not in dev.get(address("edit", form.pk)).text  # nothing is to be published
    redraft(form, club(title="Club"))
    page = dev.get(address("edit", form.pk)).text
    assert "One person is filling this form in." in page
    assert "The change of the saved draft is, at most: Wording." in page
    assert address("touched", form.pk) in page


def test_the_same_number_of_queries_for_one_draft_and_for_three(dev, form, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    redraft(form, with_optional_name())
    dev.get(address("touched", form.pk))
    counts = []
    for _number in range(2):
        draft(form)
        draft(form)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dev.get(address("touched", form.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- who may ---


@pytest.mark.parametrize("act", PAGES)
@pytest.mark.parametrize("role", ["editor", "adviser", "administrator"])
def test_who_does_not_build_forms_has_none_of_the_pages(client_of, form, act, role):
    page = client_of(role).get(address(act, form.pk))
    assert page.status_code in {302, 403, 404}
    assert "Your name" not in page.text
    assert client_of(role, "other").get(address("import")).status_code in {302, 403, 404}


@pytest.mark.parametrize("act", PAGES)
def test_a_form_that_there_is_not(dev, act):
    assert dev.get(address(act, 4711)).status_code == 404


def test_buttons_lead_there(dev, form):
    edit, listing = dev.get(address("edit", form.pk)).text, dev.get(address("list")).text
    for act in PAGES:
        assert address(act, form.pk) in edit
        assert address(act, form.pk) in listing
    assert address("import") in listing


# --- copying ---


def test_a_copy_is_the_editor_filled_with_the_draft(dev, form):
    redraft(form, club(title="Join us"))
    page = dev.get(address("copy", form.pk))
    assert page.status_code == 200
    instance = page.context["form"].instance
    assert (instance.title, instance.slug) == ("Copy of Join us", "club-copy")
    assert 'value="club-copy"' in page.text
    assert "Do you bring children?" in page.text
    assert SmartForm.objects.count() == 1


def test_a_second_copy_has_a_name_of_its_own(dev, form):
    from portal.smartforms.reviewing.taking_in_views import free_slug

    assert free_slug("club") == "club-copy"
    SmartForm.objects.create(slug="club-copy", title="Copy", service=form.service)
    assert free_slug("club") == "club-copy-2"
    assert free_slug("x" * 80) == "x" * 75 + "-copy"


def test_nothing_of_the_original_changes_when_the_copy_is_saved(dev, form):
    from tests.portal.smartforms.authoring.editing import posted_again

    before = copy.deepcopy(form.live_version.definition)
    posted = {**posted_again(form), "title": "Copy of Join the club", "slug": "club-copy"}
    assert dev.post(address("copy", form.pk), posted).status_code == 302
    made = SmartForm.objects.get(slug="club-copy")
    assert (made.live, made.live_version) == (False, None)
    assert latest(made).steps[1].value["title"] == "Your children"
    form.refresh_from_db()
    assert (form.slug, form.live_version.definition) == ("club", before)
