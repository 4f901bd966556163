"""Guardians of data keep the purposes that people can agree to, and write the next version of a text."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from barnet.customers.consent.agreeing import next_version, publish
from barnet.customers.models import Purpose, PurposeText


class PurposeTextForm(WagtailAdminModelForm):
    """A new text gets the next number. Published, it is what people are asked, and nobody changes it any more."""

    publish_now = forms.BooleanField(
        label=_("Publish this version"),
        help_text=_("From then on people are asked it, and it cannot be changed: write a new version instead."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.published_at is not None:
            raise ValidationError(_("This version is published and cannot be changed. Write a new version."))
        purpose = cleaned.get("purpose")
        if purpose and purpose.texts.filter(published_at=None).exclude(pk=self.instance.pk).exists():
            self.add_error("purpose", _("This purpose has a draft already. Change that one."))
        return cleaned

    def save(self, commit: bool = True) -> PurposeText:
        text: PurposeText = super().save(commit=False)
        if text.version is None:
            text.version = next_version(text.purpose)
        if commit:
            text.save()
            if self.cleaned_data["publish_now"]:
                text = publish(text)
        return text


class KeptPolicy(ModelPermissionPolicy):
    """Nobody deletes what people agreed to."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class PurposeTextPolicy(KeptPolicy):
    def user_has_permission_for_instance(self, user: Any, action: str, instance: PurposeText) -> bool:
        if action == "change" and instance.published_at is not None:
            return False
        return super().user_has_permission_for_instance(user, action, instance)


class PurposeViewSet(SnippetViewSet):
    model = Purpose
    icon = "tick"
    menu_label = _("Purposes")
    copy_view_enabled = False
    list_display = ("name", "slug", "is_live")
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("slug"), FieldPanel("is_live")])


class PurposeTextViewSet(SnippetViewSet):
    model = PurposeText
    icon = "doc-full"
    menu_label = _("Texts")
    copy_view_enabled = False
    list_display = ("purpose", "version", "published_at")
    list_filter = ("purpose",)
    edit_handler = ObjectList(
        [FieldPanel("purpose", widget=forms.Select), FieldPanel("wording"), FieldPanel("publish_now")],
        base_form_class=PurposeTextForm,
    )


class ConsentGroup(SnippetViewSetGroup):
    items = (PurposeViewSet, PurposeTextViewSet)
    menu_label = _("Consent")
    menu_icon = "tick"
    menu_order = 660


register_permission_policy(Purpose, KeptPolicy(Purpose))
register_permission_policy(PurposeText, PurposeTextPolicy(PurposeText))
register_snippet(ConsentGroup)
