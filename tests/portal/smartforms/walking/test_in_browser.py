"""Forms of the library in a real browser, as on a telephone without JavaScript: from start to sent, page by page.

The answers are those of the proof: of the ways that end in a case, the one with the most pages. Each page is looked at,
with axe too, through a second tab that runs scripts. Three forms each time; `WALK_EVERY_WAY=1` walks all of them, and
`FORM_PICTURES=folder` keeps a picture of each page.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from barnet.catalogue.services import ensure_services
from portal.smartforms import library
from portal.smartforms.definition.model import Definition, Question, Step, StepKind
from portal.smartforms.kinds import kind_of
from portal.smartforms.library.teams import ensure_teams
from portal.smartforms.models import Draft, Submission
from portal.smartforms.proving.examples import Example
from portal.smartforms.proving.gate import prove
from portal.smartforms.publishing import import_form
from tests.browser.axe import axe_violations, sideways_scroll
from tests.factories import AreaFactory
from tests.people import PortalClient

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("chromium")]

ALWAYS = ["apply-for-a-school-place", "bulky-waste", "report-a-street-problem"]  # groups, files, address, place
NAMES = library.names() if os.environ.get("WALK_EVERY_WAY") else ALWAYS
PICTURES = os.environ.get("FORM_PICTURES", "")


def longest_way(definition: Definition) -> Example:
    """Of somebody who fills it in for themselves."""
    paths = prove(definition, timezone.localdate()).paths
    alone = [path for path in paths if not (path.facts["for_somebody_else"] or path.facts["with_staff"])]
    sent = [path for path in alone if path.destination is not None]
    return max(sent, key=lambda path: (len(path.steps), len(path.answers), not path.facts["signed_in"]))


class Phone:
    """One tab that walks without scripts, and one that looks."""

    def __init__(self, plain_page, phone_page, site: str, definition: Definition, path: Example) -> None:
        self.page, self.eye, self.site, self.path = plain_page, phone_page, site, path
        self.definition = definition
        self.main = plain_page.locator("main")
        self.wrong: list[str] = []
        self.looked = 0

    def sign_in(self, client: PortalClient) -> None:
        kept = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
        self.page.context.add_cookies([{**kept, "url": self.site}])

    def walk(self) -> None:
        self.page.goto(self.site + reverse("form_start", args=[self.definition.slug]))
        self.look()
        self.press("Start now")
        self.draft = Draft.objects.get()
        steps = {step.key: step for step in self.definition.steps}
        for key in self.path.steps:
            if steps[key].kind is StepKind.GROUP:
                self.add_things(steps[key])
            else:
                self.is_at("form_step", key)
                self.look()
                self.fill_in(steps[key].questions, self.path.answers)
                self.press("Continue")
        self.is_at("form_check")
        self.look()
        if self.definition.declaration:
            self.main.locator("[name=declared]").check()
        self.press("Send")
        self.is_at("form_done")
        self.look()

    def add_things(self, step: Step) -> None:
        things = self.path.answers[step.key]
        for number, thing in enumerate(things, 1):
            if number > 1 or not step.least:  # a group that needs one begins with it
                self.is_at("form_step", step.key)
                self.look()
                self.main.locator("[name=another][value=yes]").check()
                self.press("Continue")
            self.is_at("form_thing", step.key, number)
            self.look()
            self.fill_in(step.questions, thing)
            self.press("Continue")
        self.is_at("form_step", step.key)
        self.look()
        if len(things) < step.most:
            self.main.locator("[name=another][value=no]").check()
        self.press("Continue")

    # --- hands ---

    def fill_in(self, questions: tuple[Question, ...], answers) -> None:
        """What has rounds comes last: its buttons send the page, and all that was typed must come back."""
        for question in questions:
            if question.key in answers and question.kind not in ("address", "location"):
                self.answer(question, answers[question.key])
        for question in questions:
            if question.key in answers and question.kind in ("address", "location"):
                self.main.locator(f'button[name="{question.key}-address_step"][value=type]').click()
                self.look()
                box = "address_text" if question.kind == "address" else "text"
                self.main.locator(f'[name="{question.key}-{box}"]').fill("12 New Mews\nBarnet")

    def answer(self, question: Question, value) -> None:
        kind = kind_of(question)
        for name, texts in kind.posted(question.key, value).items():
            for text in texts:
                self.put(name, text)
        for name, files in kind.posted_files(question.key, value).items():
            sent = [{"name": file.name, "mimeType": "application/pdf", "buffer": file.read()} for file in files]
            self.main.locator(f'input[type=file][name="{name}"]').set_input_files(sent)

    def put(self, name: str, text: str) -> None:
        control = self.main.locator(f'[name="{name}"]')
        if control.first.get_attribute("type") in ("radio", "checkbox"):
            self.main.locator(f'[name="{name}"][value="{text}"]').check()
        elif control.evaluate("box => box.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)

    def press(self, name: str) -> None:
        self.main.get_by_role("button", name=name, exact=True).last.click()
        self.page.wait_for_load_state("load")
        errors = self.main.locator(".govuk-error-summary")
        assert not errors.count(), errors.inner_text()

    # --- eyes ---

    def is_at(self, name: str, *parts) -> None:
        assert urlsplit(self.page.url).path == reverse(name, args=[self.definition.slug, self.draft.pk, *parts])

    def look(self) -> None:
        self.looked += 1
        here = urlsplit(self.page.url).path
        self.wrong += [f"{here}: wider than the screen"] * sideways_scroll(self.page)
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{self.definition.slug}-{self.looked:02}.png", full_page=True)
        self.eye.context.add_cookies(self.page.context.cookies())
        self.eye.goto(self.page.url)
        self.wrong += [f"{here}: {violation}" for violation in axe_violations(self.eye)]


@pytest.mark.parametrize("name", NAMES)
def test_form_is_filled_in_on_a_telephone(name, live_server, plain_page, phone_page, request):
    ensure_services()
    ensure_teams()
    AreaFactory()
    definition = library.form(name)
    import_form((library.FOLDER / f"{name}.json").read_text(), by=None)
    path = longest_way(definition)
    phone = Phone(plain_page, phone_page, live_server.url, definition, path)
    if path.facts["signed_in"]:
        client = PortalClient()
        client.force_login(request.getfixturevalue("asha").user)
        phone.sign_in(client)
    phone.walk()
    submission = Submission.objects.select_related("case__service").get()
    assert submission.outcome == path.outcome
    assert submission.case.service.slug == definition.destinations[path.destination].service
    assert phone.wrong == []
