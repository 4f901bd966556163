"""How somebody says where and how we reach them, and proves it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from barnet.customers.enums import ContactKind, Topic
from barnet.customers.models import ChannelPreference, ContactPoint
from barnet.customers.reaching import contacts
from barnet.notifications import proving
from barnet.notifications.delivery import deliver_due
from barnet.notifications.models import ContactCode, MailboxMail, Message, SuppressedAddress
from barnet.notifications.suppression import suppress
from tests.barnet.notifications.notify import simulating

HOME = reverse("account_contact")


@pytest.fixture(autouse=True)
def _texts_are_offered(settings):
    """Text messages can be written; nothing is sent in these tests."""
    simulating.use(settings, "http://127.0.0.1:1")
    settings.MAIL_TRANSPORT = "mailbox"


@pytest.fixture
def her(client, asha):
    client.force_login(asha.user)
    return client


def add(her, value, kind="email", **more):
    return her.post(reverse("account_contact_add"), {"kind": kind, "value": value, **more})


def code_for(value: str) -> str:
    sent = Message.objects.filter(template_key="contact-code", address=value).latest("created_at")
    return re.search(r"\b[0-9]{6}\b", sent.text).group()


def prove(her, point, code):
    return her.post(reverse("account_contact_prove", args=[point.pk]), {"code": code})


def told(kind="contact-changed") -> set[str]:
    return set(Message.objects.filter(template_key=kind).values_list("address", flat=True))


def test_an_address_is_added_proved_by_its_code_and_then_used(her, asha):
    response = add(her, "New@Example.com")
    point = asha.contact_points.get(value="new@example.com")
    assert response.url == reverse("account_contact_prove", args=[point.pk])
    assert point.verified_at is None
    assert prove(her, point, code_for("new@example.com")).url == HOME
    point.refresh_from_db()
    assert point.verified_at is not None
    assert told() == {"asha@example.com", "new@example.com"}
    assert her.post(reverse("account_contact_prefer", args=[point.pk])).url == HOME
    asha.refresh_from_db()
    assert (asha.email, asha.contact_points.get(is_preferred=True).value) == ("new@example.com", "new@example.com")


def test_a_mobile_number_gets_a_text_message(her, asha):
    add(her, "07700 900123", kind="phone")
    sent = Message.objects.get(template_key="contact-code")
    assert (sent.channel, sent.address) == ("sms", "+447700900123")
    prove(her, asha.contact_points.get(kind="mobile"), code_for("+447700900123"))
    asha.refresh_from_db()
    assert asha.phone == "07700 900123"
    assert told() == {"asha@example.com", "+447700900123"}


@pytest.mark.parametrize(("value", "kind"), [("020 7946 0100", "phone"), ("1 High Street\nBarnet\nEN5 4AA", "postal")])
def test_what_no_code_reaches_is_saved_and_told_of(her, asha, value, kind):
    assert add(her, value, kind=kind).url == HOME
    assert told() == {"asha@example.com"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "nonsense"),
        ("email", "a@" + "b" * 290),
        ("phone", "ask the neighbour"),
        ("postal", "one line"),
        ("email", ""),
        ("", "a@example.com"),
        ("forged", "a@example.com"),
        ("email", "\x00"),
        ("postal", "x\n" * 200),
    ],
)
def test_what_cannot_be_used_is_explained_and_kept(her, asha, kind, value):
    before = asha.contact_points.count()
    response = add(her, value, kind=kind)
    assert response.status_code in {200, 400}
    assert asha.contact_points.count() == before


def test_a_code_is_of_use_once_for_five_tries_and_a_quarter_of_an_hour(her, asha):
    add(her, "new@example.com")
    point, right = asha.contact_points.get(value="new@example.com"), code_for("new@example.com")
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert "not right" in prove(her, point, wrong).content.decode()
    assert prove(her, point, right).status_code == 200
    ContactCode.objects.update(tries=0, sent_at=timezone.now() - proving.WORKS_FOR)
    assert prove(her, point, right).status_code == 200
    ContactCode.objects.update(sent_at=timezone.now())
    assert prove(her, point, right[:3] + " " + right[3:]).url == HOME
    assert ContactCode.objects.get().used_at is not None


def test_codes_are_not_sent_without_end(her, asha):
    add(her, "new@example.com")
    point = asha.contact_points.get(value="new@example.com")
    again = reverse("account_contact_prove", args=[point.pk])
    her.post(again, {"again": "1"})
    assert ContactCode.objects.count() == 1
    for _ in range(12):
        ContactCode.objects.update(sent_at=timezone.now() - 2 * proving.PAUSE)
        her.post(again, {"again": "1"})
    assert ContactCode.objects.count() == proving.MOST_A_DAY


def test_a_code_is_nowhere_to_be_read_afterwards(her, asha, settings):
    settings.EMAIL_BACKEND = "barnet.notifications.mailbox.MailboxBackend"
    add(her, "new@example.com")
    code = code_for("new@example.com")
    deliver_due()
    assert code in MailboxMail.objects.get().body
    sent = Message.objects.get(template_key="contact-code")
    assert (sent.body, sent.short) == ("", "")
    assert code not in ContactCode.objects.get().fingerprint


def test_the_address_of_the_login_is_not_removed_and_another_is_and_both_are_told(her, asha):
    login = asha.contact_points.get()
    assert her.post(reverse("account_contact_remove", args=[login.pk])).url == reverse("account_email")
    other = contacts.add_point(asha, ContactKind.EMAIL, "other@example.com", verified=True)
    contacts.prefer(other)
    her.post(reverse("account_contact_remove", args=[other.pk]))
    asha.refresh_from_db()
    assert asha.email == "asha@example.com"
    assert told() == {"asha@example.com", "other@example.com"}


def test_an_address_that_nobody_proved_is_not_used_first(her, asha):
    point = contacts.add_point(asha, ContactKind.EMAIL, "other@example.com")
    her.post(reverse("account_contact_prefer", args=[point.pk]))
    asha.refresh_from_db()
    assert asha.email == "asha@example.com"


def test_a_dead_address_is_shown_and_asked_about_and_the_code_lifts_it(her, asha):
    suppress("email", "asha@example.com", "no such mailbox")
    assert "We cannot reach you at asha@example.com" in her.get(reverse("account_home")).content.decode()
    assert "Does not work" in her.get(HOME).content.decode()
    point = asha.contact_points.get()
    her.post(reverse("account_contact_prove", args=[point.pk]), {"again": "1"})
    prove(her, point, code_for("asha@example.com"))
    point.refresh_from_db()
    assert point.is_usable
    assert not SuppressedAddress.objects.filter(lifted_at=None).exists()


def test_preferences_are_saved_in_order_with_quiet_hours(her, asha):
    answers = {"first": "sms", "second": "email", "is_digest": "on", "quiet_from": "22:00", "quiet_until": "07:00"}
    assert her.post(reverse("account_contact_topic", args=["bins"]), answers).url == HOME
    kept = ChannelPreference.objects.get(customer=asha, topic=Topic.BINS)
    assert (kept.channels, kept.is_digest, str(kept.quiet_from)) == (["sms", "email"], True, "22:00:00")
    page = her.get(HOME).content.decode()
    assert "Text message, else E-mail; what can wait once a day; not between 22:00 and 07:00" in page


@pytest.mark.parametrize(
    ("topic", "answers"),
    [
        ("bins", {"first": "sms", "second": "sms"}),
        ("bins", {"second": "sms"}),
        ("bins", {"first": "inbox"}),
        ("bins", {"first": "email", "quiet_from": "22:00"}),
        ("bins", {"first": "email", "quiet_from": "22:00", "quiet_until": "22:00"}),
        ("bins", {"first": "email", "quiet_from": "25:00", "quiet_until": "26:00"}),
        ("account", {"first": "sms"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_saved(her, asha, topic, answers):
    assert her.post(reverse("account_contact_topic", args=[topic]), answers).status_code == 200
    assert not ChannelPreference.objects.exists()


def test_an_unknown_topic_is_not_found(her, db):
    assert her.get(reverse("account_contact_topic", args=["forged"])).status_code == 404


def test_a_stranger_finds_no_address_of_hers(client, asha, cara):
    client.force_login(cara.user)
    point = asha.contact_points.get()
    for name in ["account_contact_prove", "account_contact_remove", "account_contact_prefer"]:
        assert client.post(reverse(name, args=[point.pk])).status_code == 404
    assert "asha@example.com" not in client.get(HOME).content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(her, asha, django_assert_max_num_queries):
    her.get(HOME)
    with django_assert_max_num_queries(12) as one:
        her.get(HOME)
    for n in range(6):
        contacts.add_point(asha, ContactKind.EMAIL, f"a{n}@example.com")
    with django_assert_max_num_queries(len(one)):
        her.get(HOME)
    assert ContactPoint.objects.filter(customer=asha).count() == 7
