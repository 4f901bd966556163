"""What changes addresses and areas: the imports."""

from barnet.gazetteer.services.addresses import AddressImport, import_addresses
from barnet.gazetteer.services.areas import AreaImport, import_areas

__all__ = ["AddressImport", "AreaImport", "import_addresses", "import_areas"]
