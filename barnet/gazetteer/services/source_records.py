"""Import of AddressBase Premium and LLPG DTF 7.3: records first, then the addresses that they touch.

Every record is kept as it came, because a change file brings single records: a street that is renamed touches all its
addresses, a new name only one. When all files are read, the touched addresses are composed again, some thousand at a
time.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from barnet.gazetteer.composing import Composed, Facts, Records, compose_property
from barnet.gazetteer.csvlines import BadLineError
from barnet.gazetteer.enums import RecordType
from barnet.gazetteer.records import Record
from barnet.gazetteer.services.merging import copied_columns, copied_row, copy_names, create_changes, create_names

AT_A_TIME = 5_000  # addresses composed
OnIncomplete = Callable[[int, str], None]


@dataclass
class RecordCounts:
    added: int = 0
    changed: int = 0
    removed: int = 0


def begin(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS touched_uprn, deleted_uprn")
    cursor.execute("CREATE TEMPORARY TABLE touched_uprn (uprn bigint) ON COMMIT DROP")
    cursor.execute("CREATE TEMPORARY TABLE deleted_uprn (uprn bigint) ON COMMIT DROP")


def copy_records(cursor: CursorWrapper, records: Iterable[Record]) -> None:
    cursor.execute("DROP TABLE IF EXISTS record_change")
    cursor.execute(
        """
        CREATE TEMPORARY TABLE record_change (
            line integer, change_type text, record_type smallint, key text, uprn bigint, usrn bigint, facts jsonb,
            old_id bigint, old_uprn bigint, differs boolean
        ) ON COMMIT DROP
        """
    )
    columns = "line, change_type, record_type, key, uprn, usrn, facts"
    with cursor.copy(f"COPY record_change ({columns}) FROM STDIN") as copy:
        for r in records:
            copy.write_row([r.line, r.change_type, r.record_type, r.key, r.uprn, r.usrn, json.dumps(r.facts)])
    cursor.execute("CREATE INDEX ON record_change (record_type, key, line)")
    cursor.execute("ANALYZE record_change")


def refuse_duplicates(cursor: CursorWrapper) -> Iterator[tuple[int, str]]:
    """A record that is inserted twice is told, and the first counts; of several changes the last counts."""
    cursor.execute(
        """
        DELETE FROM record_change later USING (
            SELECT line, key, record_type, first_value(line) OVER same AS first, row_number() OVER same AS place
            FROM record_change WHERE change_type = 'I' WINDOW same AS (PARTITION BY record_type, key ORDER BY line)
        ) again
        WHERE later.line = again.line AND again.place > 1
        RETURNING later.line, again.record_type, again.key, again.first
        """
    )
    for line, kind, key, first in sorted(cursor.fetchall()):
        found = {"kind": kind, "key": key, "first": first}
        yield line, _("the record %(kind)s %(key)s is inserted on line %(first)s already") % found
    cursor.execute(
        """
        DELETE FROM record_change earlier USING record_change later
        WHERE (later.record_type, later.key) = (earlier.record_type, earlier.key) AND later.line > earlier.line
        """
    )


def merge_records(cursor: CursorWrapper) -> RecordCounts:
    """Keep the records of one file, and note which addresses they touch."""
    cursor.execute(
        """
        UPDATE record_change c SET old_id = r.id, old_uprn = r.uprn,
               differs = (r.uprn, r.usrn, r.facts) IS DISTINCT FROM (c.uprn, c.usrn, c.facts)
        FROM gazetteer_sourcerecord r WHERE r.record_type = c.record_type AND r.key = c.key
        """
    )
    _note_touched(cursor)
    counts = RecordCounts()
    cursor.execute(
        "DELETE FROM gazetteer_sourcerecord r USING record_change c WHERE c.old_id = r.id AND c.change_type = 'D'"
    )
    counts.removed = cursor.rowcount
    cursor.execute(
        """
        UPDATE gazetteer_sourcerecord r SET uprn = c.uprn, usrn = c.usrn, facts = c.facts FROM record_change c
        WHERE c.old_id = r.id AND c.differs AND c.change_type <> 'D'
        """
    )
    counts.changed = cursor.rowcount
    cursor.execute(
        """
        INSERT INTO gazetteer_sourcerecord (record_type, key, uprn, usrn, facts)
        SELECT record_type, key, uprn, usrn, facts FROM record_change WHERE old_id IS NULL AND change_type <> 'D'
        """
    )
    counts.added = cursor.rowcount
    return counts


def _note_touched(cursor: CursorWrapper) -> None:
    happens = "(c.old_id IS NULL AND c.change_type <> 'D') OR c.differs OR (c.old_id > 0 AND c.change_type = 'D')"
    cursor.execute(
        f"""
        INSERT INTO touched_uprn
        SELECT c.uprn FROM record_change c WHERE c.uprn IS NOT NULL AND ({happens})
        UNION SELECT c.old_uprn FROM record_change c WHERE c.old_uprn IS NOT NULL AND ({happens})
        UNION SELECT n.uprn FROM record_change c JOIN gazetteer_sourcerecord n ON n.usrn = c.usrn
              WHERE c.record_type = %(descriptor)s AND n.record_type = %(name)s AND ({happens})
        """,  # noqa: S608
        {"descriptor": RecordType.DESCRIPTOR, "name": RecordType.NAME},
    )
    cursor.execute(
        """
        INSERT INTO deleted_uprn SELECT uprn FROM record_change
        WHERE record_type = %s AND change_type = 'D' AND old_id IS NOT NULL
        """,
        [RecordType.PROPERTY],
    )


def compose_touched(cursor: CursorWrapper, on_incomplete: OnIncomplete, on_composed: Callable[[int], None]) -> int:
    """Fill the temporary tables with the addresses as they shall be; how many."""
    create_changes(cursor)
    create_names(cursor)
    cursor.execute("CREATE INDEX ON touched_uprn (uprn)")
    cursor.execute("ANALYZE touched_uprn, gazetteer_sourcerecord")
    last, done = 0, 0
    while uprns := _next_uprns(cursor, last):
        last = uprns[-1]
        composed = _compose(cursor, _records(cursor, uprns), on_incomplete)
        with cursor.copy(f"COPY address_change ({copied_columns()}) FROM STDIN") as copy:
            for each in composed:
                copy.write_row(copied_row(0, "U", each.address.uprn, each.address))
        copy_names(cursor, composed)
        done += len(composed)
        on_composed(done)
    return done + _copy_deleted(cursor)


def _next_uprns(cursor: CursorWrapper, last: int) -> list[int]:
    cursor.execute("SELECT DISTINCT uprn FROM touched_uprn WHERE uprn > %s ORDER BY uprn LIMIT %s", [last, AT_A_TIME])
    return [uprn for (uprn,) in cursor.fetchall()]


def _records(cursor: CursorWrapper, uprns: list[int]) -> list[Records]:
    cursor.execute(
        """
        SELECT uprn, record_type, key, facts FROM gazetteer_sourcerecord
        WHERE uprn = ANY(%s) ORDER BY uprn, record_type, key
        """,
        [uprns],
    )
    found: dict[int, Records] = {}
    for uprn, kind, key, facts in cursor:
        records = found.get(uprn) or found.setdefault(uprn, Records(uprn, defaultdict(list)))
        records.of_kind[kind].append((key, _read(facts)))
    return list(found.values())


def _read(facts: str | Facts) -> Facts:
    return json.loads(facts) if isinstance(facts, str) else facts


def _compose(cursor: CursorWrapper, batch: list[Records], on_incomplete: OnIncomplete) -> list[Composed]:
    streets = _streets(cursor, batch)
    composed = []
    for records in batch:
        try:
            composed.append(compose_property(records, streets))
        except BadLineError as error:
            if records.names or RecordType.PROPERTY in records.of_kind:
                on_incomplete(records.uprn, str(error))
    return composed


def _streets(cursor: CursorWrapper, batch: list[Records]) -> dict[int, list[Facts]]:
    wanted = {int(name["USRN"]) for records in batch for _key, name in records.names if name.get("USRN")}
    cursor.execute(
        "SELECT usrn, facts FROM gazetteer_sourcerecord WHERE record_type = %s AND usrn = ANY(%s)",
        [RecordType.DESCRIPTOR, list(wanted)],
    )
    streets: dict[int, list[Facts]] = defaultdict(list)
    for usrn, facts in cursor:
        streets[usrn].append(_read(facts))
    return streets


def _copy_deleted(cursor: CursorWrapper) -> int:
    """A property whose record was deleted, and did not come back, is retired."""
    cursor.execute(
        """
        INSERT INTO address_change (line, change_type, uprn)
        SELECT DISTINCT 0, 'D', d.uprn FROM deleted_uprn d
        WHERE NOT EXISTS (SELECT FROM gazetteer_sourcerecord r WHERE r.record_type = %s AND r.uprn = d.uprn)
        """,
        [RecordType.PROPERTY],
    )
    return int(cursor.rowcount)


def source_name(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths)
