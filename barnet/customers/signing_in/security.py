"""What is kept about signing in: the record of what happened, open sessions, known devices, accounts that close.

None of it holds a secret or an address on the internet. A visitor's address appears as a keyed hash: enough to see
that two tries came from one place, not enough to say from where.
"""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from barnet.customers.enums import SecurityEventKind
from barnet.customers.records import APPEND_ONLY

USER = settings.AUTH_USER_MODEL


@pgtrigger.register(APPEND_ONLY)
class SecurityEvent(models.Model):
    """Something happened to an account, or was tried on it. Never edited. `user` is None when no account is known."""

    user = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=SecurityEventKind.choices)
    at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=60, blank=True)  # "Firefox on Windows"
    detail = models.CharField(max_length=80, blank=True)  # the name of a passkey, the method of a sign-in
    tried = models.CharField(max_length=16, blank=True)  # keyed hash of an e-mail address that was tried
    visitor = models.CharField(max_length=16, blank=True)  # keyed hash of where it came from
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="security_event_by_user"),
            models.Index(fields=["kind", "-at"], name="security_event_by_kind"),
            models.Index(fields=["-at"], name="security_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class KnownDeviceQuerySet(models.QuerySet["KnownDevice"]):
    def trusted(self, now: dt.datetime) -> "KnownDeviceQuerySet":
        return self.filter(trusted_until__gt=now)


class KnownDevice(models.Model):
    """A browser in which somebody signed in before. Its cookie holds a random token, the row a hash of it."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=60)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    trusted_until = models.DateTimeField(null=True, blank=True)  # no second step until then

    objects = KnownDeviceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "token_hash"], name="device_once_per_person")]

    def __str__(self) -> str:
        return self.name


class SignInSessionQuerySet(models.QuerySet["SignInSession"]):
    def open(self) -> "SignInSessionQuerySet":
        """Not ended, and not so old that Django has forgotten them."""
        oldest = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(ended_at=None, started_at__gt=oldest)


class SignInSession(models.Model):
    """Somebody is signed in, on one device. Kept after its end, so that a stolen one is known when it comes back."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    device = models.CharField(max_length=60)
    session_key = models.CharField(max_length=40, blank=True)  # emptied when it ends
    key_hash = models.CharField(max_length=64, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)  # it was tried again after its end

    objects = SignInSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at=None) | Q(session_key=""), name="ended_session_keeps_no_key")
        ]
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="session_by_user")]

    def __str__(self) -> str:
        return self.device


class AccountClosureQuerySet(models.QuerySet["AccountClosure"]):
    def pending(self) -> "AccountClosureQuerySet":
        return self.filter(called_back_at=None, closed_at=None)


class AccountClosure(models.Model):
    """A resident closed their account. Until `due_at` they can call it back; after it the login is made anonymous."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    called_back_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AccountClosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(called_back_at=None, closed_at=None), name="closure_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(called_back_at=None) | Q(closed_at=None), name="closure_called_back_or_done"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="closure_has_a_grace"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(called_back_at=None, closed_at=None), name="closure_pending")
        ]

    def __str__(self) -> str:
        return f"{self.user} closes on {self.due_at:%Y-%m-%d}"
