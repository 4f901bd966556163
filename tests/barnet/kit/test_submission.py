import pytest
from django import forms
from django.test import RequestFactory

from barnet.kit.elements import error_summary
from barnet.kit.fields import draw_fields
from barnet.kit.submission import REFUSAL, SubmissionKeyMixin, new_signed_key


class ReportForm(SubmissionKeyMixin, forms.Form):
    what = forms.CharField()


def _browser(cookie: str = ""):
    request = RequestFactory().get("/")
    if cookie:
        request.META["CSRF_COOKIE"] = cookie
    return request


def _key_in(form: forms.Form) -> str:
    return form["submission_key"].value()


def test_key_is_long_and_never_the_same():
    sent = [ReportForm({"what": "x", "submission_key": new_signed_key()}) for _ in range(50)]
    assert all(form.is_valid() for form in sent)
    keys = {form.cleaned_data["submission_key"] for form in sent}
    assert len(keys) == 50
    assert all(32 <= len(key) <= 64 for key in keys)


def test_key_of_a_loaded_form_is_accepted_and_stays_the_same_when_the_form_is_shown_again():
    key = _key_in(ReportForm())
    faulty = ReportForm({"what": "", "submission_key": key})
    assert not faulty.is_valid()
    assert _key_in(faulty) == key
    first, again = (ReportForm({"what": "x", "submission_key": key}) for _ in range(2))
    assert first.is_valid()
    assert again.is_valid()
    assert first.cleaned_data["submission_key"] == again.cleaned_data["submission_key"]


@pytest.mark.parametrize("forged", ["", "x", "a" * 32 + ":" + "b" * 43, "€:€", "x" * 100_000, None])
def test_key_that_is_missing_or_forged_is_refused_in_words_and_nothing_typed_is_lost(forged):
    form = ReportForm({"what": "My <bin>"} | ({} if forged is None else {"submission_key": forged}))
    assert form.errors == {"submission_key": [str(REFUSAL)]}
    assert str(REFUSAL) in error_summary(form)
    assert "My &lt;bin&gt;" in draw_fields(form)
    fresh = _key_in(form)
    assert ReportForm({"what": "My <bin>", "submission_key": fresh}).is_valid()


def test_key_is_bound_to_the_browser_that_loaded_the_form():
    ashas, caras = _browser("a" * 32), _browser("c" * 32)
    key = _key_in(ReportForm(request=ashas))
    assert ReportForm({"what": "x", "submission_key": key}, request=ashas).is_valid()
    assert not ReportForm({"what": "x", "submission_key": key}, request=caras).is_valid()
    assert not ReportForm({"what": "x", "submission_key": key}).is_valid()
    assert not ReportForm({"what": "x", "submission_key": new_signed_key()}, request=ashas).is_valid()


def test_key_of_a_new_browser_is_accepted_by_it():
    request = _browser()
    key = new_signed_key(request)
    assert ReportForm({"what": "x", "submission_key": key}, request=request).is_valid()


def test_key_survives_a_prefix_and_is_no_change():
    form = ReportForm(prefix="one")
    sent = ReportForm({"one-what": "", "one-submission_key": _key_in(form)}, prefix="one")
    assert not sent.has_changed()
    assert list(sent.errors) == ["what"]
