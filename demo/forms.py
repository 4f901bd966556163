"""A form that Asha has sent: what staff and she find of it afterwards is there to be looked at."""

import uuid

from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.models import Customer
from portal.smartforms.evaluating import Facts
from portal.smartforms.models import Draft, SmartForm, Submission
from portal.smartforms.results.submitting import submit

_DRAFT = uuid.UUID("0b8a3f8e-6b53-4a57-9a55-2f6f1f0d7c01")
_ANSWERS = {
    "born": "1985-04-12",
    "relation": "child",
    "cared_name": "Mary Okonjo",
    "cared_here": "yes",
    "cared_knows": "yes",
    "does": ["meals", "medicine", "money"],
    "hours": "22",
    "week": {"morning": "some", "day": "never", "evening": "most", "night": "some"},
    "hard": ["leisure", "work"],
    "health": "worse",
    "alone": "no",
    "others": "1",
    "wish": ["break", "talk"],
    "words": "I sleep badly since the spring.",
    "name": "Asha Okonjo",
    "phone": "020 7946 0000",
    "email": "asha@example.com",
    "when_call": "evening",
}


def send_a_form(asha: Customer) -> Submission | None:
    """Sent once, however often the demo is laid. None where the form is not published, or staff made it another one."""
    if found := Submission.objects.filter(draft_id=_DRAFT).first():
        return found
    form = SmartForm.objects.select_related("live_version").filter(slug="carers-assessment").first()
    if form is None or form.live_version is None or form.live_version.published_by_id or asha.user is None:
        return None
    home = {"uprn": str(asha.address_id), "text": asha.address.one_line if asha.address else ""}
    today = timezone.localdate()
    actor = Actor.online(asha.user, asha)
    draft = Draft.objects.create(
        id=_DRAFT,
        form=form,
        version=form.live_version,
        customer=asha,
        started_by=asha.user,
        right=actor.right,
        channel=actor.channel,
        answers={**_ANSWERS, "home": home},
        seen=[step["key"] for step in form.live_version.definition["steps"]],
        sources={"name": {"source": "account.name", "as_of": today.isoformat()}},
        expires_at=timezone.now(),
    )
    return submit(draft, actor=actor, customer=asha, facts=Facts(on=today, signed_in=True))
