"""`@dev` in a note calls the colleague whose e-mail address begins so."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.customers.models import User
from barnet.kit.languages import filled
from barnet.notifications.services import Telling, queue_messages
from portal.cases.errors import MoveRefusedError
from portal.cases.models import Case, Mention, TimelineEntry

_NAMED = re.compile(r"(?<![\w.@])@([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
VIEW = "cases.view_case"


def people_named(text: str) -> list[User]:
    """Refuses a name that is nobody's, or more than one person's, or of somebody who may not read requests."""
    return [_person(name) for name in dict.fromkeys(match.lower() for match in _NAMED.findall(text))]


def _person(name: str) -> User:
    found = list(User.objects.filter(is_staff=True, is_active=True, email__startswith=f"{name}@")[:2])
    if len(found) != 1 or not found[0].has_perm(VIEW):
        raise MoveRefusedError(
            filled(
                _("We know no colleague @%(name)s. Write what stands before the @ of their e-mail address."), name=name
            )
        )
    return found[0]


def call_people(case: Case, entry: TimelineEntry, people: list[User]) -> None:
    """The message says which request, and nothing of the note."""
    Mention.objects.bulk_create([Mention(entry=entry, person=person) for person in people])
    link = settings.BASE_URL + reverse("staff_case", args=[case.reference])
    queue_messages(
        "staff-mention",
        [
            Telling(
                key=f"mention:{entry.pk}:{person.pk}",
                email=person.email,
                fields={"reference": case.reference, "by": str(entry.actor), "link": link},
                about=case.reference,
            )
            for person in people
        ],
    )


def see_mentions(case: Case, *, user: User) -> None:
    """They have the request before them."""
    Mention.objects.filter(entry__case=case, person=user, seen_at=None).update(seen_at=timezone.now())
