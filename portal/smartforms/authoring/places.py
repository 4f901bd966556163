"""Findings to the blocks that they are about: `form.steps[2].questions[0].label` becomes an error at that field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import Block, ListBlock, StreamBlock, StreamValue, StructBlock
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from portal.smartforms.authoring.compiling import PARTS
from portal.smartforms.definition.reading import Finding

_TOKEN = re.compile(r"([a-z_]+)|\[(\d+)\]")
_CALLED = {"required": "is_required"}


@dataclass
class _Errors:
    own: list[str] = field(default_factory=list)
    within: dict[str | int, "_Errors"] = field(default_factory=dict)


def tokens(place: str) -> list[str | int]:
    """Without the leading `form`."""
    return [int(number) if number else name for name, number in _TOKEN.findall(place)][1:]


def errors_of(findings: list[Finding], streams: dict[str, StreamValue]) -> dict[str, list[ValidationError]]:
    """By the field of the model; None is for the whole form, under ""."""
    fields: dict[str, list[ValidationError]] = {}
    trees: dict[str, _Errors] = {}
    for finding in findings:
        name, *way = tokens(finding.place) or [""]
        if name in PARTS:
            errors = trees.setdefault(str(name), _Errors())
            _put(errors, streams[str(name)].stream_block, streams[str(name)], way, finding.sentence)
        else:
            fields.setdefault(str(name), []).append(ValidationError(finding.sentence))
    for name, errors in trees.items():
        fields[name] = [_error(errors, streams[name].stream_block, streams[name])]
    return fields


def _put(errors: _Errors, block: Block, value: object, way: list[str | int], sentence: str) -> None:
    token = _CALLED.get(str(way[0]), way[0]) if way else None
    inside = _inside(block, value, token)
    if inside is None or token is None:
        errors.own.append(sentence)
    else:
        _put(errors.within.setdefault(token, _Errors()), *inside, way[1:], sentence)


def _inside(block: Block, value: object, token: str | int | None) -> tuple[Block, object] | None:
    if isinstance(block, StructBlock) and token in block.child_blocks:
        return block.child_blocks[token], value[token]  # type: ignore[index]
    if isinstance(block, StreamBlock) and isinstance(token, int) and token < len(value):  # type: ignore[arg-type]
        child = value[token]  # type: ignore[index]
        return child.block, child.value
    if isinstance(block, ListBlock) and isinstance(token, int) and token < len(value):  # type: ignore[arg-type]
        return block.child_block, value[token]  # type: ignore[index]
    return None


def _error(errors: _Errors, block: Block, value: object) -> ValidationError:
    within = {}
    for token, inner in errors.within.items():
        inside = _inside(block, value, token)
        assert inside is not None
        within[token] = _error(inner, *inside)
    if isinstance(block, StructBlock):
        return StructBlockValidationError(block_errors=within, non_block_errors=errors.own)
    if isinstance(block, StreamBlock):
        return StreamBlockValidationError(block_errors=within, non_block_errors=errors.own)
    if isinstance(block, ListBlock):
        return ListBlockValidationError(block_errors=within, non_block_errors=errors.own)
    return ValidationError(errors.own)


def path_of(finding: Finding, streams: Mapping[str, StreamValue]) -> str:
    """How the editor names the block, as far as there is one: `steps.<id>.questions.<id>.label`. Empty for the whole
    form."""
    name, *way = tokens(finding.place) or [""]
    if name not in streams:
        return str(name)
    path: list[str] = [str(name)]
    block: Block = streams[str(name)].stream_block
    value: object = streams[str(name)]
    for token in way:
        token = _CALLED.get(str(token), token)
        inside = _inside(block, value, token)
        if inside is None:
            break
        path.append(token if isinstance(token, str) else _id_of(block, value, token))
        block, value = inside
    return ".".join(path)


def _id_of(block: Block, value: Any, number: int) -> str:
    child = value[number] if isinstance(block, StreamBlock) else value.bound_blocks[number]
    return child.id or ""


def in_words(finding: Finding) -> str:
    """ "Page 3, question 1: Words are missing here." """
    name, *way = tokens(finding.place) or [""]
    where = []
    if name == "steps" and way:
        where.append(_("page %(number)s") % {"number": int(way[0]) + 1})
        if len(way) > 2 and way[1] == "questions":
            where.append(_("question %(number)s") % {"number": int(way[2]) + 1})
    elif name in PARTS and way:
        named = {
            "ends": _("end %(number)s"),
            "calculations": _("calculation %(number)s"),
            "outcomes": _("outcome %(number)s"),
            "destinations": _("destination %(number)s"),
        }
        where.append(named[str(name)] % {"number": int(way[0]) + 1})
    there = ", ".join(where)
    return f"{there[:1].upper()}{there[1:]}: {finding.sentence}" if there else finding.sentence
