"""Whoever is known well enough is asked nothing: the form begins with the page of answers."""

import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.cases.models import Case
from portal.smartforms.definition.reading import read
from portal.smartforms.proving.gate import prove
from portal.smartforms.publishing import import_form
from portal.smartforms.reviewing.ways import ways_of
from tests.portal.smartforms.running.conftest import CLUB, Hand

pytestmark = pytest.mark.django_db


def known():
    form = copy.deepcopy(CLUB)
    form["steps"] = [form["steps"][0] | {"show_when": {"about": "fact.signed_in", "one_of": ["yes"]}}]
    return form | {"ends": [], "outcomes": [{"key": "sent", "title": "We have it"}]}


def test_the_page_of_answers_comes_first_and_leads_back_to_the_start(client, service):
    import_form(known(), by=None)
    hand = Hand(client)
    assert hand.start() == hand.check_url
    page = client.get(hand.check_url)
    assert page.status_code == 200
    assert f'href="{reverse("form_start", args=["holiday-club"])}"' in page.content.decode()
    assert client.post(hand.check_url, {"declared": "on"}).status_code == 302
    assert Case.objects.count() == 1


def test_an_author_sees_that_way(service):
    definition, today = read(known()), timezone.localdate()
    ways = ways_of(definition, prove(definition, today).paths, today)
    assert {len(way.pages) for way in ways} == {0, 1}
