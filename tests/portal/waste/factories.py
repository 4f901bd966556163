"""Rounds, containers and what hangs on them. `equip` puts a home on a round with a bin."""

import datetime as dt

import factory

from portal.waste.models import Collection, Container, CrewLogEntry, HolidayShift, Round, RoundRun
from tests.factories import AddressFactory


class RoundFactory(factory.django.DjangoModelFactory):
    """Refuse, every Monday from 5 January 2026, done by 6pm."""

    class Meta:
        model = Round

    code = factory.Sequence(lambda n: f"round-{n}")
    name = factory.LazyAttribute(lambda r: f"Round {r.code}")
    stream = "refuse"
    weekday = factory.LazyAttribute(lambda r: r.first_on.weekday())
    frequency = 1
    first_on = dt.date(2026, 1, 5)
    ends_at = dt.time(18)


class ContainerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Container

    identifier = factory.Sequence(lambda n: f"BIN-{n}")
    address = factory.SubFactory(AddressFactory)
    stream = "refuse"
    description = "Black 240 litre wheeled bin"


class CollectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Collection

    address = factory.SubFactory(AddressFactory)
    round = factory.SubFactory(RoundFactory)
    stream = factory.SelfAttribute("round.stream")


class HolidayShiftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HolidayShift

    due_on = dt.date(2026, 12, 28)
    moved_to = dt.date(2026, 12, 29)
    stream = ""
    reason = "Boxing Day bank holiday"


class RoundRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoundRun

    round = factory.SubFactory(RoundFactory)


class CrewLogEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CrewLogEntry

    round = factory.SubFactory(RoundFactory)
    address = factory.SubFactory(AddressFactory)


def equip(address, **tour) -> Container:
    """Puts a home on a new round and gives it a bin for it."""
    new_round = RoundFactory(**tour)
    CollectionFactory(address=address, round=new_round)
    return ContainerFactory(address=address, stream=new_round.stream)
