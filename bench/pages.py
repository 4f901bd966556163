"""Public pages as a stranger asks for them, from middleware to last byte. No page is kept in a cache."""

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from barnet.gazetteer.models import Address
from barnet.kit import ground
from bench import PrintRow, Promise, measure
from bench.addresses import FIRST_UPRN, HOW_MANY, lay_addresses
from portal.waste.enums import Stream
from portal.waste.models import Collection
from tests.portal.waste.factories import equip

PROMISE = Promise(queries=12, cpu_ms=12)
ROUNDS = 60
HOMES = 20


def run(print_row: PrintRow) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    homes = _lay()
    browser = Client()  # one for all: a new one would set up the middleware again with its first request

    def ask(path: str) -> None:
        browser.cookies.clear()
        answer = browser.get(path)
        if answer.status_code not in (200, 404):
            raise RuntimeError(f"{path} answered {answer.status_code}.")

    pages = {
        "home page": ["/"],
        "a content page": ["/contact/"],
        "all services": ["/services/"],
        "a service": ["/services/missed-bin/"],
        "search": ["/search/?q=missed+bin", "/search/?q=librery", "/search/?q=council+tax"],
        "bins: which address?": ["/bins/"],
        "bins: addresses at a postcode": [f"/bins/?postcode={home.postcode.replace(' ', '+')}" for home in homes],
        "bins: collection days of a home": [f"/bins/{home.uprn}/" for home in homes],
        "bins: report a missed bin": [f"/bins/{home.uprn}/missed/" for home in homes],
        "bins: what goes where, a word": [
            f"/bins/what-goes-where/?q={word}" for word in ("battery", "pizza+boxes", "sofa")
        ],
        "bins: what goes where, mistyped": [f"/bins/what-goes-where/?q={word}" for word in ("batery", "matress")],
        "bins: a thing, for a home": [f"/bins/what-goes-where/pizza-box/?uprn={home.uprn}" for home in homes],
        "find an address": ["/addresses/"],
        "sign in": ["/account/login/"],
        "page not found": ["/nothing-here/"],
    }
    for what, addresses in pages.items():
        asked = (addresses * ROUNDS)[:ROUNDS]
        ask(asked[0])  # templates are compiled once in a process's life
        cache.clear()
        print_row(f"public page: {what}", measure(ask, asked), PROMISE)


def _lay() -> list[Address]:
    if Address.objects.filter(uprn__gte=FIRST_UPRN).count() < HOW_MANY:
        lay_addresses(HOW_MANY)
    for _name, _said in ground.lay():
        pass
    homes = list(Address.objects.filter(uprn__gte=FIRST_UPRN).order_by("uprn")[:HOMES])
    if not Collection.objects.exists():
        with transaction.atomic():
            for home in homes:
                for stream in Stream:
                    equip(home, stream=stream)
    return homes
