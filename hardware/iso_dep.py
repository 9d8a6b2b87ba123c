"""Carry commands to a card and its answers back, block by block: the reader's side of ISO 14443-4.

Pure: no clock, no I/O, no logging, no randomness.  The caller lends a way to
exchange one frame.  A frame begins with its kind and a block number of one bit:

    02 03   I-block, the last or only piece      12 13   I-block, more pieces follow
    A2 A3   R(ACK): go on                        B2 B3   R(NAK): say that again
    F2      S(WTX): the card needs more time     E0      RATS, which activates the card

A card that moves in the field loses frames.  Asking again, as the standard
says, never runs a command twice: the block number tells the card what it has
already done.

Source: ISO/IEC 14443-4:2018, sections 5 and 7.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from hardware.errors import CardLifted

RATS = b"\xe0\x80"
"""Activates the card: frames of up to 256 bytes may come back, and it needs no number (CID)."""

LONGEST_WAIT_S = 0.4
"""Most that one frame is waited for, seconds: a card may ask for 5, and nobody holds a badge that long."""

ASKED_AGAIN = 2
"""Times in a row that silence is asked about before the card counts as lifted.  Source: EMV, 3 tries."""

MOST_TRIES = 24
"""Frames sent for one piece at most: a hostile card would ask for more time, or for a repeat, for ever."""

LONGEST_ANSWER = 1 << 16
"""Bytes in the longest answer taken; an APDU has fewer, and a hostile card would never end."""

_FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
_LONGEST_FRAME = 256  # a PN532 takes 264 bytes, larger sizes of newer cards are of no use
_USUAL_FRAME, _USUAL_WAIT = 2, 4  # indices a card means that does not tell: 32 bytes, 4.8 ms
_WAIT_UNIT_S = 256 * 16 / 13.56e6
_HAS_TA, _HAS_TB = 0x10, 0x20
_FRAMING_BYTES = 3  # the kind, and a CRC that the chip adds
_I_BLOCK, _MORE, _R_ACK, _R_NAK, _S_WTX = 0x02, 0x10, 0xA2, 0xB2, 0xF2
_LONGEST_FACTOR = 59


class Unheard(Exception):  # noqa: N818 - an event of every day, not a mistake
    """No sound frame came back in time."""


Exchange: TypeAlias = Callable[[bytes, float], bytes]
"""Sends a frame without its CRC, waits at most so many seconds, returns the card's; else raises `Unheard`."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a card said of itself when it was activated."""

    frame_bytes: int
    """Longest frame it takes, CRC included."""
    wait_s: float
    """Longest it needs to begin its answer, seconds."""


def abilities_of(ats: bytes) -> Abilities:
    """Read a card's answer to RATS (ATS); what it does not say, or what makes no sense, is as usual."""
    size, wait = _USUAL_FRAME, _USUAL_WAIT
    if len(ats) > 1:
        size = ats[1] & 0x0F
        at = 2 + bool(ats[1] & _HAS_TA)
        if ats[1] & _HAS_TB and len(ats) > at:
            wait = ats[at] >> 4
    if wait > 14:  # noqa: PLR2004 - 15 is reserved
        wait = _USUAL_WAIT
    frame = _FRAME_SIZES[size] if size < len(_FRAME_SIZES) else _LONGEST_FRAME
    return Abilities(frame, min(_WAIT_UNIT_S * (1 << wait), LONGEST_WAIT_S))


class IsoDep:
    """The conversation with one activated card; it ends when the card is lifted or the field goes."""

    def __init__(self, exchange: Exchange, abilities: Abilities) -> None:
        self._exchange = exchange
        self._wait_s = abilities.wait_s
        self._piece_bytes = abilities.frame_bytes - _FRAMING_BYTES
        self._number = 0

    def transmit(self, command: bytes) -> bytes:
        """Send one command APDU; returns the whole answer, status word last.

        Raises:
            CardLifted: It does not answer any more, or not as a card should.
        """
        rest = command
        while len(rest) > self._piece_bytes:
            piece, rest = rest[: self._piece_bytes], rest[self._piece_bytes :]
            self._say(bytes([_I_BLOCK | _MORE | self._number]) + piece, self._is_ack)
            self._number ^= 1
        heard = self._say(bytes([_I_BLOCK | self._number]) + rest, self._is_piece)
        answer = bytearray(heard[1:])
        self._number ^= 1
        while heard[0] & _MORE:
            if len(answer) > LONGEST_ANSWER:
                raise CardLifted
            go_on = bytes([_R_ACK | self._number])
            heard = self._say(go_on, self._is_piece)
            answer += heard[1:]
            self._number ^= 1
        return bytes(answer)

    def is_there(self) -> bool:
        """Whether the card still answers; asked so that it does nothing else."""
        try:
            return bool(self._exchange(bytes([_R_NAK | self._number]), self._wait_s))
        except Unheard:
            return False

    def _say(self, block: bytes, fits: Callable[[bytes], bool]) -> bytes:
        """Send a block until an answer fits.

        Raises:
            CardLifted: None does.
        """
        # What is asked after silence: an acknowledgement is said again, anything else asked for.
        asking = block if block[0] & ~1 == _R_ACK else bytes([_R_NAK | self._number])
        sent, wait_s, silences = block, self._wait_s, 0
        for _ in range(MOST_TRIES):
            try:
                heard = self._exchange(sent, wait_s)
            except Unheard:
                silences += 1
                if silences > ASKED_AGAIN:
                    break
                sent, wait_s = asking, self._wait_s
                continue
            silences = 0
            if fits(heard):
                return heard
            if _asks_for_time(heard):
                factor = heard[1] & 0x3F
                sent, wait_s = bytes([_S_WTX, factor]), min(factor * self._wait_s, LONGEST_WAIT_S)
                continue
            # It acknowledges the block before this one: it never heard this one.
            sent = block if heard == bytes([_R_ACK | self._number ^ 1]) else asking
            wait_s = self._wait_s
        raise CardLifted

    def _is_ack(self, heard: bytes) -> bool:
        return heard == bytes([_R_ACK | self._number])

    def _is_piece(self, heard: bytes) -> bool:
        return heard[:1] != b"" and heard[0] & ~_MORE == _I_BLOCK | self._number


def _asks_for_time(heard: bytes) -> bool:
    return len(heard) == 2 and heard[0] == _S_WTX and 1 <= heard[1] & 0x3F <= _LONGEST_FACTOR  # noqa: PLR2004
