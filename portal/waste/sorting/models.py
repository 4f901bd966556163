"""Things that people throw away. Read through `portal.waste.models`."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import RevisionMixin

from portal.waste.sorting.enums import Destination


class WasteItem(RevisionMixin, models.Model):  # type: ignore[misc]  # Wagtail's bases are untyped
    """One thing, where it goes and how to prepare it. The database keeps what the search compares."""

    slug = models.SlugField(_("address of its page"), max_length=80, unique=True)
    name = models.CharField(max_length=80, unique=True, help_text=_("What people call it, such as Pizza box."))
    other_words = models.CharField(
        _("other words"), max_length=300, blank=True, help_text=_("What else people type when they look for it.")
    )
    goes_to = models.CharField(_("where it goes"), max_length=12, choices=Destination.choices)
    prepare = models.CharField(_("how to prepare it"), max_length=300, blank=True)
    warning = models.CharField(
        max_length=300, blank=True, help_text=_("What can go wrong, such as a fire. Shown in bold.")
    )
    search_text = models.GeneratedField(
        expression=Lower(Concat("name", Value(" "), "other_words")), output_field=models.TextField(), db_persist=True
    )
    search_words = models.GeneratedField(
        expression=SearchVector("name", weight="A", config="english")
        + SearchVector("other_words", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("thing to throw away")
        verbose_name_plural = _("things to throw away")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(goes_to__in=Destination.values), name="waste_item_goes_somewhere")
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="waste_item_alike"),
            GinIndex(fields=["search_words"], name="waste_item_words"),
            models.Index(fields=["goes_to", "name"], name="waste_item_goes_to"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("waste_item", args=[self.slug])

    @property
    def destination(self) -> Destination:
        return Destination(self.goes_to)

    @property
    def summary(self) -> str:
        return f"{self.destination.label}. {self.prepare}".strip()
