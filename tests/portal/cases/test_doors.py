import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from barnet.customers.actors import Actor
from barnet.customers.models import AccessRecord
from portal.cases.models import Attachment, Case
from portal.cases.selectors import (
    attachment_for,
    case_for,
    case_for_staff,
    cases_for,
    followed_by,
    followed_case,
    public_timeline,
)
from portal.cases.services import MoveRefusedError, add_note, attach_photo, receive_case, resolve_case
from tests import factories
from tests.portal.cases.conftest import make_photo

pytestmark = pytest.mark.django_db


# --- Residents --------------------------------------------------------------------------------------------------------


def test_the_owner_and_the_delegate_find_the_case_and_a_stranger_does_not(ashas_case, asha, ben, cara):
    assert case_for(asha.user, ashas_case.reference) == ashas_case
    assert case_for(ben.user, ashas_case.reference) == ashas_case
    for stranger in (cara.user, AnonymousUser()):
        with pytest.raises(Http404):
            case_for(stranger, ashas_case.reference)


@pytest.mark.parametrize("reference", ["BAR-0000-0000", "../../etc", "", "BAR-7K3M-29QD"])
def test_what_is_no_reference_is_not_found(asha, reference):
    with pytest.raises(Http404):
        case_for(asha.user, reference)


def test_a_reference_is_found_as_people_type_it(ashas_case, asha):
    typed = ashas_case.reference.lower().replace("-", " ")
    assert case_for(asha.user, typed) == ashas_case


def test_authority_for_one_service_does_not_reach_cases_of_another(ashas_case, asha, cara):
    other = factories.ServiceFactory(slug="new-bin", name="Order a bin")
    factories.DelegationFactory(principal=asha, delegate=cara, service=other)
    theirs = factories.CaseFactory(customer=asha, service=other)
    assert set(cases_for(cara.user)) == {theirs}
    with pytest.raises(Http404):
        case_for(cara.user, ashas_case.reference)


def test_authority_that_has_ended_reaches_nothing(ashas_case, asha, ben):
    asha.delegations_given.update(ends_on="2021-01-01")
    with pytest.raises(Http404):
        case_for(ben.user, ashas_case.reference)


def test_a_case_made_without_an_account_is_found_by_its_proved_address_only(visitors_case):
    proved = factories.UserFactory(email="vera@example.com")
    assert case_for(proved, visitors_case.reference) == visitors_case
    proved.emailaddress_set.update(verified=False)
    with pytest.raises(Http404):
        case_for(proved, visitors_case.reference)


def test_the_contact_address_of_somebody_elses_case_opens_nothing(ashas_case, cara):
    Case.objects.filter(pk=ashas_case.pk).update(contact_email="cara@example.com")
    with pytest.raises(Http404):
        case_for(cara.user, ashas_case.reference)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_a_resident_costs_the_same_queries(asha, ben, count, django_assert_num_queries):
    factories.CaseFactory.create_batch(count, customer=asha)
    with django_assert_num_queries(4):
        assert len(cases_for(ben.user)) == count


def test_the_public_timeline_holds_no_notes_and_no_names_of_staff(ashas_case, dev, by_dev):
    dev.first_name = "Devanand"
    dev.save()
    add_note(ashas_case, actor=by_dev, text="Difficult neighbour")
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="Done.")
    shown = [" ".join((entry.title, entry.byline, entry.text)) for entry in public_timeline(ashas_case)]
    assert len(shown) == 2
    assert not [line for line in shown if "neighbour" in line or "Devanand" in line]


# --- Followers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def cara_follows(ashas_case, cara, service):
    return receive_case(
        service,
        actor=Actor.online(cara.user, cara),
        submission_key="c",
        title="Overflowing bin",
        customer=cara,
        address_text="The corner",
        same_as_key="bin-1",
    )


def test_a_follower_cannot_open_the_case(cara_follows, ashas_case, cara):
    with pytest.raises(Http404):
        case_for(cara.user, ashas_case.reference)
    assert not cases_for(cara.user).exists()


def test_a_follower_sees_where_it_stands_in_their_own_words(cara_follows, ashas_case, cara, by_dev):
    resolve_case(ashas_case, actor=by_dev, outcome="done", public_reason="The crew came back.")
    seen = followed_case(cara.user, ashas_case.reference)
    assert (seen.title, seen.place, seen.state) == ("Overflowing bin", "The corner", "resolved")
    assert (seen.outcome, seen.public_reason) == ("Done", "The crew came back.")
    assert "Asha" not in repr(seen)
    assert ashas_case.place not in repr(seen)


def test_a_stranger_follows_nothing(cara_follows, ashas_case, asha):
    assert followed_by(asha.user) == []
    assert followed_by(AnonymousUser()) == []
    with pytest.raises(Http404):
        followed_case(asha.user, ashas_case.reference)


# --- Staff ------------------------------------------------------------------------------------------------------------


def test_staff_who_open_a_case_leave_a_record(ashas_case, asha, dev):
    assert case_for_staff(dev, ashas_case.reference, purpose="casework") == ashas_case
    record = AccessRecord.objects.get()
    assert (record.actor, record.customer, record.purpose) == (dev, asha, "casework")
    assert ashas_case.reference in record.what


def test_residents_and_staff_without_the_right_open_no_case(ashas_case, asha):
    with pytest.raises(Http404):
        case_for_staff(asha.user, ashas_case.reference, purpose="curiosity")
    with pytest.raises(PermissionDenied):
        case_for_staff(factories.StaffFactory(roles=["editor"]), ashas_case.reference, purpose="curiosity")
    assert not AccessRecord.objects.exists()


# --- Photos -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def photo(ashas_case, asha) -> Attachment:
    return attach_photo(ashas_case, actor=Actor.online(asha.user, asha), photo=make_photo())


def test_a_photo_is_opened_by_owner_delegate_and_caseworker_only(photo, asha, ben, cara, dev):
    for person in (asha.user, ben.user, dev):
        assert attachment_for(person, photo.pk) == photo
    for stranger in (cara.user, AnonymousUser(), factories.StaffFactory(roles=["editor"])):
        with pytest.raises(Http404):
            attachment_for(stranger, photo.pk)


def test_a_photo_for_staff_is_not_opened_by_the_customer(ashas_case, asha, dev, by_dev):
    photo = attach_photo(ashas_case, actor=by_dev, photo=make_photo(), is_public=False)
    assert attachment_for(dev, photo.pk) == photo
    with pytest.raises(Http404):
        attachment_for(asha.user, photo.pk)


def test_a_photo_is_served_as_what_it_is_and_never_kept(photo, client, asha):
    client.force_login(asha.user)
    response = client.get(f"/requests/photos/{photo.pk}/")
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith('inline; filename="bin')
    assert b"".join(response.streaming_content)[:2] == b"\xff\xd8"


def test_a_photo_is_not_found_by_strangers_and_not_changed_by_anybody(photo, client, cara):
    assert client.get(f"/requests/photos/{photo.pk}/").status_code == 404
    client.force_login(cara.user)
    assert client.get(f"/requests/photos/{photo.pk}/").status_code == 404
    assert client.get("/requests/photos/99999999/").status_code == 404
    assert client.post(f"/requests/photos/{photo.pk}/").status_code == 405


def test_a_photo_whose_file_is_gone_is_not_found(photo, client, asha):
    photo.file.storage.delete(photo.file.name)
    client.force_login(asha.user)
    assert client.get(f"/requests/photos/{photo.pk}/").status_code == 404


def test_three_photos_from_each_side_and_no_more(ashas_case, asha, by_dev):
    by_asha = Actor.online(asha.user, asha)
    for actor, colours in ((by_asha, ("red", "green", "blue")), (by_dev, ("black", "white", "grey"))):
        for colour in colours:
            attach_photo(ashas_case, actor=actor, photo=make_photo(colour))
    with pytest.raises(MoveRefusedError):
        attach_photo(ashas_case, actor=by_asha, photo=make_photo("pink"))
    assert attach_photo(ashas_case, actor=by_asha, photo=make_photo("red")) == ashas_case.attachments.first()


def test_photos_of_a_visitor_count_on_the_customers_side(service, by_dev):
    photos = [make_photo(colour) for colour in ("red", "green", "blue")]
    case = receive_case(service, actor=Actor.visitor(), submission_key="v", title="x", photos=photos).case
    with pytest.raises(MoveRefusedError):
        attach_photo(case, actor=Actor.visitor(), photo=make_photo("pink"))
    attach_photo(case, actor=by_dev, photo=make_photo("black"))
