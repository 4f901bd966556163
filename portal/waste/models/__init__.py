"""Who collects what, where and when; what the crews logged; and what follows from it."""

from portal.waste.assisted.models import AssistedCollection, AssistedRequest
from portal.waste.models.missed import DraftPhoto, LogAnswer, MissedBin, ReportingRule, private_storage
from portal.waste.models.moves import MovedHome
from portal.waste.models.notices import RoundNotice, RoundNoticeQuerySet
from portal.waste.models.reminders import Subscription, ToldCollection, ToldUpTo
from portal.waste.models.rounds import LONGEST_SHIFT, Collection, Container, CrewLogEntry, HolidayShift, Round, RoundRun
from portal.waste.models.watching import CollectionPolicy, RepeatedMiss
from portal.waste.orders.models import ContainerKind, ContainerOrder
from portal.waste.sorting.models import WasteItem

__all__ = [
    "LONGEST_SHIFT",
    "AssistedCollection",
    "AssistedRequest",
    "Collection",
    "CollectionPolicy",
    "Container",
    "ContainerKind",
    "ContainerOrder",
    "CrewLogEntry",
    "DraftPhoto",
    "HolidayShift",
    "LogAnswer",
    "MissedBin",
    "MovedHome",
    "RepeatedMiss",
    "ReportingRule",
    "Round",
    "RoundNotice",
    "RoundNoticeQuerySet",
    "RoundRun",
    "Subscription",
    "ToldCollection",
    "ToldUpTo",
    "WasteItem",
    "private_storage",
]
