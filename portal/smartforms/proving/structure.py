"""What is wrong with a form before anything is proved: names, texts, references, and rules over later answers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from portal.smartforms.definition.conditions import Condition, Test, tests_of
from portal.smartforms.definition.model import (
    Calculation,
    CalculationKind,
    DataClass,
    Definition,
    Question,
    Step,
    StepKind,
)
from portal.smartforms.definition.reading import KEY, Finding
from portal.smartforms.evaluating import FACTS
from portal.smartforms.kinds import OPS, Family, Kind, kind_named, number_bounds
from portal.smartforms.kinds.masks import wrong_with

BEFORE_ALL = -1
MOST_PER = 100
YES_NO = frozenset({"yes", "no"})


@dataclass(frozen=True, slots=True)
class Known:
    """Something that a rule can ask about: what may be asked of it, and from which step on it is known."""

    family: Family
    step: int
    codes: frozenset[str] = frozenset()


@dataclass
class Structure:
    definition: Definition
    findings: list[Finding] = field(default_factory=list)
    known: dict[str, Known] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)

    def wrong(self, place: str, sentence: str) -> None:
        self.findings.append(Finding(place, sentence))


RESERVED_FORM = "file"
RESERVED_STEPS = frozenset({"check", "done", "files", "return", "save", "send"})


def findings(definition: Definition) -> list[Finding]:
    form = Structure(definition)
    _texts(form)
    _names(form)
    _collect(form)
    _calculations(form)
    _rules(form)
    return form.findings


# --- Texts and names --------------------------------------------------------------------------------------------------


def _texts(form: Structure) -> None:
    for place, words in _needed_texts(form.definition):
        if not str(words).strip():
            form.wrong(place, "Words are missing here.")


def _needed_texts(definition: Definition) -> Iterator[tuple[str, str]]:
    yield "form.title", definition.title
    yield "form.summary", definition.summary
    for number, step in enumerate(definition.steps):
        place = f"form.steps[{number}]"
        yield f"{place}.title", step.title
        if step.kind is StepKind.INFORMATION:
            yield f"{place}.body", step.body
        if step.kind is StepKind.GROUP:
            yield f"{place}.item_name", step.item_name
        for row, question in enumerate(step.questions):
            yield from _texts_of(question, f"{place}.questions[{row}]")
    for number, outcome in enumerate(definition.outcomes):
        yield f"form.outcomes[{number}].title", outcome.title
        if not outcome.sends:
            yield f"form.outcomes[{number}].body", outcome.body
    for number, calculation in enumerate(definition.calculations):
        if calculation.shown:
            yield f"form.calculations[{number}].label", calculation.label
    for number, destination in enumerate(definition.destinations):
        yield f"form.destinations[{number}].case_title", destination.case_title


def _texts_of(question: Question, place: str) -> Iterator[tuple[str, str]]:
    yield f"{place}.label", question.label
    if question.data_class is DataClass.SPECIAL:
        yield f"{place}.why", question.why
    for number, option in enumerate(question.options):
        yield f"{place}.options[{number}].label", option.label
    for number, line in enumerate(question.rows):
        yield f"{place}.rows[{number}].label", line.label
    for number, check in enumerate(question.checks):
        yield f"{place}.checks[{number}].message", check.message


def _names(form: Structure) -> None:
    definition = form.definition
    once = [step.key for step in definition.steps if step.kind is StepKind.GROUP]
    for step in definition.steps:
        keys = [question.key for question in step.questions]
        if step.kind is StepKind.GROUP:
            _no_doubles(form, f"the group {step.key}", keys)
        else:
            once += keys
    _no_doubles(
        form, "the form's questions, groups and calculations", once + [row.key for row in definition.calculations]
    )
    _no_doubles(form, "the form's steps", [step.key for step in definition.steps])
    _no_doubles(form, "the form's outcomes", [outcome.key for outcome in definition.outcomes])
    if definition.slug == RESERVED_FORM:
        form.wrong("form.slug", "This address is taken: choose another.")
    for number, step in enumerate(definition.steps):
        if step.key in RESERVED_STEPS:
            form.wrong(f"form.steps[{number}].key", f"The name {step.key} is taken by a page of every form.")
    if not definition.steps:
        form.wrong("form.steps", "A form needs a step.")
    if not definition.outcomes:
        form.wrong("form.outcomes", "A form needs an outcome.")
    if not definition.destinations and any(outcome.sends for outcome in definition.outcomes):
        form.wrong("form.destinations", "An outcome sends the answers, but they have no destination.")


def _no_doubles(form: Structure, where: str, keys: Iterable[str]) -> None:
    for key, number in Counter(keys).items():
        if number > 1:
            form.wrong("form", f"The name {key} stands {number} times in {where}.")


# --- What can be asked about ------------------------------------------------------------------------------------------


def _collect(form: Structure) -> None:
    for name in FACTS:
        form.known[f"fact.{name}"] = Known(Family.CHOICE, BEFORE_ALL, YES_NO)
    for number, step in enumerate(form.definition.steps):
        place = f"form.steps[{number}]"
        _step(form, step, place)
        if step.kind is StepKind.GROUP:
            form.groups[step.key] = number
        for row, question in enumerate(step.questions):
            _question(form, step, question, number, f"{place}.questions[{row}]")


def _step(form: Structure, step: Step, place: str) -> None:
    if step.kind is StepKind.INFORMATION and step.questions:
        form.wrong(f"{place}.questions", "A page that only tells something asks nothing.")
    if step.kind is not StepKind.INFORMATION and not step.questions:
        form.wrong(f"{place}.questions", "This step asks nothing.")
    if step.kind is StepKind.GROUP and step.least > step.most:
        form.wrong(f"{place}.least", "More things are needed than are allowed.")


def _question(form: Structure, step: Step, question: Question, number: int, place: str) -> None:
    kind = kind_named(question.kind)
    if kind is None:
        return form.wrong(f"{place}.kind", f"There is no kind of question named {question.kind}.")
    if kind.has_options and len(question.options) < (1 if kind.family is Family.TICKED else 2):
        form.wrong(f"{place}.options", "There is nothing to choose from.")
    if question.options and not kind.has_options:
        form.wrong(f"{place}.options", "A question of this kind has no answers to choose from.")
    _rows_parts_pattern(form, question, kind, place)
    if question.least is not None and question.most is not None and question.least > question.most:
        form.wrong(f"{place}.least", "The least is more than the most.")
    _from_link(form, step, question, kind, place)
    _setup(form, question, kind, place)
    if kind.is_step and (step.kind is not StepKind.QUESTIONS or len(step.questions) > 1 or question.show_when):
        form.wrong(place, "This is a step of its own: nothing else can be asked there, and its rule is the step's.")
    codes = [option.value for option in kind.options(question)]
    _no_doubles(form, f"the answers of {question.key}", codes)
    if step.kind is StepKind.GROUP:
        if question.checks:
            form.wrong(f"{place}.checks", "Questions of a group have no checks of their own.")
        form.known[f"{step.key}.{question.key}"] = Known(kind.family, number)
    else:
        form.known[question.key] = Known(kind.family, number, frozenset(codes))
    return None


def _setup(form: Structure, question: Question, kind: Kind, place: str) -> None:
    parts = {part.name: part for part in kind.setup}
    said = {setting.name: setting.value for setting in question.setup}
    _no_doubles(form, f"the settings of {question.key}", [setting.name for setting in question.setup])
    for number, setting in enumerate(question.setup):
        there = f"{place}.setup[{number}]"
        part = parts.get(setting.name)
        if part is None:
            form.wrong(f"{there}.name", f"A question of this kind has no setting {setting.name}.")
        elif part.choices and setting.value not in {str(value) for value, _label in part.choices()}:
            form.wrong(f"{there}.value", f"{setting.value} cannot be chosen for {part.label}.")
    for part in kind.setup:
        if part.required and not said.get(part.name, "").strip():
            form.wrong(f"{place}.setup", f"The setting {part.name} is missing: {part.label}.")


def _from_link(form: Structure, step: Step, question: Question, kind: Kind, place: str) -> None:
    there = f"{place}.from_link"
    if not question.from_link:
        return
    if step.kind is StepKind.GROUP or kind.family is Family.THING:
        form.wrong(there, "A link cannot answer a question of this kind, or of a group.")
    if question.data_class is not DataClass.ORDINARY:
        form.wrong(there, "A link may say ordinary answers only: others would stand in histories and logs.")


def _rows_parts_pattern(form: Structure, question: Question, kind: Kind, place: str) -> None:
    if kind.has_rows and not question.rows:
        form.wrong(f"{place}.rows", "The table has no rows.")
    if question.rows and not kind.has_rows:
        form.wrong(f"{place}.rows", "A question of this kind has no rows.")
    for number, row in enumerate(question.rows):
        if not KEY.fullmatch(row.value):
            form.wrong(f"{place}.rows[{number}].value", "Use small letters, digits and underscores.")
    _no_doubles(form, f"the rows of {question.key}", [row.value for row in question.rows])
    for part in question.parts:
        if part not in kind.extra_parts:
            form.wrong(f"{place}.parts", f"A question of this kind has no part {part}.")
    if kind.has_pattern and (sentence := wrong_with(question.pattern)):
        form.wrong(f"{place}.pattern", sentence)
    if question.pattern and not kind.has_pattern:
        form.wrong(f"{place}.pattern", "A question of this kind has no pattern.")


def _calculations(form: Structure) -> None:
    """Each may stand on those above it only, so none can go round in a circle."""
    for number, row in enumerate(form.definition.calculations):
        place = f"form.calculations[{number}]"
        steps = [_input(form, row, place)]
        for position, term in enumerate(row.terms):
            steps.append(_number_of(form, term.about, f"{place}.terms[{position}].about"))
        for position, fee in enumerate(row.fees):
            steps += [_ask(form, test, f"{place}.fees[{position}].when") for test in tests_of(fee.when)]
        if row.kind is CalculationKind.FEE and row.per:
            steps.append(_small_number_of(form, row.per, f"{place}.per"))
        for position, line in enumerate(row.rows):
            steps += [_ask(form, test, f"{place}.rows[{position}].when") for test in tests_of(line.when)]
        form.known[row.key] = Known(Family.NUMBER, max(steps))


def _input(form: Structure, row: Calculation, place: str) -> int:
    there = f"{place}.about"
    match row.kind:
        case CalculationKind.COUNT:
            if row.about in form.groups:
                return form.groups[row.about]
            form.wrong(there, "This must be the name of a group.")
        case CalculationKind.TOTAL:
            if "." in row.about:
                return _number_of(form, row.about, there)
            form.wrong(there, "This must be a number in a group, as group.question.")
        case CalculationKind.YEARS_SINCE | CalculationKind.DAYS_SINCE:
            known = form.known.get(row.about)
            if known and known.family is Family.DATE and "." not in row.about:
                return known.step
            form.wrong(there, "This must be the name of a question that asks a date.")
        case CalculationKind.FEE if not row.fees:
            form.wrong(f"{place}.fees", "There is no fee.")
        case CalculationKind.SUM if not row.terms:
            form.wrong(f"{place}.terms", "There is nothing to add.")
        case CalculationKind.SCORE | CalculationKind.TABLE if not row.rows:
            form.wrong(f"{place}.rows", "There is no row.")
    return BEFORE_ALL


def _number_of(form: Structure, about: str, place: str) -> int:
    known = form.known.get(about)
    if known and known.family is Family.NUMBER:
        return known.step
    form.wrong(place, f"{about} is no number that is known here.")
    return BEFORE_ALL


def _small_number_of(form: Structure, about: str, place: str) -> int:
    """The proof goes through all that it can be."""
    if small_numbers(form.definition, about) is None:
        form.wrong(
            place, f"This must be the count of a group, or a question for a number from 0 to at most {MOST_PER}."
        )
    return _number_of(form, about, place)


def small_numbers(definition: Definition, about: str) -> range | None:
    row, question = definition.calculation.get(about), definition.questions.get(about)
    if row is not None and row.kind is CalculationKind.COUNT:
        group = next((step for step in definition.steps if step.key == row.about), None)
        return range(group.most + 1) if group else None
    if question is None or question.kind != "number" or "." in about:
        return None
    least, most = number_bounds(question)
    return range(int(most) + 1) if least >= 0 and most <= MOST_PER else None


# --- Rules ------------------------------------------------------------------------------------------------------------


def _rules(form: Structure) -> None:
    definition = form.definition
    at = {step.key: number for number, step in enumerate(definition.steps)}
    for number, step in enumerate(definition.steps):
        place = f"form.steps[{number}]"
        _rule(form, step.show_when, f"{place}.show_when", before=number)
        for row, question in enumerate(step.questions):
            there = f"{place}.questions[{row}]"
            _rule(form, question.show_when, f"{there}.show_when", before=number)
            for position, check in enumerate(question.checks):
                _rule(form, check.must, f"{there}.checks[{position}].must", before=number + 1)
    for number, end in enumerate(definition.ends):
        place = f"form.ends[{number}]"
        if end.after not in at:
            form.wrong(f"{place}.after", f"There is no step named {end.after}.")
        _rule(form, end.when, f"{place}.when", before=at.get(end.after, len(at)) + 1)
        if end.outcome and end.outcome not in {outcome.key for outcome in definition.outcomes}:
            form.wrong(f"{place}.outcome", f"There is no outcome named {end.outcome}.")
    # An end leaves steps out, so that outcomes and destinations may ask about any of them: the absent is not true.
    for number, outcome in enumerate(definition.outcomes):
        _rule(form, outcome.when, f"form.outcomes[{number}].when", before=len(at))
    for number, destination in enumerate(definition.destinations):
        _rule(form, destination.when, f"form.destinations[{number}].when", before=len(at))


def _rule(form: Structure, condition: Condition | None, place: str, *, before: int) -> None:
    for test in tests_of(condition):
        step = _ask(form, test, place)
        if step >= before:
            form.wrong(place, f"{test.about} is asked later: a rule may only look back to an earlier step.")


def _ask(form: Structure, test: Test, place: str) -> int:
    """From which step on the test can be answered."""
    known = form.known.get(test.about)
    if known is None or "." in test.about.removeprefix("fact."):
        form.wrong(place, f"There is no question or calculation named {test.about} that is asked once.")
        return BEFORE_ALL
    if test.op not in OPS[known.family]:
        form.wrong(place, f"{test.about} cannot be asked whether it {test.op.replace('_', ' ')}.")
    elif known.codes:
        for value in test.values:
            if value not in known.codes:
                form.wrong(place, f"{value} is no answer of {test.about}.")
    return known.step
