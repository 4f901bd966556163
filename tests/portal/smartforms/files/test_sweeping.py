"""Files without a row go, a week after they were written; what a row knows stays."""

import datetime as dt
import io
import os
import time
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import transaction

from barnet.kit.files.checking import check_file
from barnet.kit.files.sweeping import OtherDatabaseError
from portal.smartforms.files import sweeping
from portal.smartforms.files.keeping import NewFile, store
from portal.smartforms.models import FormFile
from tests.barnet.kit.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def storage():
    return FormFile._meta.get_field("file").storage


def age(storage, name, days):
    then = time.time() - dt.timedelta(days=days).total_seconds()
    os.utime(storage.path(name), (then, then))


def write(storage, *, days, folder="forms/2026/10"):
    name = storage.save(f"{folder}/{uuid.uuid4()}", ContentFile(b"left"))
    age(storage, name, days)
    return name


def send(draft, content=samples.PDF):
    store(draft.pk, "letter", [NewFile(check_file(ContentFile(content, "letter.pdf")))])
    return FormFile.objects.latest("added_at")


def swept(*options):
    said = io.StringIO()
    call_command("sweep_form_files", *options, stdout=said)
    return said.getvalue()


def test_a_file_whose_change_was_rolled_back_goes_after_a_week(storage, draft):
    kept = send(draft)
    with transaction.atomic():
        lost = send(draft, samples.PDF.replace(b"1.7", b"1.6")).file.name
        transaction.set_rollback(True)  # the page fails afterwards
    assert storage.exists(lost)
    age(storage, kept.file.name, 30)
    assert sweeping.sweep() == []
    age(storage, lost, 8)
    assert "1 of 2 files would be deleted" in swept("--dry-run")
    assert lost in swept("--dry-run")
    assert storage.exists(lost)
    assert swept() == "1 files deleted.\n"
    assert not storage.exists(lost)
    assert storage.exists(kept.file.name)


def test_files_of_others_are_not_looked_at(storage, draft):
    other = write(storage, days=30, folder="cases/2026/10")
    assert sweeping.sweep() == []
    assert storage.exists(other)


def test_nothing_is_deleted_when_most_files_are_unknown(storage):
    names = [write(storage, days=30) for _file in range(21)]
    with pytest.raises(OtherDatabaseError):
        sweeping.sweep_nightly()
    with pytest.raises(CommandError, match="21 of 21 files have no row"):
        swept()
    assert all(storage.exists(name) for name in names)
    assert swept("--sure") == "21 files deleted.\n"
    assert not any(storage.exists(name) for name in names)


def test_an_installation_without_files_has_nothing_to_sweep(storage):
    assert sweeping.sweep_nightly() == "0 deleted"
