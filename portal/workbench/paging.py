"""Pages of a list that may hold everything."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from portal.cases.models import CaseQuerySet
from portal.cases.selectors import queue_rows

PAGE_SIZE = 50
COUNTED_UP_TO = 5_000  # nobody turns more pages than that; to count further costs more than to show the page


class QueuePaginator(Paginator):
    """Searches once, for the keys alone and no further than COUNTED_UP_TO: they are the count, and the page's rows."""

    object_list: CaseQuerySet

    @cached_property
    def count(self) -> int:
        return min(len(self._keys), COUNTED_UP_TO)

    @cached_property
    def has_more(self) -> bool:
        return len(self._keys) > COUNTED_UP_TO

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        end = min(number * self.per_page, self.count)
        return Page(queue_rows(self._keys[(number - 1) * self.per_page : end]), number, self)

    @cached_property
    def _keys(self) -> list[int]:
        return list(self.object_list.values_list("pk", flat=True)[: COUNTED_UP_TO + 1])


def page_of(cases: CaseQuerySet, number: str) -> Page:
    """The page of that number; the first or the last for a number that makes no sense."""
    return QueuePaginator(cases, PAGE_SIZE).get_page(number)
