"""Photos of one paper become one PDF."""

import hashlib
import io

from PIL import Image

from barnet.kit.files.checking import CleanFile, check_file
from barnet.kit.files.joining import joined
from tests.barnet.kit.files.pages import colours_of
from tests.portal.waste.photos import photo


def page(colour: str, mode: str = "RGB") -> CleanFile:
    content = io.BytesIO()
    Image.new(mode, (40, 30), colour).save(content, "PNG")
    return check_file(photo_of(content))


def photo_of(content: io.BytesIO):
    file = photo("page.png")
    file.file = io.BytesIO(content.getvalue())
    file.size = len(content.getvalue())
    return file


def test_each_photo_is_a_page_in_its_order():
    found = joined([page("red"), page("blue"), page("lime")], name="document.pdf")
    content = found.content.read()
    assert colours_of(content) == ["red", "blue", "lime"]
    assert (found.content_type, found.name, found.size) == ("application/pdf", "document.pdf", len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    found.content.seek(0)
    assert check_file(found.content).content_type == "application/pdf"  # what comes out would come in


def test_what_is_transparent_is_white_as_paper():
    content = joined([page("#00000000", "RGBA"), page("red")], name="x.pdf").content.read()
    assert colours_of(content) == ["white", "red"]
