import pytest

from tests.portal.cases.delivery import georeport


@pytest.fixture
def roads():
    """The system of the firm that looks after the roads."""
    with georeport.running() as running:
        yield running


@pytest.fixture
def make_roads(make_office, roads):
    def make(**options):
        hears_contact = options.pop("hears_contact", True)
        named = {name.replace("__", "."): value for name, value in options.items()}
        office = make_office("roads", url=roads.url, kind="open311", options=named, hears_contact=hears_contact)
        office.secret = georeport.KEY
        office.save()
        return office

    return make
