"""A supply that is the whole list: what it lacks is retired, as far as its custodians go.

An address of a custodian that the supply does not name stays: it came from elsewhere, and nothing is said of it.
"""

from decimal import Decimal

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from barnet.gazetteer.enums import RecordType
from barnet.gazetteer.errors import IncompleteSupplyError
from barnet.gazetteer.services.merging import create_changes


def begin(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS supplied_uprn, supplied_record")
    cursor.execute("CREATE TEMPORARY TABLE supplied_uprn (uprn bigint) ON COMMIT DROP")
    cursor.execute("CREATE TEMPORARY TABLE supplied_record (record_type smallint, key text) ON COMMIT DROP")


def note_addresses(cursor: CursorWrapper) -> None:
    cursor.execute("INSERT INTO supplied_uprn SELECT uprn FROM address_change WHERE change_type <> 'D'")


def note_records(cursor: CursorWrapper) -> None:
    cursor.execute("INSERT INTO supplied_record SELECT record_type, key FROM record_change WHERE change_type <> 'D'")


def remove_missing_records(cursor: CursorWrapper) -> int:
    """Before the addresses are composed, so that a name which is gone is gone from its address. Of kinds of records
    that the supply does not have at all, nothing is removed: they came with another product."""
    cursor.execute("CREATE INDEX ON supplied_record (record_type, key)")
    cursor.execute("ANALYZE supplied_record")
    cursor.execute(
        "INSERT INTO supplied_uprn SELECT key::bigint FROM supplied_record WHERE record_type = %s",
        [RecordType.PROPERTY],
    )
    cursor.execute(
        """
        WITH gone AS (
            DELETE FROM gazetteer_sourcerecord r
            WHERE r.record_type IN (SELECT DISTINCT record_type FROM supplied_record)
              AND NOT EXISTS (
                  SELECT FROM supplied_record s WHERE (s.record_type, s.key) = (r.record_type, r.key))
            RETURNING r.record_type, r.uprn
        ), touched AS (
            INSERT INTO touched_uprn SELECT DISTINCT uprn FROM gone WHERE uprn IS NOT NULL
        ), deleted AS (
            INSERT INTO deleted_uprn SELECT uprn FROM gone WHERE record_type = %s
        )
        SELECT count(*) FROM gone
        """,
        [RecordType.PROPERTY],
    )
    return int(cursor.fetchone()[0])


def find_missing(cursor: CursorWrapper, at_most_percent: Decimal) -> int:
    """Fills the temporary table of changes with what is to be retired; how many. Raises IncompleteSupplyError."""
    create_changes(cursor)
    cursor.execute("CREATE INDEX ON supplied_uprn (uprn)")
    cursor.execute("ANALYZE supplied_uprn")
    cursor.execute(
        """
        CREATE TEMPORARY TABLE ours ON COMMIT DROP AS
        SELECT a.uprn, EXISTS (SELECT FROM supplied_uprn s WHERE s.uprn = a.uprn) AS is_supplied
        FROM gazetteer_address a
        WHERE a.retired_on IS NULL AND COALESCE(a.custodian_code, 0) IN (
            SELECT COALESCE(theirs.custodian_code, 0) FROM gazetteer_address theirs JOIN supplied_uprn USING (uprn))
        """
    )
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE NOT is_supplied) FROM ours")
    ours, missing = cursor.fetchone()
    if missing * 100 > ours * at_most_percent:
        said = {"missing": missing, "ours": ours, "percent": at_most_percent}
        raise IncompleteSupplyError(
            _("The files lack %(missing)d of %(ours)d addresses, which is more than %(percent)s %%.") % said
        )
    cursor.execute(
        "INSERT INTO address_change (line, change_type, uprn) SELECT 0, 'D', uprn FROM ours WHERE NOT is_supplied"
    )
    cursor.execute("DROP TABLE ours")
    return int(missing)
