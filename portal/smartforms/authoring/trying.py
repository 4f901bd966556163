"""An author walks through a draft as residents will: the same evaluator, the same questions, page by page.

Nothing is stored: what was answered so far travels in the page, signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any as Anything

from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.smartforms.answers import read_answers, write_answer
from portal.smartforms.authoring import gate, places
from portal.smartforms.definition.model import Definition, Question, Step, StepKind
from portal.smartforms.definition.reading import Finding, UnreadableFormError
from portal.smartforms.evaluating import Facts, ShownStep, Value, Walk, broken_checks, walk
from portal.smartforms.fees import fees_on, shown_results
from portal.smartforms.kinds import Asking, kind_of
from portal.smartforms.models import SmartForm
from portal.smartforms.proving.structure import findings as findings_of_structure
from portal.smartforms.running.pages import asked
from portal.smartforms.running.step_form import StepForm

SALT = "smartforms.trying"
LONGEST = 500_000  # signs; more than the longest answers of 300 questions
# Without these the pages themselves cannot be shown; of the rest the last page says what is missing.
_NEEDED = ("form.steps", "form.calculations", "form.ends")
_EXAMPLE_FILE = {"id": "00000000-0000-0000-0000-000000000000", "name": "example.pdf", "size": 1}


@dataclass
class Attempt:
    definition: Definition
    answers: dict[str, Anything] = field(default_factory=dict)  # as a draft keeps them
    seen: list[str] = field(default_factory=list)  # keys of steps, in the order in which they were sent

    @classmethod
    def continued(cls, definition: Definition, token: str) -> "Attempt":
        try:
            return cls(definition, *signing.loads(token[:LONGEST], salt=SALT))
        except signing.BadSignature:
            return cls(definition)

    @property
    def token(self) -> str:
        return signing.dumps([self.answers, self.seen], salt=SALT, compress=True)

    @cached_property
    def facts(self) -> Facts:
        today = timezone.localdate()
        return Facts(on=today, signed_in=True, fees=fees_on(self.definition, today))

    @property
    def values(self) -> dict[str, Value]:
        return read_answers(self.definition, self.answers)

    @property
    def walk(self) -> Walk:
        return walk(self.definition, self.values, self.facts, seen=self.seen)

    @property
    def here(self) -> ShownStep | None:
        """The page that is asked; None at the end."""
        so_far = self.walk
        return so_far.steps[-1] if so_far.open_step else None

    def given(self, shown: ShownStep) -> Mapping[str, Value]:
        return {} if shown.step.kind is StepKind.GROUP else self.values

    def things(self, step: Step) -> list[Anything]:
        found = self.answers.get(step.key)
        return found if isinstance(found, list) else []

    def form(self, shown: ShownStep, posted: QueryDict | None = None, files: Anything = None) -> StepForm:
        questions = [_tried(question) for question in shown.questions]
        return StepForm(posted, files, questions=questions, asking=Asking(self.facts.on), given=self.given(shown))

    # --- what somebody does ---

    def send(self, shown: ShownStep, posted: QueryDict, files: Anything) -> StepForm | None:
        """Takes the page. The form, when it is to be shown again."""
        step = shown.step
        has_enough = "enough" in posted and len(self.things(step)) >= step.least
        if step.kind is StepKind.INFORMATION or (step.kind is StepKind.GROUP and has_enough):
            self.seen.append(step.key)
            return None
        form = self.form(shown, posted, files)
        if form.is_valid() and step.kind is not StepKind.GROUP:
            self._check(step, form)
        if not form.is_valid():
            return form
        kept = {question.key: self._kept(question, form) for question in shown.questions}
        kept = {key: value for key, value in kept.items() if value is not None}
        if step.kind is StepKind.GROUP:
            self.answers[step.key] = [*self.things(step), kept][: step.most]
        else:
            for question in shown.questions:
                self.answers.pop(question.key, None)
            self.answers |= kept
            self.seen.append(step.key)
        return None

    def go_back(self) -> None:
        if self.seen:
            self.answers.pop(self.seen.pop(), None)  # a group is answered anew

    def _check(self, step: Step, form: StepForm) -> None:
        for question, message in broken_checks(self.definition, {**self.values, **form.answers}, self.facts, step):
            form.refuse(question, message)

    def _kept(self, question: Question, form: StepForm) -> Anything:
        if question.kind == "files":
            return [_EXAMPLE_FILE]
        value = form.answers.get(question.key)
        return None if value is None else write_answer(question, value)

    @property
    def answered(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The answers that count, by page."""
        so_far, pages = self.walk, []
        for shown in so_far.steps:
            values: Anything = so_far.values
            if shown.step.kind is StepKind.GROUP:
                for number, thing in enumerate(values.get(shown.step.key) or [], 1):
                    pages.append((f"{shown.step.title}: {shown.step.item_name} {number}", _rows(shown, thing)))
            elif shown.questions:
                pages.append((shown.step.title, _rows(shown, values)))
        if results := shown_results(self.definition, so_far):
            pages.append((_("What follows from it"), results))
        return pages


def _rows(shown: ShownStep, values: Mapping[str, Value]) -> list[tuple[str, str]]:
    return [
        (question.label, kind_of(question).in_words(question, values[question.key]))
        for question in shown.questions
        if question.key in values
    ]


def _tried(question: Question) -> Question:
    """Files are not stored, so an example stands for them."""
    return replace(question, required=False) if question.kind == "files" else question


# --- The page ---------------------------------------------------------------------------------------------------------


def trying_page(request: HttpRequest, form: SmartForm, *, action: str) -> HttpResponse:
    try:
        definition = gate.definition_of(form)
    except UnreadableFormError as error:
        return _not_yet(request, form, error.findings)
    if missing := [finding for finding in findings_of_structure(definition) if finding.place.startswith(_NEEDED)]:
        return _not_yet(request, form, missing)
    posted = request.POST if request.method == "POST" else QueryDict()
    attempt = Attempt(definition) if "restart" in posted else Attempt.continued(definition, posted.get("so_far", ""))
    again = None
    if "back" in posted:
        attempt.go_back()
    elif (asked_for := attempt.here) and asked_for.step.key == posted.get("page"):
        again = attempt.send(asked_for, posted, request.FILES)
    return _page(request, attempt, again, action)


def _page(request: HttpRequest, attempt: Attempt, form: StepForm | None, action: str) -> HttpResponse:
    context: dict[str, Anything] = {"title": attempt.definition.title, "attempt": attempt, "action": action}
    shown = attempt.here
    if shown is None:
        return render(request, "smartforms/trying/end.html", context | {"walk": attempt.walk})
    things = attempt.things(shown.step)
    is_full = shown.step.kind is StepKind.GROUP and len(things) >= shown.step.most
    form = form or attempt.form(shown)
    context |= {"step": shown.step, "form": form, "questions": [] if is_full else asked(form, {}), "things": things}
    return render(request, "smartforms/trying/step.html", context)


def _not_yet(request: HttpRequest, form: SmartForm, findings: list[Finding]) -> HttpResponse:
    sentences = [places.in_words(finding) for finding in findings]
    return render(request, "smartforms/trying/not_yet.html", {"title": form.title, "sentences": sentences})
