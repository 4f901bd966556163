"""Photos that came with a report, whether beside it or as the answer to a question of its form."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.urls import reverse

from barnet.customers.actors import Actor
from barnet.kit.uploads import clean_photo
from portal.cases.models import Attachment, Case
from portal.cases.services.photos import store_photos
from portal.smartforms.models import FormFile


@dataclass(frozen=True)
class Picture:
    key: str
    name: str
    url: str  # for staff
    of: Attachment | FormFile


def pictures_of(case: Case) -> list[Picture]:
    beside = Attachment.objects.filter(case=case, content_type__startswith="image/")
    answers = FormFile.objects.filter(submission__case=case, document=None, content_type__startswith="image/")
    return [
        *(Picture(f"photo-{row.pk}", row.name, reverse("case_photo", args=[row.pk]), row) for row in beside),
        *(Picture(f"file-{row.pk}", row.name, _url(case, row), row) for row in answers),
    ]


def _url(case: Case, row: FormFile) -> str:
    return reverse("staff_answer_file", args=[case.reference, row.pk])


def shown_by_all(case: Case, picture: Picture, actor: Actor) -> Attachment:
    """The photo as everybody may see it: written anew, without what the camera added. Raises ValidationError."""
    if isinstance(picture.of, Attachment):
        return picture.of
    clean = clean_photo(_opened(picture.of))
    known = case.attachments.filter(sha256=clean.sha256).first()
    return known or store_photos(case, [clean], actor=actor, is_public=True)[0]


def _opened(row: FormFile) -> File:
    try:
        return File(row.file.open("rb"), name=row.name)
    except FileNotFoundError:
        raise ValidationError(f"{row.name}: the file is not there any more.") from None
