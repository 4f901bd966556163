"""The step of a workflow at which somebody else approves a form."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.locks import WorkflowLock
from wagtail.models import AbstractGroupApprovalTask, TaskState

from barnet.catalogue.two_eyes import may_publish

MAY_APPROVE = "smartforms.publish_smartform"


class WaitingLock(WorkflowLock):
    """What waits for approval stays as it was submitted, so that nobody approves what they have not read."""

    def get_message(self, user: Any) -> str:
        return _(
            "This form waits for somebody else to approve it. Nobody can change it until then. Whoever submitted it can"
            " cancel that and go on writing."
        )

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return _("Nobody can change the form until it is approved or sent back.")


class FormApproval(AbstractGroupApprovalTask):
    """Somebody of these groups who may publish forms, and wrote none of the draft, approves it or asks for changes."""

    lock_class = WaitingLock

    class Meta:
        verbose_name = gettext_lazy("approval of a form by somebody else")
        verbose_name_plural = gettext_lazy("approvals of forms by somebody else")

    @classmethod
    def get_description(cls) -> str:
        return str(_("A member of the chosen groups approves the form. Nobody approves a draft that they wrote in."))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not (user.has_perm(MAY_APPROVE) and may_publish(obj, user)):
            return []
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        return actions

    def on_action(self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **more: Any) -> None:
        if not self.get_actions(task_state.workflow_state.content_object, user):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **more)

    def get_task_states_user_can_moderate(self, user: Any, **more: Any) -> models.QuerySet[TaskState]:
        states = super().get_task_states_user_can_moderate(user, **more).select_related("workflow_state")
        theirs = [state.pk for state in states if self.get_actions(state.workflow_state.content_object, user)]
        return TaskState.objects.filter(pk__in=theirs)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False
