"""Services of which everybody may see requests, and what they see of each."""

from django.contrib.gis.db import models
from django.contrib.gis.geos import Point
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.customers.api.api_keys import ApiKey
from barnet.customers.models import User
from barnet.gazetteer.models import BNG
from portal.cases.models import Attachment, Case, TimelineEntry
from portal.smartforms.models import SmartForm

SQUARE = 500  # metres: how exactly the place of a home is told


class About(models.TextChoices):
    """What a request of the service is about: it decides how exactly its place is told to everybody."""

    STREET = "street", _("Something in a street or park: its place is told exactly")
    HOME = "home", _("Something at a home: only the street is told")


class PublicService(models.Model):
    """A service is closed to everybody else's eyes unless it has a row."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="+", verbose_name=_("service"))
    about = models.CharField(_("what it is about"), max_length=6, choices=About.choices)
    name = models.CharField(
        _("as residents call it"),
        max_length=80,
        blank=True,
        help_text=_("“A pothole or broken road”. Empty: the name of the service."),
    )
    group = models.CharField(_("group"), max_length=60, blank=True, help_text=_("Under which it is listed."))
    keywords = ArrayField(models.CharField(max_length=40), verbose_name=_("keywords"), default=list, blank=True)
    form = models.ForeignKey(
        SmartForm,
        verbose_name=_("form that asks for the details"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("One with a question for a place on a map. Without a form nobody can report it on the map."),
    )
    answers = models.JSONField(
        _("answers that the form begins with"),
        default=dict,
        blank=True,
        help_text=_("By the names of its questions, such as {“problem”: “pothole”}."),
    )

    class Meta:
        verbose_name = _("public service")
        ordering = ["group", "service__name"]

    def __str__(self) -> str:
        return self.name or self.service.name

    def clean(self) -> None:
        if not isinstance(self.answers, dict):
            raise ValidationError({"answers": _("Write names and answers, such as {“problem”: “pothole”}.")})

    def get_start_url(self) -> str:
        return f"{reverse('report_place')}?{urlencode({'kind': self.service.slug})}"


class PublicReportQuerySet(models.QuerySet["PublicReport"]):
    def told(self, *, own_of: ApiKey | None = None) -> "PublicReportQuerySet":
        """Of services that are still public, with what a list shows of them; and those that came with this key,
        whatever their service. `last_at`: of the last thing that happened."""
        service = PublicService.objects.filter(service=OuterRef("case__service"))
        rows = self.annotate(called=Subquery(service.values("name")))
        told = Q(case__service__in=PublicService.objects.order_by().values("service"), is_private=False)
        rows = rows.filter(told | Q(api_key=own_of) if own_of else told)
        last = TimelineEntry.objects.filter(case=OuterRef("case")).order_by("-at").values("at")[:1]
        rows = rows.select_related("case__service", "case__ward")
        return rows.annotate(last_at=Coalesce(Subquery(last), F("received_at"))).order_by("-received_at", "-pk")


class PublicReport(models.Model):
    """A request that everybody may know of: what, roughly where, and how it stands. Words only when staff let them."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    about = models.CharField(max_length=6, choices=About.choices)  # as the service said when it came
    received_at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=200, blank=True)  # the nearest street of ours, never what somebody typed
    point = models.PointField(srid=BNG, null=True, blank=True)  # of a home: the middle of its square

    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")  # of the other system
    # Its service was not public on its day: only that system reads of it, even when the service becomes public later.
    is_private = models.BooleanField(default=False, db_default=False)
    description = models.TextField(max_length=4000, blank=True)  # as it was sent by another system
    # Addresses of pictures elsewhere. We keep them as text: nothing of ours ever fetches them.
    media_urls = ArrayField(models.URLField(max_length=500), default=list, blank=True)

    words = models.TextField(_("what everybody reads"), max_length=2000, blank=True)
    photos = models.ManyToManyField(Attachment, blank=True, related_name="+")  # that everybody sees
    shows_media = models.BooleanField(default=False)  # the pictures elsewhere, too
    checked_at = models.DateTimeField(null=True, blank=True)  # staff read it: no personal data is in what is shown
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    called: str = ""  # as residents call its service: `told` reads it

    objects = PublicReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-received_at", "-case"], name="report_newest"),
            models.Index(fields=["received_at"], condition=models.Q(checked_at=None), name="report_to_check"),
        ]
        permissions = [("release_publicreport", "Can let everybody read words and see pictures of reports")]

    def __str__(self) -> str:
        return str(self.case_id)

    def get_absolute_url(self) -> str:
        return reverse("report", args=[self.case.reference])

    @property
    def what(self) -> str:
        return self.called or self.case.service.name

    @property
    def is_home(self) -> bool:
        return self.about == About.HOME

    @property
    def where(self) -> str:
        return self.place or _t("Place told in words")


def public_point(point: Point | None, about: str) -> Point | None:
    """Of a home: the middle of its square of 500 metres."""
    if point is None or about != About.HOME:
        return point
    east, north = (way // SQUARE * SQUARE + SQUARE / 2 for way in (point.x, point.y))
    return Point(east, north, srid=point.srid)
