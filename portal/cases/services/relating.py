"""Requests that hang together: related ones, duplicates that a leading request stands for, parts that were taken out.

Both are locked, the older one first, so that two people who put them together the other way round do not wait for each
other.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.enums import Channel
from barnet.kit.languages import filled, in_english
from portal.cases.enums import CaseState, EntryKind, RelationKind
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case, CaseRelation, Follower, NotTheSame
from portal.cases.promises import end_pause
from portal.cases.registry import kind_for
from portal.cases.services.receiving import ContactDetails, receive_case
from portal.cases.services.telling import tell_follower, tell_reporter
from portal.cases.services.writing import (
    is_repeat,
    lock_case,
    move,
    refuse_move,
    refuse_stale,
    said,
    save,
    write_entry,
)

DUPLICATE = "duplicate"  # the outcome of a request that another stands for


@in_english()
@transaction.atomic
def relate_cases(case: Case, *, to: Case, actor: Actor) -> CaseRelation:
    """The second time is the first."""
    case, to = _lock_two(case, to)
    known = _between(case, to)
    if known:
        return known
    one, other = sorted((case, to), key=lambda each: each.pk)
    relation = CaseRelation.objects.create(kind=RelationKind.RELATED, one=one, other=other, made_by=actor.user)
    for mine, theirs in ((case, to), (to, case)):
        words = _("Related to %(reference)s.") % {"reference": theirs.reference}
        write_entry(mine, EntryKind.RELATED, actor=actor, subject=mine.customer, internal_text=words)
    return relation


@in_english()
@transaction.atomic
def unrelate_cases(case: Case, *, to: Case, actor: Actor) -> None:
    """A duplicate is taken apart, not unrelated."""
    case, to = _lock_two(case, to)
    known = _between(case, to)
    if known is None:
        return
    if known.kind == RelationKind.DUPLICATE:
        raise MoveRefusedError(_lazy("One of them is a duplicate of the other. Take them apart instead."))
    known.delete()
    for mine, theirs in ((case, to), (to, case)):
        words = _("No longer related to %(reference)s.") % {"reference": theirs.reference}
        write_entry(mine, EntryKind.RELATED, actor=actor, subject=mine.customer, internal_text=words)


@in_english()
@transaction.atomic
def distinguish_cases(case: Case, *, other: Case, actor: Actor) -> NotTheSame:
    """Somebody looked: they are not the same, and are not suggested again, from neither side. The second time is the
    first."""
    case, other = _lock_two(case, other)
    if CaseRelation.objects.filter(
        kind=RelationKind.DUPLICATE, one__in=(case, other), other__in=(case, other)
    ).exists():
        raise MoveRefusedError(_lazy("One of them is a duplicate of the other. Take them apart instead."))
    said_now, is_new = _say_not_the_same(case, other, actor)
    if is_new:
        for mine, theirs in ((case, other), (other, case)):
            words = _("Not the same as %(reference)s.") % {"reference": theirs.reference}
            write_entry(mine, EntryKind.NOTE, actor=actor, subject=mine.customer, internal_text=words)
    return said_now


def _say_not_the_same(case: Case, other: Case, actor: Actor) -> tuple[NotTheSame, bool]:
    one, two = sorted((case, other), key=lambda each: each.pk)
    return NotTheSame.objects.get_or_create(one=one, other=two, defaults={"said_by": actor.user})


@in_english()
@transaction.atomic
def merge_case(case: Case, *, into: Case, actor: Actor, version: int | None = None) -> Case:
    """The request is dealt with as the leading one: it ends as a duplicate, and everybody who reported it follows the
    other from now on, in their own words. `part_case` takes it back."""
    case, into = _lock_two(case, into)
    if CaseRelation.objects.filter(kind=RelationKind.DUPLICATE, one=case, other=into).exists():
        return case
    refuse_stale(case, version)
    _refuse_merging(case, into)
    moved = list(_followers_to_move(case, into))
    made = _follow(case, into)
    Follower.objects.filter(pk__in=[follower.pk for follower in moved]).update(case=into)
    CaseRelation.objects.filter(one__in=(case, into), other__in=(case, into)).delete()
    CaseRelation.objects.create(
        kind=RelationKind.DUPLICATE,
        one=case,
        other=into,
        moved={"followers": [follower.pk for follower in moved], "made": made.pk if made else None},
        made_by=actor.user,
    )
    _end_as_duplicate(case, into)
    words = {"reference": into.reference}
    entry = write_entry(
        case,
        EntryKind.MERGED,
        actor=actor,
        subject=case.customer,
        public_text=case.public_reason,
        internal_text=_("A duplicate of %(reference)s.") % words,
    )
    other = write_entry(
        into,
        EntryKind.MERGED,
        actor=actor,
        subject=into.customer,
        internal_text=_("%(reference)s is a duplicate of this.") % {"reference": case.reference},
    )
    tell_reporter(case, entry, "case-merged", leading=into.reference, promise=into.promise_on)
    for follower in Follower.objects.filter(pk__in=[each.pk for each in moved]).select_related("customer__user"):
        tell_follower(into, other, follower, "case-joined")
    return case


def _refuse_merging(case: Case, into: Case) -> None:
    if kind_for(case.service.slug).is_bound:
        raise MoveRefusedError(
            filled(
                _lazy("“%(service)s” keeps records of its own about each request: they cannot be put together."),
                service=case.service.name,
            )
        )
    if case.service_id != into.service_id:
        raise MoveRefusedError(_lazy("They belong to different services. Move one to the other service first."))
    for each in (case, into):
        if not each.is_open:
            refuse_move(each)


def _followers_to_move(case: Case, into: Case) -> list[Follower]:
    """Who follows both already, or asked for the other, stays where they are."""
    there = {(follower.customer_id, follower.email) for follower in into.followers.all()}
    return [
        follower
        for follower in case.followers.all()
        if (follower.customer_id, follower.email) not in there and not _asked(into, follower)
    ]


def _asked(into: Case, follower: Follower) -> bool:
    if follower.customer_id:
        return follower.customer_id == into.customer_id
    return follower.email.lower() == into.contact_email.lower() and into.customer_id is None


def _follow(case: Case, into: Case) -> Follower | None:
    """Who asked for the duplicate. None when there is nobody to tell, or they hear of the other anyway."""
    email = "" if case.customer_id else case.contact_email
    if not (case.customer_id or email):
        return None
    reporter = Follower(case=into, customer=case.customer, email=email, title=case.title, place=case.place[:300])
    if _asked(into, reporter):
        return None
    follower, is_new = Follower.objects.get_or_create(
        case=into, customer=case.customer, email=email, defaults={"title": reporter.title, "place": reporter.place}
    )
    return follower if is_new else None


def _end_as_duplicate(case: Case, into: Case) -> None:
    end_pause(case)
    move(case, CaseState.RESOLVED)
    case.outcome, case.resolved_at = DUPLICATE, timezone.now()
    case.public_reason = _("Somebody had told us of the same. We deal with both together, as %(reference)s.") % {
        "reference": into.reference
    }
    save(case, "outcome", "public_reason", "resolved_at")


@in_english()
@transaction.atomic
def part_case(case: Case, *, actor: Actor, version: int | None = None) -> Case:
    """It is no duplicate after all: dealt with on its own, by the promise that it had, and not suggested again."""
    case = lock_case(case)
    if is_repeat(case, EntryKind.PARTED, actor):
        return case
    refuse_stale(case, version)
    relation = leave_leading(case)
    if relation is None:
        raise MoveRefusedError(filled(_lazy("%(reference)s is no duplicate."), reference=case.reference))
    _say_not_the_same(case, relation.other, actor)
    move(case, CaseState.ASSIGNED if case.team_id else CaseState.RECEIVED)
    case.outcome = case.public_reason = ""
    case.resolved_at = None
    save(case, "outcome", "public_reason", "resolved_at")
    entry = write_entry(
        case,
        EntryKind.PARTED,
        actor=actor,
        subject=case.customer,
        public_text=_("It is not the same after all. We deal with your request on its own."),
        internal_text=_("Was put together with %(reference)s.") % {"reference": relation.other.reference},
    )
    write_entry(
        relation.other,
        EntryKind.PARTED,
        actor=actor,
        subject=relation.other.customer,
        internal_text=_("%(reference)s is no duplicate of this.") % {"reference": case.reference},
    )
    tell_reporter(case, entry, "case-parted")
    return case


def leave_leading(case: Case) -> CaseRelation | None:
    """Takes its followers back from the request that stood for it. None when it is no duplicate."""
    duplicates = CaseRelation.objects.filter(kind=RelationKind.DUPLICATE, one=case)
    relation = duplicates.select_for_update(of=("self",)).select_related("other__customer").first()
    if relation is None:
        return None
    Follower.objects.filter(pk=relation.moved.get("made"), case=relation.other).delete()
    Follower.objects.filter(pk__in=relation.moved.get("followers", []), case=relation.other).update(case=case)
    relation.delete()
    return relation


@in_english()
@transaction.atomic
def split_case(
    case: Case, *, actor: Actor, service: Service, title: str, text: str, version: int | None = None
) -> Case:
    """A part of it becomes a request of its own, of the same person at the same place. Returns the new one."""
    case = lock_case(case)
    title = said(title, _lazy("Write what the new request is about."))[:120]
    words = _("A part of it is a request of its own now: %(title)s") % {"title": title}
    if is_repeat(case, EntryKind.SPLIT, actor, internal_text=words):
        return CaseRelation.objects.filter(kind=RelationKind.PART, other=case).latest("pk").one
    refuse_stale(case, version)
    if kind_for(service.slug).is_bound:
        raise MoveRefusedError(
            filled(_lazy("“%(service)s” keeps records of its own. Start it for the customer."), service=service.name)
        )
    details = [(_("Taken out of"), case.reference), *([(_("What it is about"), text.strip())] if text.strip() else [])]
    part = receive_case(
        service,
        actor=Actor(actor.user, actor.right, Channel(case.channel)),
        submission_key=f"part:{case.pk}:{case.version}",
        title=title,
        details=details,
        customer=case.customer,
        contact=ContactDetails(name=case.contact_name, email=case.contact_email, phone=case.contact_phone),
        address=case.address,
        address_text=case.address_text,
        location=case.location,
    ).case
    CaseRelation.objects.get_or_create(
        one=part, other=case, defaults={"kind": RelationKind.PART, "made_by": actor.user}
    )
    save(case)
    write_entry(case, EntryKind.SPLIT, actor=actor, subject=case.customer, internal_text=words)
    return part


def _lock_two(case: Case, other: Case) -> tuple[Case, Case]:
    if case.pk == other.pk:
        raise MoveRefusedError(_lazy("That is this request. Name the other one."))
    locked = {each.pk: lock_case(each) for each in sorted((case, other), key=lambda each: each.pk)}
    return locked[case.pk], locked[other.pk]


def _between(case: Case, other: Case) -> CaseRelation | None:
    return CaseRelation.objects.filter(one__in=(case, other), other__in=(case, other)).first()
