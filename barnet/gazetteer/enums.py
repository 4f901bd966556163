from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    BOROUGH = "borough", _("Borough")
    WARD = "ward", _("Ward")
    CONSTITUENCY = "constituency", _("Parliamentary constituency")
    POLLING_DISTRICT = "polling_district", _("Polling district")
    PARKING_ZONE = "parking_zone", _("Parking zone")
    CONSERVATION_AREA = "conservation_area", _("Conservation area")
    SCHOOL_CATCHMENT = "school_catchment", _("School catchment")


OVERLAPPING = [AreaKind.SCHOOL_CATCHMENT]  # a home may lie in several of these


class PostcodeQuality(models.TextChoices):
    """How near to its addresses the point of a postcode is."""

    EXACT = "exact", _("At an address")
    ROUGH = "rough", _("Somewhere near")
    NONE = "none", _("No place known")


class AddressFormat(models.TextChoices):
    """The files that `import_addresses` reads. The first three are a property a line, the others a record a line."""

    PLUS = "plus", "AddressBase Plus"
    ADDRESSBASE = "addressbase", "AddressBase"
    CORE = "core", "AddressBase Core"
    PREMIUM = "premium", "AddressBase Premium"
    DTF = "dtf", "LLPG DTF 7.3"


class RecordType(models.IntegerChoices):
    """The records that Premium and DTF 7.3 have and that we keep, by their number in the files."""

    STREET = 11, _("Street")
    DESCRIPTOR = 15, _("Street descriptor")
    PROPERTY = 21, _("Property (BLPU)")
    CROSS_REFERENCE = 23, _("Cross reference")
    NAME = 24, _("Name of a property (LPI)")
    DELIVERY_POINT = 28, _("Delivery point")
    SUCCESSOR = 30, _("Successor")
    ORGANISATION = 31, _("Organisation")
    CLASSIFICATION = 32, _("Classification")


class NameKind(models.TextChoices):
    ALTERNATIVE = "alternative", _("Another name")
    FORMER = "former", _("Former name")
    LANGUAGE = "language", _("Name in another language")


class ChangeKind(models.TextChoices):
    RENAMED = "renamed", _("Address changed")
    MOVED = "moved", _("Place on the map corrected")
    RECLASSIFIED = "reclassified", _("Use changed")
    CONFIRMED = "confirmed", _("Provisional address confirmed")
    RETIRED = "retired", _("Address ended")
    RETURNED = "returned", _("Address back in use")


class ReportState(models.TextChoices):
    """What became of an address that somebody typed."""

    NEW = "new", _("To be looked at")
    MATCHED = "matched", _("Is an address in our list")
    ADDED = "added", _("Was missing, and has been added")
    REFUSED = "refused", _("Is no address of ours")


class PlaceKind(models.TextChoices):
    STREET = "street", _("Street")
    BUILDING = "building", _("Building or organisation")


class Weekday(models.IntegerChoices):
    """As `date.weekday()` counts."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
