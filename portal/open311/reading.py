"""What a call says. A blank parameter is one that was not sent."""

import datetime as dt
import re
from collections import defaultdict

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.http import QueryDict
from django.utils import timezone

from barnet.gazetteer.degrees import from_degrees
from barnet.gazetteer.models import Address
from barnet.gazetteer.selectors import ward_at
from portal.cases.services import ContactDetails
from portal.open311.problems import CallRefusedError

MOST_MEDIA = 5
LONGEST_DESCRIPTION = 4000
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](?:\[\d*\])?")
_is_web_address = URLValidator(schemes=["http", "https"])


class Sent:
    """The parameters of a call, without those that are blank."""

    def __init__(self, data: QueryDict) -> None:
        self._values = {
            name: kept for name, values in data.lists() if (kept := [text.strip() for text in values if text.strip()])
        }

    def one(self, name: str, *, longest: int = 300) -> str:
        text = self._values.get(name, [""])[-1]
        if len(text) > longest:
            raise CallRefusedError(f"{name} has at most {longest} characters.")
        return text

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def listed(self, name: str, *, longest: int = 300) -> list[str]:
        """Of a parameter that names several: with commas between them, said several times, or both."""
        text = ",".join(self.all(name))
        if len(text) > longest:
            raise CallRefusedError(f"{name} has at most {longest} characters.")
        return [part.strip() for part in text.split(",") if part.strip()]

    def attributes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name, values in self._values.items():
            if match := _ATTRIBUTE.fullmatch(name):
                found[match[1]].extend(values)
        return dict(found)

    def moment(self, name: str) -> dt.datetime | None:
        text = self.one(name)
        if not text:
            return None
        try:
            at = dt.datetime.fromisoformat(text.replace(" ", "+"))  # an unescaped plus reaches us as a space
            return (at if timezone.is_aware(at) else timezone.make_aware(at)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            raise CallRefusedError(f"{name} is a date and time such as 2026-03-27T09:00:00+00:00.") from None

    def number(self, name: str, *, usual: int, most: int) -> int:
        text = self.one(name)
        if not text:
            return usual
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= most:
            raise CallRefusedError(f"{name} is a number from 1 to {most}.")
        return int(text)


def place_of(sent: Sent) -> tuple[Address | None, str, Point | None]:
    """An address of ours, a place in words, and a point: at least one of them."""
    address, words, point = _address(sent), sent.one("address_string"), _point(sent)
    if not (address or words or point):
        raise CallRefusedError("Say where: send lat and long, address_string, or address_id (a UPRN).")
    return address, words, point


def _address(sent: Sent) -> Address | None:
    text = sent.one("address_id")
    if not text:
        return None
    known = re.fullmatch(r"[0-9]{1,12}", text) and Address.objects.current().filter(uprn=int(text)).first()
    if not known:
        raise CallRefusedError("address_id is no UPRN of an address in the borough.")
    return known


def _point(sent: Sent) -> Point | None:
    lat, long = sent.one("lat"), sent.one("long")
    if not lat and not long:
        return None
    try:
        point = from_degrees(float(lat), float(long))
    except ValueError:
        raise CallRefusedError("lat and long are two numbers in degrees (WGS84).") from None
    if point is None or ward_at(point, timezone.localdate()) is None:
        raise CallRefusedError("lat and long are outside of the borough.")
    return point


def contact_of(sent: Sent) -> ContactDetails:
    email = sent.one("email", longest=254)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise CallRefusedError("email is no e-mail address.") from None
    name = f"{sent.one('first_name', longest=70)} {sent.one('last_name', longest=70)}".strip()
    return ContactDetails(name=name, email=email, phone=sent.one("phone", longest=30))


def media_of(sent: Sent) -> list[str]:
    urls = sent.all("media_url")
    if len(urls) > MOST_MEDIA:
        raise CallRefusedError(f"Send at most {MOST_MEDIA} media_url.")
    for url in urls:
        try:
            _is_web_address(url)
        except ValidationError:
            raise CallRefusedError("media_url is no web address.") from None
        if len(url) > 500:
            raise CallRefusedError("media_url has at most 500 characters.")
    return urls
