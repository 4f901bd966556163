"""What staff read about one case or one customer. Reading is recorded."""

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext as _

from barnet.customers.models import Customer, User
from barnet.customers.services import record_access
from barnet.kit.references import InvalidReferenceError, parse_reference
from portal.cases.enums import OPEN_STATES, RelationKind
from portal.cases.models import Attachment, Case, CaseQuerySet, CaseRelation, Mention, Team, TimelineEntry
from portal.cases.selectors.residents import AnyUser, canonical, cases_for
from portal.cases.selectors.seeing import cases_seen_by, sees


def case_for_staff(user: AnyUser, reference: str, *, purpose: str) -> Case:
    """The door for staff: 404 for others and for requests of other teams, 403 without the permission. The reading is
    recorded."""
    if not isinstance(user, User) or not user.is_staff:
        raise Http404
    if not user.has_perm("cases.view_case"):
        raise PermissionDenied
    case = (
        cases_seen_by(user)
        .filter(reference=canonical(reference))
        .select_related("service", "team", "assignee", "customer__user", "address", "ward")
        .first()
    )
    if case is None:
        raise Http404
    record_access(actor=user, customer=case.customer, what=f"case {case.reference}", purpose=purpose)
    return case


def attachment_for(user: AnyUser, pk: int) -> Attachment:
    """The door for photos and files: staff who may read cases, and residents for the public ones of their own cases."""
    attachment = Attachment.objects.filter(pk=pk).select_related("case__customer").first()
    if attachment is None:
        raise Http404
    case = attachment.case
    if isinstance(user, User) and user.is_staff and user.has_perm("cases.view_case"):
        if not sees(user, case):
            raise Http404
        what = "photo" if attachment.is_photo else "file"
        record_access(actor=user, customer=case.customer, what=f"{what} of {case.reference}", purpose="casework")
        return attachment
    if not attachment.is_public or not cases_for(user).filter(pk=case.pk).exists():
        raise Http404
    return attachment


def staff_timeline(case: Case) -> QuerySet[TimelineEntry]:
    return case.timeline.select_related("actor", "subject").order_by("-at", "-id")


def cases_at_address(case: Case, user: User) -> CaseQuerySet:
    """Other cases at the same address that they see, newest first."""
    if not case.address_id:
        return Case.objects.none()
    return (
        cases_seen_by(user)
        .filter(address=case.address_id)
        .exclude(pk=case.pk)
        .select_related("service")
        .order_by("-opened_at")
    )


def cases_of_customer(customer: Customer, user: User) -> CaseQuerySet:
    """Those that they see: open ones first, then the past ones, each the newest first."""
    theirs = cases_seen_by(user).filter(customer=customer)
    rows = theirs.select_related("service", "team", "assignee", "address", "ward")
    return rows.alias(goes_on=Q(state__in=OPEN_STATES)).order_by("-goes_on", "-opened_at", "-pk")


def team_named(text: str) -> Team | None:
    """A team by its name, or by its short name, which stays when it is renamed."""
    named = Team.objects.filter(name__iexact=text.strip()).first()
    return named or Team.objects.filter(slug=slugify(text)).first()


def versions_of(case: Case) -> QuerySet[Any]:
    """Every row that the case ever was, written by a database trigger, newest first."""
    return (
        apps.get_model("cases", "CaseEvent")
        .objects.filter(pgh_obj=case)
        .select_related("pgh_context", "team", "assignee", "ward", "service")
        .order_by("-pgh_id")
    )


def relations_of(case: Case, user: User) -> list[tuple[str, Case]]:
    """What each other request that they see is to this one, in words, and the request. One query."""
    seen = cases_seen_by(user)
    found = CaseRelation.objects.filter(Q(one=case, other__in=seen) | Q(other=case, one__in=seen))
    found = found.select_related("one", "other")
    return [
        (_of_one(relation), relation.other) if relation.one_id == case.pk else (_of_other(relation), relation.one)
        for relation in found
    ]


def _of_one(relation: CaseRelation) -> str:
    words = {RelationKind.DUPLICATE: _("Dealt with as"), RelationKind.PART: _("Taken out of")}
    return words.get(RelationKind(relation.kind), _("Related"))


def _of_other(relation: CaseRelation) -> str:
    words = {RelationKind.DUPLICATE: _("Duplicate"), RelationKind.PART: _("Part")}
    return words.get(RelationKind(relation.kind), _("Related"))


def case_named(text: str, user: User) -> Case | None:
    """Of a reference that they typed, to be named beside another; it is not read."""
    try:
        return cases_seen_by(user).filter(reference=parse_reference(text)).first()
    except InvalidReferenceError:
        return None


def mentions_of(user: User) -> QuerySet[Mention]:
    """Newest first, those not seen before the others."""
    mentions = Mention.objects.filter(person=user).select_related("entry__case", "entry__actor")
    return mentions.order_by(F("seen_at").desc(nulls_first=True), "-pk")


def unseen_mentions(user: User) -> int:
    return Mention.objects.filter(person=user, seen_at=None).count()
