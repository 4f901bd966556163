import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from barnet.notifications import services
from barnet.notifications.enums import MessageChannel, MessageState
from barnet.notifications.models import Message
from barnet.notifications.selectors import inbox_for, message_for, messages_about, outbox, unread_count
from barnet.notifications.services import queue_message
from tests import factories


@pytest.fixture
def inbox_message(kind, fields, asha) -> Message:
    queue_message(kind.key, key="k", customer=asha, fields=fields, about="BAR-7K3M-29QD")
    return Message.objects.get(channel=MessageChannel.INBOX)


def test_the_owner_reads_her_inbox(inbox_message, asha):
    assert list(inbox_for(asha.user)) == [inbox_message]
    assert message_for(asha.user, inbox_message.pk) == inbox_message


def test_her_delegate_a_stranger_and_an_officer_do_not(inbox_message, ben, cara, dev):
    for user in (ben.user, cara.user, dev):
        assert not inbox_for(user).exists()
        with pytest.raises(Http404):
            message_for(user, inbox_message.pk)


def test_nobody_reads_nothing(inbox_message):
    assert not inbox_for(AnonymousUser()).exists()
    assert unread_count(AnonymousUser()) == 0


def test_the_mail_is_not_in_the_inbox(inbox_message, asha):
    with pytest.raises(Http404):
        message_for(asha.user, Message.objects.get(channel=MessageChannel.EMAIL).pk)


@pytest.mark.parametrize("pk", ["", "17", "x'; --", None, "00000000-0000-0000-0000-000000000000"])
def test_a_key_that_is_none_is_not_found(asha, pk):
    with pytest.raises(Http404):
        message_for(asha.user, pk)


def test_a_secret_never_stands_in_an_inbox(inbox_message, asha):
    Message.objects.update(is_secret=True)
    assert not inbox_for(asha.user).exists()


def test_reading_lowers_the_count(inbox_message, asha):
    assert unread_count(asha.user) == 1
    services.mark_read(inbox_message)
    assert unread_count(asha.user) == 0


def test_the_newest_message_is_first(inbox_message, asha, kind, fields):
    queue_message(kind.key, key="k2", customer=asha, fields=fields)
    assert inbox_for(asha.user).last() == inbox_message


def test_what_we_told_about_a_request(inbox_message, kind, fields, cara):
    queue_message(kind.key, key="follower", customer=cara, fields=fields, about="BAR-7K3M-29QD")
    queue_message(kind.key, key="other", customer=cara, fields=fields, about="BAR-2222-2222")
    assert messages_about("BAR-7K3M-29QD").count() == 4


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_one_query(count, kind, fields, db, django_assert_num_queries):
    for number in range(count):
        queue_message(kind.key, key=str(number), customer=factories.CustomerFactory(), fields=fields)
    with django_assert_num_queries(1):
        assert [str(message.customer) for message in outbox(state=MessageState.QUEUED)]
