"""What changes addresses, postcodes and areas: the imports."""

from barnet.gazetteer.services.addresses import AddressImport, import_addresses
from barnet.gazetteer.services.areas import AreaImport, import_areas
from barnet.gazetteer.services.postcodes import PostcodeImport, import_postcodes
from barnet.gazetteer.services.reports import (
    AlreadyDecidedError,
    report_address,
    report_by_visitor,
    settle_report,
    withdraw_report,
)
from barnet.gazetteer.services.search import check_search, search_addresses

__all__ = [
    "AddressImport",
    "AlreadyDecidedError",
    "AreaImport",
    "PostcodeImport",
    "check_search",
    "import_addresses",
    "import_areas",
    "import_postcodes",
    "report_address",
    "report_by_visitor",
    "search_addresses",
    "settle_report",
    "withdraw_report",
]
