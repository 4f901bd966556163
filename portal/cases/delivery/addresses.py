"""Where calls may go: to other machines, over a line that nobody reads along.

An address of a private network is taken, because a council's own systems stand there. One that leads back to the
portal's machine, or to what only machines beside it may ask (link-local, where clouds hand out keys), is refused
outside of development: when it is set, and again at each call, because a name may lead elsewhere by then.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_OWN_NAMES = ("localhost", ".localhost")


def check_address(url: str) -> None:
    """Raises ValidationError with a sentence for the field `url`."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        raise ValidationError({"url": _("This is no web address.")}) from None
    if parts.scheme not in {"https", *(["http"] if settings.DEVELOPMENT else [])} or not parts.hostname:
        raise ValidationError({"url": _("Write the whole address, with https:// at its beginning.")})
    if parts.username or parts.password:
        raise ValidationError({"url": _("Leave out the name and password: calls are signed.")})
    if not settings.DEVELOPMENT and _is_home(parts.hostname):
        raise ValidationError({"url": _("This address leads to the portal's own machine. Write that of the office.")})


def leads_home(url: str) -> bool:
    """As the name is known now. One that nobody knows leads nowhere: the call will say so."""
    host = urlsplit(url).hostname
    if settings.DEVELOPMENT or not host:
        return False
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(_is_home(str(address[0])) for *_rest, address in found)


def _is_home(host: str) -> bool:
    host = host.rstrip(".").lower()
    if host == _OWN_NAMES[0] or host.endswith(_OWN_NAMES[1]):
        return True
    number = _number(host)
    if number is None:
        return False
    number = getattr(number, "ipv4_mapped", None) or number
    return number.is_loopback or number.is_link_local or number.is_unspecified or number.is_multicast


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Of a host that is written as a number, in any of the ways that a resolver reads (127.1, 0x7f000001)."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
