"""A file that answered a question goes for good: bytes, names, the public copy. The trace stays."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from barnet.customers.actors import Actor
from portal.cases.models import Attachment
from portal.reports.pictures import pictures_of, shown_by_all
from portal.smartforms.models import Answer, FormFile
from tests import factories
from tests.barnet.kit.files import samples
from tests.portal.smartforms.results.conftest import add_file

pytestmark = pytest.mark.django_db

SURE = {"why": "It shows a child", "is_sure": "on"}


def address_of(file) -> str:
    return reverse("staff_answer_file_erase", args=[file.submission.case.reference, file.pk])


def erase(client, file, run, **changes):
    with run(execute=True):
        return client.post(address_of(file), SURE | changes)


def test_the_bytes_and_every_name_go_and_the_trace_stays(
    submission, staff, of, asha, django_capture_on_commit_callbacks
):
    file, other = (add_file(submission, data_class="personal", path=path) for path in ("asha-owner-passport", "bill"))
    storage, name, case = file.file.storage, file.file.name, submission.case
    leader = staff("team_lead")
    assert address_of(file) in leader.get(reverse("staff_answers", args=[case.reference])).content.decode()
    assert "Tick the box" in erase(leader, file, django_capture_on_commit_callbacks, is_sure="").content.decode()
    assert storage.exists(name)
    for _press in range(2):
        assert erase(leader, file, django_capture_on_commit_callbacks).status_code == 302
    assert not storage.exists(name)
    assert list(FormFile.objects.all()) == [other]
    answer = Answer.objects.get(path="asha-owner-passport")
    assert (answer.value, "asha-owner-passport.pdf" in answer.words) == ([], False)
    entry = case.timeline.get(kind="erased")
    assert (entry.actor, "It shows a child" in entry.internal_text) == (leader.user, True)
    assert "passport" not in entry.internal_text + entry.public_text
    sheet = of(asha).get(reverse("account_sent_answers", args=[case.reference])).content.decode()
    assert "A file that was erased" in sheet
    assert "asha-owner-passport.pdf" not in sheet


def test_the_copy_that_everybody_saw_goes_too(submission, staff, dev, django_capture_on_commit_callbacks):
    file = add_file(submission, data_class="personal", path="photo")
    file.content_type = "image/png"
    file.file.save("photo", ContentFile(samples.picture("PNG")))
    [picture] = pictures_of(submission.case)
    copy = shown_by_all(submission.case, picture, Actor.staff(dev))
    storage, name = copy.file.storage, copy.file.name
    assert copy.sha256 != file.sha256
    erase(staff("team_lead"), file, django_capture_on_commit_callbacks)
    assert not storage.exists(name)
    assert not Attachment.objects.exists()


def test_only_who_may_and_special_ones_only_while_they_are_open(submission, staff, of, asha, cara):
    file = add_file(submission, data_class="special", path="letter")
    for client, status in ((staff("caseworker"), 403), (of(asha), 404), (of(cara), 404), (staff("team_lead"), 403)):
        assert client.get(address_of(file)).status_code == status
        assert client.post(address_of(file), SURE).status_code == status
    guardian = staff("data_guardian")
    assert guardian.post(address_of(file), SURE).status_code == 403
    special = reverse("staff_answers_special", args=[submission.case.reference])
    guardian.post(special, {"reason": "To erase what is not ours"})
    assert guardian.post(address_of(file), SURE).status_code == 302
    assert not FormFile.objects.exists()


def test_a_document_that_was_only_named_is_not_erased_here(submission, staff, asha):
    paper = factories.DocumentFactory(customer=asha)
    file = add_file(submission, data_class="personal", path="proof")
    FormFile.objects.filter(pk=file.pk).update(document=paper, file="")
    leader = staff("team_lead")
    assert leader.get(address_of(file)).status_code == 404
    assert leader.post(address_of(file), SURE).status_code == 404
    assert address_of(file) not in leader.get(f"/staff/answers/{submission.case.reference}/").content.decode()
