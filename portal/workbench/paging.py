"""Pages of a list that may hold everything."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from portal.cases.selectors import queue_rows

PAGE_SIZE = 50
COUNTED_UP_TO = 5_000  # nobody turns more pages than that; to count further costs more than to show the page


Rows = Callable[[list[int]], list[Any]]


class QueuePaginator(Paginator):
    """Searches once, for the keys alone and no further than `counted_up_to`: they are the count and the rows."""

    object_list: QuerySet[Any]
    rows: Rows
    counted_up_to: int

    @cached_property
    def count(self) -> int:
        return min(len(self._keys), self.counted_up_to)

    @cached_property
    def has_more(self) -> bool:
        return len(self._keys) > self.counted_up_to

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        end = min(number * self.per_page, self.count)
        return Page(self.rows(self._keys[(number - 1) * self.per_page : end]), number, self)

    @cached_property
    def _keys(self) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True)[: self.counted_up_to + 1])


def page_of(listed: QuerySet[Any], number: str, *, rows: Rows = queue_rows, counted_up_to: int = 0) -> Page:
    """The page of that number; the first or the last for a number that makes no sense. `rows` reads keys."""
    paginator = QueuePaginator(listed, PAGE_SIZE)
    paginator.rows, paginator.counted_up_to = rows, counted_up_to or COUNTED_UP_TO
    return paginator.get_page(number)
