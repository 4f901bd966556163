"""Photos in the report of a missed bin."""

import pytest

from portal.cases.models import Attachment, Case
from portal.waste.models import DraftPhoto
from tests.portal.waste.missed.pages import ANSWERS, check, tell, typed, url
from tests.portal.waste.photos import photo

pytestmark = pytest.mark.django_db


def test_photo_reaches_the_case(client, home, black_bin):
    page = check(client, home, black_bin, photo=photo("my bin.jpg"))
    assert "my-bin.jpg" in page.text
    client.post(url("check", home), typed(page))
    attachment = Attachment.objects.get()
    assert (attachment.case, attachment.content_type) == (Case.objects.get(), "image/jpeg")


def test_photo_stays_when_another_answer_is_wrong(client, home, black_bin):
    response = tell(client, home, black_bin, photo=photo(), email="wrong")
    assert "We have your photo bin.jpg" in response.text
    held = {**typed(response), "email": "pat@example.com", "photo": ""}
    page = client.get(client.post(url("tell", home), held).url)
    client.post(url("check", home), typed(page))
    assert Attachment.objects.count() == 1


def test_photo_can_be_replaced_and_removed(client, home, black_bin):
    first = tell(client, home, black_bin, photo=photo("first.jpg"), email="wrong")
    replaced = client.post(url("tell", home), {**typed(first), **ANSWERS, "photo": photo("second.jpg", (50, 50))})
    assert "second.jpg" in client.get(replaced.url).text
    removed = client.post(url("tell", home), {**typed(first), **ANSWERS, "remove_photo": "on"})
    assert "first.jpg" not in client.get(removed.url).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The photo is empty"),
        (b"MZ not a photo", "We could not read this as a photo"),
        (b"x" * 11_000_000, "smaller"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(client, home, black_bin, content, sentence):
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = tell(client, home, black_bin, photo=SimpleUploadedFile("bin.jpg", content, "image/jpeg"))
    assert response.status_code == 200
    assert sentence in response.text
    assert "By the gate" in response.text
    assert not DraftPhoto.objects.exists()
