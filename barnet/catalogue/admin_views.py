"""Publishing in the back office: by somebody else, and exactly what that person was shown (`two_eyes`)."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.snippets.views.snippets import CreateView, EditView

from barnet.catalogue.two_eyes import may_publish, words_of

PUBLISH = "publish"


class ServiceCreateView(CreateView):
    def get_available_actions(self) -> list[str]:
        return [action for action in super().get_available_actions() if action != PUBLISH]


class ServiceEditView(EditView):
    def get_available_actions(self) -> list[str]:
        actions = super().get_available_actions()
        if self.is_an_old_revision or not may_publish(self.live_object, self.request.user):
            return [action for action in actions if action != PUBLISH]
        return actions

    @property
    def is_an_old_revision(self) -> bool:
        """The page that brings back an earlier revision: what it saves is a change."""
        return self.view_name == "revisions_revert"

    def save_instance(self) -> Model:
        """Every saving is a revision of its own while somebody publishes: it is compared with the one before."""
        if self.action == PUBLISH:
            self.overwrite_revision = None
        self.revision_before = self.live_object.get_latest_revision()
        return super().save_instance()

    def publish_action(self) -> HttpResponse | None:
        before = self.revision_before
        self.new_revision.refresh_from_db(
            fields=["content"]
        )  # dates as the database keeps them, to compare like with like
        if before is None or words_of(before.content) != words_of(self.new_revision.content):
            messages.warning(
                self.request,
                _("You changed something, so we have saved it as a draft. Somebody who did not write it publishes it."),
            )
            return redirect(self.get_edit_url())
        return super().publish_action()
