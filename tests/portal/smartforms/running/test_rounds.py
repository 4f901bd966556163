"""Questions with more than one round: an address that is looked for and chosen, files that arrive one by one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.cases.models import Case
from portal.smartforms.models import FormFile
from portal.smartforms.publishing import import_form
from tests.factories import AddressFactory
from tests.portal.smartforms.running.conftest import CLUB, Hand

pytestmark = pytest.mark.django_db

ROUNDS = CLUB | {
    "steps": [
        {
            "key": "place",
            "title": "Where",
            "questions": [
                {"key": "name", "kind": "name", "label": "Your name"},
                {"key": "home", "kind": "address", "label": "Your address"},
                {"key": "papers", "kind": "files", "label": "Proof of address", "most": 2},
            ],
        }
    ],
    "ends": [],
    "outcomes": [{"key": "sent", "title": "We have it"}],
    "declaration": "",
}


@pytest.fixture
def hand(service, client):
    import_form(ROUNDS, by=None)
    hand = Hand(client)
    hand.start()
    return hand


def pdf(name="letter.pdf", mark=b"a"):
    body = b"%PDF-1.4\n%" + mark + b"\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    return SimpleUploadedFile(name, body, "application/pdf")


def test_looking_for_an_address_keeps_the_page_and_complains_of_nothing(hand):
    home = AddressFactory()
    page = hand.post("place", {"name": "Asha", "home-postcode": home.postcode, "home-step": "search"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "There is a problem" not in text
    assert home.one_line in text
    assert 'value="Asha"' in text
    assert hand.kept() == {"name": "Asha"}


def test_the_whole_page_is_sent_with_address_and_files(hand):
    home = AddressFactory()
    data = {"name": "Asha", "home-uprn": str(home.pk), "papers": [pdf(), pdf("two.pdf", b"b")]}
    hand.answer("place", data, "check")
    text = hand.client.get(hand.check_url).content.decode()
    assert home.one_line in text
    assert "letter.pdf" in text
    hand.client.post(hand.check_url)
    case = Case.objects.get()
    assert (case.address, case.location) == (home, home.location)
    assert FormFile.objects.filter(submission__case=case, draft=None).count() == 2


def test_a_file_stays_although_something_else_was_wrong_and_can_be_taken_back(hand):
    text = hand.post("place", {"name": "", "papers": [pdf()]}).content.decode()
    assert "There is a problem" in text
    assert "letter.pdf" in text
    kept = FormFile.objects.get()
    assert "letter.pdf" in hand.get("place").content.decode()
    text = hand.post("place", {"name": "Asha", "papers": [str(kept.pk)], "papers-remove": str(kept.pk)})
    assert "letter.pdf" not in text.content.decode()
    assert not FormFile.objects.exists()
    assert "letter.pdf" not in hand.get("place").content.decode()


def test_somebody_elses_file_is_not_taken(hand, service, client):
    hand.post("place", {"papers": [pdf()]})
    other = Hand(type(client)())
    other.start()
    other.post("place", {"name": "Mallory", "papers": [str(FormFile.objects.get().pk)]})
    assert "papers" not in other.kept()
