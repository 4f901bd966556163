"""Restoring a backup into a database of its own, and proving that it is what was saved.

Nothing is written before every part of the backup was found whole. The database is restored in one transaction, then
compared table by table with the manifest.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from barnet.operations.backups import files
from barnet.operations.backups.databases import connect, connection_environment, drop_database
from barnet.operations.backups.fingerprints import differences, fingerprints, tables
from barnet.operations.backups.programs import (
    BackupError,
    decrypting,
    digest_of,
    program,
    said,
    through,
)
from barnet.operations.backups.taking import FORMAT, STORAGES

Say = Callable[[str], object]


def read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except FileNotFoundError:
        raise BackupError(f"{folder} is no backup: it has no manifest.json.") from None
    except ValueError as error:
        raise BackupError(f"{folder}/manifest.json cannot be read: {error}.") from None
    if manifest.get("format") != FORMAT:
        raise BackupError(f"The backup has the format {manifest.get('format')!r}; this release reads {FORMAT}.")
    return manifest


def verify(folder: Path, manifest: Mapping[str, Any]) -> int:
    """Every part is there and unchanged. Returns how many bytes that was."""
    parts = [manifest["database"], *(manifest["files"][name]["part"] for name in STORAGES)]
    for part in parts:
        path = folder / part["file"]
        if not path.is_file():
            raise BackupError(f"{path} is missing.")
        if digest_of(path) != {name: part[name] for name in ("sha256", "bytes")}:
            raise BackupError(f"{path} is not what was saved: its checksum differs. Use another copy.")
    return sum(part["bytes"] for part in parts)


def describe_target(database: Mapping[str, Any]) -> str:
    """`missing`, `empty` or `in use`."""
    try:
        with connect(database) as connection:
            return "in use" if tables(connection) else "empty"
    except psycopg.OperationalError as error:
        if "does not exist" in str(error) and "database" in str(error):
            return "missing"
        raise BackupError(f"The target cannot be reached: {str(error).strip()}") from None


def restore_database(
    folder: Path, manifest: Mapping[str, Any], *, into: Mapping[str, Any], passphrase_file: Path | None, say: Say
) -> None:
    """`into` is emptied: the caller has made sure that this is wanted."""
    _make_fresh(into)
    command = [
        program("pg_restore", "postgresql-client"),
        *["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", f"--dbname={into['NAME']}"],
    ]
    with _opened(folder, manifest["database"], manifest, passphrase_file) as source, tempfile.TemporaryFile() as errors:
        code = subprocess.run(
            command, stdin=source, stdout=subprocess.DEVNULL, stderr=errors, env=connection_environment(into)
        ).returncode
        if code:
            raise BackupError(f"pg_restore failed, and the target is empty: {said(errors)}")
    with connect(into) as connection:
        found = fingerprints(connection)
        wrong = differences(manifest["tables"], found)
    if wrong:
        raise BackupError("Restored, but not equal to what was saved:\n" + "\n".join(wrong))
    with connect(into, autocommit=True) as connection:
        connection.execute("ANALYZE")
    rows = sum(table["rows"] for table in found.values())
    say(f"Database restored: {len(found)} tables with {rows:,} rows, equal in count and checksum.")


def restore_files(
    folder: Path, manifest: Mapping[str, Any], *, into: Path, passphrase_file: Path | None, say: Say
) -> None:
    if into.exists() and any(into.iterdir()):
        raise BackupError(f"{into} is not empty: name a folder that is.")
    for name in STORAGES:
        facts = manifest["files"][name]
        with _opened(folder, facts["part"], manifest, passphrase_file) as source:
            found = files.unpack(source, into / name)
        if found != {key: facts[key] for key in found}:
            raise BackupError(f"{name}: restored, but not equal to what was saved: {found}.")
        say(f"{name}: {found['files']:,} files, equal in count and checksum, in {into / name}.")


def _opened(folder: Path, part: Mapping[str, Any], manifest: Mapping[str, Any], passphrase_file: Path | None) -> Any:
    path = folder / part["file"]
    if not manifest["is_encrypted"]:
        return path.open("rb")
    if passphrase_file is None:
        raise BackupError("The backup is encrypted: set BACKUP_PASSPHRASE_FILE.")
    return _decrypted(path, passphrase_file)


class _decrypted:  # noqa: N801 - reads as a function
    def __init__(self, path: Path, passphrase_file: Path) -> None:
        self._source = path.open("rb")
        self._stream = through(decrypting(passphrase_file), self._source, what="Decrypting")

    def __enter__(self) -> IO[bytes]:
        return self._stream.__enter__()

    def __exit__(self, *error: Any) -> None:
        try:
            self._stream.__exit__(*error)
        finally:
            self._source.close()


def _make_fresh(database: Mapping[str, Any]) -> None:
    """Dropped and created, so that nothing of the old stays: triggers, functions, types."""
    with connect(database, name="postgres", autocommit=True) as server:
        drop_database(server, database["NAME"])
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database["NAME"])))
