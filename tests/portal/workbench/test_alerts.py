"""Alerts to staff: shown where people are dealt with, until a day; and who else is registered at an address."""

import datetime as dt

import pytest
from django.utils import timezone

from barnet.customers.alerting.placing import alerts_in_force, alerts_of, end_alert, household_of, place_alert
from barnet.customers.keeping.holdings import holdings
from barnet.customers.keeping.people_retention import _delete_alerts, _over_alerts
from barnet.customers.models import AccessRecord, Alert
from tests import factories
from tests.portal.workbench.conftest import form_of

pytestmark = pytest.mark.django_db


def _days(**days: int) -> dict[str, str]:
    sent = {}
    for name, ahead in days.items():
        on = timezone.localdate() + dt.timedelta(days=ahead)
        sent |= {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}
    return sent


def _placed(customer, *, until: int = 30, key: str = "a", by=None) -> Alert:
    today = timezone.localdate()
    by = by or factories.StaffFactory()
    on = today + dt.timedelta(days=max(until, 0))
    alert = place_alert(
        customer, by=by, kind="in_pairs", reason="Threw a cup", review_on=today, expires_on=on, submission_key=key
    )
    if until < 0:
        past = today + dt.timedelta(days=until)
        Alert.objects.filter(pk=alert.pk).update(review_on=past, expires_on=past)
    return alert


def test_a_leader_places_an_alert_once_and_all_who_deal_with_them_see_it(signed_in, asha, ashas_case):
    leader = signed_in("team_lead")
    address = f"/staff/customers/{asha.pk}/alert/"
    answers = {
        "submission_key": form_of(leader, address)["submission_key"],
        "kind": "in_pairs",
        "reason": "Threw a cup",
    }
    for _click in range(2):
        leader.post(address, answers | _days(review_on=10, expires_on=20))
    alert = Alert.objects.get()
    assert (alert.placed_by, alert.customer) == (leader.user, asha)
    assert "Visit in pairs" in leader.get(f"/staff/customers/{asha.pk}/").text
    operative = signed_in("operative")
    page = operative.get(f"/staff/cases/{ashas_case.reference}/").text
    assert "Visit in pairs" in page
    assert "Asha" not in page


@pytest.mark.parametrize(
    "days", [{"review_on": -1, "expires_on": 5}, {"review_on": 1, "expires_on": 400}, {"review_on": 9, "expires_on": 5}]
)
def test_days_that_make_no_sense_are_explained(signed_in, asha, days):
    leader = signed_in("team_lead")
    address = f"/staff/customers/{asha.pk}/alert/"
    answers = {
        "submission_key": form_of(leader, address)["submission_key"],
        "kind": "in_pairs",
        "reason": "Threw a cup",
    }
    page = leader.post(address, answers | _days(**days)).text
    assert "There is a problem" in page
    assert "Threw a cup" in page
    assert not Alert.objects.exists()
    today = timezone.localdate()
    on = {name: today + dt.timedelta(days=ahead) for name, ahead in days.items()}
    with pytest.raises(ValueError, match="within a year"):
        place_alert(asha, by=leader.user, kind="other", reason="x", submission_key="x", **on)


def test_an_expired_or_ended_alert_is_shown_no_more(signed_in, asha, ashas_case):
    leader = signed_in("team_lead")
    _placed(asha, until=-1, key="old")
    ended = _placed(asha, key="ended")
    leader.post(f"/staff/alerts/{ended.pk}/end/", {"reason": "Apologised"})
    ended.refresh_from_db()
    assert (ended.ended_by, ended.end_reason) == (leader.user, "Apologised")
    for address in (f"/staff/customers/{asha.pk}/", f"/staff/cases/{ashas_case.reference}/", "/staff/alerts/"):
        assert "Visit in pairs" not in leader.get(address).text
    assert leader.get(f"/staff/alerts/{ended.pk}/end/").status_code == 404
    assert end_alert(ended, by=factories.StaffFactory(), reason="Again").end_reason == "Apologised"


def test_the_last_day_still_counts(asha):
    _placed(asha, until=0)
    assert alerts_in_force().count() == 1


def test_who_may_not_see_or_place_alerts_does_not(signed_in, asha):
    alert = _placed(asha)
    adviser = signed_in("adviser")
    assert "Visit in pairs" in adviser.get(f"/staff/customers/{asha.pk}/").text
    assert adviser.get(f"/staff/customers/{asha.pk}/alert/").status_code == 403
    assert adviser.get(f"/staff/alerts/{alert.pk}/end/").status_code == 403
    assert adviser.get("/staff/alerts/").status_code == 403
    assert alerts_of(asha, seen_by=factories.StaffFactory(roles=["analyst"])) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_to_review_costs_the_same_queries(signed_in, count, django_assert_num_queries):
    leader = signed_in("team_lead")
    for number in range(count):
        _placed(factories.CustomerFactory(), key=str(number))
    leader.get("/staff/alerts/")
    with django_assert_num_queries(8):
        leader.get("/staff/alerts/")


def test_the_person_finds_it_in_what_we_hold_and_retention_takes_it(asha):
    alert = _placed(asha, until=-400)
    _placed(asha, key="new")
    [holding] = [holding for holding in holdings() if holding.key == "alerts"]
    assert len(list(holding.rows(asha))) == 1
    assert [told["reason"] for told in holding.everything(asha)] == ["Threw a cup"] * 2
    old = _over_alerts().filter(over_at__lt=timezone.now() - dt.timedelta(days=365))
    assert _delete_alerts(old) == 1
    assert not Alert.objects.filter(pk=alert.pk).exists()


# --- The household ----------------------------------------------------------------------------------------------------


def test_others_at_the_address_are_shown_to_those_who_may_know_and_it_is_recorded_for_them(signed_in, asha, cara):
    home = factories.AddressFactory()
    for person in (asha, cara):
        person.address = home
        person.save()
    page = f"/staff/customers/{asha.pk}/"
    assert "Cara Stranger" in signed_in("adviser").get(page).text
    assert AccessRecord.objects.filter(customer=cara, what=f"household of customer {asha.pk}").exists()
    assert "Cara Stranger" not in signed_in("caseworker").get(page).text


def test_without_an_address_nobody_is_at_home(asha, cara):
    leader = factories.StaffFactory(roles=["team_lead"])
    assert household_of(asha, seen_by=leader) == []
