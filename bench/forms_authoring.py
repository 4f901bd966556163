"""The editor of forms: an author saves a form of 100 questions with 40 rules, and opens it.

Saving is everything that a browser waits for: reading the posted blocks, short names, the new revision, and what is not
ready yet. The form is proved when it is published, which is no part of this.
"""

from typing import Any

from barnet.catalogue.models import Service
from barnet.customers.models import User
from barnet.customers.staff.roles import ensure_roles
from bench import PrintRow, Promise, measure
from portal.smartforms.definition.reading import read
from portal.smartforms.models import SmartForm
from portal.smartforms.publishing import blocks_for
from tests.factories import ServiceFactory, StaffFactory
from tests.people import PortalClient
from tests.portal.smartforms.authoring.editing import address, posted_again

SLUG, AUTHOR = "bench-authoring", "bench-author@example.com"
PAGES, ON_EACH, ROUNDS = 20, 5, 20
SAVED = Promise(p95_ms=1000)


def run(print_row: PrintRow) -> None:
    form, browser = _lay()
    edit = address("edit", form.pk)
    posted = posted_again(form)

    def save(number: int) -> None:
        answer = browser.post(edit, {**posted, "steps-3-value-title": f"Page, as of {number}"})
        if answer.status_code != 302 or answer["Location"] != edit:
            raise RuntimeError(f"Saving answered {answer.status_code}.")

    def look(_number: int) -> None:
        if browser.get(edit).status_code != 200:
            raise RuntimeError("The editor did not open.")

    print_row(f"save a form of {PAGES * ON_EACH} questions ({len(posted)} fields)", measure(save, range(ROUNDS)), SAVED)
    print_row("open it in the editor", measure(look, range(ROUNDS)))


def _lay() -> tuple[SmartForm, PortalClient]:
    ensure_roles()
    service = Service.objects.filter(slug=SLUG).first() or ServiceFactory(slug=SLUG, name="Bench")
    definition = read(_definition())
    SmartForm.objects.filter(slug=SLUG).delete()
    form = SmartForm(slug=SLUG, title=definition.title, summary="Long.", service=service, live=False)
    for name, blocks in blocks_for(definition).items():
        setattr(form, name, blocks)
    form.save()
    form.save_revision()
    browser = PortalClient(SERVER_NAME="localhost")
    author = User.objects.filter(email=AUTHOR).first() or StaffFactory(email=AUTHOR, roles=["form_author"])
    browser.force_login(author)
    return form, browser


def _definition() -> dict[str, Any]:
    steps = [_page(number) for number in range(PAGES)]
    return {
        "slug": SLUG,
        "title": "A long form",
        "summary": "Long.",
        "service": SLUG,
        "steps": steps,
        "outcomes": [{"key": "sent", "title": "We have it"}],
        "destinations": [{"service": SLUG, "case_title": "Long"}],
    }


def _page(number: int) -> dict[str, Any]:
    before = {"about": f"q{number - 1}_0", "one_of": ["a"]}
    rule: dict[str, Any] = {"show_when": {"any": [before, {"about": f"q{number - 1}_1", "given": True}]}}
    questions: list[dict[str, Any]] = [
        {"key": f"q{number}_0", "kind": "radios", "label": f"Which of these, {number}?", "options": _options()},
        *(
            {"key": f"q{number}_{row}", "kind": "short_text", "label": f"What else, {number}, {row}?", "hint": "A hint"}
            for row in range(1, ON_EACH)
        ),
    ]
    if number:
        questions[1] |= rule
    return {"key": f"page_{number}", "title": f"Page {number}", "questions": questions, **(rule if number > 1 else {})}


def _options() -> list[dict[str, str]]:
    return [{"value": letter, "label": f"Answer {letter}"} for letter in "abcd"]
