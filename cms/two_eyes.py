"""The guarantee of the website: whatever residents read was approved by somebody who did not write it.

1. Nobody holds a permission that publishes (`cms.permission_testers`): a page goes live through `publish_approved`.
2. `publish_approved` looks at the very revision that goes live and refuses it unless somebody outside of its
   contributors approved that revision. It does not trust the workflow's set-up, and superusers are people too.
3. While a change waits for approval it is locked for everyone, so that nobody approves what they have not read.

Wagtail loads this module while it loads its own models, hence no model is imported here.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from wagtail.models import Page, WorkflowState

    from barnet.customers.models import User


def contributor_ids(page: "Page") -> set[int]:
    """Whoever wrote any of what is not public yet, asked for it to be published, or started the page."""
    revisions = page.revisions.all()
    if page.last_published_at:
        revisions = revisions.filter(created_at__gt=page.last_published_at)
    people = set(revisions.values_list("user_id", flat=True))
    state = page.current_workflow_state
    people.add(state.requested_by_id if state else None)
    people.add(None if page.last_published_at else getattr(page, "owner_id", None))  # forms have none
    return {person for person in people if person is not None}


def is_contributor(page: "Page", user: "User") -> bool:
    return user.pk in contributor_ids(page)


def publish_approved(workflow_state: "WorkflowState", user: "User | None" = None) -> None:
    """Publishes the latest revision of a page, if somebody who had no part in it approved exactly that revision."""
    page = workflow_state.content_object
    revision = page.get_latest_revision()
    people = contributor_ids(page) | {workflow_state.requested_by_id}
    approvals = workflow_state.task_states.filter(status="approved", revision=revision, finished_by__isnull=False)
    if not approvals.exclude(finished_by__in=people - {None}).exists():
        raise PermissionDenied("Somebody who did not take part in this change has to approve it.")
    revision.publish(user=user, skip_permission_checks=True)
