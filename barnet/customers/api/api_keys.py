"""Keys of other systems that call our API, and the answers that they were given.

A key is shown once, when it is made; we keep its hash. It has 256 bits of chance, so a plain hash is enough: nobody can
try them out. It ends on a day, may be revoked, and opens only what its scopes name.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_USED_EVERY = dt.timedelta(minutes=1)  # `last_used_at` is no finer, so that reading costs no write
ANSWERS_KEPT = dt.timedelta(days=7)


class ApiScope(models.TextChoices):
    """What a key opens."""

    WASTE_WRITE = "waste:write", _("Send rounds, collections, crew logs, holiday shifts and notices")
    ASSISTED_READ = "waste:assisted", _("Read the homes whose bins crews fetch")
    FORMS_FILL = "forms:fill", _("Fill in and send the forms that were granted to it")
    OPEN311_REPORT = "open311:report", _("Report problems through Open311")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: dt.datetime) -> "ApiKeyQuerySet":
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class ApiKey(models.Model):
    name = models.CharField(max_length=80, unique=True)  # whose system
    prefix = models.CharField(max_length=12, unique=True)  # names the key in logs; not secret
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40, choices=ApiScope.choices))
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.name


class ApiAnswer(models.Model):
    """What a call with an idempotency key was answered, so that the same call is answered so again."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    idempotency_key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of address and body
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "idempotency_key"], name="api_answer_once")]
        indexes = [models.Index(fields=["at"], name="api_answer_age")]

    def __str__(self) -> str:
        return f"{self.api_key_id}: {self.idempotency_key}"


class ReusedKeyError(Exception):
    """The idempotency key was used for another call."""


def make_api_key(name: str, scopes: list[str], *, expires_at: dt.datetime | None = None) -> tuple[ApiKey, str]:
    """The key and its text, which nobody can read again."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name, prefix=prefix, secret_hash=_hash(secret), scopes=scopes, expires_at=expires_at
    )
    return key, f"bar.{prefix}.{secret}"


def usable_key(text: str) -> ApiKey | None:
    """The key that a call carries, if it may be used now."""
    parts = text.split(".")
    if len(parts) != 3 or parts[0] != "bar" or len(text) > 200 or "\x00" in text:
        return None
    now = timezone.now()
    key = ApiKey.objects.usable(now).filter(prefix=parts[1]).first()
    if key is None or not secrets.compare_digest(key.secret_hash, _hash(parts[2])):
        return None
    if key.last_used_at is None or now - key.last_used_at > _USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


Answer = tuple[int, Any]  # status and body


@transaction.atomic
def answer_once(key: ApiKey, idempotency_key: str, call: bytes, work: Callable[[], Answer]) -> tuple[Answer, bool]:
    """The answer, and whether it was given before. The work and the note of its answer are one transaction.

    Two calls with one key take turns, so the second is answered by the first. Raises ReusedKeyError when the key was
    used for another call.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"api:{key.pk}:{idempotency_key}"])
    fingerprint = hashlib.sha256(call).hexdigest()
    known = ApiAnswer.objects.filter(api_key=key, idempotency_key=idempotency_key).first()
    if known:
        if known.fingerprint != fingerprint:
            raise ReusedKeyError
        return (known.status, known.body), True
    status, body = work()
    ApiAnswer.objects.create(
        api_key=key, idempotency_key=idempotency_key, fingerprint=fingerprint, status=status, body=body
    )
    return (status, body), False


def forget_old_answers() -> str:
    gone, _rows = ApiAnswer.objects.filter(at__lt=timezone.now() - ANSWERS_KEPT).delete()
    return f"{gone} answers"
