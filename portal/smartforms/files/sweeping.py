"""Files in the storage without a row: written for a change that was rolled back, or left when a deletion failed.

Only what is older than `OLD` goes: a change under way has no row yet, and a database that was brought back from a
backup may know less than the storage for some days. When most of a storage seems to be left over, it is another
database's: nothing is deleted then, until somebody says that they are sure.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import Storage
from django.utils import timezone

from portal.smartforms.models import FormFile

FOLDER = "forms"
OLD = dt.timedelta(days=7)
_FEW = 20  # so many may be left over, whatever their share


class OtherDatabaseError(RuntimeError):
    """Most of the files are unknown to this database."""


@dataclass(frozen=True)
class Leftovers:
    """`names` in the storage that no row knows; `there`: how many files there are."""

    names: list[str]
    there: int

    @property
    def is_most(self) -> bool:
        return len(self.names) > max(_FEW, self.there // 2)


def leftovers() -> Leftovers:
    storage = _storage()
    before = timezone.now() - OLD
    names: list[str] = []
    there = 0
    for folder in _months(storage):
        known = set(FormFile.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True))
        for name in storage.listdir(folder)[1]:
            there += 1
            path = f"{folder}/{name}"
            if path not in known and storage.get_modified_time(path) < before:
                names.append(path)
    return Leftovers(names, there)


def sweep(*, sure: bool = False) -> list[str]:
    """The names that were deleted. Raises OtherDatabaseError and deletes nothing."""
    found = leftovers()
    if found.is_most and not sure:
        raise OtherDatabaseError(f"{len(found.names)} of {found.there} files have no row. Is this the right database?")
    storage = _storage()
    for name in found.names:
        storage.delete(name)
    return found.names


def sweep_nightly() -> str:
    return f"{len(sweep())} deleted"


def _storage() -> Storage:
    return FormFile._meta.get_field("file").storage  # type: ignore[union-attr]


def _months(storage: Storage) -> Iterator[str]:
    """`forms/2026/11`, as files are kept. A new installation has no folder yet."""
    for year in _folders(storage, FOLDER):
        yield from _folders(storage, year)


def _folders(storage: Storage, folder: str) -> list[str]:
    try:
        return [f"{folder}/{name}" for name in sorted(storage.listdir(folder)[0])]
    except FileNotFoundError:
        return []
