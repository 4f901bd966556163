"""A wording is tried before anybody gets it."""

import pytest
from django.urls import reverse

from barnet.customers.models import AccessRecord
from barnet.notifications.models import Message, MessageTemplate
from barnet.notifications.services import ensure_templates
from tests import factories

TRY = reverse("staff_wording", args=["case-received"])


@pytest.fixture
def editor(client, db):
    user = factories.StaffFactory(email="words@example.com", roles=["editor", "caseworker"])
    client.force_login(user)
    return user


def test_each_channel_is_shown_with_the_parts_that_a_text_message_costs(client, editor):
    page = client.get(TRY).content.decode()
    assert "We have your request BAR-7K3M-29QD" in page
    assert "characters: 1 text message." in page


def test_a_real_request_fills_it_in_and_the_reading_is_recorded(client, editor, asha):
    case = factories.CaseFactory(customer=asha, title="Missed bin: food")
    page = client.get(TRY, {"reference": case.reference}).content.decode()
    assert case.reference in page
    assert "Missed bin: food" in page
    assert AccessRecord.objects.get().customer == asha


def test_a_team_leader_finds_a_wording_and_tries_it_with_a_request_of_the_team(client, db, asha):
    case = factories.CaseFactory(customer=asha, title="Missed bin: food")
    client.force_login(factories.StaffFactory(roles=["team_lead"]))
    wordings = reverse("staff_wordings")
    assert f'href="{wordings}"' in client.get(reverse("staff_messages")).text
    assert f'href="{TRY}"' in client.get(wordings).text
    assert "Missed bin: food" in client.get(TRY, {"reference": case.reference}).text


def test_who_may_not_read_the_request_does_not(client, db, asha):
    case = factories.CaseFactory(customer=asha, title="Missed bin: food")
    client.force_login(factories.StaffFactory(roles=["editor"]))
    page = client.get(TRY, {"reference": case.reference}).content.decode()
    assert "you may not read it" in page
    assert "Missed bin: food" not in page
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("reference", ["nonsense", "BAR-2222-2222", "\x00", "x" * 300])
def test_a_reference_that_is_none_is_explained(client, editor, reference):
    assert client.get(TRY, {"reference": reference}).status_code in {200, 400}


def test_it_is_sent_to_oneself_and_to_nobody_else(client, editor, asha):
    client.post(TRY)
    assert [message.address for message in Message.objects.all()] == ["words@example.com"]


def test_an_unknown_wording_is_not_found(client, editor):
    assert client.get(reverse("staff_wording", args=["forged"])).status_code == 404


def test_an_edited_text_message_is_used(client, editor):
    ensure_templates()
    MessageTemplate.objects.filter(key="case-received").update(short="Got it: ((reference))")
    assert "Got it: BAR-7K3M-29QD" in client.get(TRY).content.decode()


def test_a_text_message_that_cannot_be_filled_in_is_refused(db):
    ensure_templates()
    row = MessageTemplate.objects.get(key="case-received")
    row.short = "Got it: ((forged))"
    with pytest.raises(Exception, match="We cannot fill in"):
        row.full_clean()
