"""A form that has a bit of everything, and a hand that fills it in."""

import pytest
from django.urls import reverse

from portal.smartforms.models import Draft
from portal.smartforms.publishing import import_form
from tests.factories import ServiceFactory

CLUB = {
    "slug": "holiday-club",
    "title": "Apply for the holiday club",
    "summary": "A place for your children in the school holidays.",
    "service": "holiday-club",
    "declaration": "What I said is true.",
    "steps": [
        {
            "key": "home",
            "title": "Where you live",
            "questions": [{"key": "local", "kind": "yes_no", "label": "Do you live in Barnet?"}],
        },
        {
            "key": "you",
            "title": "About you",
            "questions": [
                {"key": "name", "kind": "name", "label": "Your name", "prefill": "account.name"},
                {
                    "key": "email",
                    "kind": "email",
                    "label": "Your email address",
                    "prefill": "account.email",
                    "required": False,
                },
                {
                    "key": "income",
                    "kind": "money",
                    "label": "Income a week",
                    "required": False,
                    "checks": [
                        {
                            "must": {"about": "income", "at_most": 5000},
                            "message": "A week, not a year: enter at most £5,000",
                        }
                    ],
                },
            ],
        },
        {
            "key": "children",
            "title": "Your children",
            "kind": "group",
            "item_name": "child",
            "least": 1,
            "most": 3,
            "questions": [
                {"key": "child_name", "kind": "name", "label": "Name"},
                {"key": "child_born", "kind": "date", "label": "Date of birth", "latest": "today"},
            ],
        },
        {
            "key": "needs",
            "title": "Needs",
            "questions": [
                {"key": "has_needs", "kind": "yes_no", "label": "Does a child need special help?"},
            ],
        },
        {
            "key": "health",
            "title": "Health",
            "show_when": {"about": "has_needs", "one_of": ["yes"]},
            "questions": [
                {
                    "key": "health",
                    "kind": "long_text",
                    "label": "What help does the child need?",
                    "why": "So that somebody who can help is there.",
                    "data_class": "special",
                }
            ],
        },
        {"key": "rules", "title": "The rules", "kind": "information", "body": "Bring a drink.\n\n- A hat\n- Sun cream"},
    ],
    "ends": [{"after": "home", "when": {"about": "local", "one_of": ["no"]}, "outcome": "elsewhere"}],
    "outcomes": [
        {
            "key": "elsewhere",
            "title": "Ask your own council",
            "body": "Only children of the borough can come.",
            "when": {"about": "local", "one_of": ["no"]},
            "sends": False,
        },
        {"key": "sent", "title": "We have your application"},
    ],
    "destinations": [{"service": "holiday-club", "case_title": "Holiday club"}],
}


@pytest.fixture
def service(db):
    return ServiceFactory(slug="holiday-club", standard_working_days=5)


@pytest.fixture
def club(service):
    return import_form(CLUB, by=None).form


class Hand:
    """Fills in a form in one browser."""

    def __init__(self, client, slug="holiday-club"):
        self.client, self.slug = client, slug

    def start(self):
        page = self.client.get(reverse("form_start", args=[self.slug]))
        key = page.context["form"]["submission_key"].value()
        answer = self.client.post(reverse("form_start", args=[self.slug]), {"submission_key": key})
        assert answer.status_code == 302, answer.content.decode()
        self.draft = Draft.objects.latest("started_at")
        return answer.url

    def url(self, step, query=""):
        return reverse("form_step", args=[self.slug, self.draft.pk, step]) + query

    def thing_url(self, step, number):
        return reverse("form_thing", args=[self.slug, self.draft.pk, step, number])

    @property
    def check_url(self):
        return reverse("form_check", args=[self.slug, self.draft.pk])

    def get(self, step, query=""):
        return self.client.get(self.url(step, query))

    def post(self, step, data, query=""):
        return self.client.post(self.url(step, query), data)

    def answer(self, step, data, leads_to):
        answer = self.post(step, data)
        assert answer.status_code == 302, answer.content.decode()
        assert answer.url == (self.url(leads_to) if leads_to not in ("check",) else self.check_url)

    def add_child(self, number=1, name="Ada"):
        data = {"child_name": name, "child_born_day": "1", "child_born_month": "2", "child_born_year": "2020"}
        answer = self.client.post(self.thing_url("children", number), data)
        assert answer.status_code == 302, answer.content.decode()
        return answer

    def fill_in(self):
        """To the page of answers, by the shortest way that sends."""
        self.start()
        self.answer("home", {"local": "yes"}, "you")
        self.answer("you", {"name": "Asha Owner", "email": "asha@example.com"}, "children")
        self.add_child()
        self.answer("children", {"another": "no"}, "needs")
        self.answer("needs", {"has_needs": "no"}, "rules")
        self.answer("rules", {}, "check")
        return self

    def kept(self):
        self.draft.refresh_from_db()
        return self.draft.answers


@pytest.fixture
def hand(club, client):
    return Hand(client)
