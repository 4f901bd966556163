"""What anybody may report on the map, and a few reports: new, in hand, with released words, and mended."""

from django.contrib.gis.geos import Point

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.gazetteer.models import BNG, Address
from portal.cases.models import Case, Team
from portal.cases.registry import kind_for
from portal.cases.services import ContactDetails, assign_case, receive_case, resolve_case
from portal.reports.models import About, PublicReport, PublicService
from portal.reports.services import open_service, release
from portal.smartforms.models import SmartForm

# Of the service: as residents call it, the group, and the answer with which the form begins.
_KINDS = {
    "report-pothole": ("A pothole or broken road", "Roads and pavements", "pothole"),
    "report-pavement": ("A broken or uneven pavement", "Roads and pavements", "pavement"),
    "report-street-light": ("A street light that does not work", "Roads and pavements", "light"),
    "report-fly-tipping": ("Rubbish that somebody dumped", "Clean streets", "dumped"),
    "report-graffiti": ("Graffiti", "Clean streets", "graffiti"),
}
# What, metres from a home (east, north), what somebody wrote, and what became of it.
_REPORTS = [
    ("report-pothole", (8, 3), "It is as wide as a wheel, and deep.", "released"),
    ("report-pothole", (-12, 6), "Beside the crossing.", ""),
    ("report-pavement", (5, -9), "A slab stands up.", "given"),
    ("report-street-light", (14, 2), "It has been off for a week.", "mended"),
    ("report-fly-tipping", (-7, -11), "A sofa and four bags.", "given"),
    ("report-graffiti", (3, 12), "On the wall of the bridge.", ""),
]


def open_streets() -> None:
    """Once: what staff changed afterwards stays as they made it."""
    form = SmartForm.objects.filter(slug="report-a-street-problem", live_version__isnull=False).first()
    if form is None or PublicService.objects.exists():
        return
    for slug, (name, group, problem) in _KINDS.items():
        service = Service.objects.get(slug=slug)
        open_service(service, about=About.STREET, name=name, group=group, form=form, answers={"problem": problem})


def report_in_the_streets(officer: User, office: Team) -> int:
    """Near homes that lie apart. Said again, nothing is made."""
    homes = Address.objects.filter(location__isnull=False).order_by("uprn")[::97][: len(_REPORTS)]
    made = [
        _report(f"street-{number}", row, home, officer, office)
        for number, (row, home) in enumerate(zip(_REPORTS, homes, strict=False))
    ]
    return sum(made)


def _report(key: str, row: tuple[str, tuple[int, int], str, str], home: Address, officer: User, office: Team) -> bool:
    slug, (east, north), words, then = row
    assert home.location is not None
    received = receive_case(
        Service.objects.get(slug=slug),
        actor=Actor.visitor(),
        submission_key=key,
        title=_KINDS[slug][0],
        details=[("What is wrong", words)],
        contact=ContactDetails(name="Pat Walker", email="pat@example.com"),
        location=Point(home.location.x + east, home.location.y + north, srid=BNG),
    )
    is_new = received.result == "created"
    if is_new:
        _go_on(received.case, then, words, officer, office)
    return is_new


def _go_on(case: Case, then: str, words: str, officer: User, office: Team) -> None:
    actor = Actor.staff(officer)
    if then == "released":
        release(PublicReport.objects.get(case=case), actor=officer, words=words)
    elif then:
        case = assign_case(case, actor=actor, team=office)
    if then == "mended":
        outcome = kind_for(case.service.slug).outcomes[0]
        resolve_case(case, actor=actor, outcome=outcome.code, public_reason="The lamp has a new bulb.")
