"""Pages of a list that may hold everything."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from portal.cases.models import CaseQuerySet

PAGE_SIZE = 50
COUNTED_UP_TO = 5_000  # nobody turns more pages than that; to count further costs more than to show the page


class QueuePaginator(Paginator):
    """Counts no further than COUNTED_UP_TO: a hundred thousand cases cost as little as five thousand."""

    object_list: CaseQuerySet

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED_UP_TO)

    @cached_property
    def has_more(self) -> bool:
        return self._counted > COUNTED_UP_TO

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: COUNTED_UP_TO + 1].count()


def page_of(cases: CaseQuerySet, number: str) -> Page:
    """The page of that number; the first or the last for a number that makes no sense."""
    return QueuePaginator(cases, PAGE_SIZE).get_page(number)
