"""Reads that check access, and the lists of the back office.

One door per kind of reader: `case_for` (residents), `case_for_staff` (records the reading), `attachment_for` (both),
`followed_case` (somebody who joined another's report: their own words and where it stands, nothing else).
"""

from portal.cases.selectors.contacts import (
    ContactFilters,
    contact_for_staff,
    contact_keys_of,
    contact_rows,
    contacts,
    contacts_of_case,
    contacts_of_customer,
    person_of,
)
from portal.cases.selectors.queues import (
    Due,
    QueueCounts,
    QueueFilters,
    Sorting,
    beside,
    queue,
    queue_counts,
    queue_rows,
)
from portal.cases.selectors.replies import Reply, fill_reply, replies_for
from portal.cases.selectors.residents import (
    FollowedCase,
    PublicEntry,
    case_for,
    cases_for,
    followed_by,
    followed_case,
    open_question,
    outcome_label,
    public_photos,
    public_timeline,
)
from portal.cases.selectors.staff import (
    attachment_for,
    case_for_staff,
    cases_at_address,
    cases_of_customer,
    staff_timeline,
    team_named,
    versions_of,
)

__all__ = [
    "ContactFilters",
    "Due",
    "FollowedCase",
    "PublicEntry",
    "QueueCounts",
    "QueueFilters",
    "Reply",
    "Sorting",
    "attachment_for",
    "beside",
    "case_for",
    "case_for_staff",
    "cases_at_address",
    "cases_for",
    "cases_of_customer",
    "contact_for_staff",
    "contact_keys_of",
    "contact_rows",
    "contacts",
    "contacts_of_case",
    "contacts_of_customer",
    "fill_reply",
    "followed_by",
    "followed_case",
    "open_question",
    "outcome_label",
    "person_of",
    "public_photos",
    "public_timeline",
    "queue",
    "queue_counts",
    "queue_rows",
    "replies_for",
    "staff_timeline",
    "team_named",
    "versions_of",
]
