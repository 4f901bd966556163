"""The teams to which forms of the library give requests."""

from django.utils.text import slugify

from portal.cases.models import Team
from portal.cases.selectors import team_named

TEAMS = ("Adults front door", "Children's hub", "Out of hours", "Safeguarding adults")


def ensure_teams() -> str:
    """Found by their short names: staff may rename them. Who is in them, administrators say."""
    for name in TEAMS:
        if team_named(name) is None:
            Team.objects.create(slug=slugify(name), name=name)
    return f"{len(TEAMS)} teams"
