"""The night folds what happened on earlier days into one row for all that is alike.

One statement moves them, so that a row is either an event or part of a day, whatever fails; a second worker finds
nothing left. Times are rounded to 1 second below a minute, 5 below ten minutes, 30 above: a median is off by no more.
"""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from barnet.kit.retention import Kind, delete_rows, register
from portal.smartforms.models import StepDay

_FOLD = """
WITH gone AS (DELETE FROM smartforms_stepevent WHERE "on" < %s RETURNING *)
INSERT INTO smartforms_stepday (version_id, "on", what, step, question, sentence, seconds, count)
SELECT version_id, "on", what, step, question, sentence, rounded, count(*)
FROM (
    SELECT *, CASE WHEN seconds < 60 THEN seconds WHEN seconds < 600 THEN seconds / 5 * 5 ELSE seconds / 30 * 30 END
        AS rounded
    FROM gone
) AS events
GROUP BY version_id, "on", what, step, question, sentence, rounded
ON CONFLICT (version_id, "on", what, step, question, sentence, seconds)
DO UPDATE SET count = smartforms_stepday.count + excluded.count
"""


@transaction.atomic
def fold_days() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [timezone.localdate()])
        return f"{cursor.rowcount} rows"


def register_figures_retention() -> None:
    register(
        Kind(
            key="form-figures",
            name=_("Figures of forms by day"),
            action=_("The figures of that day are deleted."),
            days=3 * 365,
            reason=_("Shows whether a form became better. They hold no person and no answer."),
            legal_basis=_("Public task (UK GDPR article 6(1)(e)); not personal data"),
            age="on",
            find=StepDay.objects.all,
            apply=delete_rows,
        )
    )
