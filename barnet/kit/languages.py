"""The languages of the pages: which are offered, how they are called, where their catalogues are.

English is the language in which everything is written; the others are catalogues in `locale/`. What is stored is always
in English (`in_english`): whoever reads it later may read another language.

Also read by the settings: nothing here may need them when it is imported.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

ENGLISH = "en-gb"
_ENGLISH_NAME = "English"
# In their own name: those that Django does not know, or writes in a way of its own.
_NAMES = {
    ENGLISH: _ENGLISH_NAME,
    "ar": "العربية",
    "gu": "ગુજરાતી",
    "pl": "Polski",
    "so": "Soomaali",
    "zh-hans": "中文",
}
_CATALOGUES = {"en": ENGLISH, "zh": "zh-hans"}  # what records and browsers say: what the catalogue is called


def offered_languages(codes: Iterable[str]) -> list[tuple[str, str]]:
    """For the settings: code and own name of each, English first."""
    others = [code.strip().lower() for code in codes]
    wanted = [ENGLISH, *(code for code in others if code and code not in _CATALOGUES and code != ENGLISH)]
    names = {code: _NAMES.get(code) or LANG_INFO.get(code, {}).get("name_local") for code in wanted}
    if unknown := [code for code, name in names.items() if not name]:
        raise ImproperlyConfigured(f"LANGUAGES: we do not know {', '.join(unknown)}. Write codes such as pl, ro or fa.")
    return [(code, str(name)) for code, name in names.items()]


def are_several() -> bool:
    return len(settings.LANGUAGES) > 1


def is_offered(code: str) -> bool:
    return code in dict(settings.LANGUAGES)


@contextmanager
def in_english() -> Iterator[None]:
    """For what is stored, and for what staff read: `with in_english():`, or above a function.

    Not Django's own `override` above a function: threads would share what it remembers.
    """
    with translation.override(ENGLISH):
        yield


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """For what is written to somebody in their language, whether or not the pages are offered in it."""
    with translation.override(_CATALOGUES.get(code, code)):
        yield


def filled(text: Promise, **values: object) -> str:
    """A lazy text with its values, put together when it is read: a refusal is read in another language than the one in
    which the refused act would have been written down."""
    put_together = lazy(lambda: str(text) % values, str)
    return put_together()


def is_english() -> bool:
    return (get_language() or ENGLISH).partition("-")[0] == "en"


def language_tag() -> str:
    """As `lang` says it: `en-GB`, `pl`, `zh-Hans`."""
    language, _hyphen, rest = (get_language() or ENGLISH).partition("-")
    if not rest:
        return language
    return f"{language}-{rest.upper() if len(rest) == 2 else rest.title()}"
