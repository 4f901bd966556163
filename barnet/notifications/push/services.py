"""Which push services we write to. A browser tells us an address: without a list it could be one of our own network."""

from urllib.parse import urlsplit

from django.conf import settings


def is_known(endpoint: str) -> bool:
    """`*.example.com` in the list stands for its subdomains; an entry with a scheme for exactly that origin."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if "@" in parts.netloc or parts.fragment:
        return False
    host, origin = (parts.hostname or "").lower(), f"{parts.scheme}://{parts.netloc}"
    is_plain = parts.scheme == "https" and port in {None, 443}
    return any(
        origin == entry if "://" in entry else is_plain and _matches(host, entry) for entry in settings.PUSH_SERVICES
    )


def _matches(host: str, entry: str) -> bool:
    return host.endswith(entry[1:]) if entry.startswith("*.") else host == entry
