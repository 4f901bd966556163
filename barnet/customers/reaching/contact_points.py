"""Ways to reach a customer, and how they want to be told: rows beside `Customer`.

`Customer.email` and `Customer.phone` stay the view that everybody reads and writes: what to use first.
A trigger keeps their contact points, whoever writes them (`docs/decisions/contact-points.md`).
"""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils import timezone

from barnet.customers.enums import ContactKind, MessageChannel, Topic
from barnet.customers.reaching.phones import shown_phone

# An address that was replaced before anybody proved it goes; a proved one stays, as another way to reach the person.
_KEEP_POINTS = r"""
    IF NEW.email <> '' AND (TG_OP = 'INSERT' OR NEW.email IS DISTINCT FROM OLD.email
                            OR NEW.user_id IS DISTINCT FROM OLD.user_id) THEN
        UPDATE customers_contactpoint SET is_preferred = false
         WHERE customer_id = NEW.id AND kind = 'email' AND is_preferred AND value <> lower(NEW.email);
        INSERT INTO customers_contactpoint
            (customer_id, kind, value, is_preferred, verified_at, added_at, unusable_reason)
        VALUES (NEW.id, 'email', lower(NEW.email), true,
            CASE WHEN EXISTS (SELECT 1 FROM account_emailaddress WHERE user_id = NEW.user_id AND verified
                              AND lower(email) = lower(NEW.email)) THEN now() END, now(), '')
        ON CONFLICT (customer_id, kind, value) DO UPDATE SET is_preferred = true,
            verified_at = COALESCE(customers_contactpoint.verified_at, EXCLUDED.verified_at);
    END IF;
    IF TG_OP = 'UPDATE' AND lower(NEW.email) <> lower(OLD.email) THEN
        DELETE FROM customers_contactpoint WHERE customer_id = NEW.id AND kind = 'email'
            AND value = lower(OLD.email) AND verified_at IS NULL;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.phone IS DISTINCT FROM OLD.phone THEN
        number := regexp_replace(NEW.phone, '[^0-9+]', '', 'g');
        number := regexp_replace(number, '^(\+44|0044)0?|^0(?=[1-9])', '+44');
        number := regexp_replace(number, '^00', '+');
        IF number ~ '^\+[0-9]{7,15}$' THEN
            medium := CASE WHEN number ~ '^\+447[1-9][0-9]{8}$' OR number !~ '^\+44' THEN 'mobile' ELSE 'landline' END;
            UPDATE customers_contactpoint SET is_preferred = false
             WHERE customer_id = NEW.id AND kind = medium AND is_preferred AND value <> number;
            INSERT INTO customers_contactpoint (customer_id, kind, value, is_preferred, added_at, unusable_reason)
            VALUES (NEW.id, medium, number, true, now(), '')
            ON CONFLICT (customer_id, kind, value) DO UPDATE SET is_preferred = true;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            old_number := regexp_replace(OLD.phone, '[^0-9+]', '', 'g');
            old_number := regexp_replace(old_number, '^(\+44|0044)0?|^0(?=[1-9])', '+44');
            old_number := regexp_replace(old_number, '^00', '+');
            DELETE FROM customers_contactpoint WHERE customer_id = NEW.id AND kind IN ('mobile', 'landline')
                AND value = old_number AND value IS DISTINCT FROM number AND verified_at IS NULL;
        END IF;
    END IF;
    RETURN NULL;
"""

KEEP_POINTS = pgtrigger.Trigger(
    name="keep_points",
    level=pgtrigger.Row,
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("email", "phone", "user_id"),
    declare=[("number", "text"), ("old_number", "text"), ("medium", "text")],
    func=_KEEP_POINTS,
)


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def usable(self) -> "ContactPointQuerySet":
        return self.filter(unusable_since=None)

    def best_first(self) -> "ContactPointQuerySet":
        return self.order_by("-is_preferred", models.F("verified_at").asc(nulls_last=True), "pk")


@pghistory.track()
class ContactPoint(models.Model):
    """One address or number of a customer. `value` is normalised: small letters, `+44…`, an address in lines."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = models.CharField(max_length=300)
    verified_at = models.DateTimeField(null=True, blank=True)  # the customer proved that it is theirs
    is_preferred = models.BooleanField(default=False)  # the first of its kind
    added_at = models.DateTimeField(default=timezone.now)
    unusable_since = models.DateTimeField(null=True, blank=True)  # what we send there comes back
    unusable_reason = models.CharField(max_length=200, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "kind", "value"], name="contact_point_unique"),
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=Q(is_preferred=True), name="contact_point_one_preferred"
            ),
            models.CheckConstraint(condition=~Q(value=""), name="contact_point_says_something"),
        ]
        indexes = [
            models.Index(fields=["kind", "value"], name="contact_point_value"),
            GinIndex(
                OpClass("value", "gin_trgm_ops"),
                condition=Q(kind__in=[ContactKind.MOBILE, ContactKind.LANDLINE]),
                name="contact_point_number",
            ),
        ]

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        return shown_phone(self.value) if self.kind in {ContactKind.MOBILE, ContactKind.LANDLINE} else self.value

    @property
    def is_usable(self) -> bool:
        return self.unusable_since is None


@pghistory.track()
class ChannelPreference(models.Model):
    """How one customer wants to be told of one topic. No channel at all: My Account only."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="channel_preferences")
    topic = models.CharField(max_length=10, choices=Topic.choices)
    channels = ArrayField(models.CharField(max_length=10, choices=MessageChannel.choices), default=list, blank=True)
    is_digest = models.BooleanField(default=False)  # what can wait comes once a day, together
    quiet_from = models.TimeField(null=True, blank=True)  # on the clock in London; may pass midnight
    quiet_until = models.TimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        "customers.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200, blank=True)  # why staff set it for them

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "topic"], name="channel_preference_unique"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=models.F("quiet_until")),
                name="channel_preference_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}: {', '.join(self.channels)}"
