"""Authors build and publish forms through Wagtail's real views."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from barnet.catalogue.models import Service
from barnet.customers.roles import ensure_roles
from portal.smartforms import library
from portal.smartforms.authoring import gate
from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.authoring.gate import ABOUT
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.publishing import UnprovenFormError, import_form
from portal.smartforms.versions import definition_of
from tests.factories import ServiceFactory, StaffFactory
from tests.people import PortalClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db):
    return ServiceFactory(slug="club", name="Clubs")


@pytest.fixture
def author(db):
    ensure_roles()

    def client_of(name, role="form_author"):
        client = PortalClient()
        client.force_login(StaffFactory(email=f"{name}@example.com", roles=[role]))
        return client

    return client_of


@pytest.fixture
def dev(author):
    return author("dev")


@pytest.fixture
def eve(author):
    return author("eve")


def address(act, *args):
    return reverse(f"wagtailsnippets_smartforms_smartform:{act}", args=args)


# --- what a browser posts ---


def row(about, test, value=""):
    return ("row", {"about": about, "test": test, "value": value})


def items(rows):
    posted = {str(number): {"value": value, "order": str(number), "deleted": ""} for number, value in enumerate(rows)}
    return posted | {"count": str(len(rows))}


def question(label, kind="short_text", *, options=(), show_when=(), is_required=True, **more):
    value = {
        **dict.fromkeys(
            ("hint", "help", "why", "prefill", "keep_days", "least", "most", "earliest", "latest", "pattern", "key"), ""
        ),
        "label": label,
        "kind": kind,
        "data_class": "ordinary",
        "options": items([{"label": option, "hint": "", "value": ""} for option in options]),
        "rows": items([]),
        "show_when": streamfield(list(show_when)),
        "checks": items([]),
        **more,
    }
    return value | ({"is_required": "on"} if is_required else {})


def page(title, questions, *, show_when=(), **more):
    return {
        "title": title,
        "body": "",
        "key": "",
        "show_when": streamfield(list(show_when)),
        "questions": items(questions),
        **more,
    }


def outcome(title, *, when=(), body=""):
    return ("outcome", {"title": title, "body": body, "key": "", "sends": "on", "when": streamfield(list(when))})


def destination(service, title):
    row = {"service": service, "case_title": title, "team": "", "urgency": "normal", "when": streamfield([])}
    return ("destination", row)


def club(service, *, item_name="child", **changed):
    """A branching form with a repeating group, as an editor builds it: words only, no short names."""
    return nested_form_data(
        {
            "title": "Join the club",
            "slug": "join-the-club",
            "summary": "For families.",
            "service": service.pk,
            "declaration": "",
            "go_live_at": "",
            "expire_at": "",
            "steps": streamfield(
                [
                    (
                        "questions",
                        page(
                            "You",
                            [
                                question("Your name", "name"),
                                question("Do you bring children?", "radios", options=["Yes, I do", "No"]),
                            ],
                        ),
                    ),
                    (
                        "group",
                        page(
                            "Your children",
                            [question("Child's name", "name"), question("Age", "number", least="0", most="17")],
                            show_when=[row("Do you bring children?", "one_of", "Yes, I do")],
                            item_name=item_name,
                            least="1",
                            most="10",
                        ),
                    ),
                ]
            ),
            "calculations": streamfield([]),
            "ends": streamfield([]),
            "outcomes": streamfield([outcome("We have it")]),
            "destinations": streamfield([destination("club", "New member")]),
            **changed,
        }
    )


def posted_again(form):
    """What the editor sends back for the form as it stands: everything with its short name and id."""
    form = SmartForm.objects.get(pk=form.pk).get_latest_revision_as_object()
    blocks = {name: list(getattr(form, name).get_prep_value()) for name in PARTS}
    fields = {name: getattr(form, name) for name in ABOUT if name != "needs_account"}
    fields |= {"needs_account": "on"} if form.needs_account else {}
    return nested_form_data(
        {
            **fields,
            "service": form.service_id,
            "go_live_at": "",
            "expire_at": "",
            **{name: _stream(rows) for name, rows in blocks.items()},
        }
    )


def _stream(rows):
    posted = {
        str(number): {
            "type": block["type"],
            "id": block.get("id") or "",
            "order": str(number),
            "deleted": "",
            "value": _value(block["value"]),
        }
        for number, block in enumerate(rows)
    }
    return posted | {"count": str(len(rows))}


def _value(value):
    posted = {}
    for name, part in value.items():
        if isinstance(part, list):
            posted[name] = part if part and isinstance(part[0], str) else _stream(part)
        elif isinstance(part, bool):
            posted |= {name: "on"} if part else {}
        else:
            posted[name] = "" if part is None else str(part)
    return posted


def draft(client, service, **changed):
    response = client.post(address("add"), club(service, **changed))
    assert response.status_code == 302, response.context["form"].errors
    return SmartForm.objects.get()


def publish(client, form, **changed):
    return client.post(address("edit", form.pk), {**posted_again(form), "action-publish": "1", **changed})


# --- tests ---


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


def test_publishing_is_refused_with_the_place_and_nothing_is_public(dev, eve, service):
    form = draft(dev, service, item_name="")
    response = publish(eve, form)
    assert response.status_code == 200
    assert "Not published: 1 thing to put right." in response.text
    errors = response.context["form"].errors["steps"].as_data()[0].as_json_data()
    assert errors == {"blockErrors": {1: {"blockErrors": {"item_name": {"messages": ["Words are missing here."]}}}}}
    form.refresh_from_db()
    assert (form.live, form.live_version) == (False, None)


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
    assert dev.get(address("edit", form.pk)).status_code == 200
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
