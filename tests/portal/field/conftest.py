"""A crew with Otis, another with Olga, and a request of Asha's that is Otis's job today."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from barnet.customers.actors import Actor
from portal.cases.enums import TeamKind
from portal.cases.services import receive_case
from portal.field.models import CannotReason, FieldService
from portal.field.services import plan_job
from tests.factories import AddressFactory, ServiceFactory, StaffFactory, TeamFactory

GPS = 0x8825


def picture(name="street.jpg", colour="green") -> SimpleUploadedFile:
    """As a telephone takes it: with the place."""
    image, written = Image.new("RGB", (40, 30), colour), io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 39.0, 0.0), 3: "W", 4: (0.0, 12.0, 0.0)})
    image.save(written, "JPEG", exif=exif)
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")


@pytest.fixture
def crew(db):
    return TeamFactory(slug="crew-1", name="Crew 1", kind=TeamKind.CREW)


@pytest.fixture
def otis(crew):
    otis = StaffFactory(email="otis@example.com", first_name="Otis", last_name="Operative", roles=["operative"])
    crew.members.add(otis)
    return otis


@pytest.fixture
def olga(db):
    """Of another crew."""
    olga = StaffFactory(email="olga@example.com", roles=["operative"])
    TeamFactory(slug="crew-2", name="Crew 2", kind=TeamKind.CREW).members.add(olga)
    return olga


@pytest.fixture
def lead(db):
    return StaffFactory(email="lead@example.com", roles=["team_lead"])


@pytest.fixture
def service(db):
    """Kept by no room: it has the outcomes of an enquiry."""
    service = ServiceFactory(slug="fly-tip", name="Clear dumped rubbish")
    row = FieldService.objects.create(service=service)
    CannotReason.objects.create(field_service=row, label="Car in the way", told="A car stood in the way.")
    CannotReason.objects.create(
        field_service=row, label="Nothing there", told="We found nothing there.", outcome="not_possible"
    )
    return service


@pytest.fixture
def field_service(service):
    return FieldService.objects.get(service=service)


@pytest.fixture
def reported(service, asha):
    def make(key="walk", **more):
        home = more.pop("address", None) or AddressFactory()
        return receive_case(
            service,
            actor=Actor.online(asha.user, asha),
            submission_key=key,
            title="Dumped sofa",
            details=[("What is there", "A sofa")],
            customer=asha,
            address=home,
            **more,
        ).case

    return make


@pytest.fixture
def planned(reported, crew, lead):
    def make(key="walk", *, to=crew, on=None, **more):
        day = on or timezone.localdate()
        return plan_job(reported(key, **more), actor=Actor.staff(lead), crew=to, planned_on=day)

    return make


@pytest.fixture
def job(planned):
    return planned()


@pytest.fixture
def send():
    """What the script on a telephone sends."""

    def post(client, job, *, key=None, **said):
        said = {"chosen": "done-done", "key": key or str(uuid.uuid4()), **said}
        return client.post(reverse("field_end", args=[job.pk]), said)

    return post
