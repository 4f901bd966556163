"""Photos that people send: recognised by content, turned upright, made small, written anew without what the camera
added.

The new file holds pixels only: no place, no owner, no comment, no second picture. What cannot be read as one of the
accepted kinds is refused with a sentence.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

try:
    from pillow_heif import register_heif_opener
except ImportError:
    HEIF: tuple[str, ...] = ()
else:
    register_heif_opener(thumbnails=False)
    HEIF = ("HEIF",)

ACCEPTED = ("JPEG", "PNG", "WEBP", "GIF", *HEIF)
ACCEPT_ATTRIBUTE = "image/jpeg,image/png,image/webp,image/gif" + (",image/heic,image/heif" if HEIF else "")
MOST_PIXELS = 60_000_000  # 60 megapixels: above any telephone, below what would exhaust the memory
LONGEST_SIDE = 2560  # pixels: enough to read a street sign
_MODES_WITH_ALPHA = {"RGBA", "LA", "PA", "La", "RGBa"}


@dataclass(frozen=True)
class CleanPhoto:
    content: ContentFile
    content_type: str
    name: str
    size: int
    sha256: str


def clean_photo(file: File) -> CleanPhoto:
    """Raises ValidationError with a plain sentence."""
    _check_size(file)
    picture = _read(file)
    kind, extension, options = _target(picture)
    written = io.BytesIO()
    picture.save(written, kind, **options)
    content = written.getvalue()
    name = f"{_stem(file.name)}.{extension}"
    return CleanPhoto(
        content=ContentFile(content, name=name),
        content_type=f"image/{kind.lower()}",
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def accepted_kinds() -> str:
    return _("JPEG, PNG, WebP, GIF or HEIC") if HEIF else _("JPEG, PNG, WebP or GIF")


def _check_size(file: File) -> None:
    if not file.size:
        raise ValidationError(_("The photo is empty. Choose another photo."), code="empty")
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        largest = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        raise ValidationError(_("The photo must be smaller than %(size)s.") % {"size": largest}, code="too_large")


def _read(file: File) -> Image.Image:
    """Upright pixels in sRGB, at most LONGEST_SIDE long, in an image that has never met the file's metadata."""
    file.seek(0)
    try:
        opened = Image.open(file, formats=ACCEPTED)
        if opened.width * opened.height > MOST_PIXELS:
            raise ValidationError(_("The photo has too many pixels. Send a smaller one."), code="too_many_pixels")
        opened.seek(0)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        upright = _in_srgb(upright)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        pixels = Image.new(upright.mode, upright.size)
        pixels.paste(upright)
    except ValidationError:
        raise
    except Exception:  # decoders meet broken files with errors of any kind
        sentence = _("We could not read this as a photo. Send it as %(kinds)s.") % {"kinds": accepted_kinds()}
        raise ValidationError(sentence, code="unreadable") from None
    return pixels


def _in_srgb(picture: Image.Image) -> Image.Image:
    has_alpha = picture.mode in _MODES_WITH_ALPHA or "transparency" in picture.info
    profile = picture.info.get("icc_profile")
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    if not profile or has_alpha or picture.mode not in {"RGB", "CMYK"}:
        return plain
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return plain
    return converted or plain


def _target(picture: Image.Image) -> tuple[str, str, dict[str, object]]:
    if picture.mode == "RGBA" and picture.getextrema()[3] != (255, 255):  # type: ignore[misc]
        return "PNG", "png", {"optimize": True}
    return "JPEG", "jpg", {"quality": 85, "optimize": True, "progressive": True}


def _stem(name: str | None) -> str:
    stem = PurePath((name or "").replace("\\", "/")).stem
    return re.sub(r"[^\w-]+", "-", stem).strip("-_")[:80] or "photo"
