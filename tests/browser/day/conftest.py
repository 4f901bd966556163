"""Requests that wait for the people of the day, and who asked."""

import json

import pytest

from tests.browser.day.counted import Counted
from tests.browser.person import an_email

ASK = """
import json
from barnet.catalogue.models import Service
from barnet.customers.actors import Actor
from barnet.gazetteer.models import Address
from portal.cases.models import Team
from portal.cases.services import ContactDetails, receive_case
home = Address.objects.filter(location__isnull=False).first()
made = []
for title in {titles!r}:
    case = receive_case(
        Service.objects.get(slug="report-fly-tipping"), actor=Actor.visitor(),
        submission_key={email!r} + title, title=title, contact=ContactDetails(name="Noor Neighbour", email={email!r}),
        address=home, team=Team.objects.filter(slug={team!r}).first(),
    ).case
    made.append(case.reference)
print(json.dumps(made))
"""


@pytest.fixture
def asked(portal):
    """`asked("A sofa", "A fridge", team="street-scene")` → who asked, and the references."""

    def ask(*titles: str, team: str = "") -> tuple[str, list[str]]:
        email = an_email("noor")
        said = portal.python(ASK.format(titles=list(titles), email=email, team=team))
        return email, json.loads(said.splitlines()[-1])

    return ask


@pytest.fixture
def desk(open_as):
    """`desk("lead@barnet.example")` → that person at the first page of the back office."""

    def sit_down(email: str, width: int = 1280) -> Counted:
        person = Counted(open_as(email, width=width))
        person.go("/staff/")
        person.begins()
        return person

    return sit_down
