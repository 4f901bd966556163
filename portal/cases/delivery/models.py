"""Back offices, and what each is to hear. Read through `portal.cases.models`."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.catalogue.models import Service
from barnet.kit.sealing import seal, unseal
from portal.cases.delivery.addresses import check_address
from portal.cases.delivery.enums import NOT_DONE, AttemptOutcome, DeliveryState, OfficeStatus, UpdateResult

_PURPOSE = "portal.cases.delivery"

# In the database, so that no way to write the timeline can forget it, and a service without an office costs nothing.
# What staff write for each other has no public text and is not told. An office that loses a request hears of that.
TELL_BACK_OFFICES = pgtrigger.Trigger(
    name="tell_back_offices",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    condition=~pgtrigger.Q(new__public_text=""),
    func="""
        INSERT INTO cases_delivery
            (key, office_id, case_id, entry_id, state, made_at, due_at, attempt_count, last_error)
        SELECT gen_random_uuid(), office.id, NEW.case_id, NEW.id, 'waiting', NEW.at, NEW.at, 0, ''
        FROM cases_backoffice AS office
        WHERE office.is_active AND (
            EXISTS (
                SELECT 1 FROM cases_backoffice_services AS served
                JOIN cases_case AS request ON request.service_id = served.service_id
                WHERE served.backoffice_id = office.id AND request.id = NEW.case_id
            )
            OR NEW.kind = 'moved' AND EXISTS (
                SELECT 1 FROM cases_delivery AS earlier
                WHERE earlier.office_id = office.id AND earlier.case_id = NEW.case_id
            )
        )
        ORDER BY office.id;
        RETURN NULL;
    """,
)


def unsealed(sealed: str) -> str:
    return unseal(sealed, purpose=_PURPOSE)


class BackOffice(models.Model):
    """Another system that deals with the requests of some services. Without one a service has our own queue alone."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("how it is told"), max_length=20)  # a name in `kinds`
    url = models.CharField(_("address"), max_length=500, blank=True)
    sealed_secret = models.TextField(blank=True, editable=False)  # both sides sign with it
    services = models.ManyToManyField(Service, related_name="+", blank=True)
    hears_contact = models.BooleanField(_("hears name, e-mail and telephone of who asked"), default=True)
    options = models.JSONField(default=dict, blank=True)  # of its kind
    is_active = models.BooleanField(_("is used"), default=True)  # else nothing is noted for it
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # of its settings
    heard_until = models.DateTimeField(null=True, blank=True, editable=False)  # where we ask: what we have read of it

    class Meta:
        ordering = ["name"]
        permissions = [("pause_backoffice", "Can hold back what a back office is told, and let it go on")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.url:
            check_address(self.url)

    @property
    def secret(self) -> str:
        return unsealed(self.sealed_secret) if self.sealed_secret else ""

    @secret.setter
    def secret(self, text: str) -> None:
        self.sealed_secret = seal(text, purpose=_PURPOSE)


class OfficeFile(models.Model):
    """What an office was told in one night. Its deliveries are those that name it."""

    office = models.ForeignKey(BackOffice, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField()  # of the office: 1, 2, 3
    made_at = models.DateTimeField(default=timezone.now)
    row_count = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)  # SHA-256 of its bytes
    sealed_at = models.DateTimeField(null=True, blank=True)  # the fingerprint lies beside it
    removed_at = models.DateTimeField(null=True, blank=True)  # from the disk

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["office", "number"], name="office_file_once")]
        indexes = [models.Index(fields=["made_at"], condition=Q(removed_at=None), name="office_file_kept")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.office.slug}-{self.number:06}.csv"


class Delivery(models.Model):
    """One entry of a timeline that one office is to hear. Written by a trigger, with the entry."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the same in every attempt
    office = models.ForeignKey(BackOffice, on_delete=models.PROTECT, related_name="deliveries")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey("cases.TimelineEntry", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    file = models.ForeignKey(OfficeFile, on_delete=models.PROTECT, null=True, blank=True, related_name="deliveries")
    settled_at = models.DateTimeField(null=True, blank=True)  # left out by somebody
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_note = models.CharField(max_length=300, blank=True, db_default="")  # what was done by hand instead

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "deliveries"
        permissions = [("replay_delivery", "Can have deliveries to back offices made again, or left out")]
        constraints = [models.UniqueConstraint(fields=["office", "entry"], name="delivery_once")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["-made_at", "-id"], condition=Q(state="given_up"), name="delivery_given_up"),
            models.Index(fields=["office", "-sent_at"], condition=Q(state="sent"), name="delivery_sent"),
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="delivery_sent_on"),
            models.Index(
                fields=["office", "case", "id"],
                condition=Q(state__in=[str(state) for state in NOT_DONE]),
                name="delivery_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.office_id}: {self.state}"


class DeliveryAttempt(models.Model):
    """One call, written before it is made."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    taker = models.CharField(max_length=60)  # the worker's connection to the database
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome.choices, default=AttemptOutcome.STARTED)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(outcome="started"), name="delivery_attempt_open")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.outcome}"


class OfficeCase(models.Model):
    """What an office calls a request of ours."""

    office = models.ForeignKey(BackOffice, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=100, blank=True)  # theirs
    # Open311: what to ask the reference with, and a fingerprint of how it stood there when we last looked.
    token = models.CharField(max_length=200, blank=True, db_default="")
    told = models.CharField(max_length=64, blank=True, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "case"], name="office_case_once")]
        indexes = [
            models.Index(fields=["office", "reference"], name="office_case_reference"),
            models.Index(fields=["office", "id"], condition=~Q(token="") & Q(reference=""), name="office_case_token"),
        ]

    def __str__(self) -> str:
        return self.reference


class OfficeUpdate(models.Model):
    """Something that an office told us, once. Its words are in the timeline."""

    office = models.ForeignKey(BackOffice, on_delete=models.PROTECT, related_name="+")
    update_id = models.CharField(max_length=100)  # theirs
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()  # when it happened there
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=12, choices=OfficeStatus.choices)
    result = models.CharField(max_length=8, choices=UpdateResult.choices)
    fingerprint = models.CharField(max_length=64)  # of all that was said
    number = models.PositiveIntegerField(null=True, blank=True)  # among the updates of the request, where they count
    said = models.JSONField(null=True, blank=True)  # only while it waits for the one before it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "update_id"], name="office_update_once"),
            models.UniqueConstraint(fields=["office", "case", "number"], name="office_update_numbered_once"),
        ]
        indexes = [
            models.Index(fields=["case", "-at"], condition=Q(result="applied"), name="office_update_newest"),
            models.Index(fields=["received_at"], condition=Q(result="waiting"), name="office_update_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}: {self.update_id}"
