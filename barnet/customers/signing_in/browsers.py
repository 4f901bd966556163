"""A browser in words: "Firefox on Windows". Enough for its owner to know it again, too little to follow anybody."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

# The first that fits counts: most browsers also name those whose pages they want to be given.
_BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
_SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
]


def names_of(request: HttpRequest) -> tuple[str, str]:
    """Browser and system, in no language and without versions; empty where it does not say."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in said), "")
    system = next((name for sign, name in _SYSTEMS if sign in said), "")
    return browser, system


def browser_of(request: HttpRequest) -> str:
    browser, system = names_of(request)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
