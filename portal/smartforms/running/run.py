"""One filling-in as a page sees it: the draft, its form, the answers that count, and where somebody stands."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any as Anything

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from barnet.customers.acting_for.serving import Party
from portal.smartforms.answers import read_answers
from portal.smartforms.asking.background import kept_of
from portal.smartforms.asking.narrowing import narrowed
from portal.smartforms.definition.model import DataClass, Definition, Step
from portal.smartforms.evaluating import Facts, ShownStep, Value, Walk, walk
from portal.smartforms.fees import fees_on
from portal.smartforms.kinds import Asking
from portal.smartforms.models import Answer, Draft, MoreAsked
from portal.smartforms.running.prefilling import BEFORE
from portal.smartforms.translating.spoken import spoken
from portal.smartforms.versions import definition_of

FROM_CHECK = "check"


def facts_of(party: Party) -> Facts:
    return Facts(
        on=timezone.localdate(),
        signed_in=party.customer is not None,
        for_somebody_else=party.is_delegated,
        with_staff=party.is_served,
    )


@dataclass
class Run:
    draft: Draft
    party: Party
    _spoken: dict[int, Definition] = field(default_factory=dict)

    @cached_property
    def asked(self) -> MoreAsked | None:
        """What staff asked for more: then only that is filled in."""
        return self.draft.asked

    @property
    def asking(self) -> Asking:
        """Papers are offered to the person themselves, and to staff who serve them."""
        is_theirs = self.party.actor.user is not None and not self.party.is_delegated
        return Asking(self.facts.on, self.draft.pk, self.draft.customer if is_theirs else None)

    @cached_property
    def definition(self) -> Definition:
        definition = self.whole
        if self.asked is None:
            return definition
        return narrowed(definition, self.asked.questions, kept_of(self._sent))

    @property
    def whole(self) -> Definition:
        """The form in the language of the page, also where only some of it is asked; read once for a version."""
        version = self.draft.version
        if version.pk not in self._spoken:
            self._spoken[version.pk] = spoken(version)
        return self._spoken[version.pk]

    @cached_property
    def background(self) -> dict[str, Value]:
        """What was sent before and is not asked again."""
        if self.asked is None:
            return {}
        kept = {key: value for key, value in kept_of(self._sent).items() if key not in self.asked.questions}
        return read_answers(definition_of(self.draft.version), kept)

    @cached_property
    def _sent(self) -> list[Answer]:
        return list(self.asked.submission.answers.all()) if self.asked else []

    def sent_before(self, shown: ShownStep) -> list[tuple[str, str]]:
        """Files that were sent with the form: by the label of their question, which asks for more of them."""
        files = {
            answer.path: _("files that are not shown here") if answer.data_class == DataClass.SPECIAL else answer.words
            for answer in self._sent
            if answer.kind == "files"
        }
        return [(question.label, files[question.key]) for question in shown.questions if question.key in files]

    @cached_property
    def facts(self) -> Facts:
        facts = facts_of(self.party)
        return replace(facts, fees=fees_on(self.definition, facts.on))

    @cached_property
    def values(self) -> dict[str, Value]:
        """Every answer that was given, hidden ones too."""
        return read_answers(self.definition, self.draft.answers)

    @cached_property
    def walk(self) -> Walk:
        return walk(self.definition, self.values, self.facts, seen=self.draft.seen, known=self.background)

    def look_again(self) -> None:
        """After the draft has changed."""
        for name in ("definition", "values", "walk"):
            self.__dict__.pop(name, None)

    @property
    def is_complete(self) -> bool:
        return self.walk.open_step is None

    def shown(self, key: str) -> ShownStep | None:
        """The step, when somebody has come so far; None when it is hidden, unknown or still ahead."""
        return next((shown for shown in self.walk.steps if shown.step.key == key), None)

    def position(self, step: Step) -> int:
        return next(number for number, shown in enumerate(self.walk.steps) if shown.step.key == step.key)

    # --- ways ---

    def step_url(self, step: Step, *, from_check: bool = False) -> str:
        url = reverse("form_step", args=[self.draft.form.slug, self.draft.pk, step.key])
        return f"{url}?from={FROM_CHECK}" if from_check else url

    @property
    def check_url(self) -> str:
        return reverse("form_check", args=[self.draft.form.slug, self.draft.pk])

    @property
    def here_url(self) -> str:
        """Where somebody goes on: the first step that is not answered, else the page of answers."""
        return self.check_url if self.walk.open_step is None else self.step_url(self.walk.open_step)

    def next_url(self, step: Step, *, from_check: bool) -> str:
        """After a step: the one behind it; from the page of answers, back there unless something new is asked."""
        behind = self.walk.steps[self.position(step) + 1 :] if self.shown(step.key) else ()
        behind = tuple(shown for shown in behind if not self._was_told(shown))
        if from_check:
            return (
                self.check_url if self.walk.open_step is None else self.step_url(self.walk.open_step, from_check=True)
            )
        return self.step_url(behind[0].step) if behind else self.here_url

    def _was_told(self, shown: ShownStep) -> bool:
        """The whole page was answered before the form began."""
        sources = [self.draft.sources.get(question.key, {}).get("source") for question in shown.questions]
        return bool(sources) and set(sources) == {BEFORE} and shown.step.key in self.draft.seen

    def back_url(self, step: Step, *, from_check: bool) -> str:
        if from_check:
            return self.check_url
        number = self.position(step)
        return self.step_url(self.walk.steps[number - 1].step) if number else self.begin_url

    @property
    def begin_url(self) -> str:
        """The page before the first step."""
        if self.asked:
            return reverse("form_more", args=[self.draft.form.slug, self.draft.pk])
        return reverse("form_start", args=[self.draft.form.slug])

    @property
    def last_url(self) -> str:
        """Before the page of answers. A form can have nothing to ask somebody of whom it knows what its rules ask."""
        return self.step_url(self.walk.steps[-1].step) if self.walk.steps else self.begin_url

    def context(self, **more: Anything) -> dict[str, Anything]:
        return {"run": self, "definition": self.definition, "draft": self.draft, "party": self.party, **more}
