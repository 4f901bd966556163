"""Consent: to the text of today, append only; a published text never changes."""

import pytest
from django.db import DatabaseError, transaction

from barnet.customers.actors import Actor
from barnet.customers.consent import agreeing
from barnet.customers.consent.agreeing import StaleTextError
from barnet.customers.models import Consent, Purpose, PurposeText
from tests import factories


@pytest.fixture
def text(db):
    agreeing.ensure_purposes()
    return PurposeText.objects.get(purpose__slug="opinion")


@pytest.fixture
def actor(asha):
    return Actor.online(asha.user, asha)


def test_ground_is_laid_once_and_keeps_what_staff_wrote(text):
    Purpose.objects.update(name="Changed")
    agreeing.ensure_purposes()
    assert (PurposeText.objects.count(), Purpose.objects.filter(name="Changed").count()) == (3, 3)


def test_published_text_cannot_be_changed_or_deleted(text):
    for change in (
        lambda: PurposeText.objects.update(wording="Something else"),
        lambda: PurposeText.objects.filter(pk=text.pk).update(published_at=None),
        lambda: PurposeText.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
    draft = PurposeText.objects.create(purpose=text.purpose, version=2, wording="Draft")
    PurposeText.objects.filter(pk=draft.pk).update(wording="Better")
    assert agreeing.publish(draft).wording == "Better"


def test_newest_line_counts_and_saying_the_same_twice_writes_once(text, asha, actor):
    assert not agreeing.has_agreed(asha, "opinion")
    with pytest.raises(StaleTextError, match="nothing to withdraw"):
        agreeing.withdraw(asha, text, actor=actor, by=asha.user)
    agreeing.agree(asha, text, actor=actor, by=asha.user)
    agreeing.agree(asha, text, actor=actor, by=asha.user)
    assert agreeing.has_agreed(asha, "opinion")
    agreeing.withdraw(asha, text, actor=actor, by=asha.user)
    assert not agreeing.has_agreed(asha, "opinion")
    assert Consent.objects.count() == 2
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Consent.objects.update(is_given=True)


def test_a_new_version_is_asked_anew_and_the_old_cannot_be_agreed_to(text, asha, actor):
    agreeing.agree(asha, text, actor=actor, by=asha.user)
    newer = agreeing.publish(PurposeText.objects.create(purpose=text.purpose, version=2, wording="New"))
    [asked] = [one for one in agreeing.asked_of(asha) if one.purpose == text.purpose]
    assert (asked.text, asked.is_agreed, asked.is_older_version) == (newer, True, True)
    with pytest.raises(StaleTextError, match="text changed"):
        agreeing.agree(asha, text, actor=actor, by=asha.user)
    agreeing.agree(asha, newer, actor=actor, by=asha.user)
    [asked] = [one for one in agreeing.asked_of(asha) if one.purpose == text.purpose]
    assert not asked.is_older_version


def test_draft_is_not_asked(text, asha, actor):
    draft = PurposeText.objects.create(purpose=text.purpose, version=2, wording="Draft")
    assert draft not in [one.text for one in agreeing.asked_of(asha)]
    with pytest.raises(StaleTextError):
        agreeing.agree(asha, draft, actor=actor, by=asha.user)


def test_guardian_writes_and_publishes_the_next_version(client, text):
    client.force_login(factories.StaffFactory(roles=["data_guardian"]))
    at = "/staff/content/snippets/customers/purposetext/"
    new = {"purpose": text.purpose_id, "wording": "Second", "publish_now": "on"}
    response = client.post(f"{at}add/", new)
    assert response.status_code == 302, response.content.decode()[:2000]
    second = PurposeText.objects.get(version=2)
    assert (second.wording, second.published_at is None) == ("Second", False)
    client.post(f"{at}edit/{second.pk}/", new | {"wording": "Forged"})
    client.post(f"{at}delete/{second.pk}/")
    second.refresh_from_db()
    assert second.wording == "Second"
    client.post(f"{at}add/", {"purpose": text.purpose_id, "wording": "Draft"})
    page = client.post(f"{at}add/", {"purpose": text.purpose_id, "wording": "Another"}).content.decode()
    assert "has a draft already" in page
