"""Who acts for whom: the right is looked up in every request, and the banner costs visitors nothing."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from barnet.customers import selectors
from barnet.customers.acting_for import serving
from barnet.customers.context_processors import serving as banner
from barnet.customers.enums import Channel, Right
from barnet.customers.models import Delegation
from tests import factories
from tests.people import give_authenticator

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def adviser(db):
    return factories.StaffFactory(email="adviser@example.com", roles=["adviser"])


def request_of(user, session=None, *, proved=True):
    request = RequestFactory().get("/")
    request.user = user
    request.session = session if session is not None else {}
    if proved and user.pk and user.is_staff:
        give_authenticator(user)
        request.session["account_authentication_methods"] = [{"method": "mfa", "at": 0}]
        request.session["account_authentication_methods_user"] = str(user.pk)
    return request


def test_visitor_acts_for_nobody_known(db):
    party = serving.party_for(request_of(AnonymousUser()))
    assert (party.actor.user, party.customer, party.is_served) == (None, None, False)


def test_resident_acts_for_themselves(asha):
    party = serving.party_for(request_of(asha.user))
    assert (party.actor.right, party.customer, party.is_delegated) == (Right.SELF, asha, False)


def test_delegate_acts_for_the_principal_until_they_stop(asha, ben):
    request = request_of(ben.user)
    serving.start_acting_for(request, asha)
    party = serving.party_for(request)
    assert (party.actor.user, party.actor.right, party.customer) == (ben.user, Right.DELEGATE, asha)
    serving.stop_acting_for(request)
    assert serving.party_for(request).customer == ben


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"ends_on": TODAY - dt.timedelta(days=1)},
        {"starts_on": TODAY + dt.timedelta(days=1)},
    ],
)
def test_authority_that_ended_works_no_more_in_an_open_session(asha, ben, change, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    session = {"acting_for": asha.pk}
    assert serving.party_for(request_of(ben.user, session)).customer == asha
    Delegation.objects.update(**change)
    assert serving.party_for(request_of(ben.user, session)).customer == ben
    assert "acting_for" not in session


def test_last_day_of_an_authority_counts(asha, ben, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    Delegation.objects.update(starts_on=TODAY, ends_on=TODAY)
    assert asha in selectors.customers_for(ben.user)


def test_forged_session_gives_no_authority(asha, cara):
    assert serving.party_for(request_of(cara.user, {"acting_for": asha.pk})).customer == cara
    assert (
        serving.party_for(request_of(cara.user, {"serving": {"customer": asha.pk, "channel": "phone"}})).customer
        == cara
    )


def test_authority_for_one_service_reaches_no_other(asha, ben):
    bins, parking = factories.ServiceFactory(), factories.ServiceFactory(slug="parking")
    factories.narrow(Delegation.objects.get(), bins)
    request = request_of(ben.user, {"acting_for": asha.pk})

    assert serving.party_for(request, service=bins).customer == asha
    with pytest.raises(serving.NotCoveredError):
        serving.party_for(request, service=parking)
    assert set(selectors.customers_for(ben.user)) == {ben}
    assert set(selectors.customers_for(ben.user, service=bins)) == {asha, ben}
    assert set(selectors.customers_for(ben.user, service=parking)) == {ben}
    assert list(selectors.principals_of(ben.user)) == [asha]


def test_staff_serve_a_customer_through_a_channel(asha, adviser):
    request = request_of(adviser)
    serving.start_serving(request, asha, Channel.PHONE)
    party = serving.party_for(request)
    assert (party.actor.user, party.actor.right, party.actor.channel) == (adviser, Right.STAFF, Channel.PHONE)
    assert (party.customer, party.is_served) == (asha, True)
    serving.stop_serving(request)
    assert not serving.party_for(request).is_served


def test_serving_needs_the_right_and_the_second_factor(asha, adviser, dev, cara):
    for request in (request_of(dev), request_of(cara.user), request_of(adviser, proved=False)):
        with pytest.raises(PermissionDenied):
            serving.start_serving(request, asha, Channel.PHONE)
    with pytest.raises(ValueError, match="Nobody"):
        serving.start_serving(request_of(adviser), asha, Channel.WEB)


def test_serving_ends_with_the_right(asha, adviser):
    session = {"serving": {"customer": asha.pk, "channel": "phone"}}
    adviser.groups.clear()
    assert not serving.party_for(request_of(adviser, session)).is_served
    assert "serving" not in session


def test_banner_costs_no_query_for_visitors_and_for_people_who_act_for_themselves(client, asha):
    with CaptureQueriesContext(connection) as captured:
        said = banner(request_of(AnonymousUser()))
        assert not said["serving"]
        assert not said["acting_for"]
        said = banner(request_of(asha.user))
        assert not said["acting_for"]
        assert not banner(SimpleNamespace())["serving"]
    assert len(captured) == 0


def test_banner_names_whom_one_acts_for_and_how_to_stop(asha, ben, adviser):
    said = banner(request_of(ben.user, {"acting_for": asha.pk}))
    assert said["acting_for"] == {"name": "Asha Owner", "stop_url": "/account/acting-for/stop/"}
    said = banner(request_of(adviser, {"serving": {"customer": asha.pk, "channel": "face_to_face"}}))
    assert (said["serving"]["name"], said["serving"]["channel"]) == ("Asha Owner", "Face to face")


def test_page_to_choose_lists_only_people_who_gave_authority(client, asha, ben, cara):
    client.force_login(ben.user)
    page = client.get("/account/acting-for/").content.decode()
    assert "Asha Owner" in page
    assert "Cara" not in page

    refused = client.post("/account/acting-for/", {"principal": cara.pk})
    assert "You may not act for this person" in refused.content.decode()
    assert "Choose whom you want to act for" in client.post("/account/acting-for/", {}).content.decode()
    assert client.post("/account/acting-for/", {"principal": asha.pk}).url == "/account/"
    page = client.get("/account/").content.decode()
    assert "You are acting for" in page
    assert "Act for yourself again" in page

    assert client.get("/account/acting-for/stop/").status_code == 405
    assert client.post("/account/acting-for/stop/").url == "/account/"
    assert "You are acting for" not in client.get("/account/").content.decode()


def test_page_to_choose_says_how_to_get_authority(client, cara):
    client.force_login(cara.user)
    page = client.get("/account/acting-for/").content.decode()
    assert "Nobody has given you authority" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]


def test_choice_is_forgotten_with_the_session(client, asha, ben):
    client.force_login(ben.user)
    client.post("/account/acting-for/", {"principal": asha.pk})
    client.post("/account/sign-out/")
    client.force_login(ben.user)
    assert "acting_for" not in client.session
