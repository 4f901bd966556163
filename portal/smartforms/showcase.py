"""Development only: every kind of question to look at, at /kit/questions/: empty; `?filled`; `?errors`."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from portal.smartforms.definition.model import Option, Question
from portal.smartforms.kinds import Asking, Family, Kind, kind_named, kind_of, names
from portal.smartforms.running.step_form import StepForm

_OPTIONS = (
    Option("alone", "On my own"),
    Option("help", "With help"),
    Option("not", "Not at all", hint="Not even with help"),
)
_ROWS = (Option("cooking", "Cooking"), Option("washing", "Washing"))
_SPOT = {"easting": "524500", "northing": "196500", "text": "Outside the bakery"}
_FILE = {"id": "00000000-0000-0000-0000-000000000000", "name": "a-letter-with-a-long-name-of-2026.pdf", "size": 12_345}


def questions() -> list[Question]:
    return [_question(name) for name in names()]


def _question(name: str) -> Question:
    kind = kind_named(name)
    assert kind is not None
    return Question(
        key=name,
        kind=name,
        label=f"{kind.label}?",
        hint="What helps to answer it.",
        options=_OPTIONS if kind.has_options else (),
        rows=_ROWS if kind.has_rows else (),
        pattern="AA 9999|99999999" if kind.has_pattern else "",
        parts=kind.extra_parts,
    )


def filled(question: Question, on: dt.date) -> Any:
    kind: Kind = kind_of(question)
    match kind.family:
        case Family.CHOICE:
            return kind.options(question)[0].value
        case Family.TICKED:
            return [kind.options(question)[0].value]
        case Family.NUMBER:
            return Decimal(12)
        case Family.DATE:
            return on
    return {"location": _SPOT, "files": [_FILE]}.get(question.kind) or kind.example_of(question, on)


def show_questions(request: HttpRequest) -> HttpResponse:
    asked, on = questions(), timezone.localdate()
    sent = request.POST if request.method == "POST" else QueryDict() if "errors" in request.GET else None
    given = {question.key: filled(question, on) for question in asked} if "filled" in request.GET else {}
    form = StepForm(sent, request.FILES if sent is not None else None, questions=asked, asking=Asking(on), given=given)
    return render(request, "smartforms/showcase.html", {"form": form})


urlpatterns = [path("", show_questions, name="kit_questions")]
