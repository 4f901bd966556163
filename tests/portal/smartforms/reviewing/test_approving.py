"""A form is submitted by its author, and approved by somebody else: through Wagtail's real pages."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Task, TaskState, Workflow, WorkflowContentType, WorkflowTask

from barnet.catalogue.models import Service
from barnet.customers.models import User
from barnet.customers.staff.roles import ROLES
from portal.smartforms.models import FormApproval, FormVersion, SmartForm
from portal.smartforms.reviewing.approving import NotWaitingError, decide, ensure_approval
from tests.factories import ServiceFactory
from tests.portal.smartforms.authoring.editing import club, posted_again
from tests.portal.smartforms.reviewing.conftest import address

SUBMIT = {"action-submit": "1"}


@pytest.fixture
def service(db):
    return ServiceFactory(slug="club", name="Clubs")


@pytest.fixture
def eve(client_of):
    return client_of("form_author", "eve")


@pytest.fixture
def submitted(dev, service):
    ensure_approval()
    assert dev.post(address("add"), club(service) | SUBMIT).status_code == 302
    return SmartForm.objects.get()


def state_of(form):
    return SmartForm.objects.get(pk=form.pk).current_workflow_task_state


def send(client, form, decision="approve", comment="", *, follow=True, **more):
    state = state_of(form)
    posted = {"task_state": state.pk if state else 1, "decision": decision, "comment": comment, **more}
    return client.post(address("review", form.pk), posted, follow=follow)


def is_public(form):
    return SmartForm.objects.get(pk=form.pk).live_version is not None


def test_somebody_else_reads_and_approves_and_the_form_is_public(submitted, dev, eve):
    assert not is_public(submitted)
    assert address("review", submitted.pk) in eve.get(address("edit", submitted.pk)).text
    page = eve.get(address("review", submitted.pk)).text
    assert "It was never public." in page
    assert "See the" in page
    assert "You approved ‘Join the club’. It was the last step." in send(eve, submitted).text
    assert is_public(submitted)
    assert FormVersion.objects.get().published_by == User.objects.get(email="eve@example.com")
    assert mail.outbox == []


def test_whoever_wrote_it_decides_nothing(submitted, dev):
    assert address("review", submitted.pk) not in dev.get(address("edit", submitted.pk)).text
    assert "What do you decide?" not in dev.get(address("review", submitted.pk)).text
    for decision in ("approve", "change"):
        assert "you do not have permission" in send(dev, submitted, decision, "No.").text
    assert state_of(submitted).status == TaskState.STATUS_IN_PROGRESS
    assert not is_public(submitted)


def test_a_form_that_cannot_be_finished_is_not_submitted(dev, service):
    ensure_approval()
    response = dev.post(address("add"), club(service, item_name="") | SUBMIT)
    assert "Not submitted: 1 thing to put right." in response.text
    assert not SmartForm.objects.exists()


def test_a_form_that_cannot_be_finished_any_more_is_not_approved(submitted, eve):
    Service.objects.update(slug="other")  # the destination names a service that went
    page = send(eve, submitted).text
    assert "It was not approved" in page
    assert "There is no service club." in page
    assert state_of(submitted).status == TaskState.STATUS_IN_PROGRESS
    assert not is_public(submitted)
    Service.objects.update(slug="club")
    send(eve, submitted)
    assert is_public(submitted)


def test_changes_are_asked_for_with_a_sentence_and_the_author_submits_again(submitted, dev, eve):
    assert "Say what should change." in send(eve, submitted, "change").text
    assert state_of(submitted)
    assert send(eve, submitted, "change", "Ask for the school, too.").status_code == 200
    assert state_of(submitted) is None
    assert "Ask for the school, too." in dev.get(address("review", submitted.pk)).text
    assert dev.post(address("edit", submitted.pk), posted_again(submitted) | SUBMIT).status_code == 302
    assert "It was the last step." in send(eve, submitted).text
    assert is_public(submitted)


def test_what_waits_is_locked_for_everybody_until_it_is_taken_back(submitted, dev, eve):
    latest = submitted.latest_revision_id
    changed = posted_again(submitted) | {"title": "Slipped in"}
    for client in (dev, eve):
        client.post(address("edit", submitted.pk), changed)
        client.post(address("edit", submitted.pk), changed | {"action-publish": "1"})
    assert SmartForm.objects.get().latest_revision_id == latest
    dev.post(address("edit", submitted.pk), changed | {"action-cancel-workflow": "1"})
    assert state_of(submitted) is None
    dev.post(address("edit", submitted.pk), changed)
    assert SmartForm.objects.get().get_latest_revision_as_object().title == "Slipped in"
    assert "This does not wait for you any more" in send(eve, submitted).text
    assert not is_public(submitted)


def test_a_decision_counts_once_and_for_what_was_read(submitted, dev, eve):
    read = state_of(submitted).pk
    user = User.objects.get(email="eve@example.com")
    dev.post(address("edit", submitted.pk), posted_again(submitted) | {"action-cancel-workflow": "1"})
    dev.post(address("edit", submitted.pk), posted_again(submitted) | {"title": "Another"} | SUBMIT)
    assert "This does not wait for you any more" in send(eve, submitted, task_state=read).text
    assert not is_public(submitted)
    now = state_of(submitted).pk
    decide(SmartForm.objects.get(), now, by=user, approves=True)
    with pytest.raises(NotWaitingError):
        decide(SmartForm.objects.get(), now, by=user, approves=True)
    assert FormVersion.objects.count() == 1


@pytest.mark.parametrize(
    "posted", [{"decision": "publish"}, {"task_state": "9" * 30}, {"comment": "\x00"}, {"decision": ""}]
)
def test_forged_decisions_change_nothing(submitted, eve, posted):
    assert send(eve, submitted, **posted).status_code in {200, 400}
    assert state_of(submitted).status == TaskState.STATUS_IN_PROGRESS


def test_every_step_of_a_workflow_is_asked(submitted, dev, eve, client_of):
    dev.post(address("edit", submitted.pk), posted_again(submitted) | {"action-cancel-workflow": "1"})
    words = FormApproval.objects.create(name="Plain words")
    words.groups.set(Group.objects.filter(name=ROLES["form_author"].name))
    WorkflowTask.objects.create(workflow=Workflow.objects.get(name="Approval of forms"), task=words, sort_order=2)
    dev.post(address("edit", submitted.pk), posted_again(submitted) | SUBMIT)
    assert "It waits for the next step." in send(eve, submitted).text
    assert not is_public(submitted)
    assert "It was the last step." in send(client_of("form_author", "fay"), submitted).text
    assert is_public(submitted)


def test_a_weak_workflow_opens_no_door(dev, service):
    task = GroupApprovalTask.objects.create(name="Anybody")
    task.groups.set(Group.objects.filter(name=ROLES["form_author"].name))
    workflow = Workflow.objects.create(name="Anybody")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowContentType.objects.create(workflow=workflow, content_type=ContentType.objects.get_for_model(SmartForm))
    dev.post(address("add"), club(service) | SUBMIT)
    form = SmartForm.objects.get()
    assert "you do not have permission" in send(dev, form).text
    dev.post(
        address("edit", form.pk),
        posted_again(form) | {"action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    assert not is_public(form)


def test_where_wagtail_offers_to_decide_one_is_led_to_the_review(submitted, eve):
    home = eve.get(reverse("wagtailadmin_home"))
    action = address("workflow_action", submitted.pk, "approve", state_of(submitted).pk)
    assert action in home.text
    assert eve.post(action)["Location"] == address("review", submitted.pk)
    assert not is_public(submitted)


def test_the_home_of_a_writer_offers_nothing(submitted, dev):
    home = dev.get(reverse("wagtailadmin_home")).text
    assert address("workflow_action", submitted.pk, "approve", state_of(submitted).pk) not in home


@pytest.mark.parametrize("role", ["editor", "administrator", "adviser"])
def test_other_roles_do_not_approve(submitted, client_of, role):
    client = client_of(role, "other")
    assert client.get(address("review", submitted.pk)).status_code in {302, 403}
    send(client, submitted, follow=False)
    assert not is_public(submitted)


def test_the_ground_is_laid_once_and_leaves_what_people_changed(db):
    ensure_approval()
    Workflow.objects.get(name="Approval of forms").deactivate()
    ensure_approval()
    assert Task.objects.filter(name="Approval by another author").count() == 1
    assert SmartForm.get_default_workflow() is None
