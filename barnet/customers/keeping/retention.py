"""How long it is kept who read whose record, what people agreed to, what happened to accounts, and sign-ins."""

import pgtrigger
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import (
    AccessRecord,
    AssistedVisit,
    Consent,
    SecurityEvent,
    SignInSession,
    SignOnRefusal,
)
from barnet.kit.retention import Kind, delete_rows, register


def register_retention() -> None:
    register(
        Kind(
            key="access-records",
            name=_("Who read whose record"),
            action=_("The record is deleted."),
            days=6 * 365,
            reason=_("A misuse of personal data may be sued for within six years (Limitation Act 1980)."),
            legal_basis=_("Accountability (UK GDPR article 5(2)); legal claims (article 17(3)(e))"),
            age="at",
            find=AccessRecord.objects.all,
            apply=_delete,
        )
    )
    register(
        Kind(
            key="consents",
            name=_("What somebody agreed to, when they withdrew it or agreed anew"),
            action=_("The line is deleted. A yes that counts stays for as long as it counts."),
            days=6 * 365,
            reason=_("What we did on the strength of it may be disputed for six years (Limitation Act 1980)."),
            legal_basis=_("Proof of consent (UK GDPR article 7(1)); legal claims (article 17(3)(e))"),
            age="over_at",
            find=_over_consents,
            apply=_delete_consents,
        )
    )
    register(
        Kind(
            key="security-events",
            name=_("What happened to accounts, and what was tried on them"),
            action=_("The record is deleted."),
            days=2 * 365,
            reason=_("A take-over may be found out late; after two years nothing is left to be put right."),
            legal_basis=_("Security of processing (UK GDPR article 32)"),
            age="at",
            find=SecurityEvent.objects.all,
            apply=_delete_events,
        )
    )
    register(
        Kind(
            key="sign-on-refusals",
            name=_("Sign-ins with a provider that were refused"),
            action=_("The record is deleted."),
            days=2 * 365,
            reason=_("A take-over may be found out late; after two years nothing is left to be put right."),
            legal_basis=_("Security of processing (UK GDPR article 32)"),
            age="at",
            find=SignOnRefusal.objects.all,
            apply=_delete_refusals,
        )
    )
    register(
        Kind(
            key="assisted-visits",
            name=_("Visits at which staff helped somebody"),
            action=_("The entry is deleted, with the record of who had the screen."),
            days=365,
            reason=_("Whoever was helped may ask who did something for them, and who saw their record."),
            legal_basis=_("Security of processing (UK GDPR article 32)"),
            age="begun_at",
            find=AssistedVisit.objects.all,
            apply=_delete_visits,
        )
    )
    register(
        Kind(
            key="ended-sessions",
            name=_("Where somebody was signed in"),
            action=_("The entry is deleted."),
            days=30,
            reason=_("A session that was ended is known when its key is tried again."),
            legal_basis=_("Security of processing (UK GDPR article 32)"),
            age="over_at",
            find=_ended_sessions,
            apply=delete_rows,
        )
    )


def _over_consents() -> QuerySet[Consent]:
    """A line is over when the next one was written, a withdrawal at once. A yes that counts is never over.

    A withdrawal goes after every earlier line on the same purpose: it must not leave a yes behind that would count.
    """
    same = Consent.objects.filter(customer=OuterRef("customer"), text__purpose=OuterRef("text__purpose"))
    is_later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    is_earlier = Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk"))
    replaced_at = Subquery(same.filter(is_later).order_by("at", "pk").values("at")[:1])
    withdrawn_at = Case(When(is_given=False, then=F("at")), default=None)
    rows = Consent.objects.annotate(over_at=Coalesce(replaced_at, withdrawn_at)).exclude(over_at=None)
    return rows.exclude(Exists(same.filter(is_earlier)), is_given=False)


def _delete_consents(rows: QuerySet[Consent]) -> int:
    with pgtrigger.ignore("customers.Consent:append_only"):
        return rows.delete()[0]


def _delete(rows: QuerySet[AccessRecord]) -> int:
    """The one way in which access records end: a trigger refuses every other."""
    with pgtrigger.ignore("customers.AccessRecord:append_only"):
        return rows.delete()[0]


def _delete_events(rows: QuerySet[SecurityEvent]) -> int:
    with pgtrigger.ignore("customers.SecurityEvent:append_only"):
        return rows.delete()[0]


def _delete_visits(rows: QuerySet[AssistedVisit]) -> int:
    with pgtrigger.ignore("customers.VisitEvent:append_only"):
        return delete_rows(rows)


def _delete_refusals(rows: QuerySet[SignOnRefusal]) -> int:
    with pgtrigger.ignore("customers.SignOnRefusal:append_only"):
        return rows.delete()[0]


def _ended_sessions() -> QuerySet[SignInSession]:
    """One that nobody ended is over when Django forgets it; never one in which somebody may be signed in."""
    over = SignInSession.objects.exclude(pk__in=SignInSession.objects.open().values("pk"))
    return over.annotate(over_at=Coalesce("ended_at", "last_seen_at"))
