"""How long closed requests stay somebody's.

The request itself stays, for counting: what, where in the borough, how long it took, how it ended.
"""

from functools import partial
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from barnet.customers.keeping.people_retention import AUTHORITIES
from barnet.kit.retention import Kind, keep, register
from portal.cases.delivery.nightly import remove_files
from portal.cases.enums import OPEN_STATES
from portal.cases.models import (
    Absence,
    Attachment,
    BulkAct,
    Case,
    ClaimCode,
    Contact,
    ContactPerson,
    Delivery,
    DeliveryAttempt,
    Follower,
    OfficeChange,
    OfficeFile,
    OfficePause,
    TimelineEntry,
    VisitRequest,
)
from portal.cases.services.places import forget_typed_addresses

_APPEND_ONLY = ("cases.TimelineEntry:append_only",)


def register_retention() -> None:
    register(
        Kind(
            key="closed-requests",
            name=_("Personal data of closed requests"),
            action=_("Name, contact details, address, answers, notes, photos and earlier versions are deleted."),
            days=3 * 365,
            reason=_("Complaints, the Ombudsman (twelve months) and the planning of the service."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="ended_at",
            find=_personal,
            apply=_make_anonymous,
        )
    )
    register(
        Kind(
            key="office-files",
            name=_("Files for back offices"),
            action=_("The file is deleted. Its name, its number of rows and its fingerprint stay."),
            days=30,
            reason=_("So that a back office can fetch it again."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="made_at",
            find=lambda: OfficeFile.objects.filter(removed_at=None, sealed_at__isnull=False),
            apply=remove_files,
        )
    )
    register(
        Kind(
            key="office-pauses",
            name=_("Times in which a back office was held"),
            action=_("The entry is deleted."),
            days=6 * 365,
            reason=_("Shows who decided that a firm heard nothing, for as long as its contract may be argued about."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="ended_at",
            find=lambda: OfficePause.objects.exclude(ended_at=None),
            apply=_delete,
        )
    )
    register(
        Kind(
            key="office-changes",
            name=_("Who set a back office"),
            action=_("The entry is deleted."),
            days=6 * 365,
            reason=_("Shows who decided where personal data is sent, for as long as it may be argued about."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="at",
            find=OfficeChange.objects.all,
            apply=_delete_changes,
        )
    )
    register(
        Kind(
            key="contact-log",
            name=_("Log of contacts"),
            action=_("The entry is deleted."),
            days=3 * 365,
            reason=_("Shows how often somebody had to contact us, for as long as their requests are theirs."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="at",
            find=Contact.objects.all,
            apply=_delete_contacts,
        )
    )
    register(
        Kind(
            key="bulk-acts",
            name=_("Results of acts on many requests"),
            action=_("The result is deleted. What happened to each request stays with it."),
            days=90,
            reason=_("So that the same form, sent twice, works once."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="at",
            find=BulkAct.objects.all,
            apply=_delete,
        )
    )
    register(
        Kind(
            key="claim-codes",
            name=_("Codes that join a request to an account"),
            action=_("The code is deleted. That it was made, and used, stays with the request."),
            days=30,
            reason=_("So that somebody who comes back with an old slip can be told why it no longer works."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="expires_at",
            find=ClaimCode.objects.all,
            apply=_delete,
        )
    )
    register(
        Kind(
            key="absences",
            name=_("Days on which staff were away"),
            action=_("The entry is deleted."),
            days=90,
            reason=_("Shows who looked after a request, for as long as somebody may ask."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); storage limitation (article 5(1)(e))"),
            age="until_on",
            find=Absence.objects.all,
            apply=_delete,
        )
    )
    keep(AUTHORITIES, lambda: Q(principal__in=Case.objects.open().exclude(customer=None).values("customer")))


def _personal() -> QuerySet[Case]:
    """Closed, and something of it still says whose it was."""
    return (
        Case.objects.exclude(state__in=OPEN_STATES)
        .annotate(ended_at=Coalesce("resolved_at", "opened_at"))
        .exclude(
            Q(customer=None, address=None, location=None, details=[])
            & Q(contact_name="", contact_email="", contact_phone="", address_text="")
        )
    )


def _make_anonymous(rows: QuerySet[Case]) -> int:
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    forget_typed_addresses(keys)
    photos = Attachment.objects.filter(case__in=keys)
    transaction.on_commit(partial(_delete_files, [str(photo.file.name) for photo in photos]), robust=True)
    photos.delete()
    Follower.objects.filter(case__in=keys).delete()
    ClaimCode.objects.filter(case__in=keys).delete()
    VisitRequest.objects.filter(case__in=keys).delete()  # a visit names its visitor
    with pgtrigger.ignore(*_APPEND_ONLY):
        TimelineEntry.objects.filter(case__in=keys).update(internal_text="", public_text="", subject=None)
    Delivery.objects.filter(case__in=keys).update(
        last_error="", settled_note=""
    )  # a back office may have answered with a name
    DeliveryAttempt.objects.filter(delivery__case__in=keys).update(error="")
    count = rows.update(
        customer=None,
        contact_name="",
        contact_email="",
        contact_phone="",
        address=None,
        address_text="",
        location=None,
        details=[],
    )
    _forget_versions(keys)
    return count


def _delete_files(names: list[str]) -> None:
    """After the commit: a row without its file would be a broken page."""
    storage = Attachment._meta.get_field("file").storage  # type: ignore[union-attr]
    for name in names:
        storage.delete(name)


def _forget_versions(keys: list[int]) -> None:
    """The history would give back what was just deleted."""
    events = apps.get_model("cases", "CaseEvent")
    with pgtrigger.ignore("cases.CaseEvent:append_only"):
        events.objects.filter(pgh_obj__in=keys).delete()


def forget_detail(case_pk: int, detail: list[str]) -> None:
    """One thing that the customer told, from the request and from its history: its time is over before theirs."""
    events = apps.get_model("cases", "CaseEvent").objects.filter(pgh_obj=case_pk)
    case = Case.objects.select_for_update().get(pk=case_pk)
    Case.objects.filter(pk=case_pk).update(details=_without(case.details, detail))
    with pgtrigger.ignore("cases.CaseEvent:append_only"):
        for event in events:
            events.filter(pk=event.pk).update(details=_without(event.details, detail))


def _without(details: list[list[str]], detail: list[str]) -> list[list[str]]:
    return [row for row in details if row != detail]


def _delete(rows: QuerySet[Any]) -> int:
    return rows.delete()[0]


def _delete_changes(rows: QuerySet[OfficeChange]) -> int:
    with pgtrigger.ignore("cases.OfficeChange:append_only"):
        return rows.delete()[0]


def _delete_contacts(rows: QuerySet[Contact]) -> int:
    keys = list(rows.values_list("pk", flat=True))
    named = list(ContactPerson.objects.filter(contact__in=keys).values_list("pk", flat=True))
    with pgtrigger.ignore("cases.Contact:append_only"):
        rows.delete()  # who the caller was goes with it
    with pgtrigger.ignore("cases.ContactPersonEvent:append_only"):
        apps.get_model("cases", "ContactPersonEvent").objects.filter(pgh_obj__in=named).delete()
    return len(keys)
