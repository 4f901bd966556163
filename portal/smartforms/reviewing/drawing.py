"""The picture of a form, as SVG made here: no script, no inline style, its words inside.

The pages stand below each other in their order, along one line. A page that comes only sometimes stands to the right of
it, with its rule above; what ends the form leaves the line to the right. So nothing ever crosses, however long a form.
"""

import textwrap
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.smartforms.reviewing.flow import Ending, Exit, Flow, Row, Stop

WIDTH = 720
SPINE = 150  # where the line runs
ALWAYS_LEFT, OTHERS_LEFT, BOX = 12, 360, 340
LINE, PADDING, GAP = 19, 12, 26
LETTER = 8  # about as wide as one is, in a title


@dataclass(frozen=True, slots=True)
class _Box:
    left: int
    top: int
    height: int
    title: tuple[str, ...]
    notes: tuple[str, ...]
    kind: str  # "page", "sometimes", "end"
    is_on: bool

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


@dataclass
class _Picture:
    flow: Flow
    top: int = 34
    parts: list[SafeString] = field(default_factory=list)

    def draw(self) -> SafeString:
        self._text(SPINE, 20, (_("Start"),), "ways-small", middle=True)
        begins = 26
        for row in self.flow.rows:
            self._row(row)
        self.parts.insert(0, format_html('<path class="ways-line" d="M{0} {1}V{2}"/>', SPINE, begins, self.line_ends))
        return format_html(
            '<svg class="{classes}" role="img" aria-labelledby="ways-title ways-desc" viewBox="0 0 {width} {height}"'
            ' width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
            '<title id="ways-title">{title}</title><desc id="ways-desc">{desc}</desc>'
            '<defs><marker id="ways-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerUnits="userSpaceOnUse"'
            ' markerWidth="10" markerHeight="10"'
            ' orient="auto"><path class="ways-head" d="M0 0L8 4L0 8Z"/></marker></defs>{parts}</svg>',
            classes="ways-picture ways-picture--one" if self.flow.shown else "ways-picture",
            width=WIDTH,
            height=self.top + 8,
            title=_("The form from its start to its ends"),
            desc=_(
                "Each page is a box, each arrow to the right says when, each rounded box is an end. The list below"
                " says the same in words."
            ),
            parts=format_html_join("", "{}", ((part,) for part in self.parts)),
        )

    line_ends: int = 0

    def _row(self, row: Row) -> None:
        match row:
            case Stop(when=""):
                self._box(ALWAYS_LEFT, row.step.title, row.notes, "page", is_on=row.is_on)
            case Stop():
                box = self._branch(row.when, row.step.title, row.notes, "sometimes", is_on=row.is_on)
                self._back(box)
            case Exit():
                self._branch(row.when, row.to or _("The end"), (), "end", is_on=row.is_on)
            case Ending():
                self._branch(row.when, row.outcome.title, row.notes, "end", is_on=row.is_on)

    def _branch(self, when: str, title: str, notes: tuple[str, ...], kind: str, *, is_on: bool) -> _Box:
        rule = _wrapped(when, BOX)
        self._text(OTHERS_LEFT, self.top + 12, rule, "ways-when")
        self.top += LINE * len(rule) + (2 if rule else 0)
        box = self._box(OTHERS_LEFT, title, notes, kind, is_on=is_on)
        self._arrow(f"M{SPINE} {box.middle}H{OTHERS_LEFT - 2}", is_on=is_on)
        self.line_ends = box.middle
        return box

    def _back(self, box: _Box) -> None:
        """To the line again, below the page."""
        bottom = box.top + box.height
        self._arrow(f"M{OTHERS_LEFT + 40} {bottom}v12H{SPINE + 2}", is_on=box.is_on)
        self.top += 6
        self.line_ends = bottom + 12

    def _box(self, left: int, title: str, notes: tuple[str, ...], kind: str, *, is_on: bool) -> _Box:
        width = BOX if left == OTHERS_LEFT else 2 * (SPINE - ALWAYS_LEFT)
        head = _wrapped(title, width - 2 * PADDING)
        small = tuple(line for note in notes for line in _wrapped(note, width - 2 * PADDING))
        height = 2 * PADDING + LINE * len(head) + (LINE - 2) * len(small) - 4
        box = _Box(left, self.top, height, head, small, kind, is_on)
        self.parts.append(
            format_html(
                '<rect class="ways-box ways-box--{}{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
                kind,
                " ways-on" if is_on else "",
                left,
                box.top,
                width,
                height,
                20 if kind == "end" else 2,
            )
        )
        self._text(left + PADDING, box.top + PADDING + 11, head, "ways-name")
        self._text(left + PADDING, box.top + PADDING + 11 + LINE * len(head), small, "ways-small")
        self.top += height + GAP
        self.line_ends = box.top
        return box

    def _arrow(self, way: str, *, is_on: bool) -> None:
        classes = "ways-arrow ways-on" if is_on else "ways-arrow"
        self.parts.append(format_html('<path class="{}" marker-end="url(#ways-arrow)" d="{}"/>', classes, way))

    def _text(self, left: int, top: int, lines: tuple[str, ...], classes: str, *, middle: bool = False) -> None:
        spans = format_html_join(
            "",
            '<tspan x="{}" dy="{}">{}</tspan>',
            ((left, LINE if number else 0, line) for number, line in enumerate(lines)),
        )
        anchor = "middle" if middle else "start"
        if lines:
            self.parts.append(
                format_html(
                    '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', classes, left, top, anchor, spans
                )
            )


def draw(flow: Flow) -> SafeString:
    return _Picture(flow).draw()


def _wrapped(words: str, width: int) -> tuple[str, ...]:
    return tuple(textwrap.wrap(words, width // LETTER))
