"""A request of Asha's, made by the real services, and what can be done with it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from barnet.customers.actors import Actor
from portal.cases import services
from tests import factories


@pytest.fixture
def service(db):
    return factories.ServiceFactory()


@pytest.fixture
def make_case(service, asha):
    count = iter(range(1000))

    def make(customer=asha, **more):
        user = customer.user if customer else None
        actor = Actor.online(user, customer) if user else Actor.visitor()
        said = {
            "title": "Missed bin: recycling",
            "details": [["Which bin", "Blue 240 litre bin"]],
            "customer": customer,
            "address": factories.AddressFactory(),
        }
        key = f"my-account-test-{next(count)}"
        return services.receive_case(service, actor=actor, submission_key=key, **{**said, **more}).case

    return make


@pytest.fixture
def case(make_case):
    return make_case()


@pytest.fixture
def team(db, dev):
    team = factories.TeamFactory()
    team.members.add(dev)
    return team


@pytest.fixture
def asked(case, team, dev):
    services.assign_case(case, actor=Actor.staff(dev), team=team)
    return services.ask_customer(case, actor=Actor.staff(dev), question="Which gate is it behind?")


@pytest.fixture
def resolved(case, team, dev):
    services.assign_case(case, actor=Actor.staff(dev), team=team)
    outcome = services_outcome(case)
    return services.resolve_case(case, actor=Actor.staff(dev), outcome=outcome, public_reason="We emptied it today.")


def services_outcome(case) -> str:
    from portal.cases.registry import kind_for

    return kind_for(case.service.slug).outcomes[0].code


def photo(name="gate.jpg", colour="red"):
    written = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")
