"""Where a request is, drawn by the server; the page says the same in words."""

from barnet.gazetteer.selectors import neighbours
from barnet.kit.maps import LocatorMap, Neighbour
from portal.cases.models import Case

METRES = 160  # width of the map
MOST = 60  # neighbours drawn


def map_of(case: Case) -> LocatorMap | None:
    if case.location is None:
        return None
    around = neighbours(case.location, METRES * 0.6)[:MOST]
    return LocatorMap(
        centre=(case.location.x, case.location.y),
        title=case.place or str(case),
        metres=METRES,
        addresses=[
            Neighbour(
                address.location.x,
                address.location.y,
                str(address.pao_start_number or ""),
                address.street.title(),
            )
            for address in around
        ],
    )
