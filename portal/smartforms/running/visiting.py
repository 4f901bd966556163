"""What the page of a kind of step has in hand: `kinds.registry.Kind.page`.

A step that needs several pages tells them apart by its own parameters of the address (`?day=2026-12-01`), or has
addresses of its own that come in through `running.door.draft_for`.
"""

from dataclasses import dataclass
from typing import Any as Anything

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.smartforms.definition.model import Question
from portal.smartforms.evaluating import ShownStep
from portal.smartforms.figures.counting import refusals_of
from portal.smartforms.kinds import kind_of
from portal.smartforms.running import saving
from portal.smartforms.running.pages import asked
from portal.smartforms.running.run import FROM_CHECK, Run
from portal.smartforms.running.step_form import StepForm


@dataclass(frozen=True)
class Visit:
    request: HttpRequest
    run: Run
    shown: ShownStep

    @property
    def question(self) -> Question:
        return self.shown.questions[0]

    @property
    def value(self) -> Anything:
        """The answer until now; None without one."""
        return self.run.values.get(self.question.key)

    def setting(self, name: str) -> str:
        return next((setting.value for setting in self.question.setup if setting.name == name), "")

    @property
    def is_from_check(self) -> bool:
        """They came from the page of answers, and go back there."""
        return self.request.GET.get("from") == FROM_CHECK

    def form(self) -> StepForm:
        """The question's own field, with what was sent or what is kept."""
        asking = self.run.asking
        given = {} if self.value is None else {self.question.key: self.value}
        if self.request.method == "POST":
            return StepForm(
                self.request.POST, self.request.FILES, questions=[self.question], asking=asking, given=given
            )
        return StepForm(questions=[self.question], asking=asking, given=given)

    def show(self, template: str, form: StepForm | None = None, **context: Anything) -> HttpResponse:
        """`template` extends `smartforms/run/_page.html` and fills its block `step`; `asked` is the question with its
        field, when there is a form: `{{ asked.as_heading }}`."""
        if form is not None and form.is_bound and form.errors:
            refusals = [] if form.asks_more else refusals_of(form)
            saving.save_step(self.run, self.shown, form.answers, good=form.good, refusals=refusals)
        back = self.run.back_url(self.shown.step, from_check=self.is_from_check)
        again = self.run.draft.ask_again.get(self.shown.step.key, [])
        frame = {"shown": self.shown, "step": self.shown.step, "back": back, "again": again, "form": form}
        question = asked(form, {})[0] if form else None
        return render(self.request, template, self.run.context(**frame, asked=question, **context))

    def done(self, value: Anything) -> HttpResponse:
        """Keeps the answer and goes on."""
        saving.save_step(self.run, self.shown, {self.question.key: value})
        return redirect(self.run.next_url(self.shown.step, from_check=self.is_from_check))


def own_page(request: HttpRequest, run: Run, shown: ShownStep) -> HttpResponse | None:
    if len(shown.questions) != 1 or not kind_of(shown.questions[0]).is_step:
        return None
    return kind_of(shown.questions[0]).page(Visit(request, run, shown))
