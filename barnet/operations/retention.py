"""Applying the retention schedule: every kind by its own period, in small transactions, with a report that is kept.

A kind that fails does not keep the others from their turn, and is reported. What was dealt with stays dealt with when
the run is interrupted; the next one goes on.
"""

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import override

from barnet.customers.models import User
from barnet.kit import retention
from barnet.kit.retention import Kind
from barnet.operations.models import RetentionPeriod, RetentionReport

AT_ONCE = 200

log = structlog.get_logger("barnet.retention")


class NothingDoneError(Exception):
    """A kind was given rows and dealt with none: going on would never end."""


def ensure_periods() -> str:
    """One row per kind. What nobody edited follows the code."""
    rows = RetentionPeriod.objects.in_bulk()
    with override("en-gb"):
        for kind in retention.kinds():
            meant = {"days": kind.days, "reason": str(kind.reason), "legal_basis": str(kind.legal_basis)}
            row = rows.get(kind.key) or RetentionPeriod(kind=kind.key)
            if row.is_edited or all(getattr(row, name) == value for name, value in meant.items()):
                continue
            for name, value in meant.items():
                setattr(row, name, value)
            row.save()
    return f"{len(retention.kinds())} kinds of record"


def apply_all(*, keys: list[str] | None = None, is_dry_run: bool = False) -> list[RetentionReport]:
    periods = RetentionPeriod.objects.in_bulk()
    chosen = [retention.kind_of(key) for key in keys] if keys else retention.kinds()
    return [apply(kind, periods[kind.key].days if kind.key in periods else kind.days, is_dry_run) for kind in chosen]


def apply_every_night() -> str:
    """The periodic job. It fails when a kind did, so that somebody looks."""
    reports = apply_all()
    broken = [report.kind for report in reports if report.error]
    if broken:
        raise RuntimeError(f"Not applied: {', '.join(broken)}. /staff/retention/ has the reason.")
    return f"{sum(report.done for report in reports)} records of {len(reports)} kinds"


def apply(kind: Kind, days: int, is_dry_run: bool) -> RetentionReport:
    before = timezone.now() - dt.timedelta(days=days)
    due = _due(kind, before)
    report = RetentionReport(kind=kind.key, is_dry_run=is_dry_run, days=days, before=before, count=due.count())
    report.oldest_at = _moment(due.order_by().aggregate(oldest=Min(kind.age))["oldest"])
    if not is_dry_run:
        try:
            while count := _apply_some(kind, before):
                report.done += count
        except Exception as error:
            log.exception("retention failed", kind=kind.key)
            report.error = type(error).__name__  # what it says may be somebody's
    report.save()
    log.info("retention applied", kind=kind.key, days=days, count=report.count, done=report.done, dry_run=is_dry_run)
    return report


def _due(kind: Kind, before: dt.datetime) -> QuerySet:
    return retention.rows_of(kind).filter(**{f"{kind.age}__lt": before})


def _moment(when: dt.date | None) -> dt.datetime | None:
    """Some kinds go by a day: it begins at midnight in London."""
    if when is None or isinstance(when, dt.datetime):
        return when
    return timezone.make_aware(dt.datetime.combine(when, dt.time.min))


@transaction.atomic
def _apply_some(kind: Kind, before: dt.datetime) -> int:
    keys = list(_due(kind, before).order_by(kind.age).values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    done = kind.apply(kind.find().model._default_manager.filter(pk__in=keys))
    if not done:
        raise NothingDoneError(kind.key)
    return done


@transaction.atomic
def change_period(period: RetentionPeriod, *, days: int, reason: str, legal_basis: str, by: User) -> RetentionPeriod:
    row = RetentionPeriod.objects.select_for_update().get(pk=period.pk)
    row.days, row.reason, row.legal_basis = days, reason, legal_basis
    row.is_edited, row.changed_by, row.changed_at = True, by, timezone.now()
    row.save()
    log.info("retention period changed", kind=row.kind, days=days, by=by.pk)
    return row
