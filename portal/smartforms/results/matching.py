"""Two sent forms side by side, also of different versions: what stands at the same place is put beside each other."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.smartforms.comparing import compare
from portal.smartforms.models import Submission
from portal.smartforms.results.sheet import Row, Sheet
from portal.smartforms.versions import definition_of


@dataclass(frozen=True)
class Matched:
    """`rows`: question, the one answer, the other, and whether they differ; as the kit's table draws them."""

    title: str
    rows: list[tuple[str, str, str, str]]


def side_by_side(one: Sheet, other: Sheet) -> list[Matched]:
    """In the order of the first; what only the second has stands behind, under its own step."""
    there = {row.path: row for row in other.rows}
    known = {row.path for row in one.rows}
    found = [Matched(part.title, [_matched(row, there.get(row.path)) for row in part.rows]) for part in one.sections]
    by_title = {part.title: part for part in found}
    for part in other.sections:
        more = [_matched(None, row) for row in part.rows if row.path not in known]
        if more and part.title in by_title:
            by_title[part.title].rows.extend(more)
        elif more:
            found.append(Matched(part.title, more))
    return found


def _matched(one: Row | None, other: Row | None) -> tuple[str, str, str, str]:
    labels = list(dict.fromkeys(row.label for row in (one, other) if row))
    label = (
        labels[0]
        if len(labels) == 1
        else _("%(one)s (the other asked: %(other)s)") % dict(zip(("one", "other"), labels, strict=True))
    )
    return label, _words(one), _words(other), _verdict(one, other)


def _words(row: Row | None) -> str:
    if row is None:
        return _("Not asked, or not given")
    if not row.is_shown:
        return _("Special-category answer: not shown")
    return row.words or _("Not given")


def _verdict(one: Row | None, other: Row | None) -> str:
    """Of two answers that somebody may not see, not even whether they are the same."""
    if any(row and not row.is_shown for row in (one, other)):
        return _("Not shown")
    return _("Same") if one and other and one.words == other.words else _("Different")


def since_changed(submission: Submission) -> tuple[str, ...]:
    """What changed in the form since this was sent, in sentences; nothing for what stands there now."""
    live = submission.version.form.live_version
    if live is None or live.pk == submission.version_id:
        return ()
    return compare(definition_of(submission.version), definition_of(live)).sentences


def changed_between(one: Submission, other: Submission) -> tuple[str, ...]:
    """From the older version to the newer."""
    old, new = sorted((one.version, other.version), key=lambda version: version.number)
    return compare(definition_of(old), definition_of(new)).sentences if old.pk != new.pk else ()


def others_of(submission: Submission, limit: int = 10) -> list[Submission]:
    """Of the same person with the same form, the latest first."""
    if submission.subject_id is None:
        return []
    found = Submission.objects.filter(subject=submission.subject_id, version__form=submission.version.form_id)
    return list(found.exclude(pk=submission.pk).select_related("case", "version").order_by("-sent_at")[:limit])
