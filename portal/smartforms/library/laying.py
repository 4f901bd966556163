"""The forms that come with the portal, published, and made the start of the services that they serve.

What staff changed stays: a form that somebody published in the back office is left alone, and so is the start of a
service that an editor has touched or that a better journey serves.
"""

from pathlib import Path

from barnet.catalogue.models import Service
from portal.smartforms import library
from portal.smartforms.library.teams import ensure_teams
from portal.smartforms.models import SmartForm
from portal.smartforms.publishing import import_form

# Services that begin with a form of another name than theirs, or with the form of several; and what the link says.
_STARTS = {
    "report-a-street-problem": {
        "report-pothole": "?problem=pothole",
        "report-pavement": "?problem=pavement",
        "report-street-light": "?problem=light",
        "report-fly-tipping": "?problem=dumped",
        "report-graffiti": "?problem=graffiti",
    },
    "change-of-address": {"change-of-address": "", "council-tax-move": ""},
}


def files() -> list[Path]:
    """Of the forms that nobody published in the back office."""
    kept = set(SmartForm.objects.filter(live_version__published_by__isnull=False).values_list("slug", flat=True))
    return [library.FOLDER / f"{name}.json" for name in library.names() if name not in kept]


def lay() -> tuple[int, int]:
    """How many forms, and how many of them are published now. Laid again, nothing changes and nothing is proved."""
    ensure_teams()
    before = set(SmartForm.objects.values_list("live_version", flat=True))
    versions = [import_form(file.read_text(), by=None) for file in files()]
    for version in versions:
        begin_services(version.form)
    return len(versions), sum(version.pk not in before for version in versions)


def begin_services(form: SmartForm) -> None:
    """The form becomes the start of its services, where there is none and no editor was there."""
    for slug, said in _STARTS.get(form.slug, {form.service.slug: ""}).items():
        untouched = Service.objects.filter(
            slug=slug, start_path__in=["", form.get_absolute_url()], latest_revision=None
        )
        untouched.update(start_path=form.get_absolute_url() + said)
