import datetime as dt

import pytest

from barnet.catalogue.models import Fee
from portal.smartforms import library
from portal.smartforms.library.teams import ensure_teams
from tests.factories import ServiceFactory


@pytest.fixture
def services(db):
    """Those that the forms of the library name, with their fees."""
    named = {slug for name in library.names() for slug in _services_of(library.form(name))}
    services = {slug: ServiceFactory(slug=slug) for slug in named}
    rows = [row for name in library.names() for row in library.form(name).calculations]
    fees = {(row.about, line.fee, line.concession) for row in rows for line in row.fees}
    for slug, code, concession in fees:
        service, since = services[slug], dt.date(2020, 1, 1)
        Fee.objects.create(service=service, code=code, label=code, concession=concession, amount=500, from_on=since)
    ensure_teams()


def _services_of(form) -> set[str]:
    return {form.service, *(row.service for row in form.destinations)}
