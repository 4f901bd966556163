"""The programs that do the work: pg_dump and pg_restore, and gpg when a passphrase is kept."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

CHUNK = 1024 * 1024


class BackupError(Exception):
    """A plain sentence that says what is wrong and what to do."""


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is missing: install {package}.")
    return found


def gpg(passphrase_file: Path, *arguments: str) -> list[str]:
    if not passphrase_file.is_file():
        raise BackupError(f"The passphrase file {passphrase_file} is missing.")
    options = ["--batch", "--quiet", "--yes", "--no-symkey-cache", "--pinentry-mode=loopback"]
    return [program("gpg", "gnupg"), *options, f"--passphrase-file={passphrase_file}", *arguments]


def encrypting(passphrase_file: Path) -> list[str]:
    return gpg(passphrase_file, "--symmetric", "--cipher-algo=AES256", "--compress-algo=none")


def decrypting(passphrase_file: Path) -> list[str]:
    return gpg(passphrase_file, "--decrypt")


class Digesting:
    """A file that is only written to, and knows the SHA-256 of what it took."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> int:
        self._digest.update(chunk)
        self.size += len(chunk)
        return self._target.write(chunk)

    def flush(self) -> None:
        self._target.flush()

    def fact(self) -> dict[str, Any]:
        return {"sha256": self._digest.hexdigest(), "bytes": self.size}


@contextlib.contextmanager
def through(command: Sequence[str], source: IO[bytes], *, what: str) -> Iterator[IO[bytes]]:
    """What the command makes of `source`, as a stream. Its failure is a BackupError, after the stream was read."""
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "GNUPGHOME": home}
        with subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=errors, env=environment) as process:
            assert process.stdout
            yield process.stdout
            while process.stdout.read(CHUNK):  # what follows the last file: nobody writes into a pipe that is closed
                pass
        if process.returncode:
            raise BackupError(f"{what} failed: {said(errors)}")


def said(errors: IO[bytes]) -> str:
    errors.seek(0)
    return errors.read()[-2000:].decode(errors="replace").strip()


def digest_of(path: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256")
    return {"sha256": digest.hexdigest(), "bytes": path.stat().st_size}
