"""What staff keep for their daily work, as a few rows."""

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from portal.cases.delivery.enums import DeliveryState
from portal.cases.delivery.pausing import hold_office
from portal.cases.enums import ReplyUse
from portal.cases.models import BackOffice, Case, Delivery, OfficeCase, ReadyReply, Team
from portal.cases.services import add_note, relate_cases, save_view

_REPLIES = [
    ("general-enquiry", ReplyUse.ASK, "", "A photo, please", "Can you send us a photo of it? Name ((reference))."),
    ("", ReplyUse.ASK, "", "Where exactly?", "You told us of “((title))” on ((opened)). Where exactly is it?"),
    ("", ReplyUse.DELAY, "", "The crew is short of people", "The crew is short of people this week. We are sorry."),
    ("general-enquiry", ReplyUse.RESOLVE, "answered", "Asked and answered", "You asked on ((opened)). We answered."),
]


def save_views(officer: User, office: Team) -> None:
    save_view(user=officer, name="Late and urgent", filters="due=late&urgency=urgent")
    save_view(user=officer, name="Nobody has them yet", filters="team=nobody", team=office)


def call_a_colleague(asha: Customer, *, officer: User, lead: User) -> None:
    """Asha's two requests of the week are related, and one of them needs a second look."""
    first, second = Case.objects.filter(customer=asha).open().order_by("-opened_at")[:2]
    relate_cases(first, to=second, actor=Actor.staff(lead))
    name = officer.email.partition("@")[0]
    add_note(second, actor=Actor.staff(lead), text=f"@{name}, is this the same bin as in {first.reference}?")


def keep_ready_replies() -> None:
    for slug, use, outcome, name, text in _REPLIES:
        service = Service.objects.get(slug=slug) if slug else None
        ReadyReply.objects.create(service=service, use=use, outcome=outcome, name=name, text=text)


def hold_a_back_office(lead: User) -> None:
    """A team of ours that gets a file a night, and moves this week: what is noted for it waits."""
    team = BackOffice.objects.create(slug="cleaning-depot", name="Street cleaning depot", kind="nightly-file")
    team.services.set(Service.objects.filter(slug="report-fly-tipping"))
    hold_office(team, by=lead, reason="The depot moves until Friday.")


def tell_a_back_office(asha: Customer) -> None:
    """A firm that heard of one request of Asha's, and refused what came after."""
    firm = BackOffice.objects.create(
        slug="bright-lamps", name="Bright Lamps Ltd", kind="webhook", url="https://lamps.example/hooks", is_active=False
    )
    case = Case.objects.filter(customer=asha).open().latest("opened_at")
    first, *later = case.timeline.exclude(public_text="").order_by("pk")
    Delivery.objects.create(
        office=firm,
        case=case,
        entry=first,
        state=DeliveryState.SENT,
        attempt_count=1,
        sent_at=first.at,
        made_at=first.at,
    )
    OfficeCase.objects.create(office=firm, case=case, reference="L-17")
    for entry in later:
        Delivery.objects.create(
            office=firm,
            case=case,
            entry=entry,
            state=DeliveryState.GIVEN_UP,
            attempt_count=1,
            made_at=entry.at,
            last_error="The office answered 422: the lamp is not ours.",
        )
