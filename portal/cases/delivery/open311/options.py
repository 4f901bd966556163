"""What an operator says of an office that speaks Open311: docs/operators/back-offices.md. Its secret is its api_key."""

from collections.abc import Mapping

from barnet.catalogue.models import Service
from portal.cases.delivery.enums import OfficeStatus
from portal.cases.delivery.models import BackOffice

_YES_NO = ("yes", "no")
_WORDS = {  # each with what it may be; the first counts unless another was said
    "updates": ("no", "yes"),  # whether it is told what happens here later
    "statuses": ("plain", "fixmystreet"),  # in which words
    "read": ("updates", "requests", "no"),  # where we read what happens there
    "details": _YES_NO,  # whether it hears what was answered and told, or only what it is about
    "uprn": _YES_NO,  # whether its address_id is our UPRN
}
_TEXTS = {"jurisdiction", "id_attribute"}
_LONGEST = 200
OPEN = "open"  # it is known there, and nobody says more
_RESOLVED = OfficeStatus.RESOLVED.value
_MEANINGS = (OPEN, OfficeStatus.IN_PROGRESS.value, OfficeStatus.ON_HOLD.value, OfficeStatus.NOTE.value)


def chosen(office: BackOffice, name: str) -> str:
    usual = _WORDS[name][0] if name in _WORDS else ""
    return str(office.options.get(name, usual))


def service_code(office: BackOffice, service: Service) -> str:
    return str(office.options.get(f"code.{service.slug}", service.slug))


def attributes_of(office: BackOffice, service: Service) -> dict[str, str]:
    """Code there, and the label of our answer; or `=` and what is always sent."""
    prefix = f"attribute.{service.slug}."
    return {name.removeprefix(prefix): str(label) for name, label in office.options.items() if name.startswith(prefix)}


def wrong_options(options: Mapping[str, str]) -> list[str]:
    wrong = [sentence for name, value in options.items() if (sentence := _wrong(name, value))]
    named = {name.split(".")[1] for name in options if name.startswith(("code.", "attribute.")) and name.count(".")}
    unknown = named - set(Service.objects.filter(slug__in=named).values_list("slug", flat=True))
    return [*wrong, *(f"There is no service {slug}." for slug in sorted(unknown))]


def _wrong(name: str, value: str) -> str:
    first, _dot, rest = name.partition(".")
    if len(value) > _LONGEST:
        return f"{name} has at most {_LONGEST} characters."
    if name in _WORDS:
        return "" if value in _WORDS[name] else f"{name} is one of {', '.join(_WORDS[name])}."
    if name in _TEXTS or (first == "code" and rest) or (first == "attribute" and all(rest.partition("."))):
        return ""
    if first == "status" and rest:
        means, _colon, outcome = value.partition(":")
        if value in _MEANINGS or (means == _RESOLVED and outcome):
            return ""
        return f"{name} is one of {', '.join(_MEANINGS)}, or {_RESOLVED}:outcome."
    return f"There is no option {name}."
