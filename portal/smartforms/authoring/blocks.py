"""What a form is built from in the editor. Blocks hold what was typed; `compiling` makes a definition of it.

Nothing here is refused but texts that are too long: a draft may be unfinished, and the proof says what is missing.
"""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from barnet.catalogue.enums import Concession
from barnet.catalogue.models import Service
from portal.cases.enums import CaseUrgency
from portal.smartforms import kinds
from portal.smartforms.authoring.rule_blocks import rule_block
from portal.smartforms.definition.model import CalculationKind, DataClass

_CALCULATIONS: dict[CalculationKind, Promise] = {
    CalculationKind.COUNT: _("How many things a repeating group has"),
    CalculationKind.TOTAL: _("Total of a number over a repeating group"),
    CalculationKind.SUM: _("Sum of numbers"),
    CalculationKind.SCORE: _("Score: points for each row that holds"),
    CalculationKind.TABLE: _("Table: the first row that holds"),
    CalculationKind.YEARS_SINCE: _("Whole years since a date: an age"),
    CalculationKind.DAYS_SINCE: _("Days since a date"),
    CalculationKind.FEE: _("Fee of the catalogue on the day: the first row that holds"),
}
_DATA_CLASSES = {
    DataClass.ORDINARY: _("Ordinary: about a thing, not a person"),
    DataClass.PERSONAL: _("Personal"),
    DataClass.SPECIAL: _("Special category: health, faith, ethnicity and the like"),
}
_PARTS = {"title": _("Title"), "date_of_birth": _("Date of birth")}
_SHOW = _("Show only when…")


def kind_choices() -> list[tuple[str, Any]]:
    """Every registered kind, so that a new one needs no block and no migration."""
    return [(name, kind.label) for name in kinds.names() if (kind := kinds.kind_named(name))]


def calculation_choices() -> list[tuple[str, Any]]:
    return [(kind.value, label) for kind, label in _CALCULATIONS.items()]


def data_class_choices() -> list[tuple[str, Any]]:
    return [(item.value, label) for item, label in _DATA_CLASSES.items()]


def service_choices() -> list[tuple[str, str]]:
    return list(Service.objects.order_by("name").values_list("slug", "name"))


def part_choices() -> list[tuple[str, Any]]:
    """What some kinds ask besides their usual parts, such as the title of a person."""
    parts = {part for name in kinds.names() if (kind := kinds.kind_named(name)) for part in kind.extra_parts}
    return [(part, _PARTS.get(part, part)) for part in sorted(parts)]


def _line(label: Any, longest: int = 300, **options: Any) -> blocks.CharBlock:
    return blocks.CharBlock(**{"label": label, "max_length": longest, "required": False, **options})


def _text(label: Any, longest: int = 20_000, **options: Any) -> blocks.TextBlock:
    return blocks.TextBlock(**{"label": label, "max_length": longest, "required": False, "rows": 2, **options})


def _key() -> blocks.CharBlock:
    return _line(
        _("Short name"), 40, help_text=_("Made from the words when empty. It stays the same when the words change.")
    )


class OptionBlock(blocks.StructBlock):
    label = _line(_("Answer"))
    hint = _line(_("Hint"))
    value = _line(_("Short name"), 80, help_text=_("Made from the answer when empty"))

    class Meta:
        label = _("Answer to choose")
        label_format = "{label}"
        form_layout = BlockGroup(["label"], settings=["hint", "value"])


class CheckBlock(blocks.StructBlock):
    must = rule_block(label=_("A good answer meets…"))
    message = _line(_("Message when it does not"))

    class Meta:
        label = _("Check")


class SettingBlock(blocks.StructBlock):
    name = _line(_("Setting"), 90, help_text=_("As the kind calls it, such as calendar"))
    value = _line(_("Value"))

    class Meta:
        label = _("Setting")
        label_format = "{name}: {value}"


class QuestionBlock(blocks.StructBlock):
    label = _line(_("Question"), 1_000)  # of one line: Wagtail shows it where the block is folded
    kind = blocks.ChoiceBlock(choices=kind_choices, default="short_text", label=_("Kind"))
    is_required = blocks.BooleanBlock(required=False, default=True, label=_("Must be answered"))
    hint = _text(_("Hint"), 1_000, rows=1)
    options = blocks.ListBlock(OptionBlock(), default=[], label=_("Answers to choose from"))
    rows = blocks.ListBlock(OptionBlock(), default=[], label=_("Rows of the table"))
    show_when = rule_block(label=_SHOW)
    help = _text(_("Help that opens"))
    why = _text(_("Why we ask"), 1_000, help_text=_("Needed for special-category data"))
    data_class = blocks.ChoiceBlock(choices=data_class_choices, default="personal", label=_("Data class"))
    prefill = _line(_("Filled in from"), 90, help_text=_("Such as account.name, account.email, account.phone"))
    from_link = blocks.BooleanBlock(
        required=False,
        label=_("A link to the form may answer it"),
        help_text=_("As ?short_name=answer behind the address of the form. Ordinary data only."),
    )
    keep_days = _line(_("Days to keep the answer"), 10, help_text=_("Empty: as long as the request"))
    least = _line(_("Least"), 40, help_text=_("Of a number or an amount; the letters of a text; files"))
    most = _line(_("Most"), 40)
    earliest = _line(_("Earliest day"), 40, help_text=_("2026-09-01, today, 18 years ago, in 2 weeks"))
    latest = _line(_("Latest day"), 40)
    pattern = _line(
        _("Pattern of a reference"), help_text=_("9 a digit, A a letter, X either: AA 9999. Several with |")
    )
    parts = blocks.MultipleChoiceBlock(
        choices=part_choices, required=False, widget=CheckboxSelectMultiple, label=_("Also ask a person for")
    )
    setup = blocks.ListBlock(SettingBlock(), default=[], label=_("Settings of a kind that asks for some"))
    checks = blocks.ListBlock(CheckBlock(), default=[], label=_("Checks with their own message"))
    key = _key()

    class Meta:
        label = _("Question")
        icon = "help"
        label_format = "{label}"
        form_layout = BlockGroup(
            ["label", "kind", "is_required", "hint", "options", "rows", "show_when"],
            settings=[
                *("help", "why", "data_class", "prefill", "from_link", "keep_days"),
                *("least", "most", "earliest", "latest", "pattern", "parts", "setup", "checks", "key"),
            ],
        )


def _questions() -> blocks.ListBlock:
    return blocks.ListBlock(QuestionBlock(), default=[], label=_("Questions"), collapsed=True)


class QuestionsStepBlock(blocks.StructBlock):
    title = _line(_("Title"))
    body = _text(_("Text above the questions"))
    show_when = rule_block(label=_SHOW)
    questions = _questions()
    key = _key()

    class Meta:
        label = _("Page of questions")
        icon = "form"
        label_format = "{title}"
        form_layout = BlockGroup(["title", "body", "questions", "show_when"], settings=["key"])


class GroupStepBlock(blocks.StructBlock):
    title = _line(_("Title"))
    item_name = _line(_("What one of them is called"), help_text=_("Such as child: “Add another child”"))
    least = blocks.IntegerBlock(default=0, min_value=0, max_value=50, required=False, label=_("At least"))
    most = blocks.IntegerBlock(default=20, min_value=1, max_value=50, required=False, label=_("At most"))
    body = _text(_("Text above the questions"))
    show_when = rule_block(label=_SHOW)
    questions = _questions()
    key = _key()

    class Meta:
        label = _("Repeating group: add another")
        icon = "copy"
        label_format = "{title}"
        form_layout = BlockGroup(
            ["title", "item_name", "least", "most", "body", "questions", "show_when"], settings=["key"]
        )


class InformationStepBlock(blocks.StructBlock):
    title = _line(_("Title"))
    body = _text(_("Text"))
    show_when = rule_block(label=_SHOW)
    key = _key()

    class Meta:
        label = _("Page that tells something")
        icon = "info-circle"
        label_format = "{title}"
        form_layout = BlockGroup(["title", "body", "show_when"], settings=["key"])


class EndBlock(blocks.StructBlock):
    after = _line(_("After the page"), help_text=_("Its title or its short name"))
    when = rule_block(label=_("Ask nothing more when…"))
    outcome = _line(_("Outcome"), help_text=_("Its title or its short name. Empty: the rows of outcomes decide."))

    class Meta:
        label = _("End")
        icon = "cross"


class TermBlock(blocks.StructBlock):
    about = _line(_("Number"), 1_000, help_text=_("A question or a calculation"))
    times = _line(_("Times"), 40, default="1")

    class Meta:
        label = _("Number to add")


class PointsBlock(blocks.StructBlock):
    when = rule_block(label=_("When…"))
    number = _line(_("Number"), 40)

    class Meta:
        label = _("Row")


class FeeBlock(blocks.StructBlock):
    when = rule_block(label=_("When… (no row: otherwise)"))
    fee = _line(_("Fee"), 90, help_text=_("Its short name in the service, such as garden-240"))
    concession = blocks.ChoiceBlock(choices=Concession.choices, default=Concession.STANDARD, label=_("Who pays it"))

    class Meta:
        label = _("Fee")
        label_format = "{fee}, {concession}"


class CalculationBlock(blocks.StructBlock):
    label = _line(_("Name"))
    kind = blocks.ChoiceBlock(choices=calculation_choices, default="sum", label=_("What is reckoned"))
    about = _line(
        _("Of what"),
        1_000,
        help_text=_("A date, a group, or group.question: short names or titles. Of a fee: the service's short name"),
    )
    base = _line(_("Starts with"), 40, default="0")
    terms = blocks.ListBlock(TermBlock(), default=[], label=_("Numbers to add"))
    rows = blocks.ListBlock(PointsBlock(), default=[], label=_("Rows"))
    fees = blocks.ListBlock(FeeBlock(), default=[], label=_("Fees"))
    per = _line(
        _("For each of"), 1_000, help_text=_("Of a fee: how many times it is paid, a question or a group's count")
    )
    shown = blocks.BooleanBlock(required=False, label=_("Shown on the page of answers and in the case"))
    key = _key()

    class Meta:
        label = _("Calculation")
        icon = "order"
        label_format = "{label}"


class OutcomeBlock(blocks.StructBlock):
    title = _line(_("Title"))
    body = _text(_("Text"))
    sends = blocks.BooleanBlock(required=False, default=True, label=_("Sends the answers to us"))
    when = rule_block(label=_("When… (no row: otherwise)"))
    key = _key()

    class Meta:
        label = _("Outcome")
        icon = "success"
        label_format = "{title}"
        form_layout = BlockGroup(["title", "body", "sends", "when"], settings=["key"])


class ServiceBlock(blocks.ChoiceBlock):
    def normalize_choice(self, value: Any) -> Any:
        """Its short name as it is: to compare it with all services would ask the database whenever a form is read."""
        return value


class DestinationBlock(blocks.StructBlock):
    service = ServiceBlock(choices=service_choices, required=False, default="", label=_("Service"))
    case_title = _line(_("Title of the case"))
    team = _line(_("Team"), help_text=_("Empty: the team of the service"))
    urgency = blocks.ChoiceBlock(choices=CaseUrgency.choices, default=CaseUrgency.NORMAL.value, label=_("Urgency"))
    next_steps = _text(
        _("What happens next, in our first message"),
        1_000,
        help_text=_("Empty: that we deal with it by the promised day. That day is always said."),
    )
    tells_team = blocks.BooleanBlock(
        required=False, label=_("Tell everybody in the team at once"), help_text=_("By e-mail, with the reference.")
    )
    when = rule_block(label=_("When… (no row: otherwise)"))

    class Meta:
        label = _("Destination")
        icon = "mail"
        label_format = "{case_title}"


STEPS = [
    ("questions", QuestionsStepBlock()),
    ("group", GroupStepBlock()),
    ("information", InformationStepBlock()),
]
ENDS = [("end", EndBlock())]
CALCULATIONS = [("calculation", CalculationBlock())]
OUTCOMES = [("outcome", OutcomeBlock())]
DESTINATIONS = [("destination", DestinationBlock())]
