"""The services that the council offers to its customers."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

OWN_PATH = RegexValidator(
    r"^/([\w.~-][\w./~-]*(\?[\w=&%.+-]*)?)?$", _("Enter an address of this website, such as /bins/.")
)


class Service(models.Model):
    """A thing that a customer can ask for, the standard in working days, and where it starts."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    summary = models.CharField(max_length=300)
    category = models.CharField(max_length=60)
    owner_unit = models.CharField(max_length=60)
    standard_working_days = models.PositiveSmallIntegerField(
        default=5, help_text=_("0: people get the answer at once, nothing is promised.")
    )
    start_path = models.CharField(
        max_length=200,
        blank=True,
        validators=[OWN_PATH],
        help_text=_("An address of this website, such as /bins/. Empty: people are told how to contact us."),
    )
    search_words = models.CharField(max_length=300, blank=True)  # what people really type
    is_live = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("service", args=[self.slug])
