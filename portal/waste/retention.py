"""How long drafts, subscriptions and what subscribers were told are kept."""

from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.waste.models import DraftPhoto, Subscription, ToldCollection

_BASIS = _("Storage limitation (UK GDPR article 5(1)(e))")


def register_retention() -> None:
    register(
        Kind(
            key="draft-photos",
            name=_("Photos of reports that were not sent"),
            action=_("The photo is deleted."),
            days=1,
            reason=_("Whoever interrupts a report may go on with it the same day."),
            legal_basis=_BASIS,
            age="added_at",
            find=DraftPhoto.objects.all,
            apply=_delete_photos,
        )
    )
    register(
        Kind(
            key="bin-subscriptions-unproved",
            name=_("Reminders of bins that nobody confirmed"),
            action=_("The e-mail address and the home are deleted."),
            days=7,
            reason=_("The link in our message works for a week."),
            legal_basis=_BASIS,
            age="asked_at",
            find=lambda: Subscription.objects.filter(confirmed_at=None),
            apply=delete_rows,
        )
    )
    register(
        Kind(
            key="bin-subscriptions-ended",
            name=_("Reminders of bins that were ended"),
            action=_("Who was reminded, of which home, and what we told them is deleted."),
            days=30,
            reason=_(
                "Nobody is told twice who ends and begins again, and a second click on the link finds its answer. Of "
                "the home in somebody's account it stays, whatever its age: it is how we know that they said no."
            ),
            legal_basis=_BASIS,
            age="ended_at",
            find=_ended_for_good,
            apply=delete_rows,
        )
    )
    register(
        Kind(
            key="bin-tellings",
            name=_("What subscribers were told of a collection"),
            action=_("The row is deleted; the message has a period of its own."),
            days=60,
            reason=_("Changes are told by comparing with it; collections can be moved until they are over."),
            legal_basis=_BASIS,
            age="due_on",
            find=ToldCollection.objects.all,
            apply=delete_rows,
        )
    )


def _ended_for_good() -> QuerySet[Subscription]:
    """Not the no of somebody whose saved home it is: without it they would be told of that home again."""
    ended = Subscription.objects.filter(ended_at__isnull=False)
    return ended.exclude(customer__address=F("address"))


def _delete_photos(rows: QuerySet[DraftPhoto]) -> int:
    """Files after the commit: a file without a row is rubbish, a row without a file is a broken page."""
    names = [str(name) for name in rows.values_list("file", flat=True)]
    transaction.on_commit(partial(_delete_files, names), robust=True)
    rows.delete()
    return len(names)


def _delete_files(names: list[str]) -> None:
    storage = DraftPhoto._meta.get_field("file").storage  # type: ignore[union-attr]
    for name in names:
        storage.delete(name)
