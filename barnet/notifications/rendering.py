"""The words of one message, fixed at the moment when it is queued."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from barnet.customers.enums import Language
from barnet.kit.languages import in_language
from barnet.kit.wording import day, moment
from barnet.notifications import wording
from barnet.notifications.links import enquiry_url
from barnet.notifications.models import MessageTemplate, MessageTranslation
from barnet.notifications.registry import SIGNATURE, TemplateKind, kind_of, problems_of

LONGEST_SUBJECT = 200
LONGEST_SHORT = 918  # six parts of a text message: Notify takes no more

log = structlog.get_logger("barnet.notifications")


class WrongFieldsError(TypeError):
    """The caller left out a field that the kind declares. A mistake in the code, like a missing argument."""


@dataclass(frozen=True)
class Words:
    subject: str
    body: str
    short: str  # for a text message: no ending, few words
    language: str = Language.ENGLISH


Texts = tuple[str, str, str]  # subject, body, short


class Wordings:
    """The wording of one kind in some languages, read in one statement for English and one for all others.

    Staff's wording if they edited it, else the code's, in the language if translated; ends with how to reach us.

    A translation counts while the English is the one that it was made of: a message that is right in English is better
    than one in one's language that promises something else.

    An edited wording that no longer fits (the code changed its fields since) is not sent: the first wording is, and the
    log says so. A message is never lost over its wording.
    """

    def __init__(self, kind: TemplateKind, languages: Collection[str] = ()) -> None:
        self._kind = kind
        edited = _edited_wordings(kind.key, SIGNATURE.key)
        self._english, self._english_ending = _wording(kind, edited), _wording(SIGNATURE, edited)
        self._translated = _translations(languages, kind.key, SIGNATURE.key)

    def render(self, fields: Mapping[str, object], language: str = Language.ENGLISH) -> Words:
        kind = self._kind
        if missing := [name for name in kind.fields if name not in fields]:
            raise WrongFieldsError(f"Message {kind.key!r} needs {missing} too.")
        subject, body, short = self._translated.get((language, kind.key), self._english)
        written_in = language if (language, kind.key) in self._translated else Language.ENGLISH
        with in_language(written_in):
            values = {name: _in_words(value) for name, value in fields.items()}
            return Words(
                subject=wording.fill_line(subject, values, longest=LONGEST_SUBJECT),
                body=f"{wording.fill(body, values)}\n\n{self._ending(language)}",
                short=_short(kind, subject, short, values),
                language=written_in,
            )

    def _ending(self, language: str) -> str:
        translated = self._translated.get((language, SIGNATURE.key))
        with in_language(language if translated else Language.ENGLISH):
            _subject, text, _short_unused = translated or self._english_ending
            return _filled_ending(text)


def render(kind: TemplateKind, fields: Mapping[str, object], language: str = Language.ENGLISH) -> Words:
    return Wordings(kind, [language]).render(fields, language)


def ending(language: str = Language.ENGLISH) -> str:
    """The last lines of every message in a language, as they are now."""
    english = _wording(SIGNATURE, _edited_wordings(SIGNATURE.key))
    texts = _translations([language], SIGNATURE.key)
    translated = texts.get((language, SIGNATURE.key))
    with in_language(language if translated else Language.ENGLISH):
        _subject, text, _short_unused = translated or english
        return _filled_ending(text)


def _in_words(value: object) -> str:
    """A value in the language of the message, which is the active one. What is a text already stays as it is."""
    if callable(value):
        value = value()
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    return "" if value is None else str(value)


def _filled_ending(text: str) -> str:
    return f"{wording.fill(text, _signature_fields())}\n"


def _short(kind: TemplateKind, subject: str, short: str, values: Mapping[str, str]) -> str:
    """Who writes, what happened, where to read more. A text message does not say by itself whom it is from."""
    if kind.is_secret and not short:
        return ""  # nothing that opens an account goes where nobody meant it to
    if short:
        text = wording.fill(short, values)
    else:
        text = wording.fill_line(subject, values, longest=LONGEST_SUBJECT)
        if values.get("link"):
            text = f"{text}. {values['link']}"
    named = text if settings.COUNCIL_NAME in text else f"{settings.COUNCIL_NAME}: {text}"
    return named if len(named) <= LONGEST_SHORT else named[: LONGEST_SHORT - 1] + "…"


def _edited_wordings(*keys: str) -> dict[str, MessageTemplate]:
    return {row.key: row for row in MessageTemplate.objects.filter(key__in=keys) if row.is_edited}


def _translations(languages: Collection[str], *keys: str) -> dict[tuple[str, str], Texts]:
    """Those that are there, of the English of now, and can be filled in, by language and kind."""
    asked = set(languages) - {Language.ENGLISH}
    if not asked:
        return {}
    rows = MessageTranslation.objects.filter(language__in=asked, template__key__in=keys).select_related("template")
    return {
        (row.language, row.template.key): (row.subject, row.body, row.short)
        for row in rows
        if row.is_current and not problems_of(kind_of(row.template.key), row.subject, row.body, row.short)
    }


def _wording(kind: TemplateKind, edited: Mapping[str, MessageTemplate]) -> Texts:
    row = edited.get(kind.key)
    if row is not None:
        problems = problems_of(kind, row.subject, row.body, row.short)
        if not problems:
            return row.subject, row.body, row.short
        log.error("edited wording does not fit, first wording used", kind=kind.key, problems=problems)
    return str(kind.subject), str(kind.body), str(kind.short)


def _signature_fields() -> dict[str, str]:
    ways = [_("Ask us online: %(url)s") % {"url": enquiry_url()}]
    if settings.COUNCIL_PHONE:
        ways.append(_("Call us: %(phone)s") % {"phone": settings.COUNCIL_PHONE})
    return {"council": settings.COUNCIL_NAME, "ways_to_reach_us": "\n".join(ways)}
