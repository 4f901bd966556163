import datetime as dt

import pytest
from django import forms

from barnet.kit.dates import DateBoxes, DateField
from barnet.kit.fields import draw_field, error_target
from barnet.kit.sentences import field_errors


class OurForm(forms.Form):
    on = DateField(label="When was it?", subject="The day")


class DjangosForm(forms.Form):
    on = forms.DateField(label="When was it?", widget=DateBoxes)


def _sent(form: type[forms.Form], day: str, month: str, year: str) -> forms.Form:
    return form({"on_day": day, "on_month": month, "on_year": year})


@pytest.mark.parametrize("form", [OurForm, DjangosForm])
@pytest.mark.parametrize(
    "typed",
    [("27", "3", "2026"), (" 27 ", "03", "2026"), ("27", "March", "2026"), ("27", "mar", "2026")],
)
def test_date_is_read_as_people_write_it(form, typed):
    sent = _sent(form, *typed)
    assert sent.is_valid(), sent.errors
    assert sent.cleaned_data["on"] == dt.date(2026, 3, 27)


@pytest.mark.parametrize(
    ("typed", "sentence", "wrong"),
    [
        (("", "", ""), "Fill in “When was it?”", 0),
        (("", "3", "2026"), "The day must include a day", 0),
        (("27", "", "2026"), "The day must include a month", 1),
        (("27", "", ""), "The day must include a month and a year", 1),
        (("27", "3", "26"), "The year must include 4 numbers", 2),
        (("31", "2", "2026"), "The day must be a real date, such as 27 3 2026", 0),
        (("x", "3", "2026"), "The day must be a real date, such as 27 3 2026", 0),
        (("27", "13", "2026"), "The day must be a real date, such as 27 3 2026", 0),
        (("²7", "3", "2026"), "The day must be a real date, such as 27 3 2026", 0),
        (("1" * 5000, "3", "2026"), "The day must be a real date, such as 27 3 2026", 0),
    ],
)
def test_date_error_says_which_part_is_wrong_and_leads_to_it(typed, sentence, wrong):
    sent = _sent(OurForm, *typed)
    assert field_errors(sent["on"]) == [sentence]
    assert error_target(sent["on"]) == f"id_on_{wrong}"


@pytest.mark.parametrize("form", [OurForm, DjangosForm])
def test_date_keeps_what_was_typed(form):
    drawn = draw_field(_sent(form, "31", "Febuary", "26")["on"])
    assert 'value="31"' in drawn
    assert 'value="Febuary"' in drawn
    assert 'value="26"' in drawn


def test_date_marks_only_the_wrong_boxes():
    drawn = draw_field(_sent(OurForm, "27", "", "2026")["on"])
    assert drawn.count("govuk-input--error") == 1


@pytest.mark.parametrize("initial", [dt.date(2026, 3, 27), "2026-03-27", lambda: dt.date(2026, 3, 27)])
def test_date_shows_what_is_known(initial):
    drawn = draw_field(OurForm(initial={"on": initial})["on"])
    assert 'name="on_day" value="27"' in drawn
    assert 'name="on_month" value="3"' in drawn
    assert 'name="on_year" value="2026"' in drawn


def test_date_that_did_not_change_is_no_change():
    form = OurForm({"on_day": "27", "on_month": "3", "on_year": "2026"}, initial={"on": dt.date(2026, 3, 27)})
    assert not form.has_changed()


def test_date_that_is_optional_may_stay_empty():
    class Optional(forms.Form):
        on = DateField(required=False)

    form = Optional({})
    assert form.is_valid()
    assert form.cleaned_data["on"] is None


def test_date_validators_run():
    class Past(forms.Form):
        on = DateField(validators=[lambda day: (_ for _ in ()).throw(forms.ValidationError("Too late"))])

    assert field_errors(Past({"on_day": "1", "on_month": "1", "on_year": "2026"})["on"]) == ["Too late"]
