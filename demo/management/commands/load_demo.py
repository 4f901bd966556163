"""Lays the demo borough. One transaction: a borough that was interrupted is not there."""

import datetime as dt
import random
import sys
import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.models import Customer, User
from barnet.gazetteer.models import Address
from barnet.gazetteer.working_days import previous_working_day
from barnet.kit.bulk import bulk_transaction
from demo import bins, people, places
from demo.casework import (
    call_a_colleague,
    hold_a_back_office,
    keep_ready_replies,
    save_views,
    tell_a_back_office,
)
from demo.contacts import note_contacts
from demo.crews import send_crews_out
from demo.forms import send_a_form
from demo.history import Cast, write_history
from demo.in_hand import ask_this_week
from demo.opinions import say_what_they_think
from demo.orders import order_bins
from demo.papers import certify_papers
from demo.streets import open_streets, report_in_the_streets
from demo.visits import help_visitors
from portal.cases.models import Team
from portal.cases.registry import kind_for
from portal.smartforms.library import laying
from portal.waste.models import Collection, Container, Round

SEED = 5090
_BATCH = 4_000
_TELL_EVERY = 10  # seconds


class Command(BaseCommand):
    help = """Loads the demo borough: wards, streets, homes, residents, staff, rounds and two years of requests.

Nobody and nothing in it exists. The same day and scale give the same borough on every machine, but for the references
of what is asked for through the portal at the end: Asha's requests, some orders of bins and reports in the streets.
Does nothing when a demo borough is there already, but for forms of the library that are new or have changed.

Example:
    manage.py load_demo --scale 3
"""

    _told_at = 0.0  # when progress was last told

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="1 is about 5,000 homes, 30 is 141,000 (default: 1).")
        parser.add_argument(
            "--today", type=dt.date.fromisoformat, help="The day on which history ends (default: today)."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be written, and write nothing.")

    def handle(self, *, scale: int, today: dt.date | None, dry_run: bool, **options: Any) -> None:
        if not 1 <= scale <= 100:
            raise CommandError("--scale is a whole number from 1 to 100.")
        if Address.objects.filter(uprn__gte=places.FIRST_UPRN).exists():
            self.stdout.write("The demo borough is already there.")
            if not dry_run:
                self._lay_forms()
            return
        if dry_run:
            self.stdout.write(
                f"Would write {places.HOMES_AT_SCALE_ONE * scale:,} homes, their rounds and bins, "
                f"{people.RESIDENTS_AT_SCALE_ONE * scale + 3:,} residents, {len(people.STAFF)} staff and about "
                f"{3_400 * scale:,} requests."
            )
            return
        started = self._told_at = time.monotonic()
        with bulk_transaction():
            self._load(scale, today or timezone.localdate(), random.Random(SEED))  # noqa: S311 - the same every time
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self._lay_forms()
        self.stdout.write(f"The demo borough is laid ({time.monotonic() - started:.0f} s).")

    def _lay_forms(self) -> None:
        """At every start: a newer portal brings newer forms."""
        forms, new = laying.lay()
        if new:
            self._say(f"{forms} forms, {new} of them published now")
        send_a_form(Customer.objects.get(email=people.RESIDENTS[0][0]))
        open_streets()
        officer = User.objects.get(email=people.STAFF[1][0])
        if made := report_in_the_streets(officer, Team.objects.get(slug="street-scene")):
            self._say(f"{made} reports in the streets")
        if asked := say_what_they_think(random.Random(SEED)):  # noqa: S311 - the same every time
            self._say(f"{asked} asked how we did")
        librarian = User.objects.get(email="librarian@barnet.example")
        if made := certify_papers(Customer.objects.get(email=people.RESIDENTS[0][0]), librarian=librarian):
            self._say(f"{made} documents certified")
        if made := help_visitors(Customer.objects.get(email=people.RESIDENTS[0][0]), librarian=librarian):
            self._say(f"{made} visits at the desks of libraries")
        if made := send_crews_out(User.objects.get(email=people.STAFF[2][0])):
            self._say(f"{made} requests for crews")

    def _load(self, scale: int, today: dt.date, rng: random.Random) -> None:
        wards = places.lay_wards()
        places.lay_neighbours()
        self._say(f"{len(wards)} wards")
        staff = people.hire_staff()
        crews = people.found_crews()
        self._say(f"{len(staff)} staff, password and codes at /demo/")
        homes = self._build_homes(scale, rng)
        rounds = bins.plan_rounds(today, crews)
        self._equip_homes(homes, rounds, rng)
        named = people.settle_residents(self._named_homes(homes, today))
        logged = bins.log_crews(rounds.values(), today, rng, {person.address_id or 0 for person in named})
        self._say(f"{len(rounds)} rounds, {logged:,} lines of crew log")
        others = people.settle_others(homes, scale, rng)
        self._say(f"{len(others) + len(named):,} residents")
        cast = Cast(
            people=[*others, *named],
            caseworkers=staff[:3],
            office=Team.objects.get(slug="street-scene"),
            missed=Service.objects.get(slug="missed-bin"),
            enquiry=Service.objects.get(slug="general-enquiry"),
            outcomes={slug: _outcomes(slug) for slug in ("missed-bin", "general-enquiry")},
            ward_of=_ward_finder(),
            bins=_bins_of([*others, *named]),
        )
        cases = write_history(
            cast, scale=scale, today=today, rng=rng, report=lambda n: self._progress("requests", n, 3_400 * scale)
        )
        ask_this_week(named[0], officer=cast.caseworkers[0], office=cast.office)
        keep_ready_replies()
        save_views(cast.caseworkers[0], cast.office)
        call_a_colleague(named[0], officer=cast.caseworkers[1], lead=cast.caseworkers[2])
        tell_a_back_office(named[0])
        hold_a_back_office(cast.caseworkers[2])
        orders = order_bins(others, officer=cast.caseworkers[0], office=cast.office, today=timezone.localdate())
        note_contacts(others, officers=cast.caseworkers, rng=rng)
        self._say(f"{cases:,} requests in two years, Asha's two of this week, and {orders} orders of bins")

    def _build_homes(self, scale: int, rng: random.Random) -> list[Address]:
        homes: list[Address] = []
        wanted = places.HOMES_AT_SCALE_ONE * scale
        for home in places.addresses(scale, rng):
            homes.append(home)
            if len(homes) % _BATCH == 0 or len(homes) == wanted:
                Address.objects.bulk_create(homes[-(len(homes) % _BATCH or _BATCH) :])
                self._progress("homes", len(homes), wanted)
        self._say(f"{len(homes):,} homes")
        return homes

    def _equip_homes(self, homes: list[Address], rounds: dict[tuple[str, int, int], Any], rng: random.Random) -> None:
        for start in range(0, len(homes), _BATCH):
            pairs = [
                bins.equip(home, tour)
                for home in homes[start : start + _BATCH]
                for tour in bins.rounds_for(home, rounds, rng)
            ]
            Collection.objects.bulk_create([collection for collection, _ in pairs])
            Container.objects.bulk_create([container for _, container in pairs])
            self._progress("bins", start + _BATCH, len(homes))

    def _named_homes(self, homes: list[Address], today: dt.date) -> list[Address]:
        """Three houses whose rounds went out on the last working day: what happened there can be reported today."""
        day = previous_working_day(today)
        houses = Collection.objects.filter(address__sao_text="", stream="garden").select_related("round")
        there = sorted(houses.order_by("address_id"), key=lambda house: not _goes_out(house.round, day))
        apart = max(1, sum(_goes_out(house.round, day) for house in there) // 3)
        by_uprn = {home.uprn: home for home in homes}
        return [by_uprn[house.address_id] for house in there[: 3 * apart : apart]]

    def _progress(self, what: str, done: int, wanted: int) -> None:
        """On a terminal one line that changes; in a log a new line, every ten seconds at most."""
        text = f"  {what}: {min(done, wanted):,} of {wanted:,}"
        if sys.stderr.isatty():
            self.stderr.write(f"\r{text} ", ending="")
        elif time.monotonic() - self._told_at >= _TELL_EVERY:
            self._told_at = time.monotonic()
            self.stderr.write(text)
        self.stderr.flush()

    def _say(self, text: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
        self.stdout.write(f"  {text}")
        self.stdout.flush()


def _outcomes(service_slug: str) -> list[tuple[str, str]]:
    return [(outcome.code, str(outcome.default_reason)) for outcome in kind_for(service_slug).outcomes]


def _goes_out(tour: Round, day: dt.date) -> bool:
    return (day - tour.first_on).days % (7 * tour.frequency) == 0


def _ward_finder() -> Any:
    """UPRN → primary key of the ward, for the whole borough in one query: the point decides, as always."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.uprn, w.id FROM gazetteer_address a JOIN gazetteer_area w "
            "ON w.kind = 'ward' AND w.valid_to IS NULL AND ST_Covers(w.geometry, a.location)"
        )
        found = dict(cursor.fetchall())
    return lambda address: found.get(address.uprn)


def _bins_of(residents: list[Customer]) -> dict[int, list[tuple[Container, Collection]]]:
    uprns = {person.address_id for person in residents if person.address_id}
    tours = {
        (collection.address_id, collection.stream): collection
        for collection in Collection.objects.filter(address__in=uprns).select_related("round__crew")
    }
    found: dict[int, list[tuple[Container, Collection]]] = {}
    for container in Container.objects.filter(address__in=uprns).order_by("id"):
        tour = tours[container.address_id, container.stream]
        found.setdefault(container.address_id, []).append((container, tour))
    return found
