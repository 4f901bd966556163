"""What crews do in the streets, and the jobs of Otis's crew: dumped rubbish and graffiti near homes that lie apart."""

from django.utils import timezone

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import User
from barnet.gazetteer.models import Address
from portal.cases.models import Team
from portal.cases.services import ContactDetails, receive_case
from portal.field.models import CannotReason, FieldService
from portal.field.services import plan_job

# Of the service: whether the crew may ring; why a job could not be done, what is told, the outcome that it ends with.
_SERVICES = {
    "report-fly-tipping": (
        False,
        [
            ("Nothing there", "The crew was there and found nothing any more.", "answered"),
            ("On private land", "It lies on private land, where we may not clear it.", "passed_on"),
            ("A car stands in the way", "A parked car stood in the way. We come again.", ""),
        ],
    ),
    "report-graffiti": (
        True,
        [
            ("Owner must agree first", "The wall is not ours. We ask its owner first.", ""),
            ("Rain", "", ""),
        ],
    ),
}
_JOBS = [
    ("report-fly-tipping", "A mattress beside the bins", "It blocks half of the pavement."),
    ("report-fly-tipping", "Six bags of rubble", "Behind the bus stop."),
    ("report-graffiti", "Tags on the substation", "Red, on the side to the street."),
    ("report-graffiti", "Rude words on a bench", "The one that looks at the pond."),
]
_IN_NO_PLAN = 1  # of the last: for the team leader


def send_crews_out(officer: User) -> int:
    """Said again, nothing is made."""
    crew = Team.objects.get(slug="crew-1")
    for slug, (shows_contact, reasons) in _SERVICES.items():
        _open(Service.objects.get(slug=slug), shows_contact, reasons)
    homes = Address.objects.filter(location__isnull=False).order_by("uprn")[41::61][: len(_JOBS)]
    made = 0
    for number, ((slug, title, words), home) in enumerate(zip(_JOBS, homes, strict=False)):
        received = receive_case(
            Service.objects.get(slug=slug),
            actor=Actor.visitor(),
            submission_key=f"crews-{number}",
            title=title,
            details=[("What is wrong", words)],
            contact=ContactDetails(name="Pat Walker", email="pat@example.com", phone="07700 900461"),
            address=home,
        )
        if received.result == "created":
            made += 1
            if number < len(_JOBS) - _IN_NO_PLAN:
                plan_job(received.case, actor=Actor.staff(officer), crew=crew, planned_on=timezone.localdate())
    return made


def _open(service: Service, shows_contact: bool, reasons: list[tuple[str, str, str]]) -> None:
    row, is_new = FieldService.objects.get_or_create(service=service, defaults={"shows_contact": shows_contact})
    if is_new:
        for at, (label, told, outcome) in enumerate(reasons):
            CannotReason.objects.create(field_service=row, sort_order=at, label=label, told=told, outcome=outcome)
