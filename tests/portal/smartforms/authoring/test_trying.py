"""The preview: the pages of a draft, as it stands in the editor, walked without storing anything."""

import re

import pytest

from portal.smartforms.models import Draft, SmartForm, Submission
from tests.portal.smartforms.authoring.editing import address, club, draft, posted_again

pytestmark = pytest.mark.django_db


class Preview:
    """The frame beside the editor."""

    def __init__(self, client, form, **changed):
        self.client, self.form = client, form
        words = posted_again(form) | changed
        assert client.post(address("preview_on_edit", form.pk), words).json()["is_valid"]
        self.page = client.get(address("preview_on_edit", form.pk))

    def send(self, **posted):
        hidden = {
            name: found[1]
            for name in ("so_far", "page")
            if (found := re.search(rf'name="{name}" value="([^"]*)"', self.page.text))
        }
        self.page = self.client.post(address("try", self.form.pk), hidden | posted)
        assert self.page.status_code == 200
        return self.page.text


def heading(text):
    return re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S)[1].strip()


def test_an_author_walks_through_a_draft_to_its_end(dev, service):
    preview = Preview(dev, draft(dev, service))
    assert heading(preview.page.text) == "You"
    assert "nothing is saved or sent" in preview.page.text
    assert "Select an answer" in preview.send(your_name="Nia") or "error-summary" in preview.page.text
    assert heading(preview.send(your_name="Nia", do_you_bring_children="yes_i_do")) == "Your children"
    preview.send(child_s_name="Ola", age="40", add="")
    assert "error-summary" in preview.page.text  # at most 17
    preview.send(child_s_name="Ola", age="4", add="")
    assert "1 added." in preview.page.text
    end = preview.send(enough="")
    assert heading(end) == "We have it"
    assert "the case “New member” of the service club" in end
    assert all(words in end for words in ("Nia", "Yes, I do", "Ola"))
    assert not Draft.objects.exists()
    assert not Submission.objects.exists()


def test_a_hidden_page_is_not_shown_and_back_asks_again(dev, service):
    preview = Preview(dev, draft(dev, service))
    assert heading(preview.send(your_name="Nia", do_you_bring_children="no")) == "We have it"
    back = preview.send(back="")
    assert heading(back) == "You"
    assert 'value="Nia"' in back
    assert 'value="Nia"' not in preview.send(restart="")


def test_it_shows_what_stands_in_the_editor_before_it_is_saved(dev, service):
    form = draft(dev, service)
    preview = Preview(dev, form, **{"steps-0-value-title": "About you"})
    assert heading(preview.page.text) == "About you"
    preview.send(your_name="", do_you_bring_children="no")
    assert heading(preview.page.text) == "About you"
    assert SmartForm.objects.get().get_latest_revision_as_object().steps[0].value["title"] == "You"


def test_what_cannot_be_shown_says_why(dev, service):
    preview = Preview(dev, draft(dev, service, item_name=""))
    assert heading(preview.page.text) == "This cannot be shown yet"
    assert "Page 2: Words are missing here." in preview.page.text


def test_what_was_forged_begins_again(dev, service):
    form = draft(dev, service)
    for forged in ("", "x:y:z", "[" * 1_000_000):
        page = dev.post(address("try", form.pk), {"so_far": forged, "page": "your_children", "enough": ""})
        assert heading(page.text) == "You"


@pytest.mark.parametrize("role", ["adviser", "editor"])
def test_others_do_not_see_drafts(author, dev, service, role):
    form = draft(dev, service)
    assert author("other", role).post(address("try", form.pk)).status_code in {302, 403}


def test_a_form_that_was_never_saved_shows_its_first_page(dev, service):
    assert dev.post(address("preview_on_add"), club(service)).json()["is_valid"]
    assert heading(dev.get(address("preview_on_add")).text) == "You"
