"""What Asha has asked for this week, through the same services as everybody: one in progress, one with a question."""

from django.core.files.base import ContentFile

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from barnet.kit.files.checking import CleanFile, check_file
from portal.cases.models import Team
from portal.cases.services import ask_customer, assign_case, attach_file, receive_case

_LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def _letter() -> CleanFile:
    return check_file(ContentFile(_LETTER, "Note through the door.pdf"))


def ask_this_week(asha: Customer, *, officer: User, office: Team) -> None:
    for number, (title, note, question) in enumerate(
        [
            ("Rubbish was left on the pavement after the collection", "Two black bags beside the lamp post.", ""),
            ("The lid of the bin is broken", "It does not close any more.", "Is it the blue bin or the black one?"),
        ]
    ):
        assert asha.user is not None
        case = receive_case(
            Service.objects.get(slug="general-enquiry"),
            actor=Actor.online(asha.user, asha),
            submission_key=f"asha-this-week-{number}",
            title=title,
            details=[("What you told us", note)],
            customer=asha,
            address=asha.address,
        ).case
        if not question:
            attach_file(case, actor=Actor.online(asha.user, asha), file=_letter(), caption="What the crew left")
        case = assign_case(case, actor=Actor.staff(officer), team=office)
        if question:
            ask_customer(case, actor=Actor.staff(officer), question=question)
