"""What the database keeps of requests, of the people and systems that work on them, and of contacts."""

from portal.cases.delivery.models import BackOffice, Delivery, DeliveryAttempt, OfficeCase, OfficeFile, OfficeUpdate
from portal.cases.delivery.office_models import EndingSecret, OfficeChange, OfficePause
from portal.cases.models.cases import Case, CaseQuerySet, Follower, Pause, TimelineEntry
from portal.cases.models.claims import ClaimCode
from portal.cases.models.contacts import Contact, ContactPerson, ContactReason
from portal.cases.models.desk import Absence, Presence, SavedView
from portal.cases.models.files import Attachment, AttachmentQuerySet, SentFile, private_storage
from portal.cases.models.many import BulkAct, BulkActResult
from portal.cases.models.promises import Escalation, EscalationNotice, PromiseStandard
from portal.cases.models.relations import CaseRelation, Mention, NotTheSame
from portal.cases.models.replies import REPLY_FIELDS, ReadyReply
from portal.cases.models.teams import Team
from portal.cases.models.visits import VisitRequest

__all__ = [
    "REPLY_FIELDS",
    "Absence",
    "Attachment",
    "AttachmentQuerySet",
    "BackOffice",
    "BulkAct",
    "BulkActResult",
    "Case",
    "CaseQuerySet",
    "CaseRelation",
    "ClaimCode",
    "Contact",
    "ContactPerson",
    "ContactReason",
    "Delivery",
    "DeliveryAttempt",
    "EndingSecret",
    "Escalation",
    "EscalationNotice",
    "Follower",
    "Mention",
    "NotTheSame",
    "OfficeCase",
    "OfficeChange",
    "OfficeFile",
    "OfficePause",
    "OfficeUpdate",
    "Pause",
    "Presence",
    "PromiseStandard",
    "ReadyReply",
    "SavedView",
    "SentFile",
    "Team",
    "TimelineEntry",
    "VisitRequest",
    "private_storage",
]
