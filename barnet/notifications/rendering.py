"""The words of one message, fixed at the moment when it is queued."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from barnet.notifications import wording
from barnet.notifications.links import enquiry_url
from barnet.notifications.models import MessageTemplate
from barnet.notifications.registry import SIGNATURE, TemplateKind, problems_of

LONGEST_SUBJECT = 200

log = structlog.get_logger("barnet.notifications")


class WrongFieldsError(TypeError):
    """The caller left out a field that the kind declares. A mistake in the code, like a missing argument."""


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


def render(kind: TemplateKind, fields: Mapping[str, object]) -> Words:
    """Staff's wording if they edited it, else the code's; ends with how to reach us.

    An edited wording that no longer fits (the code changed its fields since) is not sent: the first wording is, and the
    log says so. A message is never lost over its wording.
    """
    if missing := [name for name in kind.fields if name not in fields]:
        raise WrongFieldsError(f"Message {kind.key!r} needs {missing} too.")
    edited = _edited_wordings(kind.key, SIGNATURE.key)
    values = {name: str(value) for name, value in fields.items()}
    subject, body = _wording(kind, edited)
    _unused, ending = _wording(SIGNATURE, edited)
    return Words(
        subject=wording.fill_line(subject, values, longest=LONGEST_SUBJECT),
        body=f"{wording.fill(body, values)}\n\n{wording.fill(ending, _signature_fields())}\n",
    )


def _edited_wordings(*keys: str) -> dict[str, MessageTemplate]:
    return {row.key: row for row in MessageTemplate.objects.filter(key__in=keys) if row.is_edited}


def _wording(kind: TemplateKind, edited: Mapping[str, MessageTemplate]) -> tuple[str, str]:
    row = edited.get(kind.key)
    if row is not None:
        problems = problems_of(kind, row.subject, row.body)
        if not problems:
            return row.subject, row.body
        log.error("edited wording does not fit, first wording used", kind=kind.key, problems=problems)
    return str(kind.subject), str(kind.body)


def _signature_fields() -> dict[str, str]:
    ways = [_("Ask us online: %(url)s") % {"url": enquiry_url()}]
    if settings.COUNCIL_PHONE:
        ways.append(_("Call us: %(phone)s") % {"phone": settings.COUNCIL_PHONE})
    return {"council": settings.COUNCIL_NAME, "ways_to_reach_us": "\n".join(ways)}
