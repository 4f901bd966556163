"""Photos and other files beside a request."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils import timezone


def private_storage() -> Storage:
    return storages["private"]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def photos(self) -> "AttachmentQuerySet":
        return self.filter(content_type__startswith="image/")

    def papers(self) -> "AttachmentQuerySet":
        """PDF, Word, Excel and OpenDocument files: to be saved, never shown in a page."""
        return self.exclude(content_type__startswith="image/")


class Attachment(models.Model):
    """A photo, re-encoded without what the camera added; or another file, as it was checked."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(storage=private_storage, upload_to="cases/%Y/%m/", max_length=200)
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    is_public = models.BooleanField(default=True)  # the customer sees it

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "sha256"], name="attachment_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_photo(self) -> bool:
        return self.content_type.startswith("image/")


class SentFile(models.Model):
    """A message had this file with it. The same file may be sent again: it is kept once."""

    entry = models.ForeignKey("cases.TimelineEntry", on_delete=models.CASCADE, related_name="sent_files")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="sent_with")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "attachment"], name="sent_file_once")]

    def __str__(self) -> str:
        return f"{self.attachment_id} with {self.entry_id}"
