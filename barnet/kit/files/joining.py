"""Several photos of one paper, such as the two sides of a licence, become one PDF: one file, one fingerprint."""

import hashlib
import io
from collections.abc import Sequence

from django.core.files.base import ContentFile
from PIL import Image

from barnet.kit.files.checking import CleanFile

MOST_PAGES = 10
_QUALITY, _DOTS_PER_INCH = 90, 150


def joined(photos: Sequence[CleanFile], *, name: str) -> CleanFile:
    """A page for each photo, in their order. They have passed `check_file`: upright pixels and nothing else."""
    pages = [_page(photo) for photo in photos]
    written = io.BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], quality=_QUALITY, resolution=_DOTS_PER_INCH)
    content = written.getvalue()
    return CleanFile(
        content=ContentFile(content),
        content_type="application/pdf",
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _page(photo: CleanFile) -> Image.Image:
    """What is transparent becomes white, as paper is."""
    photo.content.seek(0)
    picture = Image.open(photo.content).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("RGB")
