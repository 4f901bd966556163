import uuid

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_q.models import OrmQ

from barnet.customers.models import AccessRecord
from barnet.kit.references import new_reference
from barnet.notifications.enums import AttemptOutcome, MessageChannel, MessageState
from barnet.notifications.models import Attempt, Message
from barnet.notifications.services import queue_message
from tests import factories

LIST = "/staff/messages/"
REFERENCE = new_reference()


@pytest.fixture
def lead(db):
    return factories.StaffFactory(email="lead@example.com", roles=["team_lead"])


@pytest.fixture
def staff(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def given_up(kind, fields, asha):
    def given_up(key: str = "k", **changed) -> Message:
        [message] = queue_message(
            kind.key, key=key, customer=asha, fields=fields, about=REFERENCE, channels=[MessageChannel.EMAIL]
        )
        OrmQ.objects.all().delete()
        facts = {"state": MessageState.PARKED, "attempt_count": 5, "last_error": "550 No such person", **changed}
        Message.objects.filter(pk=message.pk).update(**facts)
        Attempt.objects.create(message=message, number=1, outcome=AttemptOutcome.FAILED, error="550 No such person")
        message.refresh_from_db()
        return message

    return given_up


def detail(message: Message) -> str:
    return reverse("staff_message", args=[message.pk])


def again(message: Message) -> str:
    return reverse("staff_message_resend", args=[message.pk])


# --- Doors ------------------------------------------------------------------------------------------------------------


def test_visitors_are_asked_to_sign_in(client, given_up):
    message = given_up()
    for address in (LIST, detail(message)):
        assert client.get(address).status_code == 302
    for address in (reverse("staff_messages_resend"), again(message)):
        assert client.post(address, {"messages": str(message.pk)}).status_code == 302
    message.refresh_from_db()
    assert message.state == MessageState.PARKED


@pytest.mark.parametrize("who", ["asha", "ben", "cara"])
def test_for_residents_the_pages_do_not_exist_not_even_for_the_owner(client, given_up, request, who):
    message = given_up()
    client.force_login(request.getfixturevalue(who).user)
    assert {client.get(address).status_code for address in (LIST, detail(message))} == {404}
    assert client.post(again(message)).status_code == 404


def test_an_officer_without_the_right_is_told_so(client, given_up, dev):
    message = given_up()
    client.force_login(dev)
    assert {client.get(address).status_code for address in (LIST, detail(message))} == {403}
    assert client.post(again(message)).status_code == 403


def test_who_may_read_may_not_yet_send(client, given_up, dev):
    message = given_up()
    dev.user_permissions.add(Permission.objects.get(codename="view_message"))
    client.force_login(dev)
    assert "Send again" not in client.get(detail(message)).content.decode()
    assert 'name="messages"' not in client.get(LIST).content.decode()
    assert client.post(again(message)).status_code == 403
    assert client.post(reverse("staff_messages_resend"), {"messages": str(message.pk)}).status_code == 403


@pytest.mark.parametrize("address", [LIST, "/staff/messages/00000000-0000-4000-8000-000000000000/"])
def test_reading_is_not_posting(staff, address):
    assert staff.post(address).status_code == 405


def test_sending_is_not_reading(staff, given_up):
    assert staff.get(reverse("staff_messages_resend")).status_code == 405
    assert staff.get(again(given_up())).status_code == 405


def test_a_message_that_is_not_there(staff):
    assert staff.get(reverse("staff_message", args=[uuid.uuid4()])).status_code == 404
    assert staff.get(f"{LIST}17/").status_code == 404


# --- List -------------------------------------------------------------------------------------------------------------


def shown(answer) -> list[Message]:
    return list(answer.context["page"])


def test_the_list_shows_what_gave_up_and_why(staff, given_up):
    message = given_up()
    answer = staff.get(LIST)
    assert shown(answer) == [message]
    assert "550 No such person" in answer.content.decode()
    assert "asha@example.com" in answer.content.decode()


def test_an_empty_list_says_that_all_is_well(staff, given_up):
    given_up(state=MessageState.SENT)
    assert "Nothing gave up" in staff.get(LIST).content.decode()


def test_filters_narrow_the_list(staff, given_up, kind, fields):
    message, sent = given_up(), given_up("sent", state=MessageState.SENT)
    assert shown(staff.get(LIST, {"state": "sent"})) == [sent]
    assert len(shown(staff.get(LIST, {"state": "all"}))) == 2
    assert shown(staff.get(LIST, {"kind": kind.key})) == [message]
    assert shown(staff.get(LIST, {"kind": "test-message"})) == []
    assert shown(staff.get(LIST, {"about": message.about.lower().replace("-", " ")})) == [message]
    assert shown(staff.get(LIST, {"about": new_reference()})) == []
    assert shown(staff.get(LIST, {"address": "ASHA@example.com"})) == [message]
    assert shown(staff.get(LIST, {"address": "asha@example"})) == []


@pytest.mark.parametrize(
    "query", [{"state": "eaten"}, {"kind": "no-such-kind"}, {"about": "BAR-1"}, {"address": "x" * 300}]
)
def test_a_filter_that_makes_no_sense_says_so_and_shows_nothing(staff, given_up, query):
    given_up()
    answer = staff.get(LIST, query)
    assert (answer.status_code, shown(answer)) == (200, [])
    assert "There is a problem" in answer.content.decode()
    assert "<title>Error: " in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "99", "-1", "x"])
def test_a_page_that_is_none_shows_one_that_is(staff, given_up, page):
    given_up()
    assert len(shown(staff.get(LIST, {"page": page}))) == 1


def test_the_list_costs_the_same_for_any_number(staff, given_up):
    given_up("first")
    staff.get(LIST)
    with CaptureQueriesContext(connection) as one:
        staff.get(LIST)
    given_up("second")
    given_up("third")
    with CaptureQueriesContext(connection) as three:
        staff.get(LIST)
    assert len(one) == len(three)


# --- One message ------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_message_and_its_attempts_and_records_the_reading(staff, given_up, lead, asha):
    message = given_up()
    html = staff.get(detail(message)).content.decode()
    assert "Hello Asha" in html
    assert "550 No such person" in html
    record = AccessRecord.objects.get(what=f"message {message.pk}")
    assert (record.actor, record.customer) == (lead, asha)


def test_a_secret_is_shown_to_nobody(staff, given_up):
    message = given_up(is_secret=True, body="Your code is BCDF-GHJK")
    html = staff.get(detail(message)).content.decode()
    assert "BCDF-GHJK" not in html
    assert "Send again" not in html
    assert "BCDF-GHJK" not in staff.get(LIST).content.decode()
    assert f'value="{message.pk}"' not in staff.get(LIST).content.decode()


def test_what_people_typed_is_text(staff, given_up):
    message = given_up(subject="<script>alert(1)</script>", body="<img src=x>", last_error="<b>no</b>")
    for address in (LIST, detail(message)):
        html = staff.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x>" not in html
        assert "<b>no</b>" not in html


# --- Sending again ----------------------------------------------------------------------------------------------------


def test_send_one_again(staff, given_up, lead):
    message = given_up()
    answer = staff.post(again(message), follow=True)
    assert "1 message is on its way again." in answer.content.decode()
    message.refresh_from_db()
    assert (message.state, message.resent_by) == (MessageState.QUEUED, lead)
    assert "lead@example.com" in answer.content.decode()


def test_send_again_twice_sends_once(staff, given_up):
    message = given_up()
    staff.post(again(message))
    answer = staff.post(again(message), follow=True)
    assert "Nothing to do" in answer.content.decode()
    assert OrmQ.objects.count() == 1


def test_send_many_again_and_come_back_to_the_same_filter(staff, given_up):
    chosen = [given_up("1"), given_up("2")]
    left = given_up("3")
    answer = staff.post(
        reverse("staff_messages_resend") + "?kind=bin-missed", {"messages": [str(m.pk) for m in chosen]}
    )
    assert answer.url == LIST + "?kind=bin-missed"
    states = dict(Message.objects.values_list("pk", "state"))
    assert [states[message.pk] for message in (*chosen, left)] == ["queued", "queued", "parked"]


def test_sending_none_says_what_to_do(staff, given_up):
    given_up()
    answer = staff.post(reverse("staff_messages_resend"), follow=True)
    assert "Select at least one message" in answer.content.decode()


@pytest.mark.parametrize("forged", ["x", "17", "'; --", "00000000-0000-4000-8000-000000000000"])
def test_a_forged_choice_is_passed_over(staff, given_up, forged):
    message = given_up()
    answer = staff.post(reverse("staff_messages_resend"), {"messages": [forged, str(message.pk)]}, follow=True)
    assert "1 message is on its way again." in answer.content.decode()


def test_a_sent_message_cannot_be_forced_through_the_list(staff, given_up):
    message = given_up(state=MessageState.SENT)
    staff.post(reverse("staff_messages_resend"), {"messages": str(message.pk)})
    staff.post(again(message))
    assert OrmQ.objects.count() == 0


def test_the_page_says_when_the_address_has_changed(staff, given_up, asha):
    message = given_up()
    asha.email = "right@example.com"
    asha.save()
    assert "right@example.com" in staff.get(detail(message)).content.decode()
    staff.post(again(message))
    message.refresh_from_db()
    assert message.address == "right@example.com"
