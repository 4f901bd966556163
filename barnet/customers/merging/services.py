"""Merging two records of one person, and undoing it.

1. Both records are locked, the lower number first, so that two people who merge the same two at once take turns.
2. What may go over goes over, by the declared rules; its keys are kept with the merge.
3. What is empty in the record that is kept is filled (`filling`).
4. What is written once stays with the old record, which says whose it is now: readers follow `Customer.identities`.
5. A row that somebody wrote to the old record while it was being merged goes over later (`gather_late`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnet.customers.merging.filling import fill_details, give_points_again, take_back
from barnet.customers.merging.rules import RULES, going_over, place_of
from barnet.customers.models import Customer, CustomerMerge, User

_LATE = dt.timedelta(days=2)


class MergeRefusedError(ValueError):
    """The sentence says why."""


@dataclass(frozen=True)
class Line:
    """What becomes of one kind of row."""

    label: str | Promise
    moves: int
    stays: int


def preview_merge(kept: Customer, merged: Customer) -> list[Line]:
    """What `merge_customers` would do; raises MergeRefusedError where it would."""
    _refuse(kept, merged)
    lines = []
    for path, rule in RULES.items():
        model, name = place_of(path)
        every = model._base_manager.filter(**{name: merged}).count()
        moves = going_over(path, merged=merged, kept=kept).count() if every else 0
        lines.append(Line(rule.label, moves, every - moves))
    return [line for line in lines if line.moves or line.stays]


@transaction.atomic
def merge_customers(kept: Customer, merged: Customer, *, by: User, reason: str) -> CustomerMerge:
    """Merging what is merged into this already returns the merge that stands."""
    kept, merged = _locked(kept.pk, merged.pk)
    if merged.merged_into_id == kept.pk:
        return CustomerMerge.objects.get(merged=merged, undone_at=None)
    _refuse(kept, merged)
    merge = CustomerMerge(kept=kept, merged=merged, by=by, reason=reason[:300])
    _move(merge)
    fill_details(merge)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    merge.save()
    return merge


@transaction.atomic
def undo_merge(merge: CustomerMerge, *, by: User) -> CustomerMerge:
    """Everything that went over goes back, and what was filled; what was written since stays with the record that was
    kept."""
    kept, merged = _locked(merge.kept_id, merge.merged_id)
    merge = CustomerMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        return merge
    if merged.merged_into_id != kept.pk:
        raise MergeRefusedError(str(_("This record was merged again since. Undo that first.")))
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    take_back(merge, kept, merged)
    for path, keys in merge.moved.items():
        model, name = place_of(path)
        model._base_manager.filter(pk__in=keys, **{name: kept}).update(**{name: merged})
    for path, keys in merge.cleared.items():
        model, name = place_of(path)
        model._base_manager.filter(pk__in=keys, **{name: merged}).update(**{RULES[path].is_flag_cleared: True})
    give_points_again(merged)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    return merge


def merges_into(customer: Customer) -> QuerySet[CustomerMerge]:
    """Those that stand, newest first."""
    standing = CustomerMerge.objects.filter(merged__merged_into=customer, undone_at=None)
    return standing.select_related("merged", "by").order_by("-at", "-pk")


def gather_late() -> str:
    """What somebody wrote to a record while it was being merged."""
    merges = CustomerMerge.objects.filter(undone_at=None, at__gte=timezone.now() - _LATE)
    for key in merges.values_list("pk", flat=True):
        _gather(key)
    return f"{len(merges)} merges"


@transaction.atomic
def _gather(key: int) -> None:
    merge = CustomerMerge.objects.get(pk=key)
    kept, merged = _locked(merge.kept_id, merge.merged_id)
    merge = CustomerMerge.objects.select_for_update().get(pk=key)
    if merge.undone_at is None and merged.merged_into_id == kept.pk:
        _move(merge)
        merge.save(update_fields=["moved", "cleared"])


def _locked(kept: int, merged: int) -> tuple[Customer, Customer]:
    """Not their keys: who writes a row that names them meanwhile does not wait, so that nobody waits in a circle."""
    rows = Customer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[kept, merged]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[kept], found[merged]


def _refuse(kept: Customer, merged: Customer) -> None:
    if kept.pk == merged.pk:
        raise MergeRefusedError(str(_("This is the same record twice.")))
    if kept.merged_into_id or merged.merged_into_id:
        raise MergeRefusedError(str(_("One of the two was merged already. Search again.")))
    if kept.kind != merged.kind:
        raise MergeRefusedError(str(_("A person and a business are never one.")))
    if merged.user_id:
        raise MergeRefusedError(
            str(_("Both have an account. They close one of them first."))
            if kept.user_id
            else str(_("Keep the record with the account: open that one, and merge this one into it."))
        )
    if kept.died_on != merged.died_on:
        raise MergeRefusedError(str(_("One record says that they died. Put that right first.")))


def _move(merge: CustomerMerge) -> None:
    for path, rule in RULES.items():
        if rule.stays:
            continue
        model, name = place_of(path)
        rows = going_over(path, merged=merge.merged, kept=merge.kept)
        keys = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        if not keys:
            continue
        going = model._base_manager.filter(pk__in=keys)
        changes: dict[str, Any] = {name: merge.kept}
        if rule.is_flag_cleared:
            flagged = list(going.filter(**{rule.is_flag_cleared: True}).values_list("pk", flat=True))
            merge.cleared[path] = [*merge.cleared.get(path, []), *_plain(flagged)]
            changes[rule.is_flag_cleared] = False
        going.update(**changes)
        merge.moved[path] = [*merge.moved.get(path, []), *_plain(keys)]


def _plain(keys: Sequence[Any]) -> list[int | str]:
    return [key if isinstance(key, int) else str(key) for key in keys]
