"""Real files stand beside the repository, not in it. Tests that read them are skipped where the folder is absent."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data"
ADDRESSBASE = FOLDER / "address" / "addressbase_plus_os_sample"
PREMIUM_HEADERS = FOLDER / "address" / "addressbase_premium_headers"
DTF = FOLDER / "address" / "dtf73_lambeth"
OS_PLACES = FOLDER / "address" / "os_places"
FIXTURES = FOLDER / "address" / "uk_geo_utils_fixtures"
WARDS = FOLDER / "geo" / "wards_2022" / "barnet_wards_WD25_bgc.geojson"
POSTCODES = FOLDER / "geo" / "postcodes"
OLD_WARDS = FOLDER / "geo" / "wards_pre2022" / "barnet_wards_WD20_bgc.geojson"

needs_real_data = pytest.mark.skipif(not FOLDER.exists(), reason=f"the folder with real data, {FOLDER}, is absent")
