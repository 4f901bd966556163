"""Messages in the language that somebody chose, or in English where no translation fits."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from barnet.customers.enums import Language
from barnet.customers.services import choose_language, tell_of_email_change
from barnet.customers.signing_in.mail_kinds import MAIL_KINDS
from barnet.kit.languages import in_language
from barnet.kit.wording import date_long
from barnet.notifications.models import Message, MessageTemplate, MessageTranslation
from barnet.notifications.registry import SIGNATURE
from barnet.notifications.rendering import ending, render
from barnet.notifications.services import queue_message
from tests.factories import CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def polish(kind):
    row = MessageTemplate.objects.create(key=kind.key, subject=kind.subject, body=kind.body)
    return MessageTranslation.objects.create(
        template=row,
        language=Language.POLISH,
        subject="Twój pojemnik, ((reference))",
        body="Dzień dobry ((name)),\n\nwrócimy do ((promise)).",
    )


@pytest.fixture
def reader(asha):
    choose_language(asha, Language.POLISH)
    asha.refresh_from_db()
    return asha


def told(kind, fields, customer):
    queue_message(kind.key, key=f"event:{Message.objects.count()}", customer=customer, fields=fields)
    return Message.objects.filter(customer=customer).latest("created_at")


def test_message_comes_in_the_language_that_was_chosen(kind, fields, polish, reader):
    message = told(kind, fields, reader)
    assert message.subject == "Twój pojemnik, BAR-7K3M-29QD"
    assert "wrócimy do Tuesday" in message.body
    assert message.language == Language.POLISH
    assert message.short.startswith("Barnet Council: Twój pojemnik")


def test_others_read_english(kind, fields, polish):
    message = told(kind, fields, CustomerFactory())
    assert message.subject == "Your bin, BAR-7K3M-29QD"
    assert message.language == Language.ENGLISH


def test_language_without_a_translation_reads_english(kind, fields, polish, asha):
    choose_language(asha, Language.SOMALI)
    asha.refresh_from_db()
    assert told(kind, fields, asha).language == Language.ENGLISH


def test_translation_rests_when_the_english_changed_until_somebody_saves_it(kind, fields, polish, reader):
    MessageTemplate.objects.filter(key=kind.key).update(body="Hello ((name)), we come back never.")
    assert told(kind, fields, reader).language == Language.ENGLISH
    polish = MessageTranslation.objects.get()
    assert "has changed" in polish.state
    polish.save()
    assert told(kind, fields, reader).language == Language.POLISH


def test_translation_that_cannot_be_filled_in_is_refused_and_never_used(kind, fields, polish, reader):
    polish.body = "Dzień dobry ((imie))"
    with pytest.raises(ValidationError):
        polish.full_clean()
    polish.save()
    assert told(kind, fields, reader).language == Language.ENGLISH


def test_one_translation_a_language(kind, polish):
    again = MessageTranslation(template=polish.template, language=Language.POLISH, subject="x", body="((reference))")
    with pytest.raises(ValidationError):
        again.full_clean()


def test_last_lines_are_translated_by_themselves(kind, fields, polish):
    row = MessageTemplate.objects.create(key=SIGNATURE.key, subject="-", body=str(SIGNATURE.body))
    MessageTranslation.objects.create(
        template=row, language=Language.POLISH, subject="-", body="Z poważaniem\n((council))\n((ways_to_reach_us))"
    )
    body = render(kind, fields, Language.POLISH).body
    assert "Z poważaniem\nBarnet Council" in body
    assert body.endswith(ending(Language.POLISH))
    assert "Z poważaniem" not in render(kind, fields).body


def test_english_costs_no_query_more(kind, fields, polish, django_assert_num_queries):
    with django_assert_num_queries(1):
        render(kind, fields)
    with django_assert_num_queries(2):
        render(kind, fields, Language.POLISH)


def test_resident_chooses_and_reads_in_it(client, kind, fields, polish, asha):
    client.force_login(asha.user)
    address = reverse("account_language")
    assert "Choose a language" in client.post(address, {"language": "tlh"}).text
    assert client.post(address, {"language": "pl"}).url == reverse("account_details")
    assert "Polski" in client.get(reverse("account_details")).text
    asha.refresh_from_db()
    told(kind, fields, asha)
    message = Message.objects.get(customer=asha, channel="inbox")
    assert 'lang="pl" dir="auto"' in client.get(reverse("account_message", args=[message.pk])).text


def test_delegate_does_not_choose_for_somebody(client, asha, ben):
    client.force_login(ben.user)
    client.post("/account/acting/", {"customer": asha.pk})
    client.post(reverse("account_language"), {"language": "pl"})
    asha.refresh_from_db()
    assert asha.language == Language.ENGLISH


@pytest.mark.parametrize(("role", "may"), [("editor", True), ("adviser", False)])
def test_who_edits_translations(client, kind, polish, role, may):
    client.force_login(StaffFactory(roles=[role]))
    edit = reverse("wagtailsnippets_notifications_messagetranslation:edit", args=[polish.pk])
    assert (client.get(edit).status_code == 200) is may
    listed = client.get(reverse("wagtailsnippets_notifications_messagetranslation:list"))
    assert ("Twój pojemnik" in listed.text) is may


# --- What is filled in ------------------------------------------------------------------------------------------------


def test_values_are_written_in_the_language_of_the_message(kind, fields, polish, reader, translations):
    translations(pl={"Collected": "Odebrano"})
    values = {
        **fields,
        "promise": dt.date(2026, 11, 23),
        "name": gettext_lazy("Collected"),
        "reference": lambda: date_long(dt.date(2026, 12, 24)),
    }
    message = told(kind, values, reader)
    assert "Dzień dobry Odebrano" in message.body
    assert "wrócimy do Poniedziałek 23 listopada 2026" in message.body
    assert message.subject == "Twój pojemnik, 24 grudnia 2026"


def test_english_wording_keeps_english_values_whatever_the_reader_chose(kind, fields, asha, translations):
    """A Somali day in an English sentence helps nobody; nor does the language of the page from which it was caused."""
    translations(pl={"Collected": "Odebrano"})
    choose_language(asha, Language.POLISH)
    asha.refresh_from_db()
    values = {**fields, "promise": dt.date(2026, 11, 23), "name": gettext_lazy("Collected")}
    with in_language("pl"):
        message = told(kind, values, asha)
    assert message.language == Language.ENGLISH
    assert "Monday 23 November 2026" in message.body
    assert "Collected" in message.body


def test_how_to_reach_us_is_in_the_language_of_its_own_wording(kind, fields, polish, reader, translations, settings):
    settings.COUNCIL_PHONE = "020 7946 0100"
    translations(pl={"Call us: %(phone)s": "Zadzwoń: %(phone)s"})
    assert "Call us: 020 7946 0100" in told(kind, fields, reader).body
    row, _made = MessageTemplate.objects.update_or_create(
        key=SIGNATURE.key, defaults={"subject": SIGNATURE.subject, "body": SIGNATURE.body}
    )
    MessageTranslation.objects.create(
        template=row, language=Language.POLISH, subject="Kontakt", body="((council))\n((ways_to_reach_us))"
    )
    assert "Zadzwoń: 020 7946 0100" in told(kind, fields, reader).body


def test_account_mail_is_in_the_language_of_its_reader(reader, translations):
    [kind] = [kind for kind in MAIL_KINDS if kind.key == "account-email-change-asked"]
    row, _made = MessageTemplate.objects.update_or_create(
        key=kind.key, defaults={"subject": str(kind.subject), "body": str(kind.body)}
    )
    MessageTranslation.objects.create(
        template=row, language=Language.POLISH, subject="Zmiana", body="Dnia ((when)): ((new_email)) ((reset_link))"
    )
    tell_of_email_change(reader.user, new_email="new@example.com")
    message = Message.objects.latest("created_at")
    assert message.language == Language.POLISH
    assert f"Dnia {in_polish(timezone.localdate())}" in message.body


def in_polish(day):
    with in_language("pl"):
        return date_long(day)
