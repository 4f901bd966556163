"""The ward of a case is computed from its point; when areas change, it is computed again."""

from django.db import connection, transaction

_RECOMPUTE = """
UPDATE cases_case AS c
SET ward_id = found.area_id
FROM (
    SELECT c.id, (
        SELECT a.id FROM gazetteer_area a
        WHERE a.kind = 'ward' AND ST_Covers(a.geometry, c.location)
          AND a.valid_from <= (c.opened_at AT TIME ZONE 'Europe/London')::date
          AND (a.valid_to IS NULL OR a.valid_to > (c.opened_at AT TIME ZONE 'Europe/London')::date)
        ORDER BY a.code LIMIT 1
    ) AS area_id
    FROM cases_case c
) AS found
WHERE found.id = c.id AND c.ward_id IS DISTINCT FROM found.area_id
"""


@transaction.atomic
def recompute_wards() -> int:
    """The ward in which each request lay on the day it was made. Returns how many changed."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOMPUTE)
        return cursor.rowcount
