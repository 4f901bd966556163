"""Pictures as people send them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(name="bin.jpg", size=(40, 30)) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")
