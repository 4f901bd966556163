"""Under which name a page is counted. An address may name a request, or be somebody's one-time link: then only its
pattern is kept."""

import re

from django.urls import Resolver404, ResolverMatch, resolve

LONGEST = 300
_PART = re.compile(r"<(?:(?P<converter>[^<>:]+):)?(?P<name>\w+)>")


def name_of(path: str) -> str | None:
    """None for an address of which no page is."""
    if not path.startswith("/") or len(path) > LONGEST:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return _pattern(match) if _PART.search(match.route) and not match.route.startswith("^") else path


def _pattern(match: ResolverMatch) -> str:
    """Words of ours, such as the short name of a service, stay."""

    def part(found: re.Match[str]) -> str:
        is_ours = found["converter"] == "slug"
        return str(match.kwargs[found["name"]]) if is_ours else f"<{found['name']}>"

    return "/" + _PART.sub(part, match.route)
