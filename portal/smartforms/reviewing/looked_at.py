"""What a page is about: the draft of a form as its authors see it, or one of its published versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.blocks import ListBlock, StreamBlock, StructBlock

from portal.smartforms.authoring import gate, places
from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding, UnreadableFormError
from portal.smartforms.models import FormVersion, SmartForm
from portal.smartforms.versions import definition_of

LATEST = "draft"


@dataclass(frozen=True)
class LookedAt:
    """`definition` is None for a draft that cannot be read yet; `findings` say why. `version` is None for the draft."""

    form: SmartForm
    draft: SmartForm
    definition: Definition | None
    findings: tuple[Finding, ...] = ()
    version: FormVersion | None = None

    @property
    def name(self) -> str:
        return _("Version %(number)d") % {"number": self.version.number} if self.version else _("Draft")

    @property
    def code(self) -> str:
        return str(self.version.number) if self.version else LATEST


def looked_at(form: SmartForm, code: str | None) -> LookedAt:
    """`code`: the number of a version; the draft for nothing. Raises Http404 for what there is not."""
    draft = form.get_latest_revision_as_object()
    if code and code != LATEST:
        version = _version(form, code)
        return LookedAt(form, draft, definition_of(version), version=version)
    try:
        return LookedAt(form, draft, gate.definition_of(draft))
    except UnreadableFormError as error:
        return LookedAt(form, draft, None, tuple(error.findings))


def asked_for(request: HttpRequest, form: SmartForm, name: str = "version") -> LookedAt:
    return looked_at(form, request.GET.get(name))


def _version(form: SmartForm, code: str) -> FormVersion:
    is_number = code.isascii() and code.isdecimal() and len(code) < 9
    version = FormVersion.objects.filter(form=form, number=int(code)).first() if is_number else None
    if version is None:
        raise Http404
    return version


# --- Findings, with the way to their block ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    sentence: str
    url: str


def told(looked: LookedAt, findings: Iterable[Finding]) -> list[Told]:
    return [Told(places.in_words(finding), place_url(looked, finding.place)) for finding in findings]


def not_ready(count: int) -> str:
    return ngettext("Not ready to publish: %d thing.", "Not ready to publish: %d things.", count) % count


def place_url(looked: LookedAt, place: str) -> str:
    """The editor, at the block of that place; of a published version, only while the draft still has such a block."""
    url = reverse("wagtailsnippets_smartforms_smartform:edit", args=[looked.form.pk])
    name, *way = places.tokens(place) or [""]
    if name not in PARTS:
        return url
    stream = getattr(looked.draft, str(name))
    block_id = _nearest_id(stream.stream_block, stream, way)
    return f"{url}#block-{block_id}-section" if block_id else url


def _nearest_id(block: Any, value: Any, way: list[str | int]) -> str:
    """Of the innermost block that has one."""
    found = ""
    for token in way:
        if isinstance(block, StreamBlock) and isinstance(token, int) and token < len(value):
            block, value, found = value[token].block, value[token].value, str(value[token].id or found)
        elif isinstance(block, ListBlock) and isinstance(token, int) and token < len(value):
            child = value.bound_blocks[token]
            block, value, found = block.child_block, child.value, str(child.id or found)
        elif isinstance(block, StructBlock) and token in block.child_blocks:
            block, value = block.child_blocks[token], value[token]
        else:
            break
    return found
