"""The card's side of ISO 14443-4: blocks in, blocks out, commands answered by whoever the card is.

No I/O and no clock.  A repeated block is answered again and never run twice,
as a real chip does; a card that needs time asks for it first.

Source: ISO/IEC 14443-4:2018, sections 5 and 7.5.
"""

from collections.abc import Callable

ATS = bytes.fromhex("067577810280")
"""What a card says when it is activated: frames of 64 bytes, 77 ms to answer."""

_FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
_FRAMING_BYTES = 3
_MORE = 0x10


class Blocks:
    """One activation of a card, from RATS to the loss of the field.

    Args:
        answer: What the card says to one whole command: its answer, status word last.
        ats: What it says of itself when activated.
        pleas: How often it asks for more time before each answer.
    """

    def __init__(self, answer: Callable[[bytes], bytes], ats: bytes = ATS, pleas: int = 0) -> None:
        self._answer = answer
        self._ats = ats
        self._pleas = pleas
        self._is_active = False
        self._number = 1
        self._piece_bytes = 0
        self._command = b""
        self._pending = b""
        self._pleas_left = 0
        self._last: bytes | None = None

    def forget(self) -> None:
        """The field went, or the card was selected anew: it waits for RATS."""
        self._is_active, self._number = False, 1
        self._command = self._pending = b""
        self._pleas_left, self._last = 0, None

    def exchange(self, frame: bytes) -> bytes | None:
        """The card's answer to a frame; `None` for silence."""
        if not self._is_active:
            if len(frame) != 2 or frame[0] != 0xE0:  # noqa: PLR2004 - RATS and its parameter
                return None
            self._is_active = True
            self._piece_bytes = _FRAME_SIZES[min(frame[1] >> 4, len(_FRAME_SIZES) - 1)] - _FRAMING_BYTES
            return self._ats
        match frame[:1]:
            case b"\x02" | b"\x03" | b"\x12" | b"\x13":
                self._last = self._piece_heard(frame)
            case b"\xa2" | b"\xa3" | b"\xb2" | b"\xb3":
                return self._asked(frame[0])
            case b"\xf2" if self._pleas_left:
                self._pleas_left -= 1
                self._last = self._say()
            case b"\xc2":
                self.forget()
                return frame
            case _:
                return None
        return self._last

    def _piece_heard(self, frame: bytes) -> bytes:
        self._number ^= 1
        self._command += frame[1:]
        if frame[0] & _MORE:
            return bytes([0xA2 | self._number])
        self._pending, self._command = self._answer(self._command), b""
        self._pleas_left = self._pleas
        return self._say()

    def _asked(self, kind: int) -> bytes | None:
        if kind & 1 == self._number:
            return self._last
        if kind & _MORE:  # R(NAK) for a block it has not heard: it tells which was the last
            return bytes([0xA2 | self._number])
        if not self._pending:  # R(ACK), and it has nothing more to say
            return None
        self._number ^= 1
        self._last = self._say()
        return self._last

    def _say(self) -> bytes:
        """The next piece of the answer, or a plea for time."""
        if self._pleas_left:
            return b"\xf2\x01"
        piece, self._pending = self._pending[: self._piece_bytes], self._pending[self._piece_bytes :]
        return bytes([0x02 | (_MORE if self._pending else 0) | self._number]) + piece
