"""Authors build and publish forms through Wagtail's real views."""

import datetime as dt
import html
import json

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from barnet.catalogue.models import Service
from portal.smartforms import library
from portal.smartforms.authoring import gate
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.publishing import UnprovenFormError, import_form
from portal.smartforms.versions import definition_of
from tests.factories import ServiceFactory
from tests.portal.smartforms.authoring.editing import (
    address,
    club,
    destination,
    draft,
    outcome,
    page,
    posted_again,
    publish,
    question,
    row,
)

pytestmark = pytest.mark.django_db


def test_an_author_builds_a_form_and_another_publishes_it(dev, eve, service):
    form = draft(dev, service)
    assert not form.live
    publish(dev, form)
    assert not FormVersion.objects.exists()  # whoever wrote it does not
    assert "action-publish" not in dev.get(address("edit", form.pk)).text
    assert publish(eve, form).status_code == 302
    form.refresh_from_db()
    made = definition_of(form.live_version)
    assert [step.key for step in made.steps] == ["you", "your_children"]
    assert list(made.questions) == [
        "your_name",
        "do_you_bring_children",
        "your_children.child_s_name",
        "your_children.age",
    ]
    assert made.steps[1].show_when.about == "do_you_bring_children"
    assert made.steps[1].show_when.values == ("yes_i_do",)
    assert form.live


def test_a_draft_that_is_not_ready_is_saved_with_advice(dev, service):
    response = dev.post(address("add"), club(service, item_name=""), follow=True)
    assert "Not ready to publish: 1 thing." in response.text
    assert "Page 2: Words are missing here." in response.text
    assert SmartForm.objects.get().steps[1].value["item_name"] == ""


def test_a_form_of_300_questions_sends_more_fields_than_others_may(dev, service):
    many = {f"more-{number}": "1" for number in range(17_000)}
    assert dev.post(address("add"), club(service) | many).status_code == 302
    form = SmartForm.objects.get()
    assert dev.post(address("preview_on_edit", form.pk), posted_again(form) | many).json()["is_valid"]
    assert "Your name" in dev.get(address("preview_on_edit", form.pk)).text  # read back from the session
    many |= {f"most-{number}": "1" for number in range(4_000)}
    assert dev.post(address("add"), club(service) | many).status_code == 400


def test_service_and_urgency_of_a_destination_are_chosen_from_lists(dev, service):
    ServiceFactory(slug="pest", name="Pests")
    offered = html.unescape(dev.get(address("add")).text).replace('\\"', '"')
    for choice in ('"club">Clubs', '"pest">Pests', '"urgent">Urgent', '"high">High'):
        assert f"<option value={choice}</option>" in offered
    form = draft(dev, service, **_to("pest", urgency="high"))
    row = form.get_latest_revision_as_object().destinations[0].value
    assert (row["service"], row["urgency"]) == ("pest", "high")


@pytest.mark.parametrize("wrong", [{"service": "rockets"}, {"service": "club", "urgency": "at once"}])
def test_what_is_not_on_the_lists_is_refused_at_its_place(dev, service, wrong):
    response = dev.post(address("add"), club(service, **_to(**wrong)))
    assert "Select a valid choice." in str(response.context["form"].errors["destinations"].as_data()[0].as_json_data())
    assert not SmartForm.objects.exists()


def _to(service, **more):
    kind, row = destination(service, "New member")
    return nested_form_data({"destinations": streamfield([(kind, row | more)])})


def test_publishing_is_refused_with_the_place_and_nothing_is_public(dev, eve, service):
    form = draft(dev, service, item_name="")
    response = publish(eve, form)
    assert response.status_code == 200
    assert "Not published: 1 thing to put right." in response.text
    errors = response.context["form"].errors["steps"].as_data()[0].as_json_data()
    assert errors == {"blockErrors": {1: {"blockErrors": {"item_name": {"messages": ["Words are missing here."]}}}}}
    form.refresh_from_db()
    assert (form.live, form.live_version) == (False, None)
    group = form.get_latest_revision_as_object().steps[1].id
    assert f'data-finding="steps.{group}.item_name">Page 2: Words are missing here.</a>' in response.text
    assert "data-w-autosave-interval-value" in eve.get(address("edit", form.pk)).text
    assert "data-w-autosave-interval-value" not in response.text  # it would make an author of Eve


def test_the_place_of_a_question_is_named_by_its_blocks(dev, service):
    pages = [("questions", page("You", [question("Name", "name"), question("", "name")]))]
    response = dev.post(address("add"), club(service, **nested_form_data({"steps": streamfield(pages)})), follow=True)
    form = SmartForm.objects.get().get_latest_revision_as_object()
    step, asked = form.steps[0], form.steps[0].value["questions"].bound_blocks[1]
    assert f'data-finding="steps.{step.id}.questions.{asked.id}.label">Page 1, question 2: Words' in response.text


def test_what_an_author_locked_nobody_else_changes(dev, eve, service):
    form = draft(dev, service)
    assert dev.post(address("lock", form.pk)).status_code == 302
    eve.post(address("edit", form.pk), posted_again(form) | {"title": "Mine"})
    assert SmartForm.objects.get().get_latest_revision_as_object().title == "Join the club"
    dev.post(address("unlock", form.pk))
    eve.post(address("edit", form.pk), posted_again(form) | {"title": "Ours"})
    assert SmartForm.objects.get().get_latest_revision_as_object().title == "Ours"


def test_a_time_that_was_set_in_the_editor_publishes_then(dev, eve, service):
    at = {"go_live_at": "2126-03-01 09:00"}
    form = draft(dev, service, **at)
    assert publish(eve, form, **at).status_code == 302
    form.refresh_from_db()
    assert form.get_latest_revision().approved_go_live_at
    assert not FormVersion.objects.exists()
    _time_comes(form.get_latest_revision())
    assert SmartForm.objects.get().live_version.number == 1


def test_what_only_the_proof_finds_is_refused_at_its_place(dev, eve, service):
    outcomes = streamfield([outcome("One", when=[row("Your name", "given")]), outcome("Never")])
    form = draft(dev, service, **nested_form_data({"outcomes": outcomes}))
    response = publish(eve, form)
    errors = response.context["form"].errors["outcomes"].as_data()[0].as_json_data()
    assert errors["blockErrors"][1]["messages"] == ["The form never ends so, whatever is answered."]
    assert not FormVersion.objects.exists()


def test_short_names_stay_when_words_change(dev, service):
    form = draft(dev, service)
    again = posted_again(form)
    changed = {
        name: "Are there children?" if value == "Do you bring children?" else value for name, value in again.items()
    }
    assert changed != again
    dev.post(address("edit", form.pk), changed)
    latest = gate.definition_of(form.__class__.objects.get().get_latest_revision_as_object())
    assert latest.questions["do_you_bring_children"].label == "Are there children?"
    assert latest.steps[1].show_when.about == "do_you_bring_children"


def test_a_page_that_does_not_know_the_short_names_yet_keeps_them(dev, service):
    """As it is saved by itself while somebody writes: the ids are those of the page, the short names are empty."""
    form = draft(dev, service)
    unnamed = {name: "" if name.endswith("-key") else value for name, value in posted_again(form).items()}
    changed = {name: "Full name" if value == "Your name" else value for name, value in unnamed.items()}
    dev.post(address("edit", form.pk), changed)
    latest = gate.definition_of(SmartForm.objects.get().get_latest_revision_as_object())
    assert latest.questions["your_name"].label == "Full name"


def test_publishing_at_a_set_time_is_proved_then(dev, eve, service):
    form = draft(dev, service)
    SmartForm.objects.filter(pk=form.pk).update(go_live_at=timezone.now() + dt.timedelta(days=1))
    later = form.get_latest_revision()
    later.content["go_live_at"] = (timezone.now() + dt.timedelta(days=1)).isoformat()
    later.save()
    later.as_object().publish(later, user=None)
    later.refresh_from_db()
    assert later.approved_go_live_at
    assert not FormVersion.objects.exists()
    _time_comes(later)
    form.refresh_from_db()
    assert form.live_version.number == 1


def test_a_set_time_that_fails_is_told_and_leaves_the_others(dev, service):
    form = draft(dev, service)
    revision = form.get_latest_revision()
    revision.as_object()
    Service.objects.filter(pk=service.pk).update(slug="other")  # the destination names a service that went
    _time_comes(revision)
    form.refresh_from_db()
    revision.refresh_from_db()
    assert (form.live, form.live_version, revision.approved_go_live_at) == (False, None, None)
    refusal = ModelLogEntry.objects.get(action=gate.REFUSED)
    assert "There is no service club." in str(refusal.data)
    assert "Not published at its time" in dev.get(address("history", form.pk)).text


def _time_comes(revision):
    past = timezone.now() - dt.timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    call_command("publish_scheduled", verbosity=0)


def test_a_revision_that_cannot_be_finished_is_never_published(dev, service):
    form = draft(dev, service, item_name="")
    with pytest.raises(UnprovenFormError):
        form.get_latest_revision().publish()
    form.refresh_from_db()
    assert not form.live


def test_a_form_that_was_taken_down_has_no_live_version(author, dev, eve, service):
    form = draft(dev, service)
    publish(eve, form)
    assert SmartForm.objects.get().live_version
    eve.post(address("unpublish", form.pk))
    form.refresh_from_db()
    assert (form.live, form.live_version) == (False, None)


@pytest.mark.usefixtures("services")
def test_an_imported_form_is_edited_and_published_again(dev, eve):
    name = "report-a-street-problem"
    import_form(json.loads((library.FOLDER / f"{name}.json").read_text()), by=None)
    form = SmartForm.objects.get()
    assert gate.definition_of(form) == library.form(name)
    page = dev.get(address("edit", form.pk))
    assert page.status_code == 200
    for asked in library.form(name).questions.values():
        assert escape(asked.label) in page.text  # in the editor, not only in what is kept
    dev.post(address("edit", form.pk), posted_again(form) | {"title": "Streets"})
    assert publish(eve, form).status_code == 302
    form.refresh_from_db()
    assert form.live_version.number == 2
    assert definition_of(form.live_version).title == "Streets"


def test_lists_and_history_open(dev, service):
    form = draft(dev, service)
    for page_of in (address("list"), address("history", form.pk), address("edit", form.pk), address("add")):
        assert dev.get(page_of).status_code == 200


@pytest.mark.parametrize("role", ["adviser", "editor", "administrator"])
def test_other_roles_do_not_build_forms(author, service, role):
    author("other", role).post(address("add"), club(service))
    assert not SmartForm.objects.exists()


def test_a_page_that_was_cut_short_is_refused(dev, service):
    whole = club(service)
    del whole["steps-0-value-questions-count"]
    assert dev.post(address("add"), whole).status_code == 400
    assert not SmartForm.objects.exists()


def test_what_is_saved_again_before_the_page_knows_goes_on_to_the_form(dev, eve, service):
    """The editor saved by itself, and its author pressed the button at the same moment."""
    form = draft(dev, service)
    again = dev.post(address("add"), club(service, title="Join us"))
    assert (again.status_code, again["Location"]) == (307, address("edit", form.pk))
    dev.post(again["Location"], club(service, title="Join us"))
    assert SmartForm.objects.get().get_latest_revision_as_object().title == "Join us"
    other = eve.post(address("add"), club(service))
    assert "already exists" in str(other.context["form"].errors["slug"])
