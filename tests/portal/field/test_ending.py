"""How a job ends, by the page and from a telephone."""

import pytest
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from barnet.notifications.models import Message
from portal.cases.enums import CaseState
from portal.cases.models import Attachment, Case
from portal.field.enums import JobState
from portal.field.models import CannotReason, FieldAct, FieldService
from tests.factories import ServiceFactory
from tests.portal.field.conftest import GPS, picture

KEY = "6f0c1b52-52ab-4a39-9a07-0c4f7a3a1a11"


@pytest.fixture
def otis_client(client, otis):
    client.force_login(otis)
    return client


def page_of(client, job):
    return client.get(reverse("field_job", args=[job.pk]))


def end_on_page(client, job, **said):
    key = page_of(client, job).context["form"]["submission_key"].value()
    return client.post(
        reverse("field_job", args=[job.pk]), {"chosen": "done-done", "submission_key": key, **said}, follow=True
    )


def reason(label):
    return f"cannot-{CannotReason.objects.get(label=label).pk}"


def test_done_resolves_the_request_and_tells_who_asked(otis_client, job, otis):
    response = end_on_page(otis_client, job, note="Two of us")
    assert f"Recorded: {job.case.reference} is done." in response.content.decode()
    job.refresh_from_db()
    case = Case.objects.get(pk=job.case_id)
    assert (job.state, job.ended_by, case.state, case.outcome) == (JobState.DONE, otis, CaseState.RESOLVED, "done")
    assert case.timeline.filter(internal_text="Two of us", public_text="").exists()
    assert Message.objects.filter(template_key="case-resolved").exists()


def test_the_page_sent_twice_is_one_act(otis_client, job):
    key = page_of(otis_client, job).context["form"]["submission_key"].value()
    said = {"chosen": "done-done", "submission_key": key}
    for _time in range(2):
        response = otis_client.post(reverse("field_job", args=[job.pk]), said)
        assert response.status_code == 302
    assert job.case.timeline.filter(kind="resolved").count() == 1


def test_nothing_chosen_keeps_what_was_typed_and_changes_nothing(otis_client, job):
    response = end_on_page(otis_client, job, chosen="", note="The gate was open")
    text = response.content.decode()
    assert "Choose how it ended" in text
    assert "The gate was open" in text
    job.refresh_from_db()
    assert job.is_planned


def test_photos_lose_their_place_and_are_for_staff(otis_client, job, send):
    send(otis_client, job, before=picture("a.jpg", "red"), after=picture("b.jpg", "blue"))
    photos = list(Attachment.objects.filter(case=job.case))
    assert [photo.is_public for photo in photos] == [False, False]
    assert [GPS in Image.open(photo.file).getexif() for photo in photos] == [False, False]
    assert [taken.moment for taken in job.photos.all()] == ["before", "after"]


def test_photos_are_shown_where_the_service_says_so(otis_client, job, send, field_service):
    FieldService.objects.update(shows_photos=True)
    send(otis_client, job, after=picture())
    assert Attachment.objects.get(case=job.case).is_public
    assert job.case.timeline.filter(kind="photo", public_text="Photo of the crew: after.").exists()


def test_same_picture_before_and_after_is_kept_once(otis_client, job, send):
    assert send(otis_client, job, before=picture(), after=picture()).status_code == 200
    assert Attachment.objects.filter(case=job.case).count() == 1
    assert job.photos.count() == 2


def test_several_photos_of_a_moment_are_kept_in_their_order(otis_client, job, send):
    before = [picture("a.jpg", "red"), picture("b.jpg", "blue"), picture("c.jpg", "red")]  # the first again
    after = [picture("d.jpg", "white"), picture("e.jpg", "black"), picture("f.jpg", "grey")]
    for _time in range(2):
        assert send(otis_client, job, key=KEY, before=before, after=after).status_code == 200
        for file in (*before, *after):
            file.seek(0)
    taken = [(one.moment, one.number, one.attachment.name) for one in job.photos.select_related("attachment")]
    assert taken == [
        ("before", 1, "a.jpg"),
        ("before", 2, "b.jpg"),
        ("after", 1, "d.jpg"),
        ("after", 2, "e.jpg"),
        ("after", 3, "f.jpg"),
    ]
    on_case = [photo.name for photo in Attachment.objects.filter(case=job.case)]
    assert on_case == ["a.jpg", "b.jpg", "d.jpg", "e.jpg", "f.jpg"]
    told = job.case.timeline.filter(kind="photo").values_list("internal_text", flat=True)
    assert list(told) == ["2 photos of the crew: before.", "3 photos of the crew: after."]
    page = page_of(otis_client, job).content.decode()
    places = [page.index(words) for words in ("Before 1", "Before 2", "After 1", "After 2", "After 3")]
    assert places == sorted(places)


@pytest.mark.parametrize(("count", "status"), [(6, 200), (7, 400)])
def test_more_photos_than_six_of_a_moment_are_refused_and_nothing_changes(otis_client, job, send, count, status):
    many = [picture(f"{number}.jpg", (number, 0, 0)) for number in range(0, count * 30, 30)]
    answer = send(otis_client, job, before=many)
    assert answer.status_code == status
    if status == 400:
        assert answer.json() == {"sentence": "Choose at most 6 photos of one moment. You chose 7."}
        assert not FieldAct.objects.exists()
        assert not Attachment.objects.filter(case=job.case).exists()
    else:
        assert job.photos.count() == 6


def test_the_page_takes_several_photos_too(otis_client, job):
    end_on_page(otis_client, job, after=[picture("a.jpg", "red"), picture("b.jpg", "blue")])
    assert [photo.number for photo in job.photos.all()] == [1, 2]
    page = page_of(otis_client, job).content.decode()
    assert "After 2" in page


def test_one_bad_photo_among_good_ones_keeps_none(otis_client, job, send):
    bad = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    assert send(otis_client, job, after=[picture(), bad]).status_code == 400
    assert not Attachment.objects.filter(case=job.case).exists()


def test_what_is_no_photo_is_refused_and_nothing_changes(otis_client, job, send):
    response = send(otis_client, job, after=SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg"))
    assert response.status_code == 400
    assert "could not read this as a photo" in response.json()["sentence"]
    job.refresh_from_db()
    assert job.is_planned
    assert not FieldAct.objects.exists()


def test_could_not_leaves_the_request_open_for_another_plan(otis_client, job, send):
    send(otis_client, job, chosen=reason("Car in the way"))
    job.refresh_from_db()
    case = Case.objects.get(pk=job.case_id)
    assert (job.state, job.reason.label, case.is_open) == (JobState.COULD_NOT, "Car in the way", True)
    assert case.timeline.filter(kind="told", public_text="A car stood in the way.").exists()


def test_could_not_ends_the_request_where_the_service_says_so(otis_client, job, send):
    send(otis_client, job, chosen=reason("Nothing there"))
    case = Case.objects.get(pk=job.case_id)
    assert (case.state, case.outcome, case.public_reason) == (
        CaseState.RESOLVED,
        "not_possible",
        "We found nothing there.",
    )


def test_reason_of_another_service_is_refused(otis_client, job, send):
    other = FieldService.objects.create(service=ServiceFactory(slug="graffiti", name="Graffiti"))
    foreign = CannotReason.objects.create(field_service=other, label="Rain")
    response = send(otis_client, job, chosen=f"cannot-{foreign.pk}")
    assert (response.status_code, response.json()) == (400, {"sentence": "Choose how it ended"})


def test_further_job_is_one_request_at_the_same_place_and_of_nobody(otis_client, job, send):
    other = ServiceFactory(slug="graffiti", name="Remove graffiti")
    FieldService.objects.create(service=other)
    for _time in range(2):
        response = send(otis_client, job, key=KEY, follow_on="graffiti", follow_on_words="On the wall")
    job.refresh_from_db()
    further = Case.objects.get(service=other)
    assert job.follow_on == further
    assert further.reference in response.json()["answer"]
    assert (further.address, further.customer, further.contact_name) == (job.case.address, None, "")
    assert further.details[0] == ["What the crew found", "On the wall"]
    assert job.case.timeline.filter(internal_text__contains=further.reference).exists()


def test_same_key_is_answered_the_same_after_the_job_went_to_another_crew(otis_client, job, send, olga):
    first = send(otis_client, job, key=KEY)
    job.refresh_from_db()
    job.crew = olga.teams.get()
    job.save()
    again = send(otis_client, job, key=KEY)
    assert (again.status_code, again.json()) == (200, first.json())
    assert job.case.timeline.filter(kind="resolved").count() == 1


def test_key_of_another_is_no_answer(otis_client, job, send, client, olga, crew):
    send(otis_client, job, key=KEY)
    crew.members.add(olga)
    client.force_login(olga)
    response = send(client, job, key=KEY)
    assert response.status_code == 409
    assert "sent by somebody else" in response.json()["sentence"]


def test_colleague_was_first_and_it_is_said(client, job, send, otis, olga, crew):
    crew.members.add(olga)
    client.force_login(olga)
    send(client, job)
    client.force_login(otis)
    response = send(client, job, note="mine")
    assert response.status_code == 409
    assert "already said how the job" in response.json()["sentence"]
    assert not job.case.timeline.filter(internal_text="mine").exists()


def test_request_that_the_office_ended_is_refused(otis_client, job, send):
    Case.objects.filter(pk=job.case_id).update(state=CaseState.WITHDRAWN)
    response = send(otis_client, job)
    assert response.status_code == 409
    assert "Withdrawn" in response.json()["sentence"]


@pytest.mark.parametrize("key", ["", "x", "1" * 70])
def test_without_a_good_key_nothing_is_done(otis_client, job, key):
    response = otis_client.post(reverse("field_end", args=[job.pk]), {"chosen": "done-done", "key": key})
    assert response.status_code == 400
    assert not FieldAct.objects.exists()


def test_photo_of_an_act_that_fails_leaves_no_file(otis_client, job, send, monkeypatch):
    kept: list[str] = []
    save = Storage.save
    monkeypatch.setattr(Storage, "save", lambda *a, **k: kept.append(save(*a, **k)) or kept[-1])
    monkeypatch.setattr("portal.field.services._answer", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(otis_client, job, after=picture())
    storage = Attachment._meta.get_field("file").storage
    assert len(kept) == 1
    assert not storage.exists(kept[0])
    assert not Attachment.objects.filter(case=job.case).exists()
