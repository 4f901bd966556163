"""The last step of every import of addresses: what the temporary tables hold becomes addresses, names and history."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from barnet.gazetteer.composing import Composed
from barnet.gazetteer.models import Address

COLUMNS = [str(field.column) for field in Address._meta.concrete_fields]
WAS = "was:"  # how the key of a name begins that an import found changed

_HISTORY = """
    INSERT INTO gazetteer_addresschange (address_id, kind, before, after, changed_on, recorded_at, source)
    SELECT uprn, kind, before, after, COALESCE(changed_on, %(today)s), %(now)s, %(source)s
    FROM (
        SELECT a.uprn, 'retired' kind, a.one_line before, '' after, COALESCE(c.retired_on, %(today)s) changed_on
        FROM address_change c JOIN gazetteer_address a USING (uprn)
        WHERE a.retired_on IS NULL AND (c.change_type = 'D' OR c.retired_on IS NOT NULL)
        UNION ALL
        SELECT a.uprn, 'returned', '', c.one_line, c.changed_on
        FROM address_change c JOIN gazetteer_address a USING (uprn)
        WHERE a.retired_on IS NOT NULL AND c.change_type <> 'D' AND c.retired_on IS NULL
        UNION ALL
        SELECT a.uprn, 'renamed', a.one_line, c.one_line, c.changed_on
        FROM address_change c JOIN gazetteer_address a USING (uprn)
        WHERE c.change_type <> 'D' AND a.one_line <> c.one_line
        UNION ALL
        SELECT a.uprn, 'moved', ST_X(a.location) || ', ' || ST_Y(a.location),
               ST_X(c.location) || ', ' || ST_Y(c.location), c.changed_on
        FROM address_change c JOIN gazetteer_address a USING (uprn)
        WHERE c.change_type <> 'D' AND NOT ST_DWithin(a.location, c.location, 1)
        UNION ALL
        SELECT a.uprn, 'reclassified', a.classification, c.classification, c.changed_on
        FROM address_change c JOIN gazetteer_address a USING (uprn)
        WHERE c.change_type <> 'D' AND a.classification <> c.classification
        UNION ALL
        SELECT a.uprn, 'confirmed', '', c.one_line, c.changed_on
        FROM address_change c JOIN gazetteer_address a USING (uprn)
        WHERE c.change_type <> 'D' AND c.retired_on IS NULL AND a.is_provisional AND NOT c.is_provisional
    ) happened
"""
_FORMER_NAMES = """
    INSERT INTO gazetteer_addressname (address_id, kind, key, one_line, search_text, ended_on)
    SELECT a.uprn, 'former', %(was)s || left(md5(a.search_text), 16), a.one_line, a.search_text,
           COALESCE(c.changed_on, %(today)s)
    FROM address_change c JOIN gazetteer_address a USING (uprn)
    WHERE c.change_type <> 'D' AND NOT a.is_provisional AND a.search_text <> c.search_text
    ON CONFLICT (address_id, key) DO UPDATE SET ended_on = EXCLUDED.ended_on
"""


def create_changes(cursor: CursorWrapper) -> None:
    """The temporary table of addresses as they shall be."""
    cursor.execute("DROP TABLE IF EXISTS address_change")
    cursor.execute("CREATE TEMPORARY TABLE address_change ON COMMIT DROP AS TABLE gazetteer_address WITH NO DATA")
    cursor.execute("ALTER TABLE address_change ADD line integer, ADD change_type text")


def create_names(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS name_change")
    cursor.execute("CREATE TEMPORARY TABLE name_change ON COMMIT DROP AS TABLE gazetteer_addressname WITH NO DATA")


def copied_columns() -> str:
    return ", ".join(["line", "change_type", *COLUMNS])


def copied_row(line: int, change_type: str, uprn: int, address: Address | None) -> list[object]:
    if address is None:
        return [line, change_type, *(uprn if column == "uprn" else None for column in COLUMNS)]
    values = [address.location.hexewkb.decode() if c == "location" else getattr(address, c) for c in COLUMNS]
    return [line, change_type, *values]


def copy_names(cursor: CursorWrapper, composed: Iterable[Composed]) -> None:
    columns = "address_id, kind, key, one_line, search_text, ended_on"
    with cursor.copy(f"COPY name_change ({columns}) FROM STDIN") as copy:
        for each in composed:
            for name in each.names:
                row = [each.address.uprn, name.kind, name.key, name.one_line, name.search_text, name.ended_on]
                copy.write_row(row)


def merge_addresses(cursor: CursorWrapper, source: str) -> tuple[int, int, int]:
    """How many were inserted, updated and retired."""
    now = timezone.now()
    said: dict[str, Any] = {"today": timezone.localdate(now), "now": now, "source": source[:200], "was": WAS}
    cursor.execute(_HISTORY, said)
    cursor.execute(_FORMER_NAMES, said)
    retired = _retire(cursor, said)
    names, theirs = ", ".join(COLUMNS), ", ".join(f"c.{column}" for column in COLUMNS)
    ours = ", ".join(f"a.{column}" for column in COLUMNS)
    cursor.execute(
        f"""
        UPDATE gazetteer_address a SET ({names}) = ROW({theirs}) FROM address_change c
        WHERE a.uprn = c.uprn AND c.change_type <> 'D' AND ROW({ours}) IS DISTINCT FROM ROW({theirs})
        """  # noqa: S608
    )
    updated = cursor.rowcount
    cursor.execute(
        f"""
        INSERT INTO gazetteer_address ({names}) SELECT {theirs} FROM address_change c
        WHERE c.change_type <> 'D' AND NOT EXISTS (SELECT FROM gazetteer_address a WHERE a.uprn = c.uprn)
        """  # noqa: S608
    )
    return cursor.rowcount, updated, retired


def _retire(cursor: CursorWrapper, said: dict[str, Any]) -> int:
    """Those that were deleted, and those that became historical, with what else is known of them."""
    cursor.execute(
        """
        UPDATE gazetteer_address a SET retired_on = %(today)s FROM address_change c
        WHERE a.uprn = c.uprn AND c.change_type = 'D' AND a.retired_on IS NULL
        """,
        said,
    )
    deleted = cursor.rowcount
    pairs = ", ".join(f"{column} = c.{column}" for column in COLUMNS if column != "uprn")
    cursor.execute(
        f"""
        UPDATE gazetteer_address a SET {pairs} FROM address_change c
        WHERE a.uprn = c.uprn AND c.change_type <> 'D' AND a.retired_on IS NULL AND c.retired_on IS NOT NULL
        """  # noqa: S608
    )
    return deleted + int(cursor.rowcount)


def merge_names(cursor: CursorWrapper) -> None:
    """The names at the source replace those that it told of the same addresses before."""
    cursor.execute(
        """
        DELETE FROM gazetteer_addressname n USING address_change c
        WHERE n.address_id = c.uprn AND c.change_type <> 'D' AND n.key NOT LIKE %s
          AND NOT EXISTS (SELECT FROM name_change theirs WHERE (theirs.address_id, theirs.key) = (n.address_id, n.key))
        """,
        [WAS + "%"],
    )
    cursor.execute(
        """
        INSERT INTO gazetteer_addressname (address_id, kind, key, one_line, search_text, ended_on)
        SELECT address_id, kind, key, one_line, search_text, ended_on FROM name_change
        ON CONFLICT (address_id, key) DO UPDATE
        SET kind = EXCLUDED.kind, one_line = EXCLUDED.one_line, search_text = EXCLUDED.search_text,
            ended_on = EXCLUDED.ended_on
        """
    )
