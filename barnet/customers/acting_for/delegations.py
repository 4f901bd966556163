"""Who may act for whom, for which services, between which days, on which evidence; and the invitations to it."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.enums import (
    POWERS,
    AuthorityKind,
    BusinessRole,
    EndedBy,
    InvitationState,
    InvitationWay,
    Power,
)

if TYPE_CHECKING:
    from barnet.customers.models import User

NEEDS_NO_EVIDENCE = (AuthorityKind.INVITED, AuthorityKind.BUSINESS)


def private_storage() -> Storage:
    return storages["private"]


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def open(self) -> "DelegationQuerySet":
        """Nobody ended them; some may have run out, or not have begun."""
        return self.filter(revoked_at=None)

    def in_force(self, on: dt.date) -> "DelegationQuerySet":
        """An executor's begins with the death; every other authority ends with it."""
        after_death = Q(kind=AuthorityKind.EXECUTOR, principal__died_on__isnull=False)
        in_life = ~Q(kind=AuthorityKind.EXECUTOR) & Q(principal__died_on=None)
        days = Q(ends_on=None) | Q(ends_on__gte=on)
        return self.open().filter(days, after_death | in_life, starts_on__lte=on, delegate__died_on=None)

    def held_by(self, user: "User") -> "DelegationQuerySet":
        return self.filter(delegate__user=user)

    def covering(self, service: Service | None) -> "DelegationQuerySet":
        """Those that reach one service; without a service, only those that reach every service."""
        if service is None:
            return self.filter(covers_everything=True)
        named = CoveredService.objects.filter(service=service).values("delegation")
        return self.filter(Q(covers_everything=True) | Q(pk__in=named))

    def allowing(self, power: Power) -> "DelegationQuerySet":
        return self.filter(role__in=[role for role, powers in POWERS.items() if power in powers])


@pghistory.track()
class Delegation(models.Model):
    """`delegate` may act for `principal`, for named services or for all, between two dates, on this evidence.

    One that names no service and does not cover everything covers nothing. It is ended, never deleted.
    """

    principal = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="delegations_given")
    delegate = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="delegations_held")
    kind = models.CharField(
        max_length=10,
        choices=AuthorityKind.choices,
        default=AuthorityKind.RECORDED,
        db_default=AuthorityKind.RECORDED.value,
    )
    role = models.CharField(max_length=10, choices=BusinessRole.choices, blank=True, default="", db_default="")
    covers_everything = models.BooleanField(default=False, db_default=False)
    services = models.ManyToManyField(Service, through="customers.CoveredService", related_name="+")
    evidence = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")  # why staff recorded it
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.CharField(max_length=10, choices=EndedBy.choices, blank=True, default="", db_default="")
    end_reason = models.CharField(max_length=300, blank=True, default="", db_default="")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="delegation_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(kind="business") & ~Q(role="") | ~Q(kind="business") & Q(role=""),
                name="delegation_role_only_in_business",
            ),
            models.CheckConstraint(
                condition=~Q(kind="parent") | Q(ends_on__isnull=False), name="delegation_of_parent_ends"
            ),
            models.CheckConstraint(condition=~Q(role="owner") | Q(ends_on=None), name="delegation_of_owner_has_no_end"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in NEEDS_NO_EVIDENCE]) | ~Q(evidence=""),
                name="delegation_on_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(ended_by="staff") | ~Q(end_reason=""), name="delegation_staff_end_with_reason"
            ),
            models.UniqueConstraint(
                fields=["principal", "delegate", "kind"], condition=Q(revoked_at=None), name="delegation_one_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.principal}"

    @property
    def powers(self) -> frozenset[Power]:
        return POWERS[self.role]

    def is_over(self, on: dt.date) -> bool:
        return self.revoked_at is not None or (self.ends_on is not None and self.ends_on < on)


@pghistory.track()
class CoveredService(models.Model):
    """A service that one authority reaches."""

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="covered")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delegation", "service"], name="covered_service_once")]

    def __str__(self) -> str:
        return str(self.service)


class EvidenceDocument(models.Model):
    """A photo or scan of the paper on which an authority rests, written anew, in the private storage. Staff see it."""

    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="documents")
    file = models.FileField(storage=private_storage, upload_to="evidence/%Y/%m/", max_length=200)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["delegation", "sha256"], name="evidence_once")]

    def __str__(self) -> str:
        return self.name


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> "InvitationQuerySet":
        return self.filter(state=InvitationState.PENDING, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An offer to act for `principal`. Accepted once, by a login that proved the e-mail address, or that typed the
    code of the letter and the inviter's postcode. Of the code we keep a digest only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=InvitationWay.choices)
    email = models.EmailField(blank=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    invited_name = models.CharField(max_length=150, blank=True)  # as the inviter calls them
    kind = models.CharField(max_length=10, choices=AuthorityKind.choices, default=AuthorityKind.INVITED)
    role = models.CharField(max_length=10, choices=BusinessRole.choices, blank=True)
    covers_everything = models.BooleanField(default=False)
    services = models.ManyToManyField(Service, related_name="+", blank=True)
    ends_on = models.DateField(null=True, blank=True)  # of the authority
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()  # of the invitation
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.PENDING)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    wrong_tries = models.PositiveSmallIntegerField(default=0)  # the right code with a wrong postcode
    delegation = models.OneToOneField(Delegation, null=True, on_delete=models.PROTECT, related_name="invitation")
    submission_key = models.CharField(max_length=64, unique=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="email", code_digest="") & ~Q(email="")
                | Q(way="letter", email="") & ~Q(code_digest=""),
                name="invitation_by_address_or_code",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", delegation__isnull=False) | ~Q(state="accepted") & Q(delegation=None),
                name="invitation_accepted_is_authority",
            ),
            models.UniqueConstraint(
                fields=["code_digest"], condition=~Q(code_digest=""), name="invitation_code_unique"
            ),
            models.UniqueConstraint(
                fields=["principal", "email"],
                condition=Q(state="pending") & ~Q(email=""),
                name="invitation_one_open_by_email",
            ),
        ]
        indexes = [
            models.Index(fields=["principal", "-created_at"], name="invitation_by_principal"),
            models.Index(fields=["email"], condition=Q(state="pending"), name="invitation_open_by_email"),
        ]

    def __str__(self) -> str:
        return f"Invitation to act for {self.principal}"

    @property
    def is_waiting(self) -> bool:
        return self.state == InvitationState.PENDING and self.expires_at > timezone.now()

    @property
    def whom(self) -> str:
        return self.invited_name or self.email
