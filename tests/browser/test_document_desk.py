"""A librarian photographs a bill and certifies it; at home the resident uses it in a form and uploads nothing."""

import json
import re

import pytest
from django.utils import timezone

from tests.barnet.kit.files import samples
from tests.browser.person import Person
from tests.browser.test_journey import WITH_AND_WITHOUT
from tests.portal.documents.forms import proof_form


@pytest.fixture(scope="session")
def form(portal, tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("forms") / "proof.json"
    file.write_text(
        json.dumps(proof_form("where-you-live", proves=("address",)) | {"service": "new-bin"}).replace(
            '"service": "where-you-live"', '"service": "new-bin"'
        )
    )
    portal.manage("import_forms", str(file))
    return "/forms/where-you-live/"


@WITH_AND_WITHOUT
def test_shown_once_at_a_library_and_used_at_home(open_as, form, scripts):
    desk = Person(open_as("librarian@barnet.example", width=1280, scripts=scripts), scripts)
    desk.go("/staff/serve/?q=asha@example.com")
    desk.main.get_by_role("link", name=re.compile("Asha")).first.click()
    desk.page.wait_for_url("**/staff/customers/*/", wait_until="load")
    desk.look()
    desk.press("Documents that we have seen", "link")
    desk.press("Add a document")
    desk.press("Certify")
    assert desk.reads("There is a problem")
    desk.main.get_by_label("Gas, electricity or water bill", exact=True).check()
    picture = {"name": "bill.jpg", "mimeType": "image/jpeg", "buffer": samples.picture(size=(600, 400))}
    desk.main.get_by_label("Take a photo").set_input_files(picture)
    today = timezone.localdate()
    for part, number in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        desk.main.get_by_role("group", name=re.compile("Date on the document")).get_by_label(part).fill(str(number))
    desk.main.get_by_label("Where are you?").select_option("Burnt Oak Library")
    desk.main.get_by_label(re.compile("I have seen the original")).check()
    desk.press("Certify")
    assert desk.reads("Original seen by Libby Librarian at Burnt Oak Library")
    assert desk.reads("Fingerprint")
    desk.main.get_by_label("Why do you need to see it?").fill("To see that it can be read")
    desk.press("Show it")
    scan = desk.main.get_by_role("img", name="Gas, electricity or water bill")
    scan.wait_for()
    assert scan.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600

    home = Person(open_as("asha@example.com", scripts=scripts), scripts)
    home.go(form)
    home.press("Start now")
    assert home.reads("We have already seen this")
    home.main.get_by_label("Gas, electricity or water bill", exact=True).first.check()
    home.press("Continue")
    assert home.reads("Gas, electricity or water bill, original seen on")
    home.press("Send")
    home.go("/account/documents/")
    home.main.get_by_role("link", name=re.compile("^Gas, electricity or water bill")).first.click()
    home.page.wait_for_url(re.compile(r"/account/documents/\d+/"), wait_until="load")
    home.look()
    assert home.reads("rely on it")
    assert home.reads("To see that it can be read")
