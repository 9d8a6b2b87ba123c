"""Frames of the PN532 on a serial line (HSU), seen from the chip's side.

Pure.  On the wire, `00 FF` opens every frame, after any number of `00`:

    normal    00 00 FF  LEN LCS            TFI data…  DCS 00
    extended  00 00 FF  FF FF LENM LENL LCS  TFI data…  DCS 00
    ACK       00 00 FF  00 FF 00
    NACK      00 00 FF  FF 00 00
    error     00 00 FF  01 FF 7F 81 00

Each checksum makes the bytes it covers add up to 0 modulo 256.

Source: PN532 user manual UM0701-02, section 6.2.1.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

ACK = bytes.fromhex("0000FF00FF00")
NACK = bytes.fromhex("0000FFFF0000")
SYNTAX_ERROR = bytes.fromhex("0000FF01FF7F8100")
"""The chip's answer to a command it does not know or cannot take now."""

LONGEST_BYTES = 265
"""Most bytes between the header and the checksum, TFI included; what claims to be longer is noise."""

_START = b"\x00\xff"
_LONGEST_NORMAL = 254


@dataclass(frozen=True, slots=True)
class Information:
    """A sound frame with a command or an answer in it."""

    data: bytes
    """From the TFI (D4 host to chip, D5 chip to host) to the last data byte."""


class Signal(Enum):
    """A frame that carries no data."""

    ACK = "ack"
    NACK = "nack"


class Broken(Enum):
    """Bytes that opened like a frame and did not add up; the chip says nothing to them."""

    LENGTH = "length"
    CHECKSUM = "checksum"


Frame: TypeAlias = Information | Signal | Broken


def encode(data: bytes) -> bytes:
    """The frame that carries `data` (TFI first, 1 to 265 bytes): normal if it fits, else extended.

    Raises:
        ValueError: `data` is empty or too long.
    """
    size = len(data)
    if not 1 <= size <= LONGEST_BYTES:
        raise ValueError(f"a frame carries 1 to {LONGEST_BYTES} bytes, got {size}")
    if size <= _LONGEST_NORMAL:
        header = bytes([size, -size & 0xFF])
    else:
        length = size.to_bytes(2, "big")
        header = b"\xff\xff" + length + bytes([-sum(length) & 0xFF])
    return b"\x00\x00\xff" + header + data + bytes([-sum(data) & 0xFF, 0])


class FrameReader:
    """Cuts a stream of bytes into frames; lives as long as the line.  Its buffer is bounded by one frame."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def receive_data(self, data: bytes) -> list[Frame]:
        """Take what came in, in any slices; returns the frames completed by it, oldest first."""
        self._buffer += data
        frames: list[Frame] = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> Frame | None:
        """Cut one frame off the buffer; `None` if more bytes are needed."""
        buffer = self._buffer
        start = buffer.find(_START)
        if start < 0:
            # The last 00 may be the first half of the next frame's start.
            del buffer[: len(buffer) - 1 if buffer.endswith(b"\x00") else len(buffer)]
            return None
        del buffer[:start]
        header = bytes(buffer[2:4])
        if len(header) < 2:  # noqa: PLR2004 - LEN and LCS
            return None
        if header in {b"\x00\xff", b"\xff\x00"}:
            del buffer[:4]
            return Signal.ACK if header == b"\x00\xff" else Signal.NACK
        if header == b"\xff\xff":
            if len(buffer) < 7:  # noqa: PLR2004 - start, FF FF, LENM LENL LCS
                return None
            sound = sum(buffer[4:7]) & 0xFF == 0
            return self._body(7, int.from_bytes(buffer[4:6], "big"), sound=sound)
        return self._body(4, header[0], sound=sum(header) & 0xFF == 0)

    def _body(self, offset: int, size: int, *, sound: bool) -> Frame | None:
        """Cut off a frame whose `size` data bytes begin at `offset`."""
        buffer = self._buffer
        if not sound or not 1 <= size <= LONGEST_BYTES:
            del buffer[:2]
            return Broken.LENGTH
        end = offset + size
        if len(buffer) <= end:
            return None
        data, checksum = bytes(buffer[offset:end]), buffer[end]
        del buffer[: end + 1]
        return Information(data) if (sum(data) + checksum) & 0xFF == 0 else Broken.CHECKSUM
