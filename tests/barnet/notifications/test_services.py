import threading

import pytest
import structlog
from django.db import connection, transaction
from django_q.models import OrmQ

from barnet.notifications import registry, services
from barnet.notifications.delivery import deliver_due
from barnet.notifications.enums import MessageChannel, MessageState
from barnet.notifications.models import Message, MessageTemplate
from barnet.notifications.rendering import WrongFieldsError
from barnet.notifications.services import ensure_templates, queue_message, resend, resend_many
from tests import factories


@pytest.fixture
def queue(kind, fields):
    def queue(**options):
        return queue_message(kind.key, **{"key": "case:1:1", "fields": fields, **options})

    return queue


def test_a_customer_with_a_login_gets_mail_and_inbox(queue, asha):
    messages = queue(customer=asha, about="BAR-7K3M-29QD")
    assert {message.channel: message.address for message in messages} == {"email": "asha@example.com", "inbox": ""}
    assert {message.subject for message in messages} == {"Your bin, BAR-7K3M-29QD"}
    assert all("we come back by Tuesday 24 November 2026." in message.body for message in messages)


def test_the_inbox_has_the_message_at_once(queue, asha):
    inbox = next(message for message in queue(customer=asha) if message.channel == MessageChannel.INBOX)
    assert (inbox.state, inbox.sent_at is not None) == (MessageState.SENT, True)


def test_only_what_needs_a_worker_gets_a_task(queue, asha):
    queue(customer=asha)
    assert OrmQ.objects.count() == 1


def test_a_customer_without_a_login_gets_mail_only(queue, db):
    customer = factories.CustomerFactory(user=None, email="known@example.com")
    assert [message.channel for message in queue(customer=customer)] == ["email"]


def test_a_visitor_gets_mail_only(queue, db):
    assert [message.address for message in queue(email="visitor@example.com")] == ["visitor@example.com"]


def test_nobody_to_reach_is_no_message(queue, db):
    assert queue() == []
    assert queue(customer=factories.CustomerFactory(user=None, email="")) == []


def test_a_given_address_comes_before_the_customers(queue, asha):
    assert queue(customer=asha, email="other@example.com")[0].address == "other@example.com"


def test_channels_narrow_the_choice(queue, asha):
    assert [m.channel for m in queue(customer=asha, channels=[MessageChannel.INBOX])] == ["inbox"]


def test_the_same_event_twice_writes_nothing_and_returns_the_first(queue, asha):
    first, again = queue(customer=asha), queue(customer=asha)
    assert [message.pk for message in first] == [message.pk for message in again]
    assert Message.objects.count() == 2
    assert OrmQ.objects.count() == 1


def test_the_same_person_in_another_case_of_letters_is_the_same(queue, db):
    queue(email="Visitor@Example.com")
    queue(email="visitor@example.com")
    assert Message.objects.count() == 1


def test_another_recipient_of_the_same_event_gets_their_own(queue, asha, cara):
    queue(customer=asha)
    queue(customer=cara)
    assert Message.objects.count() == 4


def test_long_keys_stay_apart(queue, db):
    queue(key="x" * 180 + "1", email="a@example.com")
    queue(key="x" * 180 + "2", email="a@example.com")
    assert Message.objects.count() == 2


def test_an_undone_change_leaves_no_message_and_no_task(queue, asha):
    with transaction.atomic():
        queue(customer=asha)
        transaction.set_rollback(True)
    assert (Message.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_a_secret_goes_by_mail_only_whatever_is_asked(secret_kind, asha):
    messages = queue_message(secret_kind.key, key="code:1", customer=asha, fields={"code": "1234"})
    assert [message.channel for message in messages] == ["email"]
    asked = queue_message(
        secret_kind.key, key="code:2", customer=asha, fields={"code": "1"}, channels=[MessageChannel.INBOX]
    )
    assert asked == []


def test_a_left_out_field_is_refused_like_a_missing_argument(kind, asha):
    with pytest.raises(WrongFieldsError, match="promise"):
        queue_message(kind.key, key="k", customer=asha, fields={"reference": "BAR", "name": "Asha"})


def test_a_name_cannot_add_a_header_or_a_placeholder(kind, asha):
    fields = {"reference": "x\r\nBcc: all@example.com", "name": "((reference))", "promise": "\x00now"}
    [message] = queue_message(kind.key, key="k", email="a@example.com", fields=fields)
    assert message.subject == "Your bin, x Bcc: all@example.com"
    assert "Hello ((reference))," in message.body


def test_every_message_ends_with_how_to_reach_us(queue, asha, settings):
    settings.COUNCIL_PHONE = "020 7946 0999"
    body = queue(customer=asha)[0].body
    assert settings.BASE_URL in body.splitlines()[-4]
    assert "Call us: 020 7946 0999" in body
    assert body.endswith("nobody reads the replies.\n")


def test_without_a_telephone_no_telephone_is_named(queue, asha, settings):
    settings.COUNCIL_PHONE = ""
    assert "Call us" not in queue(customer=asha)[0].body


def test_the_request_that_caused_it_is_remembered(queue, asha):
    with structlog.contextvars.bound_contextvars(request_id="req-1"):
        assert queue(customer=asha)[0].request_id == "req-1"
    assert queue(customer=asha, key="other")[0].request_id == ""


# --- Wording as staff edited it ---------------------------------------------------------------------------------------


def test_an_edited_wording_is_used(queue, asha, kind):
    ensure_templates()
    MessageTemplate.objects.filter(key=kind.key).update(subject="Dustbin ((reference))", body="Edited for ((name)).")
    message = queue(customer=asha)[0]
    assert message.subject == "Dustbin BAR-7K3M-29QD"
    assert message.body.startswith("Edited for Asha.")


def test_an_edited_ending_is_used(queue, asha):
    ensure_templates()
    MessageTemplate.objects.filter(key=registry.SIGNATURE.key).update(body="Yours, ((ways_to_reach_us))")
    assert "\n\nYours, Ask us online" in queue(customer=asha)[0].body


def test_an_edited_wording_that_no_longer_fits_loses_no_message(queue, asha, kind):
    ensure_templates()
    MessageTemplate.objects.filter(key=kind.key).update(body="By ((gone_since)), ((reference)).")
    with structlog.testing.capture_logs() as logs:
        message = queue(customer=asha)[0]
    assert message.body.startswith("Hello Asha,")
    assert [(line["log_level"], line["kind"]) for line in logs if "wording" in line["event"]] == [("error", kind.key)]


def test_the_wording_is_fixed_when_the_message_is_written(queue, asha, kind):
    [message, _inbox] = queue(customer=asha)
    ensure_templates()
    MessageTemplate.objects.filter(key=kind.key).update(body="Later.((reference))")
    message.refresh_from_db()
    assert message.body.startswith("Hello Asha,")


def test_ensure_templates_lays_a_row_for_every_kind(db):
    ensure_templates()
    assert set(MessageTemplate.objects.values_list("key", flat=True)) == {kind.key for kind in registry.kinds()}


def test_ensure_templates_twice_writes_nothing(db, django_assert_num_queries):
    ensure_templates()
    with django_assert_num_queries(1):
        ensure_templates()


def test_a_better_first_wording_reaches_unedited_rows_only(db, kind, monkeypatch):
    ensure_templates()
    MessageTemplate.objects.filter(key="test-message").update(body="Staff wrote this.")
    better = registry.TemplateKind("bin-missed", "Bin", "Better ((reference))", "Better", kind.fields)
    monkeypatch.setitem(registry._kinds, kind.key, better)
    test_message = registry.TEST_MESSAGE
    monkeypatch.setitem(
        registry._kinds,
        "test-message",
        registry.TemplateKind("test-message", "Test", test_message.subject, "New code wording", test_message.fields),
    )
    ensure_templates()
    rows = {row.key: row for row in MessageTemplate.objects.all()}
    assert (rows["bin-missed"].body, rows["bin-missed"].is_edited) == ("Better", False)
    assert (rows["test-message"].body, rows["test-message"].is_edited) == ("Staff wrote this.", True)


# --- Sending again ----------------------------------------------------------------------------------------------------


@pytest.fixture
def parked(queue, asha):
    message = queue(customer=asha, channels=[MessageChannel.EMAIL])[0]
    Message.objects.filter(pk=message.pk).update(state=MessageState.PARKED, attempt_count=5, last_error="550 no")
    OrmQ.objects.all().delete()
    message.refresh_from_db()
    return message


def test_resend_gives_five_new_attempts_and_a_task(parked, dev, mailoutbox):
    assert resend(parked, by=dev)
    parked.refresh_from_db()
    assert (parked.state, parked.attempt_count, parked.resent_by) == (MessageState.QUEUED, 0, dev)
    assert OrmQ.objects.count() == 1
    deliver_due()
    assert len(mailoutbox) == 1


def test_resend_twice_sends_once(parked, dev):
    assert resend_many([parked, parked], by=dev) == 1
    assert OrmQ.objects.count() == 1


def test_resend_leaves_a_sent_message_alone(parked, dev):
    Message.objects.filter(pk=parked.pk).update(state=MessageState.SENT)
    assert not resend(parked, by=dev)


def test_resend_refuses_a_secret(parked, dev):
    Message.objects.filter(pk=parked.pk).update(is_secret=True)
    assert not resend(parked, by=dev)


def test_resend_goes_to_the_address_that_we_hold_now(parked, dev, asha):
    asha.email = "right@example.com"
    asha.save()
    parked = Message.objects.get(pk=parked.pk)
    resend(parked, by=dev)
    parked.refresh_from_db()
    assert parked.address == "right@example.com"


def test_mark_read_keeps_the_first_time(queue, asha):
    inbox = queue(customer=asha)[1]
    services.mark_read(inbox)
    inbox.refresh_from_db()
    first = inbox.read_at
    services.mark_read(inbox)
    inbox.refresh_from_db()
    assert inbox.read_at == first is not None


# --- At once ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_event_from_eight_sides_at_once_is_one_message(queue):
    results: list[object] = []
    barrier = threading.Barrier(8)

    def write():
        barrier.wait()
        try:
            results.append(queue(email="a@example.com")[0].pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(results), len(set(results))) == (8, 1)
    assert (Message.objects.count(), OrmQ.objects.count()) == (1, 1)
