import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, PngImagePlugin

from barnet.kit import uploads
from barnet.kit.uploads import clean_photo

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


def _picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new(mode, (width, height), "blue" if mode != "CMYK" else (100, 0, 0, 0))
    picture.paste("red" if mode != "CMYK" else (0, 100, 0, 0), (0, 0, width // 2, height))
    return picture


def _sent(picture: Image.Image, kind: str, name: str = "photo.jpg", **options) -> SimpleUploadedFile:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return SimpleUploadedFile(name, written.getvalue())


def _opened(photo: uploads.CleanPhoto) -> Image.Image:
    return Image.open(io.BytesIO(photo.content.read()))


def _reason(file: SimpleUploadedFile) -> str:
    with pytest.raises(ValidationError) as refused:
        clean_photo(file)
    [message] = refused.value.messages
    return message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", *uploads.HEIF])
def test_photo_of_every_accepted_kind_is_written_anew(kind):
    photo = clean_photo(_sent(_picture(), kind, "a.exe"))
    assert (photo.name, photo.content_type) == ("a.jpg", "image/jpeg")
    assert photo.size == len(photo.content) == photo.content.size
    assert len(photo.sha256) == 64
    assert _opened(photo).size == (60, 40)


def test_photo_loses_place_owner_and_comment():
    exif = Image.Exif()
    exif[MAKER] = "SECRETMAKER"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (51.0, 39.0, 1.0)
    photo = clean_photo(_sent(_picture(), "JPEG", exif=exif, comment=b"SECRETCOMMENT", xmp=b"<x>SECRETXMP</x>"))
    content = photo.content.read()
    assert b"SECRET" not in content
    assert b"Exif" not in content
    assert not dict(Image.open(io.BytesIO(content)).getexif())


def test_png_loses_its_words():
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "SECRETAUTHOR")
    transparent = Image.new("RGBA", (20, 20), (255, 0, 0, 100))
    photo = clean_photo(_sent(transparent, "PNG", "drawing.png", pnginfo=words))
    assert (photo.name, photo.content_type) == ("drawing.png", "image/png")
    assert b"SECRET" not in photo.content.read()


def test_photo_that_the_camera_held_sideways_is_turned():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    turned = _opened(clean_photo(_sent(_picture(), "JPEG", exif=exif)))
    assert turned.size == (40, 60)
    red, _green, blue = turned.getpixel((20, 10))
    assert red > 200 > 60 > blue


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "LA", "I;16"])
def test_photo_of_every_colour_mode_is_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new(mode, (30, 30)) if mode in {"P", "1", "LA", "I;16"} else _picture(mode=mode)
    assert _opened(clean_photo(_sent(picture, kind))).mode in {"RGB", "RGBA"}


def test_photo_with_a_colour_profile_becomes_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    cleaned = _opened(clean_photo(_sent(_picture(), "JPEG", icc_profile=profile)))
    assert "icc_profile" not in cleaned.info


def test_photo_with_a_broken_colour_profile_is_still_read():
    assert clean_photo(_sent(_picture(), "JPEG", icc_profile=b"nonsense" * 30)).size


def test_moving_picture_becomes_a_still_one():
    frames = [_picture(), Image.new("RGB", (60, 40), "green")]
    still = _opened(clean_photo(_sent(frames[0], "GIF", save_all=True, append_images=frames[1:])))
    assert getattr(still, "n_frames", 1) == 1


def test_large_photo_is_made_smaller():
    photo = _opened(clean_photo(_sent(_picture(4000, 3000), "JPEG")))
    assert max(photo.size) == uploads.LONGEST_SIDE


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\asha\\bin photo.JPG", "bin-photo.jpg"),
        ("a<script>.png", "a-script.jpg"),
        ("фото.jpg", "фото.jpg"),
        (".jpg", "jpg.jpg"),
        ("?.jpg", "photo.jpg"),
        ("x" * 300 + ".jpg", "x" * 80 + ".jpg"),
    ],
)
def test_photo_gets_a_harmless_name(name, kept):
    file = _sent(_picture(), "JPEG")
    file._name = name
    assert clean_photo(file).name == kept


@pytest.mark.parametrize(
    "content",
    [b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"GIF89a", b"%PDF-1.7"],
)
def test_what_is_no_photo_is_refused_and_told_what_is(content):
    assert "JPEG, PNG, WebP" in _reason(SimpleUploadedFile("photo.jpg", content, content_type="image/jpeg"))


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM"])
def test_picture_of_another_kind_is_refused(kind):
    assert "We could not read this as a photo" in _reason(_sent(_picture(), kind))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_that_is_cut_off_is_refused(kind):
    whole = _sent(Image.effect_noise((200, 200), 90).convert("RGB"), kind).read()
    assert "We could not read this" in _reason(SimpleUploadedFile("photo.jpg", whole[: len(whole) // 2]))


def test_empty_file_is_refused():
    assert "is empty" in _reason(SimpleUploadedFile("photo.jpg", b""))


def test_file_above_the_limit_is_refused_unread(settings):
    settings.ATTACHMENT_MAX_BYTES = 1024
    assert _reason(SimpleUploadedFile("photo.jpg", b"x" * 1025)) == "The photo must be smaller than 1.0\xa0KB."


def test_bomb_of_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    bomb = _sent(Image.new("1", (9000, 9000)), "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))
    assert "too many pixels" in _reason(bomb)


def test_same_photo_has_the_same_fingerprint():
    first, again = (clean_photo(_sent(_picture(), "JPEG")) for _ in range(2))
    assert first.sha256 == again.sha256
