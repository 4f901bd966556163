"""A backup is restored into a fresh database by the real programs, and compared with the original."""

import json
import os
import uuid
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from barnet.operations.backups.databases import connect, drop_database
from barnet.operations.backups.fingerprints import fingerprints
from barnet.operations.backups.programs import through
from barnet.operations.backups.taking import BUILDING
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("backup")]


@pytest.fixture
def filled(monkeypatch, tmp_path, asha, dev):
    """Rows of every awkward kind, and files in both storages."""
    factories.AreaFactory()
    asha.name = "Zoë “Q” O'Neill \\ 名"
    asha.save()
    places = {alias: FileSystemStorage(location=tmp_path / alias) for alias in ("default", "private")}
    monkeypatch.setattr(type(storages), "__getitem__", lambda self, alias: places[alias])
    places["default"].save("images/bin.jpg", ContentFile(b"picture"))
    places["private"].save("cases/2026/11/a.jpg", ContentFile(b"photo" * 100_000))
    places["private"].save("cases/2026/11/empty.txt", ContentFile(b""))
    return places


@pytest.fixture
def target():
    name = f"restored_{uuid.uuid4().hex[:10]}"
    yield name
    with connect(connection.settings_dict, name="postgres", autocommit=True) as server:
        drop_database(server, name)


def url_of(name: str) -> str:
    given = connection.settings_dict
    host = given["HOST"] if str(given["HOST"]).startswith("/") else ""
    where = f"{given['USER']}@:{given['PORT']}/{host.strip('/')}/{name}"
    if host:
        return f"postgis://{given['USER']}@:{given['PORT']}/{host}/{name}"
    password = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return (
        f"postgis://{given['USER']}{password}@{given['HOST']}:{given['PORT'] or 5432}/{name}"
        if given["HOST"]
        else where
    )


def back_up(folder: Path, **options) -> Path:
    call_command("backup", to=folder, **options)
    return max(folder.glob("portal-*"))


def rows_of(name: str):
    with connect(connection.settings_dict, name=name) as opened:
        return fingerprints(opened)


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_what_is_restored_equals_the_original(settings, tmp_path, filled, target, capsys, is_encrypted):
    if is_encrypted:
        secret = tmp_path / "passphrase"
        secret.write_text("correct horse battery")
        settings.BACKUP_PASSPHRASE_FILE = str(secret)
    folder = back_up(tmp_path / "backups")
    before = rows_of(connection.settings_dict["NAME"])

    call_command("restore", str(folder), "--into", url_of(target), "--dry-run")
    assert "is missing" in capsys.readouterr().out
    call_command("restore", str(folder), "--into", url_of(target), "--files", str(tmp_path / "files"))

    assert rows_of(target) == before
    assert before["customers_customer"]["rows"] == 1
    for alias, kind in {"default": "media", "private": "private"}.items():
        original = {
            p.relative_to(tmp_path / alias): p.read_bytes() for p in (tmp_path / alias).rglob("*") if p.is_file()
        }
        restored = tmp_path / "files" / kind
        assert {p.relative_to(restored): p.read_bytes() for p in restored.rglob("*") if p.is_file()} == original
    assert "equal in count and checksum" in capsys.readouterr().out
    with connect(connection.settings_dict, name=target) as opened:
        opened.execute(
            "INSERT INTO operations_taskact (act, task_id, name, reason, by_id, at) "
            "SELECT 'run', '', 'x', '', id, now() FROM customers_user LIMIT 1"
        )
        with pytest.raises(psycopg.Error, match="Cannot update"):  # the triggers came with it
            opened.execute("DELETE FROM operations_taskact")
    whole = b"".join(path.read_bytes() for path in folder.iterdir() if path.suffix != ".json")
    assert (b"photophoto" in whole) != is_encrypted


def test_one_changed_value_changes_the_checksum(asha):
    name = connection.settings_dict["NAME"]
    before = rows_of(name)["customers_customer"]
    asha.name = "Asha Owne"
    asha.save()
    after = rows_of(name)["customers_customer"]
    assert after["rows"] == before["rows"]
    assert after["checksum"] != before["checksum"]


def test_a_target_in_use_is_refused_without_force_and_replaced_with_it(tmp_path, filled, target):
    folder = back_up(tmp_path / "backups")
    with connect(connection.settings_dict, name="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(target)))
    with connect(connection.settings_dict, name=target, autocommit=True) as other:
        other.execute("CREATE TABLE precious (x int)")
    with pytest.raises(CommandError, match="holds tables"):
        call_command("restore", str(folder), "--into", url_of(target))
    assert "precious" in rows_of(target)
    call_command("restore", str(folder), "--into", url_of(target), "--force")
    assert "precious" not in rows_of(target)


def test_a_database_is_dropped_with_somebody_in_it(target):
    with connect(connection.settings_dict, name="postgres", autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(target)))
        with connect(connection.settings_dict, name=target) as somebody:
            somebody.execute("SELECT 1")
            drop_database(server, target)
            assert not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [target]).fetchone()
            with pytest.raises(psycopg.OperationalError):
                somebody.execute("SELECT 1")
            somebody.close()
        drop_database(server, target)  # nothing to drop is nothing wrong


def test_a_backup_that_is_not_whole_is_refused_before_anything_is_written(tmp_path, filled, target):
    folder = back_up(tmp_path / "backups")
    address = url_of(target)
    manifest = folder / "manifest.json"
    text = manifest.read_text()
    with (folder / "private.tar").open("r+b") as part:
        part.seek(600)
        part.write(b"!")
    with pytest.raises(CommandError, match="checksum differs"):
        call_command("restore", str(folder), "--into", address)
    (folder / "private.tar").unlink()
    with pytest.raises(CommandError, match="missing"):
        call_command("restore", str(folder), "--into", address)
    for broken, sentence in {"{": "cannot be read", json.dumps({"format": 9}): "format 9"}.items():
        manifest.write_text(broken)
        with pytest.raises(CommandError, match=sentence):
            call_command("restore", str(folder), "--into", address)
    manifest.write_text(text)
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(tmp_path), "--into", address)
    with pytest.raises(CommandError, match="--into is an address"):
        call_command("restore", str(folder), "--into", "sqlite:///x")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        rows_of(target)


def test_old_backups_go_and_nothing_else_does(tmp_path, filled):
    folder = tmp_path / "backups"
    for name in ("portal-20200101T000000Z", "portal-20210101T000000Z"):
        (folder / name).mkdir(parents=True)
        (folder / name / "manifest.json").write_text("{}")
    for name in ("portal-notes", "others"):
        (folder / name).mkdir()
    back_up(folder, keep=2)
    left = sorted(path.name for path in folder.iterdir())
    assert left[:3] == ["others", "portal-20210101T000000Z", left[2]]
    assert "portal-20200101T000000Z" not in left
    assert "portal-notes" in left


def test_an_interrupted_backup_leaves_nothing_behind(tmp_path, filled, monkeypatch):
    from barnet.operations.backups import files

    def breaks(*_):
        raise OSError("disk full")

    monkeypatch.setattr(files, "pack", breaks)
    with pytest.raises(CommandError, match="disk full"):
        call_command("backup", to=tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_missing_program_is_named(tmp_path, filled, monkeypatch):
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump is missing"):
        call_command("backup", to=tmp_path / "backups")
    assert not list((tmp_path / "backups").glob(f"{BUILDING}*"))


def test_what_is_left_unread_of_a_stream_is_no_failure(tmp_path):
    """An archive ends before the stream does: the program behind it must not meet a closed pipe."""
    stream = tmp_path / "stream"
    stream.write_bytes(b"x" * 1024 * 1024)
    with stream.open("rb") as source, through(["cat"], source, what="Copying") as copied:
        assert copied.read(10) == b"x" * 10
