"""A form is submitted, and somebody else approves it or asks for changes: step by step, as its workflow says.

1. Approving proves the form first. One that cannot be finished is not approved, and nothing changes.
2. Whoever wrote any of the draft decides nothing (`FormApproval`); the last approval publishes, and asks again
   (`cms.two_eyes`), whatever the workflow was set up to.
3. A decision is about what was read: `task_state` names it, and each is decided once.
"""

from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.admin import signal_handlers
from wagtail.models import TaskState, Workflow, WorkflowContentType, WorkflowTask

from barnet.catalogue.two_eyes import may_publish
from barnet.customers.staff.roles import ROLES
from portal.smartforms.authoring import gate
from portal.smartforms.definition.reading import Finding
from portal.smartforms.models import FormApproval, SmartForm

TASK, WORKFLOW = "Approval by another author", "Approval of forms"
_SENT_BY_WAGTAIL = (
    "task_submission_email_notifier",
    "workflow_submission_email_notifier",
    "workflow_approval_email_notifier",
    "workflow_rejection_email_notifier",
)


class NotWaitingError(Exception):
    """It was decided, cancelled or submitted anew meanwhile."""


class NotFinishableError(Exception):
    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings


def may_decide(form: SmartForm, user: Any) -> bool:
    task = form.current_workflow_task
    return bool(task and may_publish(form, user) and task.get_actions(form, user))


@transaction.atomic
def decide(form: SmartForm, task_state: int, *, by: Any, approves: bool, comment: str = "") -> None:
    """Raises NotWaitingError or NotFinishableError, and changes nothing then."""
    TaskState.objects.select_for_update().filter(pk=task_state).first()
    current = form.current_workflow_task_state
    if current is None or current.pk != task_state:
        raise NotWaitingError
    if approves and (found := gate.findings(form.get_latest_revision_as_object())):
        raise NotFinishableError(found)
    current.task.specific.on_action(current, by, "approve" if approves else "reject", comment=comment)


def ensure_approval() -> str:
    """Unless somebody gave forms another workflow, or took this one away."""
    task, is_new = FormApproval.objects.get_or_create(name=TASK)
    if not is_new:
        return "approval of forms stands"
    task.groups.set(Group.objects.filter(name=ROLES["form_author"].name))
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    of_forms = ContentType.objects.get_for_model(SmartForm)
    WorkflowContentType.objects.get_or_create(content_type=of_forms, defaults={"workflow": workflow})
    return "approval of forms laid"


def no_mail_about_forms() -> None:
    """Wagtail would send from within the request, past the outbox. What waits for whom stands on its first page."""
    for name in _SENT_BY_WAGTAIL:
        notifier = getattr(signal_handlers, name)
        notifier.get_recipient_users = partial(_unless_form, notifier.get_recipient_users)


def _unless_form(recipients: Any, instance: Any, **more: Any) -> set[Any]:
    state = instance.workflow_state if isinstance(instance, TaskState) else instance
    return set() if isinstance(state.content_object, SmartForm) else recipients(instance, **more)
