"""A crew's day: the list, a job with photos of before and after, and the customer who hears that it is done."""

from tests.portal.field.conftest import picture

PLAN = """
from django.utils import timezone
from barnet.customers.actors import Actor
from barnet.customers.models import User
from portal.cases.models import Case, Team
from portal.field.services import plan_job
plan_job(Case.objects.get(reference={reference!r}), actor=Actor.staff(User.objects.get(email="lead@barnet.example")),
         crew=Team.objects.get(slug="crew-1"), planned_on=timezone.localdate())
"""


def photo(colour: str) -> dict:
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": picture(colour=colour).read()}


def test_from_the_list_of_today_to_a_job_that_is_done(portal, desk, asked):
    email, (reference,) = asked("A wardrobe on the green")
    portal.python(PLAN.format(reference=reference))
    otis = desk("operative@barnet.example", width=320)
    otis.go("/field/")
    otis.opens(otis.link("A wardrobe on the green"))
    otis.main.get_by_label("Photos before").set_input_files(photo("grey"))
    otis.main.get_by_label("Photos after").set_input_files(photo("green"))
    otis.ticks(otis.main.get_by_label("Done", exact=True))
    otis.presses(otis.button("Send"))
    otis.main.get_by_role("heading", name="Ended today").wait_for()
    otis.look()
    assert "A wardrobe on the green" in otis.wait_for_mail(email, reference)
