"""Who may do what to a page. Nobody publishes alone: a page goes live only when a second person approves it."""

from wagtail.models import PagePermissionTester


class TwoEyesPermissionTester(PagePermissionTester):
    """Wagtail's rules without the short cut past the second pair of eyes, for superusers too.

    The permission "publish" is read as "may take pages down, move and reorder them": that hides nothing unread from
    residents. `Revision.publish` of an approved change passes by its own door (`cms.models.TwoEyesTask`).
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return bool(self.can_edit())
