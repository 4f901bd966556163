"""Whether a form may be published. `prove` gives its findings, and an example of every way through it.

It refuses: a step, question, end, outcome or destination that can never come; answers for which the form has no
outcome or no destination; a step that cannot be answered after certain earlier answers. Every example is walked by the
evaluator; where that ended otherwise than the formulas say, nothing is published.
"""

import datetime as dt
import gc
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import z3

from portal.smartforms.definition.model import Definition
from portal.smartforms.definition.reading import Finding
from portal.smartforms.proving import structure
from portal.smartforms.proving.encoding import Encoding, Gone
from portal.smartforms.proving.examples import Example, example_of

MOST_PATHS = 400
PATIENCE = 10_000  # milliseconds a question to the solver may take


@dataclass(frozen=True)
class Proof:
    """`paths`: one example for each class of answers that sees the same questions and ends the same. When there are
    more than MOST_PATHS, they are not all there, but each question, end and outcome is in one and missing in another
    where that is possible; `is_every_path` is then False."""

    findings: tuple[Finding, ...]
    paths: tuple[Example, ...] = ()
    is_every_path: bool = True

    @property
    def holds(self) -> bool:
        return not self.findings


_ONE_AT_A_TIME = threading.Lock()  # the solver keeps one context for the whole process: no two threads may be in it


def prove(definition: Definition, on: dt.date) -> Proof:
    with _ONE_AT_A_TIME:
        try:
            return _prove(definition, on)
        finally:
            if threading.current_thread() is not threading.main_thread():
                gc.collect()  # what is left of the solver goes now, not from another thread in the middle of a proof


def _prove(definition: Definition, on: dt.date) -> Proof:
    found = structure.findings(definition)
    if found:
        return Proof(tuple(found))
    prover = _Prover(Encoding(definition, on))
    prover.look_at_steps()
    prover.look_at_the_end()
    if prover.findings:
        return Proof(tuple(prover.findings))
    paths, is_every_path = prover.paths()
    disagreeing = [path for path in paths if path.differs(definition, on)]
    if disagreeing:
        return Proof((Finding("form", f"The proof and the evaluator differ for: {disagreeing[0].in_words()}."),))
    return Proof((), tuple(paths), is_every_path)


@dataclass
class _Prover:
    form: Encoding
    solver: z3.Solver = field(default_factory=z3.Solver)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.solver.set("timeout", PATIENCE)
        self.solver.add(*self.form.defined)

    def wrong(self, place: str, sentence: str) -> None:
        self.findings.append(Finding(place, sentence))

    def example(self, *conditions: z3.BoolRef) -> z3.ModelRef | None:
        answer = self.solver.check(*conditions)
        if answer == z3.unknown:
            self.wrong("form", f"This could not be proved in {PATIENCE // 1000} seconds: make its rules simpler.")
        return self.solver.model() if answer == z3.sat else None

    def needs(self, condition: z3.BoolRef, place: str, sentence: str) -> None:
        if self.example(condition) is None:
            self.wrong(place, sentence)

    # --- steps ---

    def look_at_steps(self) -> None:
        for number, gone in enumerate(self.form.steps):
            place = f"form.steps[{number}]"
            if self.example(gone.shown) is None:
                self.wrong(place, "This step never comes, whatever is answered.")
                continue
            for row, question in enumerate(gone.step.questions):
                asked = self.form.asked.get(question.key)
                if asked is not None and question.show_when:
                    self.needs(
                        asked.shown, f"{place}.questions[{row}]", "This question never shows, whatever is answered."
                    )
            self._can_be_answered(gone, place)
            self.solver.add(gone.valid)
            for end, holds in zip(self.form.definition.ends_after(gone.step), gone.ends, strict=True):
                there = f"form.ends[{self.form.definition.ends.index(end)}]"
                self.needs(holds, there, "This never happens, whatever is answered.")

    def _can_be_answered(self, gone: Gone, place: str) -> None:
        """No earlier answers leave this step without a good answer."""
        if gone.variables:
            stuck = self.example(gone.shown, z3.ForAll(gone.variables, z3.Not(gone.valid)))
            if stuck is not None:
                answers = example_of(self.form, stuck, up_to=gone.step).in_words()
                self.wrong(place, f"No answer is good here after: {answers or 'nothing at all'}.")

    # --- the end ---

    def look_at_the_end(self) -> None:
        definition = self.form.definition
        for number, outcome in enumerate(definition.outcomes):
            place = f"form.outcomes[{number}]"
            self.needs(self.form.outcomes[outcome.key], place, "The form never ends so, whatever is answered.")
        for number, chosen in enumerate(self.form.destinations):
            place = f"form.destinations[{number}]"
            self.needs(z3.And(self.form.sends, chosen), place, "No answers ever go there.")
        self._no_gap(z3.Or(*self.form.outcomes.values()), "form.outcomes", "has no outcome")
        arrives = z3.Or(z3.Not(self.form.sends), *self.form.destinations)
        self._no_gap(arrives, "form.destinations", "has no destination")

    def _no_gap(self, covered: z3.BoolRef, place: str, what: str) -> None:
        gap = self.example(z3.Not(covered))
        if gap is not None:
            self.wrong(place, f"The form {what} for: {example_of(self.form, gap).in_words() or 'any answers'}.")

    # --- paths ---

    def paths(self) -> tuple[list[Example], bool]:
        """One example a class. What tells classes apart: which steps and questions show, what ends, where it goes."""
        marks = list(self._marks())
        found: list[Example] = []
        self.solver.push()
        while len(found) < MOST_PATHS and (model := self.example()) is not None:
            found.append(example_of(self.form, model))
            self.solver.add(z3.Or(*[mark != model.eval(mark, model_completion=True) for mark in marks], False))
        is_every_path = len(found) < MOST_PATHS or self.solver.check() == z3.unsat
        self.solver.pop()
        if not is_every_path:
            for mark in marks:
                for wanted in (mark, z3.Not(mark)):
                    model = self.example(wanted)
                    found += [example_of(self.form, model)] if model is not None else []
        return found, is_every_path

    def _marks(self) -> Iterator[z3.BoolRef]:
        for gone in self.form.steps:
            yield gone.shown
            yield from gone.ends
            for question in gone.step.questions:
                asked = self.form.asked.get(question.key)
                if asked is not None and question.show_when:
                    yield asked.shown
        yield from self.form.outcomes.values()
        yield from (z3.And(self.form.sends, chosen) for chosen in self.form.destinations)
