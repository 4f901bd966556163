"""The worked example of a kind of step: pick a slot. docs/developers/forms.md follows it line by line."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.db import connection

from barnet.kit.wording import date_long
from portal.smartforms.kinds import Family, Kind, NotGoodAnyMoreError, SetupPart
from portal.smartforms.kinds.registry import common

TIMES = ("10:00", "14:30")
DAYS = 2
TABLE = "CREATE TABLE toy_slots (calendar text, slot text, submission uuid, PRIMARY KEY (calendar, slot))"


def calendar_of(question) -> str:
    return next(setting.value for setting in question.setup if setting.name == "calendar")


def free(question, on: dt.date) -> list[str]:
    """As `2026-12-01 10:00`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slot FROM toy_slots WHERE calendar = %s", [calendar_of(question)])
        taken = {slot for (slot,) in cursor.fetchall()}
    days = [on + dt.timedelta(days=number) for number in range(1, DAYS + 1)]
    return [slot for day in days for time in TIMES if (slot := f"{day} {time}") not in taken]


def in_words(slot: str) -> str:
    day, time = slot.split(" ")
    return f"{date_long(dt.date.fromisoformat(day))} at {time}"


class SlotField(forms.ChoiceField):
    """The check: a slot that is free now."""

    widget = forms.RadioSelect

    def __init__(self, question, asking) -> None:
        choices = [(slot, in_words(slot)) for slot in free(question, asking.on)]
        super().__init__(**common(question), choices=choices, error_messages={"required": "Choose a time"})


@dataclass(frozen=True)
class SlotKind(Kind):
    def page(self, visit):
        """Two pages: the days, and the times of one day. What is sent is checked by the field."""
        form = visit.form()
        if visit.request.method == "POST":
            if form.is_valid():
                return visit.done(form.answers[visit.question.key])
            return visit.show("slots/times.html", form=form)
        field = form.fields[visit.question.key]
        day = visit.request.GET.get("day", "")
        of_day = [choice for choice in field.choices if choice[0].startswith(f"{day} ")]
        if of_day:
            field.choices = of_day
            return visit.show("slots/times.html", form=form)
        days = sorted({slot.split(" ")[0] for slot, _words in field.choices})
        return visit.show("slots/days.html", form=form, days=[(day, dt.date.fromisoformat(day)) for day in days])

    def in_words(self, question, value) -> str:
        return in_words(value)

    def example_of(self, question, on) -> str:
        return free(question, on)[0]

    def on_sent(self, submission, path, question, value) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO toy_slots VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [calendar_of(question), value, submission.draft_id],
            )
            if not cursor.rowcount:
                raise NotGoodAnyMoreError("Somebody else has just taken this time. Choose another one.")


def calendars():
    return [("register-office", "Register office"), ("tip", "Reuse and recycling centre")]


SLOT = SlotKind(
    "slot",
    "Appointment",
    Family.TEXT,
    SlotField,
    is_step=True,
    setup=(SetupPart("calendar", "Whose calendar", choices=calendars),),
)
