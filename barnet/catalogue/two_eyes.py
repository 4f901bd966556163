"""Whatever the public reads about a service was published by somebody who did not write it.

1. A change is a draft. Nobody publishes while they save words of their own: "publish" with a form that changes
   anything saves a draft and no more (`barnet.catalogue.admin_views`).
2. Nobody publishes a draft in which they had a hand: whoever saved any revision since the last publication.

Superusers are people, too.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from barnet.catalogue.models import Service

# What publishing itself changes in a revision.
_ABOUT_PUBLISHING = {
    "pk",
    "live",
    "expired",
    "latest_revision",
    "live_revision",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
}


def writers(service: "Service") -> set[int]:
    """Whoever wrote any of what is not public yet."""
    revisions = service.revisions.all()
    if service.last_published_at:
        revisions = revisions.filter(created_at__gt=service.last_published_at)
    return {pk for pk in revisions.values_list("user_id", flat=True) if pk is not None}


def may_publish(service: "Service", user: "AbstractBaseUser") -> bool:
    return bool(service.has_unpublished_changes) and user.pk not in writers(service)


def words_of(content: Any) -> Any:
    """The content of a revision without what publishing changes and without row numbers: what residents would read."""
    if isinstance(content, dict):
        return {name: words_of(value) for name, value in content.items() if name not in _ABOUT_PUBLISHING}
    return [words_of(value) for value in content] if isinstance(content, list) else content
