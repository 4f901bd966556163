"""Holding a back office by page: with a reason, once, and only by who may."""

import pytest

from portal.cases.delivery.enums import DeliveryState
from portal.cases.models import Delivery, OfficePause
from tests.portal.cases.delivery.conftest import make_office, receive  # noqa: F401 - fixtures
from tests.portal.workbench.test_offices import PAGES, may  # noqa: F401 - fixture

HOLD, GO_ON = f"{PAGES}lamps/hold/", f"{PAGES}lamps/go-on/"


@pytest.fixture
def lamps(make_office):  # noqa: F811
    return make_office(url="https://lamps.example/", name="Bright Lamps")


def test_a_lead_holds_an_office_and_everybody_sees_by_whom_and_why(may, lamps, receive, dev):  # noqa: F811
    client = may("view_delivery", "pause_backoffice", "view_case")
    assert "Hold" in client.get(PAGES).content.decode()
    page = client.post(HOLD, {"reason": "Their system is moved."}, follow=True).content.decode()
    assert f"by {dev}: Their system is moved." in page
    assert "Go on" in page
    case = receive()
    panel = client.get(f"/staff/cases/{case.reference}/").content.decode()
    assert "Held since" in panel
    assert f"by {dev}: Their system is moved." in panel
    pause = OfficePause.objects.get()
    page = client.post(GO_ON, {"pause": pause.pk}, follow=True).content.decode()
    assert "goes on" in page
    pause.refresh_from_db()
    assert pause.ended_by == dev
    assert "Held since" not in client.get(f"/staff/cases/{case.reference}/").content.decode()


def test_only_what_waits_is_called_held(may, lamps, receive):  # noqa: F811
    client = may("view_delivery", "pause_backoffice", "view_case")
    case = receive()
    Delivery.objects.update(state=DeliveryState.SENT, sent_at=case.opened_at)
    client.post(HOLD, {"reason": "Moved."})
    assert "Held since" not in client.get(f"/staff/cases/{case.reference}/").content.decode()


@pytest.mark.parametrize(
    ("reason", "sentence"), [(" ", "Write why it is held."), ("x" * 301, "Use 300 characters or fewer. You typed 301.")]
)
def test_a_pause_needs_a_reason(may, lamps, reason, sentence):  # noqa: F811
    page = may("view_delivery", "pause_backoffice").post(HOLD, {"reason": reason}).content.decode()
    assert sentence in page
    assert reason.strip() in page
    assert not OfficePause.objects.exists()


def test_pressed_twice_it_is_held_once_and_a_later_pause_is_not_ended_by_an_old_page(may, lamps):  # noqa: F811
    client = may("view_delivery", "pause_backoffice")
    client.post(HOLD, {"reason": "First"})
    assert "held already" in client.post(HOLD, {"reason": "Second"}, follow=True).content.decode()
    first = OfficePause.objects.get()
    client.post(GO_ON, {"pause": first.pk})
    assert "Nothing to do" in client.post(GO_ON, {"pause": first.pk}, follow=True).content.decode()
    client.post(HOLD, {"reason": "Third"})
    client.post(GO_ON, {"pause": first.pk})
    assert OfficePause.objects.open().get().reason == "Third"


@pytest.mark.parametrize("said", [{}, {"pause": "x"}, {"pause": "9" * 30}, {"pause": ""}])
def test_going_on_with_what_makes_no_sense_changes_nothing(may, lamps, said):  # noqa: F811
    client = may("view_delivery", "pause_backoffice")
    client.post(HOLD, {"reason": "First"})
    assert client.post(GO_ON, said).status_code == 302
    assert OfficePause.objects.open().exists()


def test_who_only_looks_is_not_offered_it_and_may_not(may, lamps):  # noqa: F811
    client = may("view_delivery")
    assert "/hold/" not in client.get(PAGES).content.decode()
    assert client.get(HOLD).status_code == 403
    assert client.post(HOLD, {"reason": "x"}).status_code == 403
    assert client.post(GO_ON, {"pause": 1}).status_code == 403


def test_an_office_that_is_no_longer_used_is_not_held(may, lamps):  # noqa: F811
    client = may("view_delivery", "pause_backoffice")
    type(lamps).objects.update(is_active=False)
    assert client.post(HOLD, {"reason": "x"}).status_code == 404
    assert "No longer used" in client.get(PAGES).content.decode()
