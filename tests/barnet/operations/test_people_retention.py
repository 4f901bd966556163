"""What is kept of people: what is old and done goes, what a case or an open matter still needs stays."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers.keeping import people_retention
from barnet.customers.models import (
    AccessRecord,
    AccountClosure,
    ContactPoint,
    Customer,
    Delegation,
    EvidenceDocument,
    Invitation,
    Need,
    SecurityEvent,
    SignInSession,
    SignOnRefusal,
)
from barnet.gazetteer.models import ReportedAddress
from barnet.notifications.models import Message
from barnet.operations import retention
from portal.cases.models import Case, Contact
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def apply(key: str) -> int:
    [report] = retention.apply_all(keys=[key])
    assert report.error == ""
    return report.done


def versions(model: str, **of) -> int:
    return apps.get_model("customers", f"{model}Event").objects.filter(**of).count()


def caller(days: int = 3 * 365, **fields) -> Customer:
    """Somebody without a login, known for so long."""
    fields = {"name": "Mo Caller", "email": "mo@example.com", "phone": "07700 900123"} | fields
    customer = Customer.objects.create(user=None, created_at=ago(days), **fields)
    age_versions(customer, days)
    return customer


def age_versions(customer: Customer, days: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_customerevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE customers_customerevent SET pgh_created_at = %s WHERE pgh_obj_id = %s", [ago(days), customer.pk]
        )
        cursor.execute("ALTER TABLE customers_customerevent ENABLE TRIGGER USER")


def invitation(asha, *, key: str, **fields) -> Invitation:
    fields = {"created_at": ago(200), "expires_at": ago(186), "email": f"{key}@example.com"} | fields
    return Invitation.objects.create(principal=asha, invited_by=asha.user, way="email", submission_key=key, **fields)


def test_invitations_that_came_to_nothing_go_and_others_stay(asha, ben):
    authority = Delegation.objects.get()
    invitation(asha, key="ran-out").services.add(factories.ServiceFactory())
    invitation(asha, key="declined", state="declined", settled_at=ago(100))
    kept = [
        invitation(asha, key="declined-lately", state="declined", settled_at=ago(80)),
        invitation(asha, key="waits", expires_at=timezone.now() + dt.timedelta(days=1)),
        invitation(asha, key="accepted", state="accepted", settled_at=ago(190), delegation=authority),
    ]
    assert apply("invitations") == 2
    assert set(Invitation.objects.all()) == set(kept)
    assert apply("invitations") == 0


@pytest.fixture
def evidence_storage(tmp_path, monkeypatch):
    storage = FileSystemStorage(location=tmp_path / "evidence")
    monkeypatch.setattr(EvidenceDocument._meta.get_field("file"), "storage", storage)
    return storage


def test_ended_authorities_go_with_scan_invitation_and_versions(asha, ben, cara, dev, evidence_storage):
    old = Delegation.objects.get()
    factories.narrow(old, factories.ServiceFactory())
    Delegation.objects.filter(pk=old.pk).update(ends_on=ago(6 * 365 + 2).date())
    paper = EvidenceDocument(delegation=old, name="letter", content_type="image/jpeg", size=1, sha256="0", added_by=dev)
    paper.file.save("letter.jpg", ContentFile(b"x"))
    invitation(asha, key="accepted", state="accepted", settled_at=ago(9), delegation=old)
    in_force = factories.DelegationFactory(principal=asha, delegate=cara)
    lately = factories.DelegationFactory(principal=cara, delegate=ben, revoked_at=ago(6 * 365 - 2))

    assert apply("ended-authorities") == 1
    assert set(Delegation.objects.all()) == {in_force, lately}
    assert not Invitation.objects.exists()
    assert not evidence_storage.exists(paper.file.name)
    assert versions("Delegation", pgh_obj=old.pk) == versions("CoveredService", delegation=old.pk) == 0
    assert versions("Delegation", pgh_obj=in_force.pk) == 1
    assert apply("ended-authorities") == 0


def test_an_ended_authority_stays_while_a_request_of_its_giver_is_open(asha, ben):
    Delegation.objects.update(revoked_at=ago(7 * 365))
    case = factories.CaseFactory(customer=asha)
    assert apply("ended-authorities") == 0
    Case.objects.filter(pk=case.pk).update(state="withdrawn", resolved_at=timezone.now())
    assert apply("ended-authorities") == 1


def test_unproved_points_go_unless_they_are_the_first_of_their_kind(asha):
    def point(value, kind="email", days=100, **fields):
        return ContactPoint.objects.create(customer=asha, kind=kind, value=value, added_at=ago(days), **fields)

    ContactPoint.objects.all().delete()
    gone = point("typo@example.com")
    first = point("first@example.com", is_preferred=True)
    proved = point("proved@example.com", verified_at=ago(99))
    new = point("new@example.com", days=80)
    landline = point("+442079460123", kind="landline")
    assert apply("unproved-contact-points") == 1
    assert set(ContactPoint.objects.all()) == {first, proved, new, landline}
    assert versions("ContactPoint", pgh_obj=gone.pk) == 0
    assert versions("ContactPoint", pgh_obj=first.pk) == 1
    assert apply("unproved-contact-points") == 0


def test_a_caller_becomes_nobody_and_their_number_keeps_who_read_it(dev):
    mo, lately = caller(), caller(days=700, email="new@example.com")
    Need.objects.create(customer=mo, kind="large_print", recorded_by=dev)
    record = AccessRecord.objects.create(actor=dev, customer=mo, what="customer", purpose="x")
    assert apply("customers-without-login") == 1
    mo.refresh_from_db()
    assert (mo.name, mo.email, mo.phone, mo.address, mo.contact_points.count(), mo.needs.count()) == (
        "", "", "", None, 0, 0,
    )  # fmt: skip
    for model, of in [
        ("Customer", {"pgh_obj": mo.pk}),
        ("ContactPoint", {"customer": mo.pk}),
        ("Need", {"customer": mo.pk}),
    ]:
        assert versions(model, **of) == 0
    assert AccessRecord.objects.get().pk == record.pk
    lately.refresh_from_db()
    assert lately.name == "Mo Caller"
    assert lately.contact_points.count() == 2
    assert apply("customers-without-login") == 0


def open_request(mo, _dev):
    factories.CaseFactory(customer=mo)


def noted_contact(mo, _dev):
    Contact.objects.create(channel="phone", right="staff", subject=mo, summary="called")


def given_authority(mo, _dev):
    factories.DelegationFactory(principal=mo)


def held_authority(mo, _dev):
    factories.DelegationFactory(delegate=mo)


def waiting_message(mo, _dev):
    Message.objects.create(idempotency_key="x", template_key="x", channel="email", customer=mo, subject="s", body="b")


def changed_lately(mo, _dev):
    mo.name = "Mo Caller-Smith"
    mo.save()


def has_login(mo, _dev):
    mo.user = factories.UserFactory()
    mo.save()
    age_versions(mo, 3 * 365)


@pytest.mark.parametrize(
    "what",
    [open_request, noted_contact, given_authority, held_authority, waiting_message, changed_lately, has_login],
    ids=lambda what: what.__name__,
)
def test_a_customer_whom_something_still_needs_stays(what, dev):
    mo = caller()
    what(mo, dev)
    assert apply("customers-without-login") == 0
    mo.refresh_from_db()
    assert mo.name.startswith("Mo")
    assert mo.contact_points.count() > 0


def test_who_closed_their_account_has_no_login_either(asha, cara):
    for customer in (asha, cara):
        Customer.objects.filter(pk=customer.pk).update(created_at=ago(3 * 365))
        age_versions(customer, 3 * 365)
    AccountClosure.objects.create(user=asha.user, asked_at=ago(900), due_at=ago(886), closed_at=ago(886))
    type(asha.user).objects.filter(pk=asha.user.pk).update(is_active=False)
    assert apply("customers-without-login") == 1
    asha.refresh_from_db()
    cara.refresh_from_db()
    assert (asha.name, cara.name) == ("", "Cara Stranger")


def test_a_request_made_while_the_row_was_waited_for_keeps_its_customer():
    mo = caller()
    rows = Customer.objects.filter(pk=mo.pk)  # found as due, before the request
    factories.CaseFactory(customer=mo)
    with transaction.atomic():
        assert people_retention._make_anonymous(rows) == 0
    mo.refresh_from_db()
    assert mo.name == "Mo Caller"


def test_every_room_that_refers_to_a_customer_is_asked():
    """A room that is built later keeps its customers without a word in the schedule."""
    asked = {model._meta.label for model, _field in people_retention._who_refers()}
    assert {"cases.Case", "cases.Contact", "cases.Follower", "cases.TimelineEntry", "waste.Subscription"} <= asked
    assert {"customers.Delegation", "customers.Invitation", "customers.Consent"} <= asked


def test_records_of_security_end_through_the_schedule_alone(asha):
    for days in (2 * 365 + 1, 2 * 365 - 1):
        SecurityEvent.objects.create(user=asha.user, kind="signed_in", at=ago(days))
        SignOnRefusal.objects.create(provider="staff", issuer="x", reason="x", user=asha.user, at=ago(days))
    assert apply("security-events") == apply("sign-on-refusals") == 1
    for model in (SecurityEvent, SignOnRefusal):
        assert model.objects.get().at > ago(2 * 365)
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            model.objects.all().delete()


def test_ended_sessions_go_and_open_ones_never(asha):
    def session(key, **fields):
        return SignInSession.objects.create(user=asha.user, device="x", key_hash=key, **fields)

    session("ended", started_at=ago(40), last_seen_at=ago(40), ended_at=ago(31))
    session("expired", started_at=ago(40), last_seen_at=ago(40))
    kept = {
        session("ended lately", started_at=ago(40), last_seen_at=ago(40), ended_at=ago(29)),
        session("open", last_seen_at=ago(40)),  # whatever its clock says
    }
    assert apply("ended-sessions") == 2
    assert set(SignInSession.objects.all()) == kept
    assert apply("ended-sessions") == 0


def test_decided_reports_of_addresses_go_and_waiting_ones_never():
    old, lately, waits = [ReportedAddress.objects.create(typed=f"{n} Low Road", about=f"x:{n}") for n in range(3)]
    ReportedAddress.objects.update(reported_at=ago(3000))
    for report, days in ((old, 366), (lately, 364)):
        ReportedAddress.objects.filter(pk=report.pk).update(state="refused", reason="none", decided_at=ago(days))
    assert apply("decided-address-reports") == 1
    assert set(ReportedAddress.objects.all()) == {lately, waits}


def many_of(key: str, count: int, asha, dev) -> None:
    for number in range(count):
        match key:
            case "invitations":
                invitation(asha, key=f"{key}{number}").services.add(factories.ServiceFactory())
            case "ended-authorities":
                ended = factories.DelegationFactory(revoked_at=ago(7 * 365))
                factories.narrow(ended, factories.ServiceFactory())
            case "unproved-contact-points":
                ContactPoint.objects.create(
                    customer=asha, kind="email", value=f"{number}@example.com", added_at=ago(100)
                )
            case "customers-without-login":
                mo = caller(email=f"{number}@example.com")
                Need.objects.create(customer=mo, kind="large_print", recorded_by=dev)


@pytest.mark.parametrize(
    "key", ["invitations", "ended-authorities", "unproved-contact-points", "customers-without-login"]
)
def test_a_batch_takes_as_many_statements_for_three_as_for_one(key, asha, dev):
    counts = []
    for count in (1, 3):
        many_of(key, count, asha, dev)
        with CaptureQueriesContext(connection) as queries:
            assert apply(key) == count
        counts.append(len(queries))
    assert counts[0] == counts[1] < 60
