"""What the pages of a PDF show that was made of photos of one colour each."""

import io
import re

from PIL import Image

_COLOURS = {"red": (255, 0, 0), "blue": (0, 0, 255), "lime": (0, 255, 0), "white": (255, 255, 255)}


def colours_of(content: bytes) -> list[str]:
    """Of each page in order, by the JPEG that it holds. Raises KeyError for another colour."""
    assert content.startswith(b"%PDF")
    found = [
        Image.open(io.BytesIO(stream)).convert("RGB").getpixel((5, 5))
        for stream in re.findall(rb"stream\r?\n(\xff\xd8.*?)\r?\nendstream", content, re.DOTALL)
    ]
    assert len(found) == len(re.findall(rb"/Type /Page\b(?!s)", content))
    return [_nearest(pixel) for pixel in found]


def _nearest(pixel: tuple[int, ...]) -> str:
    """A JPEG moves each colour a little."""
    for name, colour in _COLOURS.items():
        if all(abs(is_there - wanted) < 12 for is_there, wanted in zip(pixel, colour, strict=True)):
            return name
    raise KeyError(pixel)
