"""A smart form as people fill it in: on a telephone, with and without JavaScript, away and back by a link."""

import json
import re

import pytest

from tests.browser.person import Person, an_email
from tests.browser.test_journey import REFERENCE, WITH_AND_WITHOUT
from tests.portal.smartforms.running.conftest import CLUB

LEAD = "lead@barnet.example"


@pytest.fixture(scope="session")
def club(portal, tmp_path_factory) -> str:
    """The address of a form with a bit of everything."""
    form = json.dumps(CLUB | {"service": "new-bin"}).replace('"service": "holiday-club"', '"service": "new-bin"')
    file = tmp_path_factory.mktemp("forms") / "club.json"
    file.write_text(form)
    portal.manage("import_forms", str(file))
    return f"/forms/{CLUB['slug']}/"


def choose(person: Person, label: str) -> None:
    person.main.get_by_label(label, exact=True).check()
    person.press("Continue")


def add_child(person: Person, name: str) -> None:
    person.main.get_by_label("Name", exact=True).fill(name)
    for part, number in (("Day", "3"), ("Month", "4"), ("Year", "2019")):
        person.main.get_by_label(part, exact=True).fill(number)
    person.press("Continue")


@WITH_AND_WITHOUT
def test_a_form_is_filled_in_on_a_phone_left_and_finished_on_another(open_as, club, scripts):
    email = an_email("bo")
    bo = Person(open_as(scripts=scripts), scripts)
    bo.go(club)
    bo.press("Start now")
    bo.press("Continue")
    assert bo.reads("There is a problem")
    choose(bo, "Yes")
    bo.main.get_by_label("Your name").fill("Bo Neighbour")
    bo.main.get_by_label("Your email address").fill(email)
    bo.main.get_by_label(re.compile("Income")).fill("lots")
    bo.press("Continue")
    assert bo.reads("There is a problem")
    assert bo.main.get_by_label(re.compile("Income")).input_value() == "lots"
    bo.main.get_by_label(re.compile("Income")).fill("320.50")
    bo.press("Continue")
    add_child(bo, "Ada")
    bo.main.get_by_label("Yes", exact=True).check()
    bo.press("Continue")
    add_child(bo, "Cy")
    bo.main.get_by_role("button", name="Remove child 2").click()
    bo.page.wait_for_load_state("load")
    bo.look()
    assert not bo.reads("Cy")

    bo.press("Save and go on later", "link")
    bo.main.get_by_label("Email address").fill(email)
    bo.press("Send me the link")
    assert bo.reads("We have sent you a link")
    link = re.search(r"http://\S+/return/\S+", bo.wait_for_mail(email, "Go on with your form"))
    assert link

    home = Person(open_as(width=1280, scripts=scripts), scripts)
    home.go(link[0].rstrip("."))
    home.press("Go on with my answers")
    choose(home, "No")
    choose(home, "Yes")
    home.main.get_by_label(re.compile("What help")).fill("Somebody who signs.")
    home.press("Continue")
    home.press("Continue")
    for words in ("Bo Neighbour", "£320.50", "Ada", "3 April 2019", "Somebody who signs."):
        assert home.reads(words), words
    home.press("Change Your name", "link")
    home.main.get_by_label("Your name").fill("Bo Newname")
    home.press("Continue")
    assert home.reads("Check your answers")
    home.press("Send")
    assert home.reads("There is a problem")
    home.main.get_by_label("What I said is true.").check()
    home.press("Send")
    assert home.reads("We have your application")
    reference = REFERENCE.search(home.main.inner_text())
    assert reference

    lead = Person(open_as(LEAD, scripts=scripts), scripts)
    lead.go(f"/staff/cases/{reference[0]}/")
    assert lead.reads("Bo Newname")


def test_what_was_typed_is_there_although_nobody_pressed_continue(open_as, club):
    bo = Person(open_as())
    bo.go(club)
    bo.press("Start now")
    choose(bo, "Yes")
    bo.main.get_by_label("Your name").press_sequentially("Bo Kept")
    with bo.page.expect_response(lambda answer: answer.status == 204):
        bo.page.wait_for_timeout(100)
    bo.page.reload()
    assert bo.main.get_by_label("Your name").input_value() == "Bo Kept"


def test_an_end_explains_what_to_do_instead(open_as, club):
    bo = Person(open_as())
    bo.go(club)
    bo.press("Start now")
    choose(bo, "No")
    assert bo.reads("Ask your own council")
    assert bo.reads("Nothing was sent to us.")
