"""Who sees a scan says why, each look is recorded, and a file that was changed is not given to anybody."""

import datetime as dt

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone
from structlog.testing import capture_logs

from barnet.customers.models import AccessRecord
from portal.documents.models import Document
from tests import factories
from tests.portal.documents.conftest import client_of

PURPOSE = {"purpose": "To decide about the badge"}


@pytest.fixture
def paper(asha):
    return factories.DocumentFactory(customer=asha)


def scan_of(paper) -> str:
    return f"/staff/documents/{paper.pk}/scan/"


def tamper(paper) -> None:
    with paper.file.storage.open(paper.file.name, "wb") as file:
        file.write(b"another passport")


def test_an_officer_says_why_and_each_look_is_recorded_with_it(dev, asha, paper):
    officer = client_of(dev)
    page = f"/staff/documents/{paper.pk}/"
    assert officer.get(scan_of(paper)).status_code == 403
    assert "Say why you need to see it" in officer.post(page, {"purpose": ""}).content.decode()
    assert officer.get(scan_of(paper)).status_code == 403
    assert scan_of(paper) in officer.post(page, PURPOSE, follow=True).content.decode()
    answer = officer.get(scan_of(paper))
    assert b"".join(answer.streaming_content) == factories.SCAN
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    read = AccessRecord.objects.get(what=f"scan of document {paper.pk}")
    assert (read.actor, read.customer, read.purpose) == (dev, asha, PURPOSE["purpose"])
    officer.post(page, {"shut": "1"})
    assert officer.get(scan_of(paper)).status_code == 403


def test_who_may_not_read_gets_no_bytes_whatever_they_say(paper, asha, ben, cara):
    adviser = client_of(factories.StaffFactory(roles=["adviser"]))
    assert adviser.get(f"/staff/documents/{paper.pk}/").status_code == 200
    assert adviser.post(f"/staff/documents/{paper.pk}/", PURPOSE).status_code == 403
    assert adviser.get(scan_of(paper)).status_code == 403
    for resident in (asha, ben, cara):
        assert client_of(resident.user).get(scan_of(paper)).status_code == 404
    assert not AccessRecord.objects.filter(what__startswith="scan of").exists()


def test_whoever_certified_it_may_look_the_same_day_and_not_later(libby, asha):
    paper = factories.DocumentFactory(customer=asha, certified_by=libby)
    desk = client_of(libby)
    desk.post(f"/staff/documents/{paper.pk}/", PURPOSE)
    assert desk.get(scan_of(paper)).status_code == 200
    older = factories.DocumentFactory(
        customer=asha, certified_by=libby, certified_at=timezone.now() - dt.timedelta(days=2)
    )
    assert desk.post(f"/staff/documents/{older.pk}/", PURPOSE).status_code == 403


def test_a_changed_file_is_refused_reported_and_never_offered_again(dev, paper):
    tamper(paper)
    officer = client_of(dev)
    officer.post(f"/staff/documents/{paper.pk}/", PURPOSE)
    with capture_logs() as lines:
        page = officer.get(scan_of(paper))
    assert page.status_code == 409
    assert "not what was certified" in page.content.decode()
    assert "another passport" not in page.content.decode()
    paper.refresh_from_db()
    assert paper.changed_at
    assert not Document.objects.valid_on(timezone.localdate()).exists()
    told = {"event": "certified document is not what was certified", "document": paper.pk, "log_level": "error"}
    assert any(told.items() <= line.items() for line in lines)


def test_a_file_that_is_gone_is_reported_the_same_way(asha, paper):
    paper.file.storage.delete(paper.file.name)
    page = client_of(asha.user).get(f"/account/documents/{paper.pk}/scan/", follow=True)
    assert "not what we certified" in page.content.decode()
    paper.refresh_from_db()
    assert paper.changed_at


def test_a_certification_cannot_be_edited(paper):
    for field, value in (("sha256", "0" * 64), ("place", "Elsewhere"), ("valid_until", timezone.localdate())):
        with pytest.raises(ProgrammingError), transaction.atomic():
            Document.objects.filter(pk=paper.pk).update(**{field: value})
