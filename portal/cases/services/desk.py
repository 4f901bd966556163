"""What staff keep of their own."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.kit.languages import filled
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Absence, Case, Presence, SavedView, Team

FORGOTTEN_AFTER = dt.timedelta(hours=1)


@transaction.atomic
def save_view(*, user: User, name: str, filters: str, team: Team | None = None) -> SavedView:
    """The same name again gets the new filters."""
    mine = {"owner": None, "team": team} if team else {"owner": user, "team": None}
    view, _created = SavedView.objects.update_or_create(name=name, **mine, defaults={"filters": filters})
    return view


def remove_view(view: SavedView) -> None:
    view.delete()


def note_presence(case: Case, *, user: User) -> None:
    now = timezone.now()
    Presence.objects.bulk_create(
        [Presence(case=case, person=user, seen_at=now)],
        update_conflicts=True,
        update_fields=["seen_at"],
        unique_fields=["case", "person"],
    )


def forget_presence() -> str:
    gone, _rows = Presence.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    return f"{gone} forgotten"


@transaction.atomic
def record_absence(person: User, *, cover: User, from_on: dt.date, until_on: dt.date, by: User) -> Absence:
    """The cover is there on every one of these days: nobody's requests go on to a third."""
    if until_on < from_on or until_on < timezone.localdate():
        raise MoveRefusedError(_("The last day must be today or later, and not before the first."))
    if cover == person:
        raise MoveRefusedError(_("Choose somebody else to look after the requests."))
    _lock({person.pk, cover.pk})
    away = Absence.objects.filter(from_on__lte=until_on, until_on__gte=from_on)
    if away.filter(person=cover).exists():
        raise MoveRefusedError(filled(_("%(person)s is away then, too. Choose somebody else."), person=cover))
    if away.filter(cover=person).exists():
        raise MoveRefusedError(
            filled(_("%(person)s looks after somebody else’s requests then. Change that first."), person=person)
        )
    try:
        with transaction.atomic():
            return Absence.objects.create(person=person, cover=cover, from_on=from_on, until_on=until_on, written_by=by)
    except IntegrityError:
        raise MoveRefusedError(filled(_("%(person)s is away then already."), person=person)) from None


def _lock(keys: set[int]) -> None:
    """In one order, so that two who cover each other at once do not both succeed."""
    list(User.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def end_absence(absence: Absence) -> None:
    absence.delete()
