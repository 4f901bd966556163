"""A conversation begins, lines are written, advisers come and go."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.customers.models import Customer, User
from barnet.kit.files.checking import CleanFile
from portal.cases.models import Case, TimelineEntry
from portal.cases.services import ContactDetails, receive_case, write_message
from portal.chat.models import LISTENING_FOR, ON_DUTY_FOR, Duty, Listener

SERVICE_SLUG = "general-enquiry"
_TITLE = 100


@transaction.atomic
def begin(
    *,
    actor: Actor,
    question: str,
    submission_key: str,
    customer: Customer | None,
    contact: ContactDetails,
    file: CleanFile | None = None,
) -> Case:
    """A request like any other, with a promise: nobody need be there for it to be answered."""
    service = Service.objects.get(slug=SERVICE_SLUG)
    title = _("Question: %(words)s") % {"words": " ".join(question.split())}
    receipt = receive_case(
        service,
        actor=actor,
        submission_key=submission_key,
        title=title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…",
        customer=customer,
        contact=contact,
    )
    if receipt.result == "created":
        write_message(receipt.case, actor=actor, text=question, file=file)
    return receipt.case


def say(case: Case, *, actor: Actor, text: str, file: CleanFile | None = None) -> TimelineEntry:
    """Raises MoveRefusedError when the customer writes to a request that is over, or too many files were sent."""
    return write_message(case, actor=actor, text=text, file=file, is_read_now=is_listened_to(case))


# --- Who is there -----------------------------------------------------------------------------------------------------


def come_on_duty(user: User) -> None:
    Duty.objects.update_or_create(user=user, defaults={"seen_at": timezone.now()})


def go_off_duty(user: User) -> None:
    Duty.objects.filter(user=user).delete()


def still_on_duty(user: User) -> bool:
    """A sign of the adviser's page. Whoever went silent for too long has to come back by hand."""
    now = timezone.now()
    return bool(Duty.objects.filter(user=user, seen_at__gt=now - ON_DUTY_FOR).update(seen_at=now))


def is_answered_now() -> bool:
    return Duty.objects.filter(seen_at__gt=timezone.now() - ON_DUTY_FOR).exists()


def listen(case: Case) -> None:
    Listener.objects.update_or_create(case=case, defaults={"seen_at": timezone.now()})


def is_listened_to(case: Case) -> bool:
    return Listener.objects.filter(case=case, seen_at__gt=timezone.now() - LISTENING_FOR).exists()
