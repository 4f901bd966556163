"""What residents may read: their own, what they were given authority for, and where a report they joined stands."""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import In
from django.http import Http404
from django.utils.translation import gettext as _

from barnet.customers.enums import Power, Right
from barnet.customers.models import Customer, User
from barnet.customers.selectors import reach_of, verified_emails
from barnet.kit.references import InvalidReferenceError, parse_reference
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Attachment, Case, CaseQuerySet, Follower, TimelineEntry
from portal.cases.registry import kind_for

AnyUser = User | AnonymousUser


class PublicEntry(NamedTuple):
    """A line of the timeline as the customer reads it; the shape that the kit's timeline draws."""

    title: str
    at: dt.datetime
    byline: str
    text: str


@dataclass(frozen=True)
class FollowedCase:
    """What somebody who joined may know: their own words, and where it stands."""

    reference: str
    title: str
    place: str
    joined_at: dt.datetime
    state: CaseState
    promise_on: dt.date
    outcome: str
    public_reason: str


def cases_for(user: AnyUser, power: Power = Power.READ) -> CaseQuerySet:
    """Own cases, those of people who gave authority (only for the services it covers, and for what it allows), and
    those made without an account with an e-mail address that the user has proved to be theirs. Three small queries
    besides the list."""
    if not isinstance(user, User):
        return Case.objects.none()
    theirs = Q(customer__in=list(Customer.objects.filter(user=user).values_list("pk", flat=True)))
    for principal, service in reach_of(user, power):
        theirs |= Q(customer=principal, service=service) if service else Q(customer=principal)
    emails = [email.lower() for email in verified_emails(user)]
    if emails:
        theirs |= Q(In(Lower("contact_email"), emails), customer=None)
    return Case.objects.filter(theirs)


def case_for(user: AnyUser, reference: str, power: Power = Power.READ) -> Case:
    """The door for residents: 404 for strangers, and for what is not a reference.

    Whoever may read but not act (a role in a business may be so) is told: PermissionDenied.
    """
    case = (
        cases_for(user)
        .filter(reference=canonical(reference))
        .select_related("service", "team", "customer", "address", "ward")
        .first()
    )
    if case is None:
        raise Http404
    if power != Power.READ and not cases_for(user, power).filter(pk=case.pk).exists():
        raise PermissionDenied
    return case


def canonical(reference: str) -> str:
    try:
        return parse_reference(reference)
    except InvalidReferenceError:
        raise Http404 from None


def public_timeline(case: Case) -> list[PublicEntry]:
    """What the customer reads: oldest first, without names of staff or of others who reported the same."""
    entries = case.timeline.exclude(public_text="").select_related("subject", "actor")
    return [_public(case, entry) for entry in entries]


def _public(case: Case, entry: TimelineEntry) -> PublicEntry:
    return PublicEntry(str(EntryKind(entry.kind).label), entry.at, _byline(case, entry), entry.public_text)


def _byline(case: Case, entry: TimelineEntry) -> str:
    if entry.kind == EntryKind.JOINED:
        return ""
    if entry.right == Right.STAFF:
        return settings.COUNCIL_NAME
    if entry.right == Right.SYSTEM:
        return _("Automatic")
    if entry.right == Right.DELEGATE:
        return _("%(person)s, with authority") % {"person": entry.actor}
    return str(case.customer) if case.customer else case.contact_name or _("The person who reported it")


def public_photos(case: Case) -> QuerySet[Attachment]:
    return Attachment.objects.photos().filter(case=case, is_public=True)


def public_files(case: Case) -> QuerySet[Attachment]:
    return Attachment.objects.papers().filter(case=case, is_public=True)


def outcome_label(case: Case) -> str:
    outcome = kind_for(case.service.slug).outcome(case.outcome)
    return str(outcome.label) if outcome else case.outcome.replace("_", " ").capitalize()


def open_question(case: Case) -> str:
    """The question that waits for the customer's answer, or nothing."""
    if case.state != CaseState.WAITING:
        return ""
    pause = case.pauses.filter(until_on=None).first()
    return pause.reason if pause else ""


def followed_by(user: AnyUser) -> list[FollowedCase]:
    """Reports of others that the user joined, newest first."""
    if not isinstance(user, User):
        return []
    mine = Q(customer__user=user) | Q(customer=None, email__in=[email.lower() for email in verified_emails(user)])
    followers = Follower.objects.filter(mine).select_related("case__service").order_by("-joined_at")
    return [_followed(follower) for follower in followers]


def followed_case(user: AnyUser, reference: str) -> FollowedCase:
    wanted = canonical(reference)
    for followed in followed_by(user):
        if followed.reference == wanted:
            return followed
    raise Http404


def _followed(follower: Follower) -> FollowedCase:
    case = follower.case
    return FollowedCase(
        reference=case.reference,
        title=follower.title,
        place=follower.place,
        joined_at=follower.joined_at,
        state=CaseState(case.state),
        promise_on=case.promise_on,
        outcome=outcome_label(case) if case.state == CaseState.RESOLVED else "",
        public_reason=case.public_reason,
    )
