"""Everything in a storage as a tar stream, and back into a folder: photos of residents, pictures of the website."""

import hashlib
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import Storage


def names(storage: Storage, folder: str = "") -> Iterator[str]:
    """Deep, in the order of names. A storage without any file is empty, not missing."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        if name:
            yield from names(storage, f"{folder}/{name}" if folder else name)


def pack(storage: Storage, target: Any) -> dict[str, Any]:
    """Returns how many files of how many bytes, and one digest over names and contents.

    A file that is deleted while we read is left out: the rows that named it went with it, or will.
    """
    total = _Total()
    with tarfile.open(fileobj=target, mode="w|") as archive:
        for name in names(storage):
            try:
                source = storage.open(name)
            except FileNotFoundError:
                continue
            with source, tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024) as copy:
                for chunk in source.chunks():
                    copy.write(chunk)
                size = copy.tell()
                copy.seek(0)
                total.add(name, copy)
                copy.seek(0)
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = size, 0o600
                archive.addfile(entry, copy)
    return total.fact()


def unpack(source: IO[bytes], folder: Path) -> dict[str, Any]:
    """Into an empty folder. The same facts as `pack`, taken from what was written."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tarfile.open(fileobj=source, mode="r|") as archive:
        archive.extractall(folder, filter="data")
    total = _Total()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            total.add(path.relative_to(folder).as_posix(), file)
    return total.fact()


class _Total:
    def __init__(self) -> None:
        self.bytes = 0
        self._files: list[tuple[str, str]] = []

    def add(self, name: str, file: Any) -> None:
        digest = hashlib.sha256()
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
            self.bytes += len(chunk)
        self._files.append((name, digest.hexdigest()))

    def fact(self) -> dict[str, Any]:
        together = hashlib.sha256("".join(f"{name}\0{digest}\n" for name, digest in sorted(self._files)).encode())
        return {"files": len(self._files), "bytes": self.bytes, "digest": together.hexdigest()}
