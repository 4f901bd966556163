"""Whose eyes see a job, and how much of a customer."""

import datetime as dt

import pytest
from django.contrib.gis.geos import Point
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from barnet.customers.models import AccessRecord
from barnet.gazetteer.models import BNG
from portal.cases.enums import CaseState
from portal.cases.models import Case
from portal.field.models import FieldService
from tests.factories import AddressFactory, StaffFactory
from tests.portal.field.conftest import picture


def addresses(job):
    return [reverse("field"), reverse("field_day"), reverse("field_job", args=[job.pk])]


def test_four_people_and_visitors_find_no_jobs(client, job, asha, ben, cara, dev):
    for user in (asha.user, ben.user, cara.user):
        client.force_login(user)
        assert [client.get(address).status_code for address in addresses(job)] == [404, 404, 404]
    client.force_login(dev)  # a caseworker is in no crew
    assert [client.get(address).status_code for address in addresses(job)] == [403, 403, 403]
    client.logout()
    assert [client.get(address).status_code for address in addresses(job)] == [302, 302, 302]


def test_operative_sees_the_jobs_of_the_own_crew_only(client, job, otis, olga):
    client.force_login(otis)
    assert "Dumped sofa" in client.get(reverse("field")).content.decode()
    assert client.get(reverse("field_job", args=[job.pk])).status_code == 200
    client.force_login(olga)
    assert "Dumped sofa" not in client.get(reverse("field")).content.decode()
    assert client.get(reverse("field_day")).json()["jobs"] == []
    assert client.get(reverse("field_job", args=[job.pk])).status_code == 404
    assert client.post(reverse("field_job", args=[job.pk]), {"chosen": "done-done"}).status_code == 404


def test_job_of_another_crew_cannot_be_ended(client, job, olga, send):
    client.force_login(olga)
    response = send(client, job)
    assert (response.status_code, "not with your crew" in response.json()["sentence"]) == (404, True)
    job.refresh_from_db()
    assert job.is_planned


def test_member_of_the_crew_without_the_role_sees_nothing(client, job, crew):
    clerk = StaffFactory(roles=["caseworker"])
    crew.members.add(clerk)
    client.force_login(clerk)
    assert client.get(reverse("field_job", args=[job.pk])).status_code == 403


def test_nothing_of_the_customer_unless_the_service_says_so(client, job, otis, asha):
    asha.phone = "020 7946 0999"
    asha.save()
    client.force_login(otis)

    def seen():
        pages = [client.get(address).content.decode() for address in addresses(job)]
        return ["Asha Owner" in text or "020 7946 0999" in text for text in pages]

    assert seen() == [False, False, False]
    FieldService.objects.update(shows_contact=True)
    assert seen() == [False, True, True]
    assert "asha@example.com" not in client.get(reverse("field_day")).content.decode()


def test_reading_a_job_is_recorded(client, job, otis, asha):
    client.force_login(otis)
    client.get(reverse("field_job", args=[job.pk]))
    assert AccessRecord.objects.filter(actor=otis, customer=asha, what=f"job of {job.case.reference}").count() == 1


def test_photos_open_for_the_crew_only(client, job, otis, olga, send, planned):
    client.force_login(otis)
    send(client, job, after=picture())
    taken = job.photos.get()
    address = reverse("field_photo", args=[job.pk, taken.attachment_id])
    assert client.get(address).status_code == 200
    other = planned("other")
    assert client.get(reverse("field_photo", args=[other.pk, taken.attachment_id])).status_code == 404
    client.force_login(olga)
    assert client.get(address).status_code == 404


def test_today_has_what_was_left_and_not_what_comes(client, otis, planned):
    today = timezone.localdate()
    for key, days in (("left", -2), ("today", 0), ("tomorrow", 1)):
        Case.objects.filter(pk=planned(key, on=today + dt.timedelta(days=days)).case_id).update(title=f"Job {key}")
    gone = planned("gone")
    Case.objects.filter(pk=gone.case_id).update(title="Job gone", state=CaseState.WITHDRAWN)
    client.force_login(otis)
    text = client.get(reverse("field")).content.decode()
    assert ["Job left" in text, "Job today" in text, "Job tomorrow" in text, "Job gone" in text] == [
        True,
        True,
        False,
        False,
    ]


def test_nearest_first_from_where_the_telephone_is(client, otis, planned):
    for key, east in (("far", 2000), ("near", 20), ("middle", 500)):
        home = AddressFactory(location=Point(524_500 + east, 196_500, srid=BNG))
        Case.objects.filter(pk=planned(key, address=home).case_id).update(title=f"Job {key}")
    client.force_login(otis)
    response = client.post(reverse("field"), {"latitude": "51.6545", "longitude": "-0.2025"})
    assert [job.case.title for job, _far in response.context["rows"]] == ["Job near", "Job middle", "Job far"]
    response = client.post(reverse("field"), {"latitude": "x", "longitude": "NaN"})
    assert "did not say where it is" in response.content.decode()


@pytest.mark.parametrize("name", ["field", "field_day"])
def test_list_costs_the_same_for_one_and_three(client, otis, planned, name):
    planned("0")
    client.force_login(otis)
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(name))
    for key in ("1", "2"):
        planned(key)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse(name))
    assert len(one) == len(three)


def test_pages_of_the_telephone_hold_nothing_personal(client, job):
    for name in ("field_offline", "field_worker", "field_manifest"):
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert job.case.reference not in response.content.decode()
    assert client.get(reverse("field_manifest")).json()["scope"] == "/field/"


def test_the_icon_of_the_home_screen_is_as_large_as_it_says(client, otis):
    """Some telephones draw none from an SVG."""
    (icon,) = [one for one in client.get(reverse("field_manifest")).json()["icons"] if one["type"] == "image/png"]
    with Image.open(finders.find("icon-512.png")) as painted:
        assert (painted.format, f"{painted.width}x{painted.height}") == ("PNG", icon["sizes"])
    client.force_login(otis)
    assert f'rel="apple-touch-icon" href="{icon["src"]}"' in client.get(reverse("field")).content.decode()
