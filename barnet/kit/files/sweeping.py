"""Files in the storage without a row: written for a change that was rolled back, or left when a deletion failed.

Only what is older than `OLD` goes: a change under way has no row yet, and a database that was brought back from a
backup may know less than the storage for some days. When most of a storage seems to be left over, it is another
database's: nothing is deleted then, until somebody says that they are sure.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.files.storage import Storage
from django.db.models import Model
from django.utils import timezone

OLD = dt.timedelta(days=7)
_FEW = 20  # so many may be left over, whatever their share


class OtherDatabaseError(RuntimeError):
    """Most of the files are unknown to this database."""


@dataclass(frozen=True)
class Shelf:
    """Where an app keeps its files: the model whose field `file` names them ("smartforms.FormFile"), and the folder,
    divided by year and month."""

    label: str
    folder: str

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def storage(self) -> Storage:
        return self.model._meta.get_field("file").storage  # type: ignore[union-attr]


@dataclass(frozen=True)
class Leftovers:
    """`names` in the storage that no row knows; `there`: how many files there are."""

    names: list[str]
    there: int

    @property
    def is_most(self) -> bool:
        return len(self.names) > max(_FEW, self.there // 2)


def leftovers(shelf: Shelf) -> Leftovers:
    before = timezone.now() - OLD
    names: list[str] = []
    there = 0
    for folder in _months(shelf):
        rows = shelf.model._default_manager.filter(file__startswith=f"{folder}/")
        known = set(rows.values_list("file", flat=True))
        for name in shelf.storage.listdir(folder)[1]:
            there += 1
            path = f"{folder}/{name}"
            if path not in known and shelf.storage.get_modified_time(path) < before:
                names.append(path)
    return Leftovers(names, there)


def sweep(shelf: Shelf, *, sure: bool = False) -> list[str]:
    """The names that were deleted. Raises OtherDatabaseError and deletes nothing."""
    found = leftovers(shelf)
    if found.is_most and not sure:
        raise OtherDatabaseError(f"{len(found.names)} of {found.there} files have no row. Is this the right database?")
    for name in found.names:
        shelf.storage.delete(name)
    return found.names


def _months(shelf: Shelf) -> Iterator[str]:
    """`forms/2026/11`, as files are kept. A new installation has no folder yet."""
    for year in _folders(shelf.storage, shelf.folder):
        yield from _folders(shelf.storage, year)


def _folders(storage: Storage, folder: str) -> list[str]:
    try:
        return [f"{folder}/{name}" for name in sorted(storage.listdir(folder)[0])]
    except FileNotFoundError:
        return []
