"""Walks one way through a form as a browser does, and looks at every page on the way.

The way is an example of the proof, which knows nothing of the pages: what it says of steps, answers and the end is
what must be seen. Before the first page the draft is filled with answers of other ways, as if somebody had been there
and come back, so that a hidden answer that counts anywhere is found.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse

from portal.smartforms.definition.model import Definition, Question, Step, StepKind
from portal.smartforms.kinds import kind_of
from portal.smartforms.models import Answer, Draft, Submission
from portal.smartforms.proving.examples import Example


class Walker:
    def __init__(self, client: Any, definition: Definition, path: Example, *, stale: Mapping[str, Any]) -> None:
        self.client, self.definition, self.path, self.stale = client, definition, path, stale
        self.steps = {step.key: step for step in definition.steps}
        self.outcome = next(row for row in definition.outcomes if row.key == path.outcome)

    def walk(self) -> Submission | None:
        here = self._start()
        for key in self.path.steps:
            assert here == self._url("form_step", key), f"{here} instead of {key}, for {self.path.in_words()}"
            here = self._step(self.steps[key], here)
        assert here == self._url("form_check"), f"{here} instead of the end, for {self.path.in_words()}"
        return self._send(here) if self.outcome.sends else self._explained(here)

    # --- pages ---

    def _start(self) -> str:
        url = reverse("form_start", args=[self.definition.slug])
        key = self.client.get(url).context["form"]["submission_key"].value()
        answer = self.client.post(url, {"submission_key": key})
        assert answer.status_code == 302, answer.text
        self.draft = Draft.objects.get(pk=answer.url.split("/")[3])
        self.draft.answers = dict(self.stale)
        self.draft.save()
        return answer.url

    def _step(self, step: Step, url: str) -> str:
        match step.kind:
            case StepKind.INFORMATION:
                assert step.title in self._page(url).context["step"].title
                return self._sent(url, {})
            case StepKind.GROUP:
                return self._group(step, url)
        fields = self._fields(self._page(url))
        asked = [question for question in step.questions if question.key in self.path.answers]
        assert fields.keys() >= {question.key for question in asked}
        assert {key for key, field in fields.items() if field.required} <= self.path.answers.keys()
        return self._sent(url, self._posted(asked, self.path.answers))

    def _group(self, step: Step, url: str) -> str:
        things: Any = self.path.answers[step.key]
        for number, thing in enumerate(things, 1):
            there = self._url("form_thing", step.key, number)
            if number > step.least:
                assert self._sent(url, {"another": "yes"}) == there
            assert self._fields(self._page(there)).keys() == thing.keys()
            questions = [question for question in step.questions if question.key in thing]
            assert self._sent(there, self._posted(questions, thing)) == url
        return self._sent(url, {"another": "no"})

    def _explained(self, url: str) -> None:
        page = self._page(url)
        assert page.context["outcome"] == self.outcome
        assert self.client.post(url, {"declared": "on"}).status_code == 200
        assert not Submission.objects.filter(draft_id=self.draft.pk).exists()

    def _send(self, url: str) -> Submission:
        rows = [row.change_url.partition("#id_")[2] for part in self._page(url).context["steps"] for row in part.rows]
        shown = {row for row in rows if row in self.definition.questions}
        assert not shown - set(self._questions_shown()), "a hidden question is on the page of answers"
        done = self._sent(url, {"declared": "on"})
        assert done == self._url("form_done")
        submission = Submission.objects.select_related("case__service").get(draft_id=self.draft.pk)
        assert self._page(done).context["outcome"] == self.outcome
        assert submission.outcome == self.path.outcome
        row = self.definition.destinations[self.path.destination or 0]
        assert (submission.case.service.slug, submission.case.title) == (row.service, row.case_title)
        kept = set(Answer.objects.filter(submission=submission).values_list("path", flat=True))
        assert kept == set(self._answer_paths()), "the case has other answers than were asked"
        return submission

    # --- what a browser does ---

    def _url(self, name: str, *parts: Any) -> str:
        return reverse(name, args=[self.definition.slug, self.draft.pk, *parts])

    def _page(self, url: str) -> Any:
        page = self.client.get(url)
        assert page.status_code == 200, f"{url} leads to {page.headers.get('Location')}"
        return page

    def _fields(self, page: Any) -> Mapping[str, Any]:
        return page.context["form"].fields

    def _sent(self, url: str, data: Mapping[str, Any]) -> str:
        answer = self.client.post(url, data)
        if answer.status_code != 302:
            raise AssertionError(f"{url} refused {data}: {answer.context['form'].errors.as_text()}")
        return answer.url

    def _posted(self, questions: list[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {}
        for question in questions:
            kind, value = kind_of(question), answers[question.key]
            sent |= kind.posted(question.key, value) | kind.posted_files(question.key, value)
        return sent

    # --- what must be there ---

    def _questions_shown(self) -> Iterator[str]:
        """All that a step of this way may ask: the optional ones that were left empty, too."""
        for key in self.path.steps:
            for question in self.steps[key].questions:
                if question.show_when is None or question.key in self.path.answers:
                    yield question.key

    def _answer_paths(self) -> Iterator[str]:
        for key in self.path.steps:
            step = self.steps[key]
            if step.kind is StepKind.GROUP:
                things: Any = self.path.answers[key]
                yield from (f"{key}[{number}].{name}" for number, thing in enumerate(things) for name in thing)
            else:
                yield from (question.key for question in step.questions if question.key in self.path.answers)
