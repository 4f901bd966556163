"""Degrees and the grid: there and back, and nothing far from here."""

import threading

import pytest
from django.contrib.gis.geos import Point

from barnet.gazetteer.degrees import from_degrees, in_degrees, latitude_of, longitude_of
from barnet.gazetteer.models import BNG, Address
from tests import factories

IN_THE_BOROUGH = Point(523_000, 190_000, srid=BNG)


def test_there_and_back_is_the_same_place():
    latitude, longitude = in_degrees(IN_THE_BOROUGH)
    assert (latitude, longitude) == pytest.approx((51.5956, -0.2246), abs=0.002)
    back = from_degrees(latitude, longitude)
    assert back.srid == BNG
    assert back.distance(IN_THE_BOROUGH) < 0.2
    assert (IN_THE_BOROUGH.x, IN_THE_BOROUGH.srid) == (523_000, BNG)  # what was asked about is as it was


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0, 0), (51.6, 10), (-51.6, -0.2), (float("nan"), 0), (float("inf"), 0)]
)
def test_places_far_from_our_island_are_none(latitude: float, longitude: float):
    assert from_degrees(latitude, longitude) is None


def test_each_thread_has_a_way_of_its_own():
    found = []
    threads = [threading.Thread(target=lambda: found.append(in_degrees(IN_THE_BOROUGH))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [in_degrees(IN_THE_BOROUGH)] * 4


@pytest.mark.django_db
def test_the_database_tells_a_list_the_same_degrees():
    corners = [Point(x, y, srid=BNG) for x in (518_000, 531_234.56) for y in (184_000, 199_876.54)]
    addresses = [factories.AddressFactory(location=corner) for corner in corners]
    rows = Address.objects.annotate(latitude=latitude_of("location"), longitude=longitude_of("location"))
    told = {row.pk: (row.latitude, row.longitude) for row in rows}
    assert told == {address.pk: in_degrees(address.location) for address in addresses}
