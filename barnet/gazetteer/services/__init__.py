"""What changes addresses, postcodes and areas: the imports."""

from barnet.gazetteer.services.addresses import AddressImport, import_addresses
from barnet.gazetteer.services.areas import AreaImport, import_areas
from barnet.gazetteer.services.postcodes import PostcodeImport, import_postcodes

__all__ = ["AddressImport", "AreaImport", "PostcodeImport", "import_addresses", "import_areas", "import_postcodes"]
