"""Taking a backup.

The rows that are counted and those that are dumped are the same: both are read in one snapshot of the database. Files
are read after it, so that every row finds its file. The folder gets its name when everything is in it: a backup that
was interrupted is never taken for one.
"""

import datetime as dt
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import django
from django.core.files.storage import storages

from barnet.operations.backups import files
from barnet.operations.backups.databases import connect, connection_environment
from barnet.operations.backups.fingerprints import fingerprints
from barnet.operations.backups.programs import (
    CHUNK,
    BackupError,
    Digesting,
    digest_of,
    encrypting,
    program,
    said,
)

FORMAT = 1
PREFIX, BUILDING = "portal-", ".building-"
STORAGES = {"media": "default", "private": "private"}
Say = Callable[[str], object]


def take_backup(
    *, database: Mapping[str, Any], to: Path, keep: int, passphrase_file: Path | None, say: Say, now: dt.datetime
) -> Path:
    stamp = now.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    final = to / f"{PREFIX}{stamp}"
    if final.exists():
        raise BackupError(f"{final} exists already: wait a second.")
    to.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=to))  # only its owner may enter
    try:
        manifest = {"format": FORMAT, "taken_at": now.isoformat(), "django": django.get_version()}
        manifest["is_encrypted"] = passphrase_file is not None
        manifest |= _database(database, building, passphrase_file, say)
        manifest["files"] = {name: _files(name, building, passphrase_file, say) for name in STORAGES}
        with (building / "manifest.json").open("w") as target:
            json.dump(manifest, target, indent=1, sort_keys=True)
        building.rename(final)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _forget_old(to, keep=keep, say=say)
    return final


def _database(database: Mapping[str, Any], folder: Path, passphrase_file: Path | None, say: Say) -> dict[str, Any]:
    began = time.monotonic()
    with connect(database) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot(), current_setting('server_version')").fetchone()
        assert row is not None
        snapshot, version = row
        command = [
            program("pg_dump", "postgresql-client"),
            *[
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--exclude-table-data=public.spatial_ref_sys",
                f"--snapshot={snapshot}",
            ],
        ]
        with tempfile.TemporaryFile() as errors:
            with subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, env=connection_environment(database)
            ) as dump:
                part = _write(folder / "database.dump", dump.stdout, passphrase_file)
            if dump.returncode:
                raise BackupError(f"pg_dump failed: {said(errors)}")
        say(f"Database dumped: {part['bytes']:,} bytes in {time.monotonic() - began:.0f} s. Counting rows.")
        tables = fingerprints(connection)
        connection.rollback()
    rows = sum(table["rows"] for table in tables.values())
    say(f"{len(tables)} tables with {rows:,} rows.")
    return {"postgresql": version, "tables": tables, "database": part}


def _files(name: str, folder: Path, passphrase_file: Path | None, say: Say) -> dict[str, Any]:
    if passphrase_file is None:
        with (folder / f"{name}.tar").open("wb") as target:
            digesting = Digesting(target)
            facts = files.pack(storages[STORAGES[name]], digesting)
        facts["part"] = digesting.fact() | {"file": f"{name}.tar"}
    else:
        with tempfile.TemporaryFile() as errors, (folder / f"{name}.tar.gpg").open("wb") as target:
            with subprocess.Popen(
                encrypting(passphrase_file), stdin=subprocess.PIPE, stdout=target, stderr=errors, env=_gpg_home(folder)
            ) as gpg:
                assert gpg.stdin
                facts = files.pack(storages[STORAGES[name]], Digesting(gpg.stdin))
                gpg.stdin.close()
            if gpg.returncode:
                raise BackupError(f"gpg failed: {said(errors)}")
        facts["part"] = _fact_of(folder / f"{name}.tar.gpg")
    say(f"{name}: {facts['files']:,} files, {facts['bytes']:,} bytes.")
    return facts


def _write(path: Path, source: Any, passphrase_file: Path | None) -> dict[str, Any]:
    if passphrase_file is None:
        with path.open("wb") as target:
            digesting = Digesting(target)
            while chunk := source.read(CHUNK):
                digesting.write(chunk)
        return digesting.fact() | {"file": path.name}
    path = path.with_name(f"{path.name}.gpg")
    with tempfile.TemporaryFile() as errors, path.open("wb") as target:
        command = encrypting(passphrase_file)
        code = subprocess.run(
            command, stdin=source, stdout=target, stderr=errors, env=_gpg_home(path.parent)
        ).returncode
        if code:
            raise BackupError(f"gpg failed: {said(errors)}")
    return _fact_of(path)


def _gpg_home(folder: Path) -> dict[str, str]:
    """gpg wants a home of its own; what it leaves there is no part of the backup."""
    home = Path(tempfile.gettempdir()) / f"portal-gpg-{folder.name}"
    home.mkdir(mode=0o700, exist_ok=True)
    return {"GNUPGHOME": str(home), "PATH": "/usr/bin:/bin"}


def _fact_of(path: Path) -> dict[str, Any]:
    return digest_of(path) | {"file": path.name}


def _forget_old(folder: Path, *, keep: int, say: Say) -> None:
    """Only what is a whole backup of ours is ever deleted, the oldest first."""
    whole = sorted(path.parent for path in folder.glob(f"{PREFIX}*/manifest.json"))
    for path in whole[:-keep] if keep else []:
        shutil.rmtree(path)
        say(f"Deleted {path.name}: {keep} are kept.")
