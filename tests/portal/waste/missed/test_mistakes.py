"""Wrong answers and attacks on the pages of the report of a missed bin."""

import pytest
from django.test import Client

from portal.cases.models import Case
from tests.factories import AddressFactory
from tests.portal.waste.factories import equip
from tests.portal.waste.missed.pages import ANSWERS, check, tell, typed, url

pytestmark = pytest.mark.django_db


def test_nothing_chosen_is_asked_again(client, home, black_bin):
    page = client.get(url("tell", home))
    assert page.status_code == 200
    assert "Choose the bin that we did not empty." in page.text
    assert "<title>Error: " in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "pat@"}, "Enter an e-mail address, such as name@example.com."),
        ({"email": "p" * 250 + "@example.com"}, "254"),
        ({"phone": "call me"}, "Enter a telephone number"),
        ({"name": "n" * 151}, "150"),
        ({"note": "n" * 501}, "500"),
        ({"bin": ["999999"]}, "That bin cannot be chosen here."),
        ({"bin": ["abc"]}, "That bin cannot be chosen here."),
        ({"bin": []}, "Choose the bin that we did not empty."),
        ({"kept_photo": "abc"}, "We no longer have your photo. Choose it again."),
        ({"kept_photo": "00000000-0000-4000-8000-000000000000"}, "We no longer have your photo. Choose it again."),
        ({"submission_key": "forged"}, "We could not tell whether this form was already sent."),
        ({"submission_key": ""}, "We could not tell whether this form was already sent."),
    ],
)
@pytest.mark.parametrize("step", ["tell", "check"])
def test_wrong_answer_is_named_and_the_others_stay(client, home, black_bin, wrong, sentence, step):
    held = {**typed(client.get(url("tell", home), {"bin": black_bin.pk})), **ANSWERS}
    response = client.post(url(step, home), {**held, **wrong})
    assert response.status_code == 200
    assert sentence in response.text
    assert "<title>Error: " in response.text
    assert (wrong.get("name") or "Pat Example") in response.text
    assert not Case.objects.exists()


def test_bin_of_another_home_is_refused_at_every_step(client, home, black_bin):
    strange = equip(AddressFactory())
    assert "That bin cannot be chosen here." in client.get(url("tell", home), {"bin": strange.pk}).text
    held = {**typed(check(client, home, black_bin)), "bin": [str(strange.pk)]}
    for step in ("tell", "check"):
        assert "That bin cannot be chosen here." in client.post(url(step, home), held).text
    assert not Case.objects.exists()


def test_bin_that_may_not_be_reported_is_refused_when_posted_straight(client, home, black_bin, at):
    held = typed(check(client, home, black_bin))
    at(2026, 7, 9, 0)
    assert "You could report it until the end of Wednesday 8 July 2026" in client.post(url("check", home), held).text
    assert not Case.objects.exists()


@pytest.mark.parametrize("report", ["", "x", "%00", "a" * 5000])
def test_check_page_opened_directly_leads_back_to_the_start(client, home, black_bin, report):
    response = client.get(f"{url('check', home)}?report={report}", follow=True)
    if report == "%00":
        assert response.status_code == 400
        return
    assert "We no longer have the answers that you gave." in response.text


def test_answers_given_for_one_home_do_not_show_at_another(client, home, black_bin):
    other = equip(AddressFactory()).address
    name = dict(part.split("=") for part in tell(client, home, black_bin).url.split("?")[1].split("&"))["report"]
    response = client.get(url("check", other), {"report": name})
    assert response.status_code == 302
    assert "Pat Example" not in client.get(response.url).text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("step", ["choose", "tell", "check"])
def test_wrong_method_is_refused(client, home, black_bin, method, step):
    assert getattr(client, method)(url(step, home)).status_code == 405
    assert client.post(url("choose", home)).status_code == 405


def test_null_byte_is_refused(client, home, black_bin):
    held = typed(check(client, home, black_bin))
    assert client.post(url("check", home), {**held, "note": "a\x00b"}).status_code == 400


def test_post_without_token_is_refused(home, black_bin):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url("check", home), {}).status_code == 403


def test_script_in_an_answer_is_shown_as_text(client, home, black_bin):
    page = check(client, home, black_bin, note="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
