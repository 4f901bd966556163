import pytest
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from barnet.customers.actors import Actor
from barnet.customers.enums import Channel, Right
from barnet.kit.references import parse_reference
from barnet.notifications.models import Message
from portal.cases.enums import CaseState, EntryKind
from portal.cases.models import Attachment, Case, Contact, Follower
from portal.cases.selectors import public_timeline
from portal.cases.services import ContactDetails, receive_case, resolve_case
from tests import factories
from tests.portal.cases.conftest import make_photo

pytestmark = pytest.mark.django_db


def report(service, customer=None, key="key-1", same="", **fields):
    actor = fields.pop("actor", None) or (Actor.online(customer.user, customer) if customer else Actor.visitor())
    return receive_case(
        service,
        actor=actor,
        submission_key=key,
        title=fields.pop("title", "Missed bin: recycling"),
        customer=customer,
        same_as_key=same,
        **fields,
    )


def test_receive_case_writes_case_timeline_contact_and_messages_together(asha, service):
    factories.AreaFactory(name="High Barnet")
    address = factories.AddressFactory()
    receipt = report(service, asha, address=address, details=[("Which bin", "Recycling")])

    case = receipt.case
    assert receipt.result == "created"
    assert case.state == CaseState.RECEIVED
    assert case.channel == Channel.WEB
    assert parse_reference(case.reference) == case.reference
    assert case.details == [["Which bin", "Recycling"]]
    assert case.location == address.location
    assert case.ward.name == "High Barnet"
    entry = case.timeline.get()
    assert (entry.kind, entry.actor, entry.subject, entry.right) == ("received", asha.user, asha, Right.SELF)
    contact = Contact.objects.get()
    assert (contact.case, contact.subject, contact.channel) == (case, asha, Channel.WEB)
    messages = Message.objects.filter(about=case.reference)
    assert {message.channel for message in messages} == {"email", "inbox"}
    assert all(case.reference in message.subject for message in messages)


def test_receive_case_tells_a_visitor_without_account_by_email_only(service):
    case = report(service, contact=ContactDetails(email="vera@example.com")).case
    [message] = Message.objects.filter(about=case.reference)
    assert (message.channel, message.address) == ("email", "vera@example.com")


def test_receive_case_without_any_contact_tells_nobody(service):
    case = report(service).case
    assert not Message.objects.filter(about=case.reference).exists()
    assert Contact.objects.get(case=case).subject is None


def test_receive_case_for_a_caller_records_staff_channel_and_right(asha, dev, service):
    case = report(service, asha, actor=Actor.staff(dev, Channel.PHONE)).case
    contact = Contact.objects.get(case=case)
    assert case.channel == Channel.PHONE
    assert (contact.actor, contact.subject, contact.right, contact.channel) == (dev, asha, "staff", "phone")


def test_receive_case_outside_every_ward_has_none(service):
    factories.AreaFactory()
    assert report(service, location=Point(1, 1, srid=27700)).case.ward is None


def test_the_same_submission_again_is_repeated_and_writes_nothing(asha, service):
    first = report(service, asha)
    again = report(service, asha)
    assert (again.case, again.result) == (first.case, "repeated")
    assert Contact.objects.count() == 1
    assert first.case.timeline.count() == 1


def test_a_submission_key_of_asha_never_leads_cara_to_ashas_case(asha, cara, service):
    ashas = report(service, asha, key="shared-key")
    caras = report(service, cara, key="shared-key")
    assert caras.result == "created"
    assert caras.case != ashas.case


def test_a_submission_key_of_one_visitor_means_nothing_with_another_address(service):
    first = report(service, contact=ContactDetails(email="vera@example.com"))
    other = report(service, contact=ContactDetails(email="walter@example.com"))
    assert other.result == "created"
    assert other.case != first.case


def test_an_empty_submission_key_is_refused(service):
    with pytest.raises(ValidationError):
        report(service, key="")


def test_a_second_report_of_the_same_joins_and_follows(asha, cara, service):
    first = report(service, asha, key="a", same="bin-1")
    second = report(service, cara, key="c", same="bin-1", title="My neighbour's bin")
    assert (second.case, second.result) == (first.case, "joined")
    follower = Follower.objects.get()
    assert (follower.case, follower.customer, follower.title) == (first.case, cara, "My neighbour's bin")
    assert Contact.objects.filter(subject=cara, case=first.case).count() == 1
    assert Message.objects.filter(template_key="case-joined", customer=cara).exists()


def test_a_joined_submission_sent_again_is_repeated(asha, cara, service):
    report(service, asha, key="a", same="bin-1")
    report(service, cara, key="c", same="bin-1")
    again = report(service, cara, key="c", same="bin-1")
    assert again.result == "repeated"
    assert Contact.objects.filter(subject=cara).count() == 1


def test_the_first_reporter_who_reports_again_does_not_follow_their_own_case(asha, service):
    report(service, asha, key="a", same="bin-1")
    assert report(service, asha, key="b", same="bin-1").result == "joined"
    assert not Follower.objects.exists()


def test_a_joining_visitor_is_not_logged_as_the_first_reporter(asha, service):
    first = report(service, asha, key="a", same="bin-1")
    report(service, key="v", same="bin-1", contact=ContactDetails(email="vera@example.com"))
    assert Contact.objects.exclude(submission_key=first.case.submission_key).get().subject is None
    assert first.case.timeline.get(kind=EntryKind.JOINED).subject is None


def test_the_first_reporter_reads_nothing_of_who_joined(asha, cara, service):
    first = report(service, asha, key="a", same="bin-1")
    report(service, cara, key="c", same="bin-1", details=[("Where", "Behind Cara's fence")])
    shown = " ".join(f"{entry.title} {entry.byline} {entry.text}" for entry in public_timeline(first.case))
    assert "Cara" not in shown
    assert "fence" not in shown


def test_a_follower_is_told_nothing_of_the_first_reporter(asha, cara, service):
    secret = factories.AddressFactory(one_line="7 Secret Mews, Barnet")
    report(service, asha, key="a", same="bin-1", title="Asha's own words", address=secret)
    report(service, cara, key="c", same="bin-1", title="Overflowing bin", address_text="The corner")
    message = Message.objects.filter(template_key="case-joined").first()
    told = f"{message.subject} {message.body}"
    assert "Overflowing bin" in told
    assert "The corner" in told
    assert "Asha" not in told
    assert "Secret Mews" not in told


def test_a_report_of_something_resolved_is_a_new_case(asha, cara, service, by_dev):
    first = report(service, asha, key="a", same="bin-1").case
    resolve_case(first, actor=by_dev, outcome="done", public_reason="Emptied.")
    assert report(service, cara, key="c", same="bin-1").result == "created"


def test_the_database_refuses_a_second_open_report_of_the_same():
    factories.CaseFactory(same_as_key="bin-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.CaseFactory(same_as_key="bin-1")


def test_photos_are_stored_privately_and_once(asha, service, tmp_path):
    receipt = report(service, asha, photos=[make_photo("red"), make_photo("blue"), make_photo("red")])
    assert receipt.case.attachments.count() == 2
    assert receipt.case.attachments.first().file.path.startswith(str(tmp_path / "private"))


def test_more_than_three_photos_are_refused_and_nothing_is_written(asha, service):
    photos = [make_photo(colour) for colour in ("red", "green", "blue", "black")]
    with pytest.raises(ValidationError):
        report(service, asha, photos=photos)
    assert not Case.objects.exists()


def test_photos_of_a_joiner_are_not_shown_to_the_first_reporter(asha, cara, service):
    report(service, asha, key="a", same="bin-1")
    report(service, cara, key="c", same="bin-1", photos=[make_photo()])
    assert not Attachment.objects.get().is_public


def test_when_the_callers_part_fails_nothing_is_left_behind(asha, service, tmp_path):
    def fail(case):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        report(service, asha, photos=[make_photo()], on_created=fail)
    assert not Case.objects.exists()
    assert not Message.objects.exists()
    assert not [path for path in (tmp_path / "private").rglob("*") if path.is_file()]


def test_on_created_runs_with_the_case_and_not_for_a_repetition(asha, service):
    seen = []
    report(service, asha, on_created=seen.append)
    report(service, asha, on_created=seen.append)
    assert seen == [Case.objects.get()]
