"""A rule as rows: "question, test, value". All rows must hold; groups say "any of these" or "not"."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.smartforms.definition.conditions import IN_WORDS

DEEPEST = 3


def test_choices() -> list[tuple[str, Any]]:
    return [
        *((op.value, words) for op, words in IN_WORDS.items()),
        ("not_given", _("is not answered")),
        ("not_one_of", _("is not, or was not asked")),
        ("not_includes", _("does not include, or was not asked")),
    ]


test_choices.__test__ = False  # type: ignore[attr-defined]


class RowBlock(blocks.StructBlock):
    about = blocks.CharBlock(
        label=_("Question or calculation"),
        max_length=1000,
        help_text=_("Its label or its short name; or fact.signed_in, fact.for_somebody_else, fact.with_staff"),
    )
    test = blocks.ChoiceBlock(choices=test_choices, default="one_of", label=_("Test"))
    value = blocks.CharBlock(
        label=_("Value"),
        required=False,
        max_length=2000,
        help_text=_("Answers with commas between them; a number; a day like 2026-09-01, today, 18 years ago"),
    )

    class Meta:
        label = _("Row")
        icon = "list-ul"
        label_format = "{about} {test} {value}"


class _GroupBlock(blocks.StructBlock):
    def __init__(self, rows: blocks.Block, **options: Any) -> None:
        super().__init__([("rows", rows)], **options)


def rule_block(**options: Any) -> blocks.StreamBlock:
    """Groups in groups. Each level multiplies by three what Wagtail walks through whenever it shows a form: three is as
    deep as anybody can read, and a definition that goes deeper is edited as JSON."""
    row = RowBlock()
    rows = blocks.StreamBlock([("row", row)], required=False, label=_("Rows"))
    for _depth in range(DEEPEST):
        groups = [
            ("all", _GroupBlock(rows, label=_("All of these"), icon="list-ol")),
            ("any", _GroupBlock(rows, label=_("Any of these"), icon="list-ul")),
            ("not", _GroupBlock(rows, label=_("Not"), icon="cross")),
        ]
        rows = blocks.StreamBlock([("row", row), *groups], required=False, label=_("Rows"))
    return blocks.StreamBlock([("row", row), *groups], required=False, **options)
