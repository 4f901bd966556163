"""Staff record who may act for whom, on evidence and with a reason; they prolong and end it; every reading is kept."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from barnet.customers import selectors
from barnet.customers.acting_for.delegating import store_document
from barnet.customers.models import AccessRecord, Delegation, EvidenceDocument
from barnet.kit.uploads import clean_photo
from tests import factories
from tests.people import PortalClient
from tests.portal.waste.photos import photo


@pytest.fixture(autouse=True)
def _own_evidence(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path / "evidence")
    monkeypatch.setattr(EvidenceDocument._meta.get_field("file"), "storage", storage)


@pytest.fixture
def adviser(db):
    client = PortalClient()
    client.force_login(factories.StaffFactory(email="adviser@example.com", roles=["adviser"]))
    return client


@pytest.fixture
def record(adviser, asha):
    def sent(**changes):
        answers = {
            "email": "cara@example.com",
            "kind": "recorded",
            "scope": "everything",
            "evidence": "Letter of authority seen",
            "reason": "She cannot use a screen",
        }
        return adviser.post(f"/staff/customers/{asha.pk}/authority/", answers | changes, follow=True)

    return sent


def test_recorded_with_a_scan_it_works_at_once_and_the_scan_is_for_staff(record, adviser, asha, cara):
    page = record(document=photo("letter.jpg")).content.decode()
    assert "Letter of authority seen" in page
    assert selectors.reach_of(cara.user) == [(asha.pk, None)]
    record()
    assert Delegation.objects.count() == 1  # the same form twice
    paper = EvidenceDocument.objects.get()
    at = f"/staff/authorities/evidence/{paper.pk}/"
    answer = adviser.get(at)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert AccessRecord.objects.filter(customer=asha, what=f"evidence {paper.pk}").exists()
    for customer in (asha, cara):
        resident = PortalClient()
        resident.force_login(customer.user)
        assert resident.get(at).status_code == 404
    caseworker = PortalClient()
    caseworker.force_login(factories.StaffFactory(roles=["caseworker"]))
    assert caseworker.get(at).status_code == 403


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "nobody@example.com"}, "Nobody signs in with this address"),
        ({"evidence": ""}, "Write what you saw or heard"),
        ({"reason": ""}, "Write why you record it"),
        ({"scope": "some"}, "Choose at least one service"),
        ({"kind": "invited"}, "Select a valid choice"),
        ({"kind": "parent"}, "date of birth"),
        ({"kind": "executor"}, "day of death"),
        ({"email": "asha@example.com"}, "act for themselves"),
        ({"document": SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")}, "could not read this as a photo"),
    ],
)
def test_what_is_missing_is_told_and_nothing_changes(record, asha, cara, changes, sentence):
    page = record(**changes).content.decode()
    if changes.get("kind") != "invited":
        assert sentence in page
    assert "She cannot use a screen" in page or not changes.get("reason", "x")
    assert Delegation.objects.count() == 0


def test_ended_with_a_reason_and_prolonged(adviser, asha, ben):
    held = Delegation.objects.get()
    at = f"/staff/authorities/{held.pk}/"
    day = {"ends_on_day": "1", "ends_on_month": "3", "ends_on_year": "2031"}
    adviser.post(f"{at}renew/", day)
    held.refresh_from_db()
    assert str(held.ends_on) == "2031-03-01"
    assert "Write why it ends" in adviser.post(f"{at}end/", {"reason": " "}).content.decode()
    assert selectors.reach_of(ben.user)
    page = adviser.post(f"{at}end/", {"reason": "The court ended it"}, follow=True).content.decode()
    assert "The court ended it" in page
    assert selectors.reach_of(ben.user) == []
    assert AccessRecord.objects.filter(customer=asha, what=f"authority {held.pk}").exists()


def test_customer_page_and_case_page_show_needs_and_authorities(adviser, asha, ben, dev, client):
    asha.needs.create(kind="interpreter", words="Tamil", recorded_by=asha.user)
    page = adviser.get(f"/staff/customers/{asha.pk}/").content.decode()
    for said in ("An interpreter: Tamil", "Ben Delegate acts for them", "Record that somebody may act"):
        assert said in page
    case = factories.CaseFactory(customer=asha)
    client.force_login(dev)
    assert "An interpreter: Tamil" in client.get(f"/staff/cases/{case.reference}/").content.decode()
    page = client.get(f"/staff/customers/{asha.pk}/").content.decode()  # a caseworker has no part in authorities
    assert "Ben Delegate" not in page
    operative = PortalClient()
    operative.force_login(factories.StaffFactory(roles=["operative"]))
    assert "Tamil" not in operative.get(f"/staff/cases/{case.reference}/").content.decode()


def test_a_file_whose_row_is_refused_is_removed(asha, ben, dev, monkeypatch, tmp_path):
    def refuse(self, *args, **kwargs):
        raise RuntimeError

    paper = clean_photo(photo("letter.jpg"))
    monkeypatch.setattr(EvidenceDocument, "save", refuse)
    with pytest.raises(RuntimeError):
        store_document(Delegation.objects.get(), paper, by=dev)
    assert not [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
