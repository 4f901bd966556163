"""The page of figures, beside the editor of a form."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.smartforms.models import SmartForm, StepDay, What
from tests.factories import StaffFactory
from tests.people import PortalClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    client = PortalClient()
    client.force_login(StaffFactory(roles=["form_author"]))
    return client


@pytest.fixture
def happened(club):
    def write(what, step, count, **more):
        on = more.pop("on", timezone.localdate() - dt.timedelta(days=10))
        version = club.live_version
        StepDay.objects.create(version=version, on=on, what=what, step=step, count=count, **more)

    write(What.REACHED, "you", 40)
    write(What.DONE, "you", 25, seconds=75)
    write(What.REFUSED, "you", 9, question="name", sentence="Fill in “Your name” <b>")
    return write


def test_the_page_says_it_in_tables(author, club, happened):
    page = author.get(reverse("smartform_figures", args=[club.pk])).content.decode()
    for words in (
        "About you",
        "<td>40</td>",
        "1 minute 15 seconds",
        "Fill in “Your name” &lt;b&gt;",
        "Numbers from 1 to 4",
    ):
        assert words in page
    assert "style=" not in page[page.index('class="nice-padding form-figures"') :].split("</ul>")[0]


def test_days_are_chosen_and_what_makes_no_sense_is_four_weeks(author, club, happened):
    address = reverse("smartform_figures", args=[club.pk])
    assert "<td>40</td>" not in author.get(address, {"days": "7"}).content.decode()
    for query in ({"days": "90"}, {"days": "x", "version": "77"}, {"version": "1"}):
        assert "<td>40</td>" in author.get(address, query).content.decode()


def test_the_same_as_a_file(author, club, happened):
    response = author.get(reverse("smartform_figures_file", args=[club.pk]), {"days": "all"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert "Page,About you,,40,25,0,0,1 minute 15 seconds,1 minute 15 seconds,0" in lines
    assert any(line.startswith("Refused,Your name,Fill in") for line in lines)


def test_a_form_that_nobody_could_fill_in_says_so(author, club):
    form = SmartForm.objects.create(slug="new", title="New", service=club.service)
    assert "not published yet" in author.get(reverse("smartform_figures", args=[form.pk])).content.decode()


def test_it_stands_beside_the_form(author, club):
    address = reverse("smartform_figures", args=[club.pk])
    views = SmartForm.snippet_viewset
    assert address in author.get(reverse(views.get_url_name("list"))).content.decode()
    assert address in author.get(reverse(views.get_url_name("edit"), args=[club.pk])).content.decode()


def test_others_do_not_see_it(club, asha, dev):
    for user in (asha.user, dev, StaffFactory(roles=["editor"])):
        client = PortalClient()
        client.force_login(user)
        assert client.get(reverse("smartform_figures", args=[club.pk])).status_code in {302, 403, 404}
