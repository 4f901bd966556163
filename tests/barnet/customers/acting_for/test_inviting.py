"""Invitations: opened by the proved address or by code and postcode, once, in time, by nobody else."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from barnet.customers import selectors
from barnet.customers.acting_for import delegating, inviting
from barnet.customers.acting_for.delegating import AuthorityRefusedError
from barnet.customers.acting_for.inviting import Offer
from barnet.customers.enums import AuthorityKind, EndedBy, InvitationState
from barnet.customers.models import Delegation, Invitation
from barnet.notifications.models import Message
from tests import factories

CARAS = Offer(email="Cara@Example.com", name="Cara")


@pytest.fixture
def invite(asha):
    def made(offer=CARAS, key="a"):
        return inviting.invite(asha, offer, by=asha.user, submission_key=key)

    return made


@pytest.fixture
def letter(asha, invite):
    asha.address = factories.AddressFactory(postcode="EN5 4AA")
    asha.save()
    return invite(Offer(name="Cara"))


def told(key):
    return sorted(Message.objects.filter(template_key=key, channel="email").values_list("address", flat=True))


# --- By e-mail ---


def test_invited_person_accepts_and_both_are_told(invite, asha, cara):
    bins, music = factories.ServiceFactory(), factories.ServiceFactory(slug="music")
    ends_on = timezone.localdate() + dt.timedelta(days=30)
    made = invite(Offer(email="cara@example.com", services=[bins], ends_on=ends_on)).invitation
    assert told("authority-invitation") == ["cara@example.com"]
    assert told("authority-invitation-made") == ["asha@example.com"]
    assert str(made.pk) in Message.objects.get(template_key="authority-invitation", channel="email").body
    assert list(selectors.invitations_to(cara.user)) == [made]

    held = inviting.accept(made, by=cara.user)
    assert (held.kind, held.ends_on, list(held.services.all())) == (AuthorityKind.INVITED, ends_on, [bins])
    assert selectors.may_act(cara.user, asha, bins)
    assert not selectors.may_act(cara.user, asha, music)
    assert told("authority-given") == ["asha@example.com", "cara@example.com"]
    made.refresh_from_db()
    assert (made.state, made.delegation, made.settled_by) == (InvitationState.ACCEPTED, held, cara.user)


def test_only_the_login_that_proved_the_address_opens_it(invite, asha, ben, cara):
    made = invite().invitation
    unproved = factories.CustomerFactory(user__email="dora@example.com")
    EmailAddress.objects.create(user=unproved.user, email="cara@example.com", verified=False)
    for other in (ben, unproved):
        with pytest.raises(Http404):
            selectors.invitation_for(other.user, made.pk)
        with pytest.raises(Http404):
            selectors.invitation_for(other.user, made.pk, by_code=made.pk)
        for with_code in (False, True):
            with pytest.raises(AuthorityRefusedError, match="not for the e-mail address"):
                inviting.accept(made, by=other.user, with_code=with_code)
    assert selectors.invitation_for(cara.user, made.pk) == (made, True)
    assert selectors.invitation_for(asha.user, made.pk) == (made, False)
    assert Delegation.objects.filter(principal=asha).exclude(delegate=ben).count() == 0


@pytest.mark.parametrize("end", ["accepted", "declined", "withdrawn", "expired"])
def test_used_or_ended_invitation_is_refused(invite, asha, cara, end):
    made = invite().invitation
    if end == "accepted":
        delegating.end_authority(inviting.accept(made, by=cara.user), by=asha.user, side=EndedBy.PRINCIPAL)
    elif end == "declined":
        inviting.decline(made, by=cara.user)
    elif end == "withdrawn":
        assert inviting.withdraw(made, by=asha.user)
    else:
        Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(AuthorityRefusedError, match="no longer works"):
        inviting.accept(made, by=cara.user)
    assert selectors.reach_of(cara.user) == []
    assert not selectors.invitations_to(cara.user)


def test_decline_and_withdrawal_tell_both_sides(invite, asha, cara):
    inviting.decline(invite().invitation, by=cara.user)
    assert told("authority-declined") == ["asha@example.com", "cara@example.com"]
    second = invite(key="b").invitation
    assert inviting.withdraw(second, by=asha.user)
    assert not inviting.withdraw(second, by=asha.user)
    assert told("authority-withdrawn") == ["asha@example.com", "cara@example.com"]


def test_same_form_twice_invites_once_and_a_new_one_replaces_the_open_one(invite, asha, cara):
    first = invite().invitation
    assert invite().invitation == first
    second = invite(key="b").invitation
    first.refresh_from_db()
    assert (first.state, list(selectors.invitations_to(cara.user))) == (InvitationState.CANCELLED, [second])
    Invitation.objects.filter(pk=second.pk).update(expires_at=timezone.now())
    assert invite(key="c").invitation.is_waiting


def test_nobody_invites_themselves_without_end_or_for_nothing(invite, asha):
    for offer, sentence in [
        (Offer(email="asha@example.com"), "your own"),
        (Offer(email="x@example.com", services=[]), "at least one"),
        (Offer(email="x@example.com", ends_on=dt.date(2020, 1, 1)), "past"),
        (Offer(name="By letter"), "Add your address"),
    ]:
        with pytest.raises(AuthorityRefusedError, match=sentence):
            invite(offer)
    assert Invitation.objects.count() == 0


def test_invitations_are_not_a_way_to_mail_the_borough(invite):
    for number in range(10):
        invite(Offer(email=f"p{number}@example.com"), key=str(number))
    with pytest.raises(AuthorityRefusedError, match="10 open"):
        invite(key="one too many")


def test_inviter_cannot_accept_with_a_second_address_of_their_own(invite, asha):
    made = invite().invitation
    EmailAddress.objects.create(user=asha.user, email="cara@example.com", verified=True)
    with pytest.raises(AuthorityRefusedError, match="your own invitation"):
        inviting.accept(made, by=asha.user)


# --- By letter ---


def test_code_is_shown_once_kept_as_a_digest_and_works_in_any_spelling(letter, invite, asha, cara):
    code = letter.code
    assert len(code) == 10
    row = Invitation.objects.values().get()
    assert code not in str(row)
    assert invite(Offer(name="Cara")).code == ""  # the form again: no code
    found = inviting.find_by_code(f" {code[:5].lower()}-{code[5:].lower()} ", "en5 4aa")
    assert found == letter.invitation
    assert selectors.invitation_for(cara.user, found.pk, by_code=str(found.pk)) == (found, True)
    inviting.accept(found, by=cara.user, with_code=True)
    assert selectors.reach_of(cara.user) == [(asha.pk, None)]
    assert inviting.find_by_code(code, "EN5 4AA") is None


@pytest.mark.parametrize(("code", "postcode"), [("2222222222", "EN5 4AA"), ("", ""), ("\x00" * 10, "EN5 4AA")])
def test_guessed_code_finds_nothing(letter, code, postcode):
    assert inviting.find_by_code(code, postcode) is None


def test_letter_opens_for_nobody_who_did_not_type_it(letter, cara):
    with pytest.raises(Http404):
        selectors.invitation_for(cara.user, letter.invitation.pk)
    with pytest.raises(AuthorityRefusedError, match="not for"):
        inviting.accept(letter.invitation, by=cara.user)


def test_right_code_with_wrong_postcodes_closes_in_the_end(letter):
    for _number in range(5):
        assert inviting.find_by_code(letter.code, "N1 1AA") is None
    letter.invitation.refresh_from_db()
    assert letter.invitation.state == InvitationState.LOCKED
    assert inviting.find_by_code(letter.code, "EN5 4AA") is None


def test_expired_code_finds_nothing(letter):
    Invitation.objects.update(expires_at=timezone.now())
    assert inviting.find_by_code(letter.code, "EN5 4AA") is None


def test_code_outlives_a_change_of_the_secret_key(letter, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new one"
    assert inviting.find_by_code(letter.code, "EN5 4AA") == letter.invitation


def test_database_keeps_what_an_invitation_must_be(asha, cara):
    good = {
        "principal": asha,
        "invited_by": asha.user,
        "way": "email",
        "email": "x@example.com",
        "expires_at": timezone.now(),
    }
    Invitation.objects.create(**good, submission_key="1")
    for number, wrong in enumerate(
        [{}, {"email": ""}, {"way": "letter"}, {"email": "y@example.com", "state": "accepted"}]
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(**(good | wrong), submission_key=f"w{number}")
