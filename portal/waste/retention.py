"""How long a photo waits for a report that was begun and never sent."""

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, register
from portal.waste.models import DraftPhoto


def register_retention() -> None:
    register(
        Kind(
            key="draft-photos",
            name=_("Photos of reports that were not sent"),
            action=_("The photo is deleted."),
            days=1,
            reason=_("Whoever interrupts a report may go on with it the same day."),
            legal_basis=_("Storage limitation (UK GDPR article 5(1)(e))"),
            age="added_at",
            find=DraftPhoto.objects.all,
            apply=_delete,
        )
    )


def _delete(rows: QuerySet[DraftPhoto]) -> int:
    """Files after the commit: a file without a row is rubbish, a row without a file is a broken page."""
    names = [str(name) for name in rows.values_list("file", flat=True)]
    transaction.on_commit(partial(_delete_files, names), robust=True)
    rows.delete()
    return len(names)


def _delete_files(names: list[str]) -> None:
    storage = DraftPhoto._meta.get_field("file").storage  # type: ignore[union-attr]
    for name in names:
        storage.delete(name)
