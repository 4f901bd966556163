"""A form that staff write, and its published versions."""

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import MD5
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from barnet.catalogue.models import Service
from portal.smartforms.authoring.blocks import CALCULATIONS, DESTINATIONS, ENDS, OUTCOMES, STEPS
from portal.smartforms.authoring.fields import BlocksField


class SmartForm(WorkflowMixin, PreviewableMixin, DraftStateMixin, LockableMixin, RevisionMixin, models.Model):
    """What authors edit. Residents only ever see `live_version`, which is there when somebody else published a form
    that was proved: whichever way it becomes public, it goes through `publish`."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=1000, blank=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", verbose_name=_("service"))
    needs_account = models.BooleanField(
        _("only for people who are signed in"), default=False, db_default=False, help_text=_("Or whom staff serve")
    )
    steps = BlocksField(STEPS, blank=True, max_num=400, verbose_name=_("pages"))
    ends = BlocksField(ENDS, blank=True, max_num=500, verbose_name=_("ends"))
    calculations = BlocksField(CALCULATIONS, blank=True, max_num=500, verbose_name=_("calculations"))
    outcomes = BlocksField(OUTCOMES, blank=True, max_num=100, verbose_name=_("outcomes"))
    destinations = BlocksField(DESTINATIONS, blank=True, max_num=100, verbose_name=_("destinations"))
    declaration = models.TextField(_("declaration"), max_length=2000, blank=True, db_default="", default="")
    live_version = models.ForeignKey(
        "smartforms.FormVersion", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        permissions = [
            ("publish_smartform", "Can publish forms that somebody else wrote, and take them down"),
            ("lock_smartform", "Can lock forms, so that nobody else changes them meanwhile"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("form_start", args=[self.slug])

    # Both are put here by `SmartFormsConfig.ready`.
    gate: ClassVar[Any] = None  # what must hold before anything is public
    trying_page: ClassVar[Any] = None  # shows a draft

    def publish(self, revision: Any, user: Any = None, **options: Any) -> Any:
        return type(self).gate.publish(self, super().publish, revision, user, **options)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        action = reverse("wagtailsnippets_smartforms_smartform:try", args=[self.pk]) if self.pk else ""
        return type(self).trying_page(request, self, action=action)

    def with_content_json(self, content: Any) -> Any:
        form = super().with_content_json(content)
        form.live_version = self.live_version  # of the form, not of the revision
        return form


class FormWording(models.Model):
    """A text of a form in another language, and the English that it was made from: it rests while the form says
    something else. Many versions may say the same English, so it belongs to the form."""

    form = models.ForeignKey(SmartForm, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=10)
    key = models.CharField(max_length=250)  # as `translating.texts` names it
    english = models.TextField()
    text = models.TextField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["form", "language", "key"]
        constraints = [
            models.UniqueConstraint("form", "language", "key", MD5("english"), name="form_wording_of_a_text")
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.key}"


@pgtrigger.register(pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete))
class FormVersion(models.Model):
    """What was proved and published. Never changed: drafts and answers name the version that they were given for."""

    form = models.ForeignKey(SmartForm, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()  # as `definition.writing` writes it
    sha256 = models.CharField(max_length=64)  # of the definition
    ways = models.PositiveIntegerField()  # that the proof found through it
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["form", "-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_number")]

    def __str__(self) -> str:
        return f"{self.form_id}, version {self.number}"
