"""Dev reads a report before everybody does."""

import pytest
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.kit.retention import kind_of
from portal.cases.models import Case
from portal.cases.services import add_note, erase_words, reprioritise_case
from portal.reports.models import PublicReport
from tests.factories import StaffFactory
from tests.portal.reports.conftest import key_in  # noqa: F401 - the same people

pytestmark = pytest.mark.django_db


def test_a_report_waits_until_it_was_checked(client, pothole, dev):
    first, second = pothole("a"), pothole("b")
    client.force_login(dev)
    listed = client.get("/staff/reports/")
    assert [row.pk for row in listed.context["page"]] == [first.pk, second.pk]
    address = reverse("staff_report", args=[first.case.reference])
    page = client.get(address)
    assert "Asha fell into it" in page.text
    version = page.context["form"]["version"].value()
    client.post(address, {"words": "A deep hole", "version": version})
    first.refresh_from_db()
    assert (first.words, first.checked_by) == ("A deep hole", dev)
    assert [row.pk for row in client.get("/staff/reports/").context["page"]] == [second.pk]
    assert "A deep hole" in first.case.timeline.latest("at").internal_text


def test_reading_leaves_a_record(client, asha, pothole, dev):
    report = pothole()
    report.case.customer = asha
    report.case.save()
    client.force_login(dev)
    client.get(reverse("staff_report", args=[report.case.reference]))
    assert AccessRecord.objects.filter(customer=asha, actor=dev).exists()


def test_what_changed_meanwhile_is_read_again_first(client, pothole, dev):
    from barnet.customers.actors import Actor
    from portal.cases.enums import CaseUrgency

    report = pothole()
    client.force_login(dev)
    address = reverse("staff_report", args=[report.case.reference])
    version = client.get(address).context["form"]["version"].value()
    add_note(report.case, actor=Actor.staff(dev), text="Looked at it")
    reprioritise_case(report.case, actor=Actor.staff(dev), urgency=CaseUrgency.HIGH, note="", version=None)
    page = client.post(address, {"words": "My own words", "version": version})
    assert "Somebody else changed" in page.text
    assert "My own words" in page.text
    assert PublicReport.objects.get().checked_at is None


def test_only_who_may(client, pothole, asha):
    report = pothole()
    for name, args in (("staff_reports", []), ("staff_report", [report.case.reference])):
        assert client.get(reverse(name, args=args)).status_code in (302, 404)
        client.force_login(asha.user)
        assert client.get(reverse(name, args=args)).status_code == 404
        client.force_login(StaffFactory(roles=["operative"]))
        assert client.get(reverse(name, args=args)).status_code == 403
        client.logout()


def test_words_end_with_the_request_and_are_erased_with_it(pothole, dev):
    report = pothole()
    PublicReport.objects.update(
        description="Asha told it", words="A hole. Asha fell.", media_urls=["https://x.example/1"]
    )
    assert erase_words(report.case, actor=Actor.staff(dev), words="Asha fell", why="A name") is not None
    report.refresh_from_db()
    assert "Asha fell" not in report.words
    kind = kind_of("public-reports")
    assert not kind.find().exists()  # still open
    Case.objects.update(state="withdrawn")
    assert kind.apply(kind.find()) == 1
    report.refresh_from_db()
    assert (report.description, report.words, report.media_urls) == ("", "", [])
    assert not kind.find().exists()
