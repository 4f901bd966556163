import datetime as dt
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from barnet.customers.actors import Actor
from barnet.kit.periodic import LONDON
from barnet.kit.uploads import CleanPhoto, clean_photo
from portal.cases.models import Case
from portal.cases.services import ContactDetails, receive_case
from tests import factories


@pytest.fixture
def on_day(monkeypatch) -> Callable[[dt.date], None]:
    """Sets the day on which the council does something. 23 November 2026 is a Monday without a holiday near."""

    def set_day(day: dt.date) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)

    return set_day


@pytest.fixture
def at_moment(monkeypatch) -> Callable[[str], dt.datetime]:
    """Sets the moment, by the clock in London, at which the council does something: `2026-11-23T10:00`."""

    def set_moment(text: str) -> dt.datetime:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        return moment

    return set_moment


@pytest.fixture
def service(db):
    return factories.ServiceFactory(slug="general-enquiry", name="Ask us", standard_working_days=2)


@pytest.fixture
def by_dev(dev) -> Actor:
    return Actor.staff(dev)


@pytest.fixture
def ashas_case(asha, service) -> Case:
    """Received from Asha online, with the real service."""
    return receive_case(
        service,
        actor=Actor.online(asha.user, asha),
        submission_key="asha-1",
        title="Missed bin: recycling",
        details=[("Which bin", "Recycling")],
        customer=asha,
        address=factories.AddressFactory(),
        same_as_key="bin-1",
    ).case


@pytest.fixture
def visitors_case(service) -> Case:
    """Received from somebody without an account."""
    return receive_case(
        service,
        actor=Actor.visitor(),
        submission_key="visitor-1",
        title="Missed bin: food",
        contact=ContactDetails(name="Vera Visitor", email="Vera@Example.com", phone="07700 900123"),
        address_text="The blue boat, canal",
    ).case


def make_photo(colour: str = "red", name: str = "bin.jpg") -> CleanPhoto:
    return clean_photo(photo_file(colour, name))


def photo_file(colour: str = "red", name: str = "bin.jpg") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")
