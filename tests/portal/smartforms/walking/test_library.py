"""Every form of the library is walked through HTTP: so many ways that each step, question, end and destination is seen.

`WALK_EVERY_WAY=1` walks all ways that the proof finds.
"""

import os
from collections.abc import Iterator

import pytest
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from portal.cases.models import Case
from portal.smartforms import library
from portal.smartforms.definition.model import Definition, StepKind
from portal.smartforms.kinds import Family, kind_of
from portal.smartforms.library.teams import ensure_teams
from portal.smartforms.models import SmartForm
from portal.smartforms.proving.examples import Example
from portal.smartforms.proving.gate import prove
from portal.smartforms.publishing import import_form
from tests.people import PortalClient
from tests.portal.smartforms.walking.walker import Walker

pytestmark = pytest.mark.django_db
EVERY_WAY = bool(os.environ.get("WALK_EVERY_WAY"))


def sights(path: Example) -> set[str]:
    """What is seen on this way."""
    return {
        *(f"step {key}" for key in path.steps),
        *(f"answer {key}" for key in path.answers),
        *(f"fact {name} {holds}" for name, holds in path.facts.items()),
        f"outcome {path.outcome}",
        f"destination {path.destination}",
        *(f"last step {key}" for key in path.steps[-1:]),
    }


def few_that_see_all(paths: list[Example]) -> Iterator[Example]:
    """Again and again the way on which most is seen that was not seen yet."""
    left = set().union(*map(sights, paths))
    while left:
        best = max(paths, key=lambda path: len(sights(path) & left))
        left -= sights(best)
        yield best


def other_answers(definition: Definition, paths: list[Example]) -> dict[str, object]:
    """An answer to each question, from any way on which it is asked."""
    found: dict[str, object] = {}
    for path in paths:
        for step in definition.steps:
            for question in step.questions if step.kind is not StepKind.GROUP else ():
                kind = kind_of(question)
                if question.key in path.answers and (kind.family is not Family.THING or kind.name == "address"):
                    found[question.key] = kind.to_json(path.answers[question.key])
    return found


@pytest.fixture
def person_for(asha, ben):
    """A browser of somebody for whom the facts hold."""

    def client_for(facts) -> PortalClient:
        client = PortalClient()
        if facts["for_somebody_else"]:
            client.force_login(ben.user)
            client.post("/account/acting-for/", {"principal": asha.pk})
        elif facts["signed_in"]:
            client.force_login(asha.user)
        return client

    return client_for


@pytest.mark.parametrize("name", library.names())
def test_form_is_walked_to_every_end(name, person_for):
    ensure_services()
    ensure_teams()
    definition = library.form(name)
    import_form((library.FOLDER / f"{name}.json").read_text(), by=None)
    proof = prove(definition, timezone.localdate())
    assert proof.is_every_path
    ways = list(proof.paths) if EVERY_WAY else list(few_that_see_all(list(proof.paths)))
    stale = other_answers(definition, list(proof.paths))
    ends, arrived = set(), set()
    for path in ways:
        submission = Walker(person_for(path.facts), definition, path, stale=stale).walk()
        ends.add(path.outcome)
        if submission:
            arrived.add((submission.case.service.slug, submission.case.title))
    assert ends == {outcome.key for outcome in definition.outcomes}
    assert arrived == {(row.service, row.case_title) for row in definition.destinations}
    assert Case.objects.count() == sum(path.destination is not None for path in ways)
    assert SmartForm.objects.get().live_version.ways == len(proof.paths)


def test_the_few_ways_see_what_all_see():
    for name in library.names()[:3]:
        paths = list(prove(library.form(name), timezone.localdate()).paths)
        few = list(few_that_see_all(paths))
        assert set().union(*map(sights, few)) == set().union(*map(sights, paths))
        assert len(few) < len(paths)
