import pytest

from portal.smartforms import library
from tests.factories import ServiceFactory


@pytest.fixture
def services(db):
    """Those that the forms of the library name."""
    named = {slug for name in library.names() for slug in _services_of(library.form(name))}
    for slug in named:
        ServiceFactory(slug=slug)


def _services_of(form) -> set[str]:
    return {form.service, *(row.service for row in form.destinations)}
