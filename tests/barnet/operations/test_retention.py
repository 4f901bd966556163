"""The schedule applied to real rows of every kind: what is old goes, what is not stays, and a report is kept."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.utils import timezone

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from barnet.kit import retention as registry
from barnet.kit.retention import Kind
from barnet.notifications.enums import MessageState
from barnet.notifications.models import MailboxMail, Message
from barnet.notifications.retention import DELETED
from barnet.operations import retention
from barnet.operations.models import RetentionPeriod, RetentionReport
from portal.cases.models import Attachment, Case, Contact, Follower
from portal.cases.services import receive_case
from portal.waste.models import DraftPhoto
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)
CaseEvent = Case.pgh_event_model


def test_every_kind_can_be_applied_to_its_tables():
    """A wrong field or a trigger that was forgotten shows here, even with no rows."""
    retention.ensure_periods()
    reports = retention.apply_all()
    assert len(reports) == len(registry.kinds()) > 5
    assert [report.error for report in reports if report.error] == []


def old_case(asha, days: int) -> Case:
    home = factories.AddressFactory()
    case = receive_case(
        factories.ServiceFactory(),
        actor=Actor.online(asha.user, asha),
        submission_key=f"old-{days}",
        title="Missed bin",
        details=[["Note", "the gate code is 4711"]],
        customer=asha,
        address=home,
        location=home.location,
    ).case
    photo = Attachment(case=case, name="bin.jpg", content_type="image/jpeg", size=3, sha256="0" * 64)
    photo.file.save("bin.jpg", ContentFile(b"jpg"))
    Follower.objects.create(case=case, email="ben@example.com", title="Missed bin")
    Case.objects.filter(pk=case.pk).update(state="withdrawn", resolved_at=timezone.now() - days * DAY)
    return case


def test_closed_requests_become_nobodys_with_history_and_photos(asha):
    old, new = old_case(asha, days=3 * 365 + 1), old_case(asha, days=3 * 365 - 1)
    storage = Attachment._meta.get_field("file").storage
    files = {case.pk: case.attachments.get().file.name for case in (old, new)}
    [report] = retention.apply_all(keys=["closed-requests"])
    assert (report.count, report.done, report.error) == (1, 1, "")

    old.refresh_from_db()
    assert (old.customer, old.address, old.location, old.details) == (None, None, None, [])
    assert not old.attachments.exists()
    assert not old.followers.exists()
    assert not storage.exists(files[old.pk])
    assert not CaseEvent.objects.filter(pgh_obj=old.pk).exists()
    assert {(entry.public_text, entry.internal_text, entry.subject) for entry in old.timeline.all()} == {("", "", None)}
    assert (old.state, old.ward_id) == ("withdrawn", new.ward_id)  # what is counted stays

    new.refresh_from_db()
    assert new.customer == asha
    assert storage.exists(files[new.pk])
    assert CaseEvent.objects.filter(pgh_obj=new.pk).exists()
    assert retention.apply_all(keys=["closed-requests"])[0].count == 0  # nothing to do a second time

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        old.timeline.update(public_text="x")  # the trigger is back


def test_append_only_records_end_through_the_schedule_alone(asha, dev):
    case = old_case(asha, days=1)
    for days in (6 * 365 + 1, 1):
        AccessRecord.objects.create(actor=dev, customer=asha, what="case", purpose="x", at=timezone.now() - days * DAY)
    Contact.objects.create(
        at=timezone.now() - 4 * 365 * DAY, channel="phone", right="officer", subject=asha, case=case, summary="called"
    )
    contacts = Contact.objects.count()
    retention.apply_all(keys=["access-records", "contact-log"])
    assert AccessRecord.objects.count() == 1
    assert Contact.objects.count() == contacts - 1
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        AccessRecord.objects.all().delete()


def test_messages_lose_text_and_address_but_not_what_waits():
    old = timezone.now() - 3 * 365 * DAY
    for state in (MessageState.SENT, MessageState.QUEUED):
        Message.objects.create(
            idempotency_key=state, template_key="x", channel="email", address="asha@example.com", subject="s",
            body="Dear Asha", state=state, created_at=old,
        )  # fmt: skip
    MailboxMail.objects.create(message_id="x", to="asha@example.com", subject="s", body="b", sent_at=old)
    retention.apply_all(keys=["message-texts", "message-addresses", "mailbox"])
    sent = Message.objects.get(state=MessageState.SENT)
    assert (sent.body, sent.address, sent.subject) == (DELETED, "", "s")
    assert Message.objects.get(state=MessageState.QUEUED).body == "Dear Asha"
    assert not MailboxMail.objects.exists()


def test_draft_photos_go_with_their_files():
    drafts = {}
    for days in (2, 0):
        draft = DraftPhoto(name="x.jpg", content_type="image/jpeg", size=1, sha256="0" * 64)
        draft.added_at = timezone.now() - days * DAY
        draft.file.save(f"{days}", ContentFile(b"x"), save=False)
        draft.save()
        drafts[days] = draft
    retention.apply_all(keys=["draft-photos"])
    assert DraftPhoto.objects.get() == drafts[0]
    storage = drafts[0].file.storage
    assert not storage.exists(drafts[2].file.name)
    assert storage.exists(drafts[0].file.name)


def test_more_than_one_batch_is_dealt_with(monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(5):
        MailboxMail.objects.create(
            message_id=str(number), to="x@example.com", subject="s", body="b", sent_at=timezone.now() - 40 * DAY
        )
    [report] = retention.apply_all(keys=["mailbox"])
    assert (report.count, report.done) == (5, 5)


def test_dry_run_reports_and_changes_nothing(capsys):
    MailboxMail.objects.create(
        message_id="x", to="x@example.com", subject="s", body="b", sent_at=timezone.now() - 40 * DAY
    )
    call_command("apply_retention", "--dry-run", "--kind", "mailbox")
    said = capsys.readouterr().out
    assert said.startswith("mailbox: kept 30 days; 1 are older, the oldest of ")
    assert "The mail is deleted." in said
    assert MailboxMail.objects.count() == 1
    report = RetentionReport.objects.get()
    assert (report.is_dry_run, report.count, report.done) == (True, 1, 0)
    with pytest.raises(CommandError, match="There are: "):
        call_command("apply_retention", "--kind", "nobody")


def broken_kind(monkeypatch, apply) -> None:
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register(
        Kind(
            key="broken", name="x", action="x", days=1, reason="x", legal_basis="x", age="sent_at",
            find=MailboxMail.objects.all, apply=apply,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("apply", "error"), [(lambda rows: 1 / 0, "ZeroDivisionError"), (lambda rows: 0, "NothingDoneError")]
)
def test_a_kind_that_fails_is_reported_and_the_others_have_their_turn(monkeypatch, apply, error):
    MailboxMail.objects.create(
        message_id="x", to="x@example.com", subject="s", body="b", sent_at=timezone.now() - 2 * DAY
    )
    broken_kind(monkeypatch, apply)
    with pytest.raises(RuntimeError, match="broken"):
        retention.apply_every_night()
    reports = {report.kind: report.error for report in RetentionReport.objects.all()}
    assert reports["broken"] == error
    assert len(reports) == len(registry.kinds())


def test_periods_that_were_edited_stay_and_others_follow_the_code(monkeypatch, dev):
    retention.ensure_periods()
    row = RetentionPeriod.objects.get(pk="mailbox")
    retention.change_period(row, days=7, reason="shorter", legal_basis="x", by=dev)
    RetentionPeriod.objects.filter(pk="access-records").update(days=1)
    retention.ensure_periods()
    assert RetentionPeriod.objects.get(pk="mailbox").days == 7
    assert RetentionPeriod.objects.get(pk="access-records").days == 6 * 365
    versions = RetentionPeriod.pgh_event_model.objects.filter(pgh_obj="mailbox").order_by("pk")
    assert [version.days for version in versions] == [30, 7]


@pytest.fixture
def guardian(client):
    retention.ensure_periods()
    user = factories.StaffFactory(email="guardian@example.com", roles=["data_guardian"])
    client.force_login(user)
    return user


def test_guardian_changes_a_period_and_says_why(client, guardian, django_assert_max_num_queries):
    retention.apply_all(is_dry_run=True)
    with django_assert_max_num_queries(25):
        page = client.get("/staff/retention/").content.decode()
    assert "Personal data of closed requests" in page
    address = "/staff/retention/mailbox/"
    for days in ("", "0", "99999999999", "many", "1\0"):
        answer = client.post(address, {"days": days, "reason": "kept what I typed", "legal_basis": "y"})
        assert answer.status_code in {200, 400}
    assert RetentionPeriod.objects.get(pk="mailbox").days == 30
    assert client.post(address, {"days": "7", "reason": "shorter", "legal_basis": "y"}).status_code == 302
    row = RetentionPeriod.objects.get(pk="mailbox")
    assert (row.days, row.changed_by, row.is_edited) == (7, guardian, True)
    assert client.get("/staff/retention/nothing/").status_code == 404
