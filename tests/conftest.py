"""The four people, and walls between tests."""

import logging

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage

from barnet.customers.models import Customer, User
from barnet.customers.staff.roles import ensure_roles
from portal.cases.models import Attachment
from portal.documents.models import Document
from portal.smartforms.models import FormFile
from tests import factories, flushing
from tests.people import PortalClient
from tests.tables import tables

pytest_plugins = ["tests.browser.fixtures", "tests.languages"]

flushing.install()
logging.getLogger("django-q").setLevel(logging.WARNING)  # a line for each task would hide why a test failed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest and needs none of the tables is begun while another process lays them."""
    items.sort(key=lambda item: item.path.name != "test_upgrade.py")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The test database begins as a copy of the tables. Its name is that of the process, as usual."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = tables()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The roles are there for every test: laying them takes longer than most tests."""
    with django_db_blocker.unblock():
        ensure_roles()


@pytest.fixture(autouse=True)
def _own_files_and_limits(settings, tmp_path, monkeypatch):
    """No test sees another's files or rate limits."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DELIVERY_FILES_ROOT = tmp_path / "office-files"
    private = FileSystemStorage(location=tmp_path / "private")
    for holder in (Attachment, FormFile, Document):
        monkeypatch.setattr(holder._meta.get_field("file"), "storage", private)
    in_memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    settings.CACHES = {**settings.CACHES, "default": in_memory}
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def client() -> PortalClient:
    """A browser. `client.force_login(dev)` gives the second factor, too; `django.test.Client` does not."""
    return PortalClient()


@pytest.fixture
def asha(db) -> Customer:
    """The owner of what the test is about."""
    return factories.CustomerFactory(name="Asha Owner", user__email="asha@example.com")


@pytest.fixture
def ben(db, asha) -> Customer:
    """May act for Asha."""
    ben = factories.CustomerFactory(name="Ben Delegate", user__email="ben@example.com")
    factories.DelegationFactory(principal=asha, delegate=ben)
    return ben


@pytest.fixture
def cara(db) -> Customer:
    """A stranger to Asha."""
    return factories.CustomerFactory(name="Cara Stranger", user__email="cara@example.com")


@pytest.fixture
def dev(db) -> User:
    """An officer: caseworker in the back office."""
    return factories.StaffFactory(email="dev@example.com", roles=["caseworker"])
