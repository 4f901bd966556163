"""The journey on Ordnance Survey's own addresses and on the borough's real wards. 6 July 2026 is a Monday."""

import csv
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse

from portal.cases.models import Case
from portal.waste.ground import ensure_reporting_rules
from portal.waste.models import Container
from tests.barnet.gazetteer.real_data import ADDRESSBASE, WARDS, needs_real_data
from tests.factories import ServiceFactory
from tests.portal.waste.missed.pages import done, send

pytestmark = [pytest.mark.django_db, needs_real_data]
SAMPLE = ADDRESSBASE / "exeter-sample-data-20.csv"
UPRN, EASTING, NORTHING = 0, 7, 8  # columns of AddressBase Plus
WELL_STREET = "100040239485"  # 25 Well Street, EX4 6QL
HENDON_TOWN_HALL = ("522900.00", "189500.00")  # metres, well inside the ward of Hendon


def _written(path: Path, *lines: list[str]) -> str:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return str(path)


def _moved_to_hendon(folder: Path) -> str:
    """The same records, as if Exeter's streets stood in Hendon: the sample has no address of the borough."""
    with SAMPLE.open(newline="") as file:
        lines = list(csv.reader(file))
    for line in lines:
        line[EASTING], line[NORTHING] = HENDON_TOWN_HALL
    return _written(folder / "moved.csv", *lines)


@pytest.fixture
def borough(tmp_path):
    """Everything by the commands that an operator uses."""
    ServiceFactory()
    ensure_reporting_rules()
    call_command("import_areas", str(WARDS), kind="ward", verbosity=0)
    call_command("import_addresses", str(SAMPLE), verbosity=0)
    rounds = [
        ["code", "name", "stream", "weekday", "frequency", "first_date", "ends_at"],
        ["mon-1", "Refuse, Monday 1", "refuse", "Monday", "weekly", "2026-01-05", "17:30"],
    ]
    call_command("import_rounds", _written(tmp_path / "rounds.csv", *rounds))
    homes = [
        ["uprn", "stream", "round", "container", "description"],
        [WELL_STREET, "refuse", "mon-1", "R-1", "Black bin"],
    ]
    call_command("import_collections", _written(tmp_path / "collections.csv", *homes))
    return tmp_path


def _found(client, postcode):
    page = client.get(reverse("bins"), {"postcode": postcode})
    choices = BeautifulSoup(page.content, "html.parser").select("main input[name=uprn]")
    return [choice["value"] for choice in choices]


def test_a_missed_bin_is_reported_at_an_address_of_ordnance_survey(client, borough, at):
    at(2026, 7, 7, 9)
    assert WELL_STREET in _found(client, "ex46ql")
    black_bin = Container.objects.get()
    days = client.get(reverse("collection_days", args=[WELL_STREET]))
    assert "Monday 13 July 2026" in days.text
    confirmation = done(send(client, black_bin.address, black_bin), client)
    case = Case.objects.get()
    assert case.reference in confirmation.text
    assert str(case.address) == "25 Well Street, Exeter, EX4 6QL"
    assert case.ward is None  # Exeter is in none of the borough's wards


def test_the_real_outlines_give_the_ward_and_an_update_moves_the_address(client, borough, at):
    at(2026, 7, 7, 9)
    call_command("import_addresses", _moved_to_hendon(borough), verbosity=0)
    black_bin = Container.objects.get()
    done(send(client, black_bin.address, black_bin), client)
    case = Case.objects.get()
    assert (case.ward.name, case.ward.code, case.ward.is_approximate) == ("Hendon", "E05013643", False)
