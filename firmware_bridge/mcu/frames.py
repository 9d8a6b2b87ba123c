"""Frames on the serial line: COBS( type, seq, payload, CRC-16 ) 0x00.  The board and the host both run this file.

The zero byte ends a frame and occurs nowhere inside it, so noise costs at most the frame it falls into.
Imports nothing, and is written in the Python that MicroPython runs.

Source: COBS, Cheshire and Baker 1999; CRC-16/CCITT-FALSE (polynomial 0x1021, initial 0xFFFF).
"""

MOST_PAYLOAD = 64
"""Bytes; small enough for a board's buffers, large enough for a sentence."""

_OVERHEAD = 4
"""Type, sequence, and two bytes of CRC."""
_MOST_CODED = 1 + _OVERHEAD + MOST_PAYLOAD
"""The longest frame in COBS, without its end: one byte more than it holds."""


def _nibbles() -> tuple[int, ...]:
    table = []
    for nibble in range(16):
        crc = nibble << 12
        for _ in range(4):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        table.append(crc & 0xFFFF)
    return tuple(table)


_NIBBLES = _nibbles()


def crc16(data: bytes) -> int:
    """Return the CRC-16/CCITT-FALSE of some bytes, 0 to 65535."""
    crc = 0xFFFF
    for byte in data:
        crc = ((crc << 4) & 0xFFFF) ^ _NIBBLES[(crc >> 12) ^ (byte >> 4)]
        crc = ((crc << 4) & 0xFFFF) ^ _NIBBLES[(crc >> 12) ^ (byte & 15)]
    return crc


def encode(kind: int, seq: int, payload: bytes = b"") -> bytes:
    """Return one frame, its closing zero included.

    Args:
        kind: The type, 0 to 255.
        seq: The sequence number, 0 to 255.
        payload: At most `MOST_PAYLOAD` bytes.

    Raises:
        ValueError: It is too long, or a number is out of range.
    """
    if len(payload) > MOST_PAYLOAD:
        raise ValueError("a frame holds at most 64 bytes")
    body = bytes((kind, seq)) + payload
    crc = crc16(body)
    body += bytes((crc & 0xFF, crc >> 8))
    coded = bytearray((0,))
    mark = 0
    for byte in body:
        if byte:
            coded.append(byte)
        else:
            coded[mark] = len(coded) - mark
            mark = len(coded)
            coded.append(0)
    coded[mark] = len(coded) - mark
    coded.append(0)
    return bytes(coded)


class FrameReader:
    """Finds frames in whatever comes along the line; never raises, never holds more than one frame."""

    def __init__(self) -> None:
        self._coded = bytearray()
        self._is_too_long = False
        self.noise = 0
        """How many stretches between two zeros were no frame, since the start."""

    def receive_data(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Take any piece of the stream; return type, sequence and payload of every frame completed by it."""
        found = []
        for byte in data:
            if byte:
                if len(self._coded) < _MOST_CODED:
                    self._coded.append(byte)
                else:
                    self._is_too_long = True
            elif self._coded:
                frame = None if self._is_too_long else _decode(self._coded)
                if frame is None:
                    self.noise += 1
                else:
                    found.append(frame)
                self._coded = bytearray()
                self._is_too_long = False
        return found


def _decode(coded: bytearray) -> tuple[int, int, bytes] | None:
    """Return what stands between two zeros as a frame; `None` if it is none."""
    body = bytearray()
    at = 0
    while at < len(coded):
        end = at + coded[at]
        if end > len(coded):
            return None
        body.extend(coded[at + 1 : end])
        if end < len(coded):
            body.append(0)
        at = end
    if len(body) < _OVERHEAD or crc16(bytes(body[:-2])) != body[-2] | body[-1] << 8:
        return None
    return body[0], body[1], bytes(body[2:-2])
