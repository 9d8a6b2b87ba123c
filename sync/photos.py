"""A picture somebody gives of themselves: upright, square, small, without a word of where it was taken.

What comes is anybody's file: it is decoded with limits, one at a time, and only its pixels go on.
"""

import io
import threading

from PIL import Image, ImageOps, UnidentifiedImageError

from plumbing.words import Sentence
from sync.errors import PhotoError

LARGEST_BYTES = 12_000_000
"""What a phone's camera writes, and some more."""

FORMATS = ("JPEG", "PNG", "WEBP")

MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
"""A large JPEG is decoded small from the start; the others take four bytes a pixel while they are read."""

SIDE = 256
"""Pixels: twice what any page shows."""

MEDIA_TYPE = "image/jpeg"

QUALITY = 85

_one_at_a_time = threading.Lock()
"""The hub may be a Pi: two large pictures at once would take the memory it needs for the door."""


def prepared(content: bytes) -> bytes:
    """Return a picture as it is kept: JPEG, `SIDE` by `SIDE`, turned upright, the middle of what was sent.

    Takes up to a second; not for the event loop.

    Args:
        content: The file as it was sent.

    Raises:
        PhotoError: It is too large, or no picture that can be read.
    """
    if len(content) > LARGEST_BYTES:
        raise PhotoError(_TOO_LARGE)
    with _one_at_a_time:
        try:
            return _square(content)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as exc:
            raise PhotoError(_TOO_LARGE) from exc
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, EOFError) as exc:
            raise PhotoError(_NO_PICTURE) from exc
        except (KeyError, IndexError, ArithmeticError, MemoryError) as exc:  # broken files find every gap
            raise PhotoError(_NO_PICTURE) from exc


_TOO_LARGE = Sentence("The picture is too large: a smaller one will do, of 12 MB at most.")
_NO_PICTURE = Sentence("This is no picture that can be read here: a JPEG, PNG or WebP file will do.")


def _square(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS[image.format or "PNG"]:
            raise PhotoError(_TOO_LARGE)
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    small = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", (SIDE, SIDE), "white")  # a new one: nothing of what came beside the pixels
    clean.paste(small, mask=small)
    file = io.BytesIO()
    clean.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
