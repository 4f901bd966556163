"""What a call may reach: who sends no key, or one without allowances, every public service; who sends one with some,
only those services, which need not be public.

What is not public is 404 to everybody else, so that nobody learns that it is there.
"""

from dataclasses import dataclass

from barnet.customers.api.api_keys import ApiKey, ApiScope, usable_key
from portal.open311.models import ServiceAllowance
from portal.open311.problems import CallRefusedError
from portal.open311.reading import Sent

Services = frozenset[int]  # their keys


@dataclass(frozen=True)
class Reach:
    """`readable`, `reportable`: None is every public service."""

    key: ApiKey | None = None
    readable: Services | None = None
    reportable: Services | None = None

    @property
    def is_limited(self) -> bool:
        return self.readable is not None

    @property
    def named(self) -> Services:
        return (self.readable or frozenset()) | (self.reportable or frozenset())

    def reads(self, service: int) -> bool:
        return self.readable is None or service in self.readable

    def reports(self, service: int) -> bool:
        return self.reportable is None or service in self.reportable


def reader(sent: Sent) -> Reach:
    """Who reads needs no key; one that is sent must be good."""
    return reporter(sent)[1] if sent.one("api_key") else Reach()


def reporter(sent: Sent) -> tuple[ApiKey, Reach]:
    key = _key(sent)
    rows = list(ServiceAllowance.objects.filter(api_key=key))
    if not rows:
        return key, Reach(key)
    readable = frozenset(row.service_id for row in rows if row.may_read)
    return key, Reach(key, readable, frozenset(row.service_id for row in rows if row.may_report))


def _key(sent: Sent) -> ApiKey:
    text = sent.one("api_key")
    key = usable_key(text) if text else None
    if key is None:
        raise CallRefusedError("Send an api_key that is known, has not ended and was not revoked.", 403)
    if ApiScope.OPEN311_REPORT not in key.scopes:
        raise CallRefusedError("This api_key does not open this API.", 403)
    return key
