"""A kiosk with a key, and its hand on the API."""

import uuid

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from barnet.customers.api.api_keys import ApiKey, ApiScope, make_api_key
from portal.smartforms.models import ApiGrant
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory
from tests.portal.smartforms.running.conftest import CLUB


class Caller:
    """One key, without cookies."""

    def __init__(self, name="Library kiosk", scopes=(ApiScope.FORMS_FILL,)):
        self.key, self.secret = make_api_key(name, list(scopes))
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method, name, *args, body=None, secret=None, **headers):
        headers = {"Authorization": f"Bearer {secret or self.secret}", **headers}
        sends = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(self.client, method)(reverse(name, args=args), headers=headers, **sends)

    def begin(self, slug="holiday-club", once=None):
        answer = self.call("post", "api_form_drafts", slug, **{"Idempotency-Key": once or uuid.uuid4().hex})
        assert answer.status_code in (200, 201), answer.content
        self.slug, self.draft = slug, answer.json()["id"]
        return answer

    def state(self):
        answer = self.call("get", "api_form_draft", self.slug, self.draft)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def step(self, key, answers):
        return self.call("put", "api_form_step", self.slug, self.draft, key, body={"answers": answers})

    def good(self, key, answers):
        answer = self.step(key, answers)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def wrong(self, key, answers):
        """By question, or by index and question."""
        before = self.state()
        answer = self.step(key, answers)
        assert answer.status_code == 422, answer.content
        assert self.state() == before, "a refused call changed something"
        errors = answer.json()["errors"]
        return {
            (one["question"] if one["index"] is None else (one["index"], one["question"])): one["message"]
            for one in errors
        }

    def upload(self, question, file):
        return self.client.post(
            reverse("api_form_files", args=[self.slug, self.draft, question]),
            {"file": file},
            headers={"Authorization": f"Bearer {self.secret}"},
        )

    def submit(self, **body):
        return self.call("post", "api_form_submit", self.slug, self.draft, body=body)

    def fill_in(self):
        self.begin()
        self.good("home", {"local": "yes"})
        self.good("you", {"name": "Asha Owner", "email": "asha@example.com"})
        self.good("children", [{"child_name": "Ada", "child_born": "2020-02-01"}])
        self.good("needs", {"has_needs": "no"})
        return self.good("rules", {})


def publish(change):
    """The club with some parts replaced."""
    form = {**CLUB, **change}
    ServiceFactory(slug=form["service"], standard_working_days=5)
    return import_form(form, by=None).form


@pytest.fixture
def kiosk(db):
    publish({})
    caller = Caller()
    call_command("allow_form", "Library kiosk", "holiday-club", channel="face_to_face")
    return caller


@pytest.fixture
def other(kiosk):
    """Another system that may fill in the same form."""
    caller = Caller("Partner")
    ApiGrant.objects.create(api_key=ApiKey.objects.get(name="Partner"), form=ApiGrant.objects.get().form)
    return caller
