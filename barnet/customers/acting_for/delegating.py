"""What begins, prolongs and ends an authority. Each act is one transaction, and tells both sides."""

import datetime as dt
import uuid
from collections.abc import Collection
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.models import Service
from barnet.customers.acting_for import telling
from barnet.customers.enums import AuthorityKind, BusinessRole, EndedBy
from barnet.customers.keeping import dying
from barnet.customers.models import Customer, Delegation, EvidenceDocument, User
from barnet.kit.uploads import CleanPhoto
from barnet.kit.wording import date_long, moment

OF_AGE = 18
STAFF_KINDS = (
    AuthorityKind.RECORDED,
    AuthorityKind.PARENT,
    AuthorityKind.ATTORNEY,
    AuthorityKind.APPOINTEE,
    AuthorityKind.EXECUTOR,
)


class AuthorityRefusedError(ValueError):
    """What was asked cannot be; the text says why, to the person who asked."""


def begin(
    *,
    principal: Customer,
    delegate: Customer,
    kind: AuthorityKind,
    services: Collection[Service] | None,
    role: str = "",
    evidence: str = "",
    reason: str = "",
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    recorded_by: User | None = None,
) -> Delegation:
    """`services` None: every service. A new one of the same kind takes the place of the old. Inside a transaction."""
    if services is not None and not services:
        raise AuthorityRefusedError(_("Choose at least one service."))
    starts_on = starts_on or timezone.localdate()
    if ends_on and ends_on < starts_on:
        raise AuthorityRefusedError(_("The last day must not be before the first."))
    check_owner(role, ends_on)
    lock(principal)
    for old in Delegation.objects.open().filter(principal=principal, delegate=delegate, kind=kind).select_for_update():
        if old.role == BusinessRole.OWNER and role != BusinessRole.OWNER and is_last_owner(old):
            raise AuthorityRefusedError(_("A business needs an owner. Make somebody else an owner first."))
        _close(old, by=recorded_by, side=EndedBy.SYSTEM, reason=_("A new one took its place."))
    made = Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        kind=kind,
        role=role,
        covers_everything=services is None,
        evidence=evidence,
        reason=reason,
        recorded_by=recorded_by,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    made.services.set(services or [])
    _tell_both("authority-given", made)
    return made


@transaction.atomic
def record_authority(
    *,
    principal: Customer,
    delegate: Customer,
    kind: AuthorityKind,
    services: Collection[Service] | None,
    evidence: str,
    reason: str,
    by: User,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    born_on: dt.date | None = None,
    died_on: dt.date | None = None,
    document: CleanPhoto | None = None,
) -> Delegation:
    """Staff record an authority for a person who cannot give it on a screen. The same twice records it once.

    A parent's ends on the day before the child comes of age, or earlier; an executor's needs the day of death, which
    is recorded with it.
    """
    if kind not in STAFF_KINDS:
        raise AuthorityRefusedError(_("Staff cannot record an authority of this kind."))
    if not evidence.strip() or not reason.strip():
        raise AuthorityRefusedError(_("Write what you saw as evidence, and why you record it."))
    principal, delegate = lock(principal), Customer.objects.get(pk=delegate.pk)
    _check_people(principal, delegate, kind)
    if kind == AuthorityKind.PARENT:
        ends_on = _end_of_childhood(principal, born_on, ends_on)
    if kind == AuthorityKind.EXECUTOR and principal.died_on is None:
        if died_on is None:
            raise AuthorityRefusedError(_("Write the day of death: an executor acts for somebody who died."))
        principal = record_death(principal, died_on=died_on, by=by)
    elif kind != AuthorityKind.EXECUTOR and principal.died_on:
        raise AuthorityRefusedError(_("This person died. Only an executor can act for them."))
    said: dict[str, Any] = {
        "principal": principal,
        "delegate": delegate,
        "kind": kind,
        "evidence": evidence.strip(),
        "reason": reason.strip(),
        "starts_on": starts_on or timezone.localdate(),
        "ends_on": ends_on,
        "recorded_by": by,
    }
    made = _recorded_before(said, services) or begin(**said, services=services)
    if document:
        store_document(made, document, by=by)
    return made


def _recorded_before(said: dict[str, Any], services: Collection[Service] | None) -> Delegation | None:
    known = Delegation.objects.open().filter(**said, covers_everything=services is None).first()
    if known and set(known.services.all()) == set(services or []):
        return known
    return None


@transaction.atomic
def end_authority(delegation: Delegation, *, by: User | None, side: EndedBy, reason: str = "") -> bool:
    """It ends at once, in sessions that are open, too. False: it had ended before. The last owner of a business
    cannot go."""
    lock(delegation.principal)
    delegation = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if delegation.revoked_at is not None:
        return False
    if side == EndedBy.STAFF and not reason.strip():
        raise AuthorityRefusedError(_("Write why it ends: both sides read it."))
    if delegation.role == BusinessRole.OWNER and side != EndedBy.STAFF and is_last_owner(delegation):
        raise AuthorityRefusedError(_("A business needs an owner. Make somebody else an owner first."))
    _close(delegation, by=by, side=side, reason=reason.strip())
    _tell_both(
        "authority-ended",
        delegation,
        when=moment(timezone.now()),
        ended_by=str(side.label),
        why=reason.strip() or _("No reason was given"),
    )
    return True


@transaction.atomic
def renew_authority(delegation: Delegation, *, ends_on: dt.date | None) -> Delegation:
    """A new last day, of one that nobody ended; it may have run out. None: no end, which a parent's cannot be."""
    principal = lock(delegation.principal)
    delegation = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if delegation.revoked_at is not None:
        raise AuthorityRefusedError(_("This authority was ended. Make a new one."))
    if ends_on and ends_on < max(timezone.localdate(), delegation.starts_on):
        raise AuthorityRefusedError(_("The last day must not be in the past."))
    check_owner(delegation.role, ends_on)
    if delegation.kind == AuthorityKind.PARENT:
        ends_on = _end_of_childhood(principal, None, ends_on)
    if ends_on != delegation.ends_on:
        delegation.ends_on = ends_on
        delegation.save(update_fields=["ends_on"])
        _tell_both("authority-changed", delegation, event=f"renewed:{uuid.uuid4()}")
    return delegation


@transaction.atomic
def record_death(customer: Customer, *, died_on: dt.date, by: User) -> Customer:
    """Every authority that the person gave or held ends with them; an executor's begins. Nobody writes to the dead, and
    what waits to be sent is cancelled."""
    if died_on > timezone.localdate():
        raise AuthorityRefusedError(_("The day of death must not be in the future."))
    customer = lock(customer)
    customer.died_on = died_on
    customer.save(update_fields=["died_on"])
    given = Delegation.objects.open().filter(principal=customer).exclude(kind=AuthorityKind.EXECUTOR)
    for delegation in given | Delegation.objects.open().filter(delegate=customer):
        end_authority(delegation, by=by, side=EndedBy.STAFF, reason=_("A person concerned has died."))
    dying.tell_rooms(customer)
    return customer


def store_document(delegation: Delegation, document: CleanPhoto, *, by: User) -> EvidenceDocument:
    """The same photo twice is kept once. A file whose row is rolled back with its transaction is removed again."""
    known = delegation.documents.filter(sha256=document.sha256).first()
    if known:
        return known
    row = EvidenceDocument(
        delegation=delegation,
        name=document.name[:150],
        content_type=document.content_type,
        size=document.size,
        sha256=document.sha256,
        added_by=by,
    )
    row.file.save(document.name, document.content, save=False)
    try:
        row.save()
    except BaseException:
        row.file.storage.delete(str(row.file.name))
        raise
    return row


def lock(customer: Customer) -> Customer:
    """Two acts on the authorities of one person wait for each other."""
    return Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)


def is_last_owner(delegation: Delegation) -> bool:
    others = Delegation.objects.in_force(timezone.localdate()).filter(
        principal=delegation.principal_id, role=BusinessRole.OWNER
    )
    return not others.exclude(pk=delegation.pk).exists()


def scope_of(covers_everything: bool, services: Collection[Service]) -> str:
    return _("Every service") if covers_everything else ", ".join(sorted(_(service.name) for service in services))


def until(ends_on: dt.date | None) -> str:
    return date_long(ends_on) if ends_on else _("No end")


def people_link() -> str:
    return settings.BASE_URL + reverse("account_people")


def coming_of_age(born_on: dt.date) -> dt.date:
    """The 18th birthday; of somebody born on 29 February, 1 March in a year without one."""
    try:
        return born_on.replace(year=born_on.year + OF_AGE)
    except ValueError:
        return dt.date(born_on.year + OF_AGE, 3, 1)


def check_owner(role: str, ends_on: dt.date | None) -> None:
    if role == BusinessRole.OWNER and ends_on:
        raise AuthorityRefusedError(_("An owner has no last day: a business must not be left without one."))


def _check_people(principal: Customer, delegate: Customer, kind: AuthorityKind) -> None:
    if principal.pk == delegate.pk:
        raise AuthorityRefusedError(_("Nobody needs authority to act for themselves."))
    if principal.kind != "person":
        raise AuthorityRefusedError(_("In a business people have roles. Ask an owner to invite them."))
    if delegate.user_id is None:
        raise AuthorityRefusedError(_("This person has no account yet. They register first."))


def _end_of_childhood(principal: Customer, born_on: dt.date | None, ends_on: dt.date | None) -> dt.date:
    born_on = born_on or principal.born_on
    if born_on is None:
        raise AuthorityRefusedError(_("Write the child's date of birth: a parent's authority ends at 18."))
    if born_on > timezone.localdate():
        raise AuthorityRefusedError(_("The date of birth must not be in the future."))
    last = coming_of_age(born_on) - dt.timedelta(days=1)
    if last < timezone.localdate():
        raise AuthorityRefusedError(_("This person is 18 or older. A parent no longer acts for them by right."))
    if principal.born_on != born_on:
        principal.born_on = born_on
        principal.save(update_fields=["born_on"])
    return min(ends_on, last) if ends_on else last


def _close(delegation: Delegation, *, by: User | None, side: EndedBy, reason: str) -> None:
    delegation.revoked_at = timezone.now()
    delegation.revoked_by = by
    delegation.ended_by = side
    delegation.end_reason = reason[:300]
    delegation.save(update_fields=["revoked_at", "revoked_by", "ended_by", "end_reason"])


def _tell_both(key: str, delegation: Delegation, *, event: str = "", **fields: str) -> None:
    words: dict[str, object] = {
        "principal": str(delegation.principal),
        "delegate": str(delegation.delegate),
        "kind": AuthorityKind(delegation.kind).label,
        "scope": partial(scope_of, delegation.covers_everything, list(delegation.services.all())),
        "from": partial(date_long, delegation.starts_on),
        "until": partial(until, delegation.ends_on),
        "link": people_link(),
        **fields,
    }
    for customer in (delegation.principal, delegation.delegate):
        telling.tell(key, event=f"authority:{delegation.pk}:{event or key}", customer=customer, fields=words)
