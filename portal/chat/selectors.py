"""What is read in a conversation, and who waits for an answer."""

import datetime as dt
from pathlib import PurePath
from typing import NamedTuple

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from barnet.customers.enums import Right
from barnet.customers.models import User
from portal.cases.enums import EntryKind
from portal.cases.models import Attachment, Case, CaseQuerySet, TimelineEntry
from portal.cases.selectors import cases_seen_by

SPOKEN_KINDS = [EntryKind.MESSAGE, EntryKind.ASKED, EntryKind.ANSWERED]


class SentAlong(NamedTuple):
    """A file of a line. `url` is behind the door of whoever reads."""

    name: str
    url: str
    size: int
    ending: str  # "PDF"
    is_photo: bool


class Line(NamedTuple):
    pk: int
    at: dt.datetime
    who: str
    text: str
    is_ours: bool
    files: list[SentAlong]


def lines(case: Case, *, after: int = 0, for_staff: bool = False) -> list[Line]:
    """What was said, the oldest first: messages, questions and answers. Customers read the council, staff each other's
    names."""
    rows = case.timeline.filter(kind__in=SPOKEN_KINDS, pk__gt=after).exclude(public_text="")
    rows = rows.select_related("actor").prefetch_related("sent_files__attachment")
    return [_line(case, row, for_staff) for row in rows.order_by("pk")]


def _line(case: Case, entry: TimelineEntry, for_staff: bool) -> Line:
    is_ours = entry.right == Right.STAFF
    if is_ours:
        who = str(entry.actor) if for_staff else settings.COUNCIL_NAME
    elif entry.right == Right.DELEGATE:
        who = _("%(person)s, with authority") % {"person": entry.actor}
    else:
        who = (str(case.customer) if case.customer else case.contact_name or _("Customer")) if for_staff else _("You")
    files = [_sent_along(case, sent.attachment, for_staff) for sent in entry.sent_files.all()]
    return Line(entry.pk, entry.at, who, entry.public_text, is_ours, files)


def _sent_along(case: Case, file: Attachment, for_staff: bool) -> SentAlong:
    name = "case_photo" if file.is_photo else "case_file"
    url = reverse(name, args=[file.pk]) if for_staff else reverse("chat_file", args=[case.reference, file.pk])
    return SentAlong(file.name, url, file.size, PurePath(file.name).suffix.lstrip(".").upper(), file.is_photo)


def sent_file_for(case: Case, pk: int) -> Attachment:
    """Whoever asks has come through the door of the conversation."""
    found = Attachment.objects.filter(pk=pk, case=case, is_public=True, sent_with__isnull=False).first()
    if found is None:
        raise Http404
    return found


def waiting(user: User) -> CaseQuerySet:
    """Of the requests that they see, those in which the customer had the last word, whoever waits longest first."""
    rows = cases_seen_by(user).filter(wrote_at__isnull=False)
    return rows.select_related("service", "customer", "team", "assignee").order_by("wrote_at", "pk")
