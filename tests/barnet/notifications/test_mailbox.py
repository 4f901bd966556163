import pytest
from django.core.mail import EmailMultiAlternatives, send_mail
from django.urls import reverse

from barnet.notifications.models import MailboxMail
from barnet.notifications.templatetags.message_text import message_text


@pytest.fixture
def mails(db):
    return [
        MailboxMail.objects.create(
            message_id=f"<{number}@x>", to=f"person{number}@example.com", subject=f"Mail {number}", body="Hello"
        )
        for number in range(30)
    ]


def test_djangos_own_mail_lands_in_the_mailbox(db, mailbox):
    send_mail("Hello", "World", None, ["asha@example.com", "ben@example.com"])
    mail = MailboxMail.objects.get()
    assert (mail.subject, mail.body, mail.to) == ("Hello", "World", "asha@example.com, ben@example.com")


def test_two_different_mails_without_a_message_id_are_two(db, mailbox):
    send_mail("Hello", "World", None, ["asha@example.com"])
    send_mail("Hello", "World", None, ["asha@example.com"])
    assert MailboxMail.objects.count() == 2


def test_the_same_message_id_is_kept_once(db, mailbox):
    mail = EmailMultiAlternatives("Hello", "World", to=["a@example.com"], headers={"Message-ID": "<1@x>"})
    mail.send()
    mail.send()
    assert MailboxMail.objects.count() == 1
    assert (mailbox.has("<1@x>"), mailbox.has("<2@x>")) == (True, False)


def test_a_mail_with_everything_too_long_is_kept(db, mailbox):
    send_mail("s" * 500, "\x00b", None, [f"{'x' * 60}{n}@example.com" for n in range(9)])
    assert MailboxMail.objects.get().body == "b"


def test_the_list_shows_the_newest_first_in_pages(client, mails):
    answer = client.get(reverse("mailbox"))
    assert [mail.subject for mail in answer.context["page"]][:2] == ["Mail 29", "Mail 28"]
    assert len(client.get(reverse("mailbox"), {"page": 2}).context["page"]) == 5


def test_the_list_finds_a_recipient(client, mails):
    answer = client.get(reverse("mailbox"), {"to": "PERSON7@"})
    assert [mail.to for mail in answer.context["page"]] == ["person7@example.com"]
    assert "No e-mail to “nobody”" in client.get(reverse("mailbox"), {"to": "nobody"}).content.decode()


def test_an_empty_mailbox_says_so(client, db):
    assert b"No e-mail yet" in client.get(reverse("mailbox")).content


def test_a_mail_shows_its_text_with_our_own_links(client, db, settings):
    body = f"Look: {settings.BASE_URL}/account/. Not http://evil.example/ <script>"
    mail = MailboxMail.objects.create(message_id="1", to="a@example.com", subject="<b>Hi</b>", body=body)
    html = client.get(reverse("mailbox_mail", args=[mail.pk])).content.decode()
    assert f'<a class="govuk-link" href="{settings.BASE_URL}/account/">' in html
    assert 'href="http://evil.example' not in html
    assert "&lt;script&gt;" in html
    assert "<b>Hi</b>" not in html


def test_a_mail_that_is_not_there(client, db):
    assert client.get("/mailbox/4711/").status_code == 404


@pytest.mark.parametrize("address", ["/mailbox/", "/mailbox/1/"])
def test_production_has_no_mailbox(client, mails, settings, address):
    settings.DEVELOPMENT = False
    assert client.get(address).status_code == 404


def test_the_mailbox_is_read_only(client, mails):
    assert client.post("/mailbox/").status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, db, count, django_assert_max_num_queries):
    for number in range(count):
        MailboxMail.objects.create(message_id=str(number), to="a@example.com", subject="s", body="b")
    with django_assert_max_num_queries(2):
        client.get("/mailbox/")


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("{base}/a/?x=1&y=2 now", '{base}/a/?x=1&amp;y=2"'),
        ("({base}/a)", '{base}/a"'),
        ("{base}", '{base}"'),
        ("{base}.evil.example/", None),
        ("{base}@evil.example/", None),
        ('{base}/"onclick=', '{base}/"'),
    ],
)
def test_only_our_own_addresses_become_links(settings, text, link):
    settings.BASE_URL = "https://portal.example"
    html = message_text(text.format(base=settings.BASE_URL))
    assert ("<a " in html) == (link is not None)
    if link:
        assert f'href="{link.format(base=settings.BASE_URL)}' in html
    assert '"onclick' not in html
