"""The fees of the catalogue that a form reckons with, as they are on a day."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from barnet.catalogue.models import Fee
from barnet.kit.wording import money
from portal.smartforms.definition.conditions import tests_of
from portal.smartforms.definition.model import Calculation, CalculationKind, DataClass, Definition, FeeRow
from portal.smartforms.definition.reading import Finding
from portal.smartforms.evaluating import Walk, fee_key


def fees_on(definition: Definition, day: dt.date) -> dict[str, Decimal]:
    """Pounds, by `evaluating.fee_key`. One query, for forms with fees only."""
    wanted = {fee_key(service, row) for _place, service, row in _rows(definition)}
    if not wanted:
        return {}
    services = {service for _place, service, _row in _rows(definition)}
    found = Fee.objects.on(day).filter(service__slug__in=services).select_related("service")
    pounds = {f"{fee.service.slug}/{fee.code}/{fee.concession}": Decimal(fee.amount) / 100 for fee in found}
    return {key: pounds[key] for key in wanted if key in pounds}


def unknown_fees(definition: Definition, day: dt.date) -> list[Finding]:
    known = fees_on(definition, day)
    return [
        Finding(place, f"The service {service} has no fee {row.fee} today for {row.concession}.")
        for place, service, row in _rows(definition)
        if fee_key(service, row) not in known
    ]


def _rows(definition: Definition) -> Iterator[tuple[str, str, FeeRow]]:
    for number, row in enumerate(definition.calculations):
        if row.kind is CalculationKind.FEE:
            for position, line in enumerate(row.fees):
                yield f"form.calculations[{number}].fees[{position}].fee", row.about, line


def shown_results(definition: Definition, walked: Walk, *, with_special: bool = True) -> list[tuple[str, str]]:
    """What the author shows of the calculations: label and words. Without `with_special`, not what tells of an answer
    of special category: a price of nothing for holders of a badge."""
    shown = [row for row in definition.calculations if row.shown and (with_special or not _tells(definition, row))]
    return [(row.label, _words(definition, row, walked)) for row in shown]


def _tells(definition: Definition, row: Calculation) -> bool:
    rules = [*(line.when for line in row.rows), *(line.when for line in row.fees)]
    asked = {row.about, row.per, *(term.about for term in row.terms)}
    asked |= {test.about for rule in rules for test in tests_of(rule)}
    return any(
        _tells(definition, definition.calculation[key])
        if key in definition.calculation
        else key in definition.questions and definition.questions[key].data_class is DataClass.SPECIAL
        for key in asked
    )


def _words(definition: Definition, row: Calculation, walked: Walk) -> str:
    value: Any = walked.values.get(row.key)
    if not definition.is_money(row.key):
        return "" if value is None else f"{value:,}"
    if value is None:
        return _("We tell you the price before you pay")
    return money(int(value * 100)) if value else _("Free")
