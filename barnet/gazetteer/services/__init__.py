"""What changes addresses, postcodes and areas: the imports."""

from barnet.gazetteer.services.addresses import AddressImport, import_addresses
from barnet.gazetteer.services.areas import AreaImport, import_areas
from barnet.gazetteer.services.postcodes import PostcodeImport, import_postcodes
from barnet.gazetteer.services.reports import AlreadyDecidedError, report_address, settle_report, withdraw_report

__all__ = [
    "AddressImport",
    "AlreadyDecidedError",
    "AreaImport",
    "PostcodeImport",
    "import_addresses",
    "import_areas",
    "import_postcodes",
    "report_address",
    "settle_report",
    "withdraw_report",
]
