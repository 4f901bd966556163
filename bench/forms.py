"""A page of a form with 60 questions and 40 rules, from middleware to last byte: shown and sent, at its beginning and
at its end, of a visitor and of somebody who is signed in.

The number of queries may not grow with the answers: `tests/portal/smartforms/running/test_cost.py` holds it.
"""

import re
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from barnet.customers.models import Customer, User
from bench import Measured, PrintRow, Promise, measure
from portal.smartforms.answers import read_answer
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Draft
from portal.smartforms.publishing import import_form
from portal.smartforms.versions import definition_of
from tests.factories import ServiceFactory
from tests.people import PortalClient
from tests.portal.smartforms.large_form import large_answers, large_form

QUESTIONS, RULES = 60, 40
ROUNDS = 200
PROMISE = Promise(p95_ms=40, queries=12, cpu_ms=20)
EMAIL = "bench.forms@example.com"


def run(print_row: PrintRow) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    ServiceFactory(slug="bench-forms")
    version = import_form(large_form("bench-forms", questions=QUESTIONS, rules=RULES, service="bench-forms"), by=None)
    definition = definition_of(version)
    last = len(definition.steps) - 1
    for who, browser in (("a visitor", Client()), ("an account", _signed_in())):
        draft = _begin(browser)
        measured: dict[str, Measured] = {}
        for where, number in (("first", 0), ("middle", last // 2), ("last", last)):
            step = definition.steps[number]
            _fill(draft, definition, before=number)
            url = reverse("form_step", args=["bench-forms", draft.pk, step.key])
            measured[f"{where} page, shown"] = _asked(browser.get, [(url,)] * ROUNDS, 200)
            measured[f"{where} page, sent"] = _asked(browser.post, [(url, _posted(step))] * ROUNDS, 302)
        url = reverse("form_check", args=["bench-forms", draft.pk])
        measured["all 60 answers, shown"] = _asked(browser.get, [(url,)] * ROUNDS, 200)
        for what, found in measured.items():
            print_row(f"form, {who}: {what}", found, PROMISE)
        for how in ("shown", "sent"):
            first, end = measured[f"first page, {how}"], measured[f"last page, {how}"]
            print(
                f"    {how}: the last page takes {end.p50 / first.p50:.2f} times as long as the first (p50)", flush=True
            )


def _signed_in() -> Client:
    user, _made = User.objects.get_or_create(email=EMAIL)
    Customer.objects.of(user)
    browser = PortalClient()
    browser.force_login(user)
    return browser


def _begin(browser: Client) -> Draft:
    url = reverse("form_start", args=["bench-forms"])
    key = re.search(r'name="submission_key" value="([^"]+)"', browser.get(url).text)
    answer = browser.post(url, {"submission_key": key[1] if key else ""})
    return Draft.objects.get(pk=uuid.UUID(answer.url.split("/")[3]))


def _fill(draft: Draft, definition: Any, *, before: int) -> None:
    """Everything before the step is answered, and what comes behind it is not."""
    steps = definition.steps[:before]
    keys = {question.key for step in steps for question in step.questions}
    draft.answers = {key: value for key, value in large_answers(QUESTIONS).items() if key in keys}
    draft.seen = [step.key for step in steps]
    draft.save(update_fields=["answers", "seen"])


def _posted(step: Any) -> dict[str, Any]:
    answers, sent = large_answers(QUESTIONS), {}
    for question in step.questions:
        sent |= kind_of(question).posted(question.key, read_answer(question, answers[question.key]))
    return sent


def _asked(ask: Any, calls: Iterable[Any], status: int) -> Measured:
    def once(arguments: Any) -> None:
        answer = ask(*arguments)
        if answer.status_code != status:
            raise RuntimeError(f"{arguments[0]} answered {answer.status_code}.")

    return measure(once, calls)
