"""How long customers without a login, their contact points, invitations and authorities are kept.

What another room still needs stays: a customer to whom any of its rows refers, and whatever it names with
`retention.keep`.
"""

from functools import partial
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _

from barnet.customers.enums import ContactKind, InvitationState
from barnet.customers.models import (
    AccountClosure,
    Alert,
    ContactPoint,
    CoveredService,
    Customer,
    Delegation,
    EvidenceDocument,
    Invitation,
    Need,
    WithheldReader,
)
from barnet.kit.retention import Kind, register

CUSTOMERS, AUTHORITIES = "customers-without-login", "ended-authorities"
_LIMITED = _("Storage limitation (UK GDPR article 5(1)(e))")
_GO_ALONG = {"contact_points", "channel_preferences", "needs", "alerts", "withheld_readers"}
_STAY_WITH_THE_NUMBER = {
    "customers.AccessRecord",
    "customers.IdentityCheck",
    "customers.Customer",  # what was merged into them
    "customers.CustomerMerge",
    "notifications.ContactCode",
}


def register_retention() -> None:
    register(
        Kind(
            key="invitations",
            name=_("Invitations to act for somebody that came to nothing"),
            action=_("The invitation is deleted."),
            days=90,
            reason=_("Whoever invited somebody may ask what became of it."),
            legal_basis=_LIMITED,
            age="over_at",
            find=_over_invitations,
            apply=_delete_invitations,
        )
    )
    register(
        Kind(
            key=AUTHORITIES,
            name=_("Authorities to act for somebody that ended"),
            action=_("The authority, its evidence, its scans and its earlier versions are deleted."),
            days=6 * 365,
            reason=_("What was done under it may be disputed for six years (Limitation Act 1980)."),
            legal_basis=_("Legal claims (UK GDPR article 17(3)(e)); storage limitation (article 5(1)(e))"),
            age="over_at",
            find=_over_authorities,
            apply=_delete_authorities,
        )
    )
    register(
        Kind(
            key="alerts",
            name=_("Alerts to staff about a customer that ended or expired"),
            action=_("The alert is deleted, with its earlier versions."),
            days=365,
            reason=_("Whoever is met again after an incident may have to be told why there was an alert."),
            legal_basis=_("Legal claims (UK GDPR article 17(3)(e)); health and safety at work"),
            age="over_at",
            find=_over_alerts,
            apply=_delete_alerts,
        )
    )
    register(
        Kind(
            key="unproved-contact-points",
            name=_("Further e-mail addresses and mobile numbers that nobody proved"),
            action=_("The address or number is deleted, with its earlier versions."),
            days=90,
            reason=_("It may be a stranger's; the first of each kind stays, because it is how we know the customer."),
            legal_basis=_("Accuracy (UK GDPR article 5(1)(d))"),
            age="added_at",
            find=_unproved_points,
            apply=_delete_points,
        )
    )
    register(
        Kind(
            key=CUSTOMERS,
            name=_("Customers without a login, without requests and contacts"),
            action=_("Name, address, ways to reach them, needs and earlier versions are deleted; a number stays."),
            days=2 * 365,
            reason=_("Whoever calls again within two years is known."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="touched_at",
            find=_forgotten_customers,
            apply=_make_anonymous,
        )
    )


def _over_invitations() -> QuerySet[Invitation]:
    """Not the accepted ones: they are part of the authority, and go with it."""
    settled = Invitation.objects.exclude(state=InvitationState.ACCEPTED)
    return settled.annotate(over_at=Coalesce("settled_at", "expires_at"))


def _delete_invitations(rows: QuerySet[Invitation]) -> int:
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    rows.exclude(state=InvitationState.ACCEPTED).delete()  # its services with it
    return len(keys)


def _over_authorities() -> QuerySet[Delegation]:
    ended = Delegation.objects.filter(Q(revoked_at__isnull=False) | Q(ends_on__isnull=False))
    return ended.annotate(over_at=Least("revoked_at", Cast("ends_on", DateTimeField())))


def _delete_authorities(rows: QuerySet[Delegation]) -> int:
    keys = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    papers = EvidenceDocument.objects.filter(delegation__in=keys)
    transaction.on_commit(partial(_delete_files, [str(paper.file.name) for paper in papers]), robust=True)
    covered = list(CoveredService.objects.filter(delegation__in=keys).values_list("pk", flat=True))
    papers.delete()
    Invitation.objects.filter(delegation__in=keys).delete()
    rows.delete()
    _forget_versions("CoveredService", covered)
    _forget_versions("Delegation", keys)
    return len(keys)


def _delete_files(names: list[str]) -> None:
    """After the commit: a row without its file would be a broken page."""
    storage: Any = EvidenceDocument._meta.get_field("file").storage  # type: ignore[union-attr]
    for name in names:
        storage.delete(name)


def _over_alerts() -> QuerySet[Alert]:
    return Alert.objects.annotate(over_at=Least("ended_at", Cast("expires_on", DateTimeField())))


def _delete_alerts(rows: QuerySet[Alert]) -> int:
    keys = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    Alert.objects.filter(pk__in=keys).delete()
    _forget_versions("Alert", keys)
    return len(keys)


def _unproved_points() -> QuerySet[ContactPoint]:
    """A landline and a postal address cannot be proved by a code."""
    provable = [ContactKind.EMAIL, ContactKind.MOBILE]
    return ContactPoint.objects.filter(kind__in=provable, verified_at=None, is_preferred=False)


def _delete_points(rows: QuerySet[ContactPoint]) -> int:
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    rows.filter(verified_at=None, is_preferred=False).delete()  # proved while we came to it: stays
    _forget_versions("ContactPoint", keys)
    return len(keys)


def _forgotten_customers() -> QuerySet[Customer]:
    """Nobody can sign in as them, no row of another room refers to them, and something still says who they are."""
    closed = AccountClosure.objects.filter(closed_at__isnull=False).values("user")
    rows = Customer.objects.filter(Q(user=None) | Q(user__in=closed, user__is_active=False))
    for model, name in _who_refers():
        rows = rows.filter(~Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    nobody = Q(name="", email="", phone="", address=None, address_text="", born_on=None, died_on=None)
    versions = apps.get_model("customers", "CustomerEvent").objects.filter(pgh_obj=OuterRef("pk")).order_by()
    latest = Subquery(versions.values("pgh_obj").annotate(at=Max("pgh_created_at")).values("at"))
    return rows.exclude(nobody).annotate(touched_at=Greatest(F("created_at"), Coalesce(latest, F("created_at"))))


def _who_refers() -> list[tuple[type[models.Model], str]]:
    """Every table that must not lose its customer. A room that is built tomorrow is among them without a word here;
    one whose rows can live without a customer (`SET_NULL`) says by `retention.keep` which of them cannot yet."""
    found = []
    for relation in Customer._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete in {models.SET_NULL, models.DO_NOTHING}:
            continue
        label = relation.related_model._meta.label
        if relation.get_accessor_name() not in _GO_ALONG and label not in _STAY_WITH_THE_NUMBER:
            found.append((relation.related_model, relation.field.name))
    return found


def _make_anonymous(rows: QuerySet[Customer]) -> int:
    """Locked, then asked again: a request that was made while we waited for the lock keeps its customer."""
    locked = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    keys = list(_forgotten_customers().filter(pk__in=locked).values_list("pk", flat=True))
    for model in (ContactPoint, Need, Alert, WithheldReader, apps.get_model("customers", "ChannelPreference")):
        gone = list(model._default_manager.filter(customer__in=keys).values_list("pk", flat=True))
        model._default_manager.filter(pk__in=gone).delete()
        _forget_versions(model.__name__, gone)
    Customer.objects.filter(pk__in=keys).update(
        name="", email="", phone="", address=None, address_text="", born_on=None, died_on=None, submission_key=""
    )
    _forget_versions("Customer", keys)
    return len(keys)


def _forget_versions(model: str, keys: list[int]) -> None:
    """The history would give back what was just deleted."""
    with pgtrigger.ignore(f"customers.{model}Event:append_only"):
        apps.get_model("customers", f"{model}Event").objects.filter(pgh_obj__in=keys).delete()
