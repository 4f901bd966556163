"""The elements that templates are built from; each markup stands once, in `barnet/templates/kit/<element>.html`."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnet.kit import wording
from barnet.kit.drawing import draw
from barnet.kit.fields import error_target, errors_with_targets

Text = str | Promise
_task_ids = count(1)


def button(text: Text, *, href: str = "", kind: str = "", type: str = "submit", **attrs: Any) -> SafeString:
    classes = ["govuk-button", f"govuk-button--{kind}" if kind else "", attrs.pop("class", "")]
    return draw(
        "button",
        text=text,
        href=href,
        kind=kind,
        type=type,
        module=attrs.pop("data_module", "govuk-button"),
        **{"class": " ".join(filter(None, classes))},
        attrs=flatatt({name.replace("_", "-"): text for name, text in attrs.items() if text not in ("", None)}),
    )


def error_summary(*sources: BaseForm | BaseFormSet | None) -> SafeString | str:
    """Every error of the forms and formsets, each leading to its control; nothing when there is none."""
    errors = [error for source in sources if source is not None for error in _errors(source)]
    return draw("error_summary", errors=errors) if errors else ""


def _errors(source: BaseForm | BaseFormSet) -> Iterator[dict[str, str]]:
    if not source.is_bound:
        return
    if isinstance(source, BaseFormSet):
        yield from ({"message": message, "target": ""} for message in source.non_form_errors())  # type: ignore[misc]
        for form in source.forms:
            yield from _errors(form)
        return
    visible = source.visible_fields()
    first = error_target(visible[0]) if visible else ""
    for name, messages in source.errors.items():
        known = name in source.fields
        found = errors_with_targets(source[name]) if known else [(message, first) for message in messages]
        yield from ({"message": str(sentence), "target": target} for sentence, target in found)


def has_errors(source: object) -> bool:
    return isinstance(source, BaseForm | BaseFormSet) and source.is_bound and not source.is_valid()


def summary_list(rows: Iterable[Sequence[Any]], *, borders: bool = True) -> SafeString:
    """Rows: (key, value[, change_url[, hidden_text]])."""
    shown = []
    for key, value, *change in rows:
        url, hidden_text = (*change, "", "")[:2]
        shown.append({"key": key, "value": value, "url": url, "hidden_text": hidden_text or str(key).lower()})
    return draw(
        "summary_list",
        rows=shown,
        has_actions=any(row["url"] for row in shown),
        **{"class": "" if borders else "govuk-summary-list--no-border"},
    )


def table(
    head: Sequence[Text],
    rows: Iterable[Sequence[Any]],
    *,
    caption: Text = "",
    caption_size: str = "m",
    label: Text = "",
    numeric: str | Iterable[int] = "",
    row_header: bool = False,
) -> SafeString:
    """`numeric`: the columns (from 1) that hold numbers, as "2 3". `label` names a table that shows no caption."""
    columns = {int(column) for column in (numeric.split() if isinstance(numeric, str) else numeric)}

    def cells(texts: Sequence[Any], *, header: bool) -> list[dict[str, Any]]:
        return [
            {"text": text, "numeric": at in columns, "is_header": header and at == 1}
            for at, text in enumerate(texts, start=1)
        ]

    return draw(
        "table",
        head=cells(head, header=False),
        rows=[cells(row, header=row_header) for row in rows],
        caption=caption,
        caption_size=caption_size,
        label=label or _("Table"),
    )


def banner(content: object, title: Text = "", *, kind: str = "important", is_message: bool = False) -> SafeString:
    """A success takes the focus only as the answer to an act (`is_message`), not as a part of the page."""
    title = title or (_("Success") if kind == "success" else _("Important"))
    return draw("banner", content=content, title=title, kind=kind, is_message=is_message)


def message_banners(messages: Iterable[Any]) -> SafeString:
    """Django's messages: what went well in one banner, what needs attention in another."""
    by_kind: dict[str, list[str]] = {}
    for message in messages:
        kind = "success" if message.level_tag == "success" else "important"
        by_kind.setdefault(kind, []).append(message.message)
    drawn = [
        banner(draw("messages", texts=texts), kind=kind, is_message=True) for kind, texts in sorted(by_kind.items())
    ]
    return mark_safe("".join(drawn))  # noqa: S308 - every banner is drawn, and so escaped, already


def pagination(page: Page, query: QueryDict, *, param: str = "page", label: Text = "") -> SafeString | str:
    """Links to the other pages of a list; the rest of the address's query stays. Nothing for a single page."""
    if page.paginator.num_pages < 2:
        return ""

    def url(number: int) -> str:
        changed = query.copy()
        changed[param] = str(number)
        return f"?{changed.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return draw(
        "pagination",
        label=label or _("Pages"),
        previous_url=url(page.previous_page_number()) if page.has_previous() else "",
        next_url=url(page.next_page_number()) if page.has_next() else "",
        pages=[
            {"number": number, "url": url(number), "is_current": number == page.number}
            if isinstance(number, int)
            else {"number": None}
            for number in numbers
        ],
    )


def task_list(rows: Iterable[Sequence[Any]]) -> SafeString:
    """Rows: (text, url, status[, colour[, hint]]); no url for what cannot start yet, no colour for what is done."""
    tasks = []
    for text, url, status, *rest in rows:
        colour, hint = (*rest, "", "")[:2]
        tasks.append(
            {
                "id": f"task-{next(_task_ids)}",
                "text": text,
                "url": url,
                "status": status,
                "colour": colour,
                "hint": hint,
            }
        )
    return draw("task_list", tasks=tasks)


def timeline(entries: Iterable[Sequence[Any]], *, level: int = 3) -> SafeString:
    """Entries: (title, when, byline, text), newest first as given; `when` is a date, a moment or words."""
    shown = []
    for title, when, byline, text in entries:
        is_date = isinstance(when, dt.date)
        shown.append(
            {
                "title": title,
                "when": wording.moment(when) if is_date else when,
                "datetime": when.isoformat() if is_date else "",
                "byline": byline,
                "text": text,
            }
        )
    return draw("timeline", entries=shown, level=level)


def page_title_prefix(form: object) -> str:
    return gettext("Error: ") if has_errors(form) else ""
