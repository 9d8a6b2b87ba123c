"""A picture somebody gives of themselves: what is kept of it, and what is refused."""

import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from plumbing.words import sentence_of
from sync.errors import PhotoError
from sync.photos import LARGEST_BYTES, SIDE, prepared

RED, BLUE = (220, 20, 20), (20, 20, 220)


def picture(kind: str, size=(640, 480), **more) -> bytes:
    """A picture that is red on its left and blue on its right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def kept(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(prepared(content)))


def near(pixel, colour) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_is_a_small_square_of_the_middle(kind: str):
    image = kept(picture(kind))
    assert (image.format, image.size, image.mode) == ("JPEG", (SIDE, SIDE), "RGB")
    assert near(image.getpixel((5, 128)), RED)
    assert near(image.getpixel((250, 128)), BLUE)


def test_where_and_when_it_was_taken_is_gone_and_it_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x9286] = "a comment nobody should read"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 6.0, 42.0), 3: "W", 4: (1.0, 40.0, 39.0)})
    exif[0x010F] = "Camera of Rennes"
    content = picture("JPEG", exif=exif, comment=b"secret comment")
    assert b"Camera of Rennes" in content
    small = prepared(content)
    image = Image.open(io.BytesIO(small))
    assert not dict(image.getexif())
    assert not {"exif", "comment", "icc_profile"} & set(image.info)
    assert b"Rennes" not in small
    assert b"secret" not in small
    assert near(image.getpixel((128, 5)), RED), "what was on its left is at its top"
    assert near(image.getpixel((128, 250)), BLUE)


def test_what_can_be_seen_through_stands_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(file, "PNG")
    assert near(kept(file.getvalue()).getpixel((9, 9)), (255, 255, 255))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(5_000, 4_000), (10_000, 10_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_goes_off(size: tuple[int, int]):
    with pytest.raises(PhotoError, match="too large"):
        prepared(bomb(*size))


def test_a_file_that_is_too_large_is_not_even_opened():
    with pytest.raises(PhotoError, match="too large"):
        prepared(b"\xff" * (LARGEST_BYTES + 1))


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP", "ICO"])
def test_other_kinds_of_pictures_are_refused_in_words(kind: str):
    with pytest.raises(PhotoError, match="a JPEG, PNG or WebP file will do") as refused:
        prepared(picture(kind, (64, 64)))
    assert sentence_of(refused.value)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 3000), st.binary(max_size=60))
@example("PNG", 0, b"")
def test_a_broken_file_is_refused_or_read_and_never_anything_else(kind: str, place: int, junk: bytes):
    whole = picture(kind, (96, 64))
    broken = whole[: place % len(whole)] + junk + whole[place % len(whole) + len(junk) :]
    with contextlib.suppress(PhotoError):
        assert Image.open(io.BytesIO(prepared(broken))).size == (SIDE, SIDE)


def test_a_large_jpeg_of_a_phone_is_taken():
    assert kept(picture("JPEG", (8000, 6000), quality=50)).size == (SIDE, SIDE)
