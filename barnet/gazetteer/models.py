"""Addresses, areas, and the days on which the council works. Geometry is EPSG:27700, metres."""

import datetime as dt

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import F, Q
from django.db.models.functions import Collate, Upper

from barnet.gazetteer.enums import (
    AreaKind,
    ChangeKind,
    NameKind,
    PlaceKind,
    PostcodeQuality,
    RecordType,
    ReportState,
    Weekday,
)

BNG = 27700
NATURAL = "natural"  # a collation that reads "Flat 10" after "Flat 2"
NATURAL_ORDER = (
    "street",
    F("pao_start_number").asc(nulls_last=True),
    "pao_start_suffix",
    Collate("pao_text", NATURAL),
    F("sao_start_number").asc(nulls_first=True),
    "sao_start_suffix",
    Collate("sao_text", NATURAL),
    Collate("organisation", NATURAL),
    "uprn",
)


_NAMES_OF_NEW_ROWS = """
    INSERT INTO gazetteer_placename (kind, name, locality, town, search_text)
        SELECT DISTINCT 'street', street, locality, town,
               UPPER(CONCAT_WS(' ', street, NULLIF(locality, ''), NULLIF(town, '')))
        FROM new_rows WHERE street <> ''
    UNION
        SELECT DISTINCT 'building', UPPER(pao_text), '', '', UPPER(pao_text) FROM new_rows WHERE pao_text <> ''
    UNION
        SELECT DISTINCT 'building', UPPER(organisation), '', '', UPPER(organisation)
        FROM new_rows WHERE organisation <> ''
    ON CONFLICT DO NOTHING;
    RETURN NULL;
"""


def _keep_names(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_NAMES_OF_NEW_ROWS,
    )


class AddressQuerySet(models.QuerySet["Address"]):
    def current(self) -> "AddressQuerySet":
        return self.filter(retired_on=None)

    def postal(self) -> "AddressQuerySet":
        """What a person may call an address: not a substation or a pond, nor a house that is only planned."""
        return self.current().filter(is_postal=True, is_provisional=False)

    def with_provisional(self) -> "AddressQuerySet":
        """As `postal`, and the addresses of houses that are only planned or being built: for staff."""
        return self.current().filter(is_postal=True)

    def in_natural_order(self) -> "AddressQuerySet":
        """By street and number as people count: 1, 2, 10, 10A, Flat 2, Flat 10."""
        return self.order_by(*NATURAL_ORDER)


class Address(models.Model):
    """One property by its UPRN, in the parts of BS7666. A deleted property is retired, because cases still name it."""

    uprn = models.BigIntegerField("UPRN", primary_key=True)
    organisation = models.CharField(max_length=100, blank=True)
    sao_text = models.CharField("secondary name", max_length=90, blank=True)
    sao_start_number = models.PositiveIntegerField(null=True, blank=True)
    sao_start_suffix = models.CharField(max_length=2, blank=True)
    sao_end_number = models.PositiveIntegerField(null=True, blank=True)
    sao_end_suffix = models.CharField(max_length=2, blank=True)
    pao_text = models.CharField("primary name", max_length=90, blank=True)
    pao_start_number = models.PositiveIntegerField(null=True, blank=True)
    pao_start_suffix = models.CharField(max_length=2, blank=True)
    pao_end_number = models.PositiveIntegerField(null=True, blank=True)
    pao_end_suffix = models.CharField(max_length=2, blank=True)
    street = models.CharField(max_length=100, blank=True)
    usrn = models.BigIntegerField("USRN", null=True, blank=True)
    locality = models.CharField(max_length=35, blank=True)
    town = models.CharField(max_length=30, blank=True)
    administrative_area = models.CharField(max_length=30, blank=True)
    postcode = models.CharField(max_length=8, blank=True)  # as written: "EN5 4AA"
    postcode_key = models.CharField(max_length=7, blank=True, editable=False, db_collation="C")  # "EN54AA"
    classification = models.CharField(max_length=6, blank=True)
    parent_uprn = models.BigIntegerField(null=True, blank=True)
    custodian_code = models.PositiveIntegerField(null=True, blank=True)
    is_postal = models.BooleanField("postal address", default=True)
    is_provisional = models.BooleanField("provisional address", default=False, db_default=False)
    blpu_state = models.PositiveSmallIntegerField(null=True, blank=True)
    changed_on = models.DateField(null=True, blank=True)  # at the source
    retired_on = models.DateField(null=True, blank=True)
    one_line = models.CharField(max_length=300)
    search_text = models.CharField(max_length=300, editable=False)  # upper case, for trigrams
    location = models.PointField(srid=BNG)

    known_as = ""  # the other name by which a search found it

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        indexes = [
            models.Index(fields=["postcode_key", "street", "pao_start_number"], name="address_postcode"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="address_search"),
            models.Index(fields=["street", "town", "locality", "pao_start_number"], name="address_street"),
            models.Index(Upper("pao_text"), name="address_building", condition=~Q(pao_text="")),
            models.Index(Upper("organisation"), name="address_organisation", condition=~Q(organisation="")),
            models.Index(fields=["parent_uprn"], name="address_parent", condition=Q(parent_uprn__isnull=False)),
        ]
        triggers = [
            _keep_names("names_of_new_addresses", pgtrigger.Insert),
            _keep_names("names_of_changed_addresses", pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return self.one_line


class AddressName(models.Model):
    """What an address is or was called besides its present line. Staff and the search find it by these, too."""

    address = models.ForeignKey(Address, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12, choices=NameKind.choices)
    key = models.CharField(max_length=20)  # of the record at the source
    one_line = models.CharField(max_length=300)
    search_text = models.CharField(max_length=300, editable=False)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "one_line", "pk"]
        constraints = [models.UniqueConstraint(fields=["address", "key"], name="address_name_unique")]
        indexes = [GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="address_name_search")]

    def __str__(self) -> str:
        return self.one_line


class AddressChange(models.Model):
    """One thing that an import changed of an address. The first import of an address is no change."""

    address = models.ForeignKey(Address, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    changed_on = models.DateField()  # at the source, else the day of the import
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=200)  # the file

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["address", "-recorded_at"], name="address_change_of")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.after or self.before}"


class ReportedAddress(models.Model):
    """An address that somebody typed because the list did not have it. `about` names what refers to it in words that
    only its room understands, such as "customer:12"."""

    typed = models.CharField(max_length=300)
    postcode = models.CharField(max_length=8, blank=True)
    about = models.CharField(max_length=100)
    nearest = models.ForeignKey(Address, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=ReportState.choices, default=ReportState.NEW)
    address = models.ForeignKey(Address, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    reported_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "reported addresses"
        ordering = ["reported_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(state=ReportState.NEW), name="reported_address_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.NEW, address=None, decided_at=None)
                | Q(state__in=["matched", "added"], address__isnull=False, decided_at__isnull=False)
                | (Q(state=ReportState.REFUSED, address=None, decided_at__isnull=False) & ~Q(reason="")),
                name="reported_address_is_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "reported_at"], name="reported_address_queue")]

    def __str__(self) -> str:
        return self.typed


class SourceRecord(models.Model):
    """A record of AddressBase Premium or of an LLPG as it came. A change file brings single records: the address is
    composed again from all that belong to it."""

    record_type = models.PositiveSmallIntegerField(choices=RecordType.choices)
    key = models.CharField(max_length=30)
    uprn = models.BigIntegerField(null=True, blank=True)
    usrn = models.BigIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict)  # by column of the source; empty ones are left out

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "key"], name="source_record_unique")]
        indexes = [
            models.Index(fields=["uprn", "record_type"], name="source_record_uprn", condition=Q(uprn__isnull=False)),
            models.Index(fields=["usrn", "record_type"], name="source_record_usrn", condition=Q(usrn__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_record_type_display()} {self.key}"


class PlaceName(models.Model):
    """Every street, building and organisation that an address has named, kept by the database: some thousand names to
    compare a typing error with, instead of all addresses. A name without addresses is harmless: it finds nothing."""

    kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    name = models.CharField(max_length=100)
    locality = models.CharField(max_length=35, blank=True)
    town = models.CharField(max_length=30, blank=True)
    search_text = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name", "locality", "town"], name="place_name_unique")]
        indexes = [GistIndex(fields=["search_text"], opclasses=["gist_trgm_ops(siglen=64)"], name="place_name_search")]

    def __str__(self) -> str:
        return self.search_text


class Postcode(models.Model):
    """A postcode of the country, ours or not: where it is, and whose. Its point is not an address."""

    key = models.CharField(primary_key=True, max_length=7, db_collation="C")  # "EN54AA"
    postcode = models.CharField(max_length=8)
    quality = models.CharField(max_length=5, choices=PostcodeQuality.choices)
    location = models.PointField(srid=BNG, null=True, blank=True)
    district_code = models.CharField(max_length=9, blank=True)  # of the council, as "E09000003"
    ward_code = models.CharField(max_length=9, blank=True)
    ended_on = models.DateField(null=True, blank=True)  # the month in which Royal Mail gave it up

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.postcode


class AreaQuerySet(models.QuerySet["Area"]):
    def valid(self, on: dt.date) -> "AreaQuerySet":
        return self.filter(Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on))


class Area(models.Model):
    """A ward or another area, from `valid_from` up to, not including, `valid_to`."""

    kind = models.CharField(max_length=30, choices=AreaKind.choices)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    geometry = models.MultiPolygonField(srid=BNG)
    valid_from = models.DateField(default=dt.date(2022, 5, 5))
    valid_to = models.DateField(null=True, blank=True)
    is_approximate = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "valid_from"], name="area_unique"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Closure(models.Model):
    """A day on which the council does not work, besides weekends and bank holidays."""

    on = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on:%d %B %Y}: {self.name}"


class OpeningHours(models.Model):
    """When a line or a counter is open on a day of the week. No row: closed."""

    place = models.CharField(max_length=100)
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        verbose_name_plural = "opening hours"
        ordering = ["place", "weekday", "opens_at"]
        constraints = [
            models.UniqueConstraint(Upper("place"), "weekday", "opens_at", name="opening_hours_unique"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="opening_hours_end_after_they_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.get_weekday_display()}"
