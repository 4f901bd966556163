"""A form that cannot wait: everybody in its team is told at once. The message holds no answer."""

from django.conf import settings
from django.urls import reverse

from barnet.notifications.enums import MessageChannel
from barnet.notifications.services import Telling, queue_messages
from portal.cases.models import Case
from portal.smartforms.models import SmartForm


def tell_team(case: Case, form: SmartForm) -> None:
    """In the transaction of the request."""
    if case.team is None:
        return
    fields = {
        "form": form.title,
        "reference": case.reference,
        "team": case.team.name,
        "urgency": case.get_urgency_display(),
        "promise": case.promise_on,
        "link": settings.BASE_URL + reverse("staff_case", args=[case.reference]),
    }
    members = case.team.members.filter(is_active=True, is_staff=True).order_by("pk")
    tellings = [
        Telling(key=f"form-team:{case.pk}:{person.pk}", email=person.email, fields=fields) for person in members
    ]
    queue_messages("form-team", tellings, channels=[MessageChannel.EMAIL])
