"""Wordings in the Wagtail admin: list, edit, preview, history. Kinds come from the code: nobody adds or deletes one."""

from django.db.models import QuerySet
from django.forms import Select
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from barnet.customers.models import User
from barnet.notifications.models import MessageTemplate, MessageTranslation
from barnet.notifications.registry import kinds


class EditOnlyPolicy(ModelPermissionPolicy):
    """View and change by Django's permissions; add and delete for nobody, superusers included."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action in {"view", "change"} and super().user_has_permission(user, action)


class MessageTemplateViewSet(SnippetViewSet):
    model = MessageTemplate
    icon = "mail"
    menu_label = _("Message wordings")
    menu_name = "message-wordings"
    menu_order = 400
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("subject", label=_("Subject")),
        Column("wording_state", label=_("Wording")),
        "changed_at",
    ]
    list_per_page = 200  # all of them: nobody should page through kinds of message
    ordering = ["key"]
    panels = [
        HelpPanel(template="notifications/wording_help.html", heading=_("What you can fill in")),
        FieldPanel("subject"),
        FieldPanel("body"),
        FieldPanel(
            "short", help_text=_("In few words. Empty: the council's name, the subject, and the link if there is one.")
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageTemplate]:
        """A kind that the code no longer knows keeps its row, and is not offered."""
        return MessageTemplate.objects.filter(key__in=[kind.key for kind in kinds()])


class MessageTranslationViewSet(SnippetViewSet):
    """Saving one says that it fits the English of now."""

    model = MessageTranslation
    icon = "mail"
    menu_label = _("Translated wordings")
    menu_name = "translated-wordings"
    menu_order = 401
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["__str__", "subject", Column("state", label=_("State")), "changed_at"]
    list_filter = ["language"]
    list_per_page = 100
    panels = [
        HelpPanel(
            _(
                "Fill-ins such as ((reference)) stay as they are in English. A translation is used until the English "
                "changes; save it again when it says the same as the new one."
            )
        ),
        FieldPanel("template", widget=Select),
        FieldPanel("language"),
        FieldPanel("subject"),
        FieldPanel("body"),
        FieldPanel("short"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageTranslation]:
        return MessageTranslation.objects.select_related("template")


register_permission_policy(MessageTemplate, EditOnlyPolicy(MessageTemplate))
register_snippet(MessageTemplateViewSet)
register_snippet(MessageTranslationViewSet)
