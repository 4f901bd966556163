"""What a published version says in the language of the page: one query, and none in English."""

from collections import OrderedDict
from typing import Any

from django.utils.translation import get_language

from barnet.kit import languages
from portal.smartforms.definition.model import Definition
from portal.smartforms.models import FormVersion, FormWording
from portal.smartforms.translating.texts import translated
from portal.smartforms.versions import definition_of

_MOST = 200
_known: OrderedDict[Any, Definition] = OrderedDict()


def spoken(version: FormVersion) -> Definition:
    """Texts without a translation, or whose English has changed since, are English."""
    definition = definition_of(version)
    if languages.is_english():
        return definition
    rows = FormWording.objects.filter(form=version.form_id, language=get_language() or "")
    words = frozenset(rows.values_list("key", "english", "text"))
    if not words:
        return definition
    known = (version.sha256, words)  # the words themselves: whoever changes one changes it in every process
    found = _known.get(known)
    if found is None:
        found = translated(definition, {(key, english): text for key, english, text in words})
        while len(_known) >= _MOST:
            _known.popitem(last=False)
        _known[known] = found
    return found
