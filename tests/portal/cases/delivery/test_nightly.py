"""Each delivery stands in exactly one file that counts, whenever the worker is killed."""

import csv
import datetime as dt
import hashlib
import signal
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from portal.cases.delivery import nightly
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.nightly import COLUMNS, KIND, has_its_fingerprint, make_file, make_files, path_of
from portal.cases.delivery.sending import send_waiting
from portal.cases.models import Delivery, OfficeFile
from portal.cases.services import ContactDetails, assign_case
from tests import factories
from tests.portal.cases.delivery.killed_filing import file_and_die
from tests.portal.cases.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trees(make_office):
    return make_office("trees", kind=KIND)


@pytest.fixture
def root(settings):
    return Path(settings.DELIVERY_FILES_ROOT) / "trees"


def rows(path):
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def told_in(folder):
    """The deliveries in the files that count: those with a fingerprint beside them."""
    sealed = [path for path in folder.glob("*.csv") if path.with_name(f"{path.name}.sha256").exists()]
    return sorted(row["delivery"] for path in sealed for row in rows(path))


def all_keys():
    return sorted(str(key) for key in Delivery.objects.values_list("key", flat=True))


def test_a_night_is_one_file_with_all_that_waits_in_order_and_its_fingerprint(trees, receive, dev, root):
    first, second = receive(1, contact=ContactDetails(name="Ásha Owner", email="asha@example.com")), receive(2)
    assign_case(first, actor=Actor.staff(dev), team=factories.TeamFactory())
    assert send_waiting() == "nothing to send"  # no calls to an office that gets files
    assert make_files() == "1 files"
    assert names(root) == ["trees-000001.csv", "trees-000001.csv.sha256"]
    content = (root / "trees-000001.csv").read_bytes()
    assert content.decode().splitlines()[0] == ",".join(COLUMNS)
    assert content.count(b"\r\n") >= 4
    found = rows(root / "trees-000001.csv")
    assert [(row["reference"], row["event_kind"]) for row in found] == [
        (first.reference, "received"),
        (second.reference, "received"),
        (first.reference, "assigned"),
    ]
    assert (found[0]["contact_name"], found[0]["details"]) == ("Ásha Owner", "Which: 1")
    file = OfficeFile.objects.get()
    assert file.fingerprint == hashlib.sha256(content).hexdigest()
    assert (root / "trees-000001.csv.sha256").read_text() == f"{file.fingerprint}  trees-000001.csv\n"
    assert (file.row_count, bool(file.sealed_at)) == (3, True)
    assert set(Delivery.objects.values_list("state", "file")) == {(DeliveryState.SENT, file.pk)}
    first.refresh_from_db()
    assert first.version == 1  # delivering is no act on the request


def test_an_empty_night_makes_no_file_and_the_next_one_holds_only_what_is_new(trees, receive, root):
    assert make_files() == "0 files"
    assert names(root) == []
    receive(1)
    make_files()
    assert make_files() == "0 files"
    later = receive(2)
    make_files()
    assert [row["reference"] for row in rows(root / "trees-000002.csv")] == [later.reference]


def test_a_cell_that_a_spreadsheet_would_run_is_text(trees, receive, root):
    receive(1, title='=HYPERLINK("http://evil.example")', details=[("Which", "\t@SUM(1)")])
    make_files()
    assert rows(root / "trees-000001.csv")[0]["title"] == '\'=HYPERLINK("http://evil.example")'


def test_a_place_stays_a_number(trees, receive):
    delivery = Delivery.objects.get(case=receive(1))
    row = nightly._row(delivery)
    row[COLUMNS.index("long")] = -0.2
    row_before, nightly._row = nightly._row, lambda _delivery: row
    try:
        assert next(csv.DictReader(nightly.csv_of([delivery]).decode().splitlines()))["long"] == "-0.2"
    finally:
        nightly._row = row_before


def test_who_asked_is_left_out_for_an_office_that_does_not_hear_it(make_office, receive, root):
    make_office("trees", kind=KIND, hears_contact=False)
    receive(1, contact=ContactDetails(name="Asha Owner", email="asha@example.com"))
    make_files()
    assert "asha" not in (root / "trees-000001.csv").read_text().lower()


def test_killed_between_the_rename_and_the_commit_the_next_run_replaces_the_file(trees, receive, root):
    receive(1)
    assert file_and_die(root.parent, at=1) == -signal.SIGKILL
    assert names(root) == ["trees-000001.csv"]  # without a fingerprint: it does not count
    before = (root / "trees-000001.csv").read_bytes()
    assert (told_in(root), OfficeFile.objects.count()) == ([], 0)
    assert Delivery.objects.get().state == DeliveryState.WAITING
    make_files()
    assert names(root) == ["trees-000001.csv", "trees-000001.csv.sha256"]
    assert (root / "trees-000001.csv").read_bytes() == before
    assert told_in(root) == all_keys()


def test_killed_after_the_commit_the_next_run_seals_the_same_file(trees, receive, root):
    receive(1)
    assert file_and_die(root.parent, at=2) == -signal.SIGKILL
    assert (told_in(root), OfficeFile.objects.get().sealed_at) == ([], None)
    receive(2)
    make_files()
    assert names(root) == [f"trees-00000{number}.csv{end}" for number in (1, 2) for end in ("", ".sha256")]
    assert told_in(root) == all_keys()
    assert not OfficeFile.objects.filter(sealed_at=None).exists()


def test_two_workers_at_once_make_one_file(trees, receive, root):
    receive(1)
    results = at_once(2, lambda _number: make_file(trees))
    assert sorted(made is not None for made in results) == [False, True], results
    assert told_in(root) == all_keys()


def test_a_folder_that_cannot_be_written_to_stops_no_other_office(make_office, trees, receive, root):
    other = factories.ServiceFactory()
    make_office("apples", kind=KIND, service=other)
    blocked = root.parent / "apples"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("no folder")
    refused, receive_ok = receive(1, service=other), receive(2)
    with pytest.raises(OSError, match="apples"):
        make_files()
    assert [row["reference"] for row in rows(root / "trees-000001.csv")] == [receive_ok.reference]
    left = Delivery.objects.get(case=refused)
    assert left.state == DeliveryState.WAITING
    assert left.last_error.startswith("The file could not be written")
    blocked.unlink()
    make_files()
    left.refresh_from_db()
    assert (left.state, left.last_error) == (DeliveryState.SENT, "")


def test_a_file_that_was_changed_is_found(trees, receive, capsys):
    receive(1)
    file = make_file(trees)
    assert has_its_fingerprint(file)
    call_command("back_office", "check-files", "trees")
    path_of(file).write_text("changed")
    assert not has_its_fingerprint(file)
    with pytest.raises(CommandError, match=r"trees-000001\.csv"):
        call_command("back_office", "check-files", "trees")


def test_the_command_makes_the_file_now_or_says_what_it_would_hold(trees, receive, root, capsys, lamp_office):
    receive(1)
    call_command("back_office", "file", "trees", "--dry-run")
    assert capsys.readouterr().out == "1 rows wait. Nothing was written.\n"
    assert names(root) == []
    call_command("back_office", "file", "trees")
    assert "1 rows, SHA-256 " in capsys.readouterr().out
    call_command("back_office", "file", "trees")
    assert capsys.readouterr().out == "Nothing waits: no file was made.\n"
    with pytest.raises(CommandError, match="gets no files"):
        call_command("back_office", "file", "lamps")


def test_an_office_of_this_kind_needs_no_address():
    call_command("back_office", "set", "trees", "--kind", KIND)
    assert not OfficeFile.objects.exists()


def test_files_leave_the_disk_after_a_month_and_the_fingerprint_stays(trees, receive, root):
    receive(1)
    old = make_file(trees)
    receive(2)
    make_file(trees)
    OfficeFile.objects.filter(pk=old.pk).update(made_at=timezone.now() - dt.timedelta(days=31))
    assert nightly.remove_files(OfficeFile.objects.filter(pk=old.pk)) == 1
    assert names(root) == ["trees-000002.csv", "trees-000002.csv.sha256"]
    old.refresh_from_db()
    assert old.removed_at
    assert old.fingerprint
    assert nightly.remove_files(OfficeFile.objects.filter(pk=old.pk)) == 0


def test_a_file_is_fetched_by_those_who_may_and_whoever_is_in_it_has_it_on_record(trees, receive, dev, asha, client):
    receive(1, customer=asha)
    file = make_file(trees)
    for name in ("enter_back_office", "view_delivery", "view_officefile"):
        dev.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(type(dev).objects.get(pk=dev.pk))
    assert "The file is as it was written." in client.get("/staff/back-offices/trees/files/").content.decode()
    answer = client.get(f"/staff/back-offices/files/{file.pk}/")
    assert b"".join(answer.streaming_content) == path_of(file).read_bytes()
    assert AccessRecord.objects.filter(customer=asha, actor=dev).exists()
    path_of(file).write_text("changed")
    assert "not as it was written" in client.get("/staff/back-offices/trees/files/").content.decode()
    path_of(file).unlink()
    assert client.get(f"/staff/back-offices/files/{file.pk}/").status_code == 404
