"""Cards that can be held to the virtual chip.

A card hears frames without their CRC (the chip adds and checks it) and is
silent when a real one would be.  `select` and `field_off` are its states: a
card loses everything but its memory when the field goes.

Source: ISO 14443-3 and -4; NTAG213 data sheet; JIS X 6319-4.
"""

import secrets
from collections.abc import Callable
from typing import Protocol, TypeAlias, runtime_checkable

from hardware.virtual.blocks import Blocks
from hardware.virtual.ntag424 import Ntag424

TYPE_2_ACK = b"\x0a"
"""A Type 2 card's short answer: 4 bits without a CRC, where every other answer has one."""

NOT_FOUND = b"\x6a\x82"
"""Status word of a card that has not what was asked for."""

NTAG213_PAGES = 45
"""Pages of 4 bytes in an NTAG213."""

_CASCADE_TAG = 0x88
_NTAG213_VERSION = bytes.fromhex("0004040201000F03")
_NTAG213_CAPABILITY = bytes.fromhex("E1101200")
_LOCK_CONTROL_TLV = bytes.fromhex("0103A00C34")
_FIRST_USER_PAGE = 4
_LAST_USER_PAGE = 39
_LONGEST_MESSAGE = 4 * (_LAST_USER_PAGE - _FIRST_USER_PAGE + 1) - len(_LOCK_CONTROL_TLV) - 3


@runtime_checkable
class TypeA(Protocol):
    """A card of ISO 14443 Type A at 106 kbit/s."""

    sens_res: bytes
    """Answer to REQA, 2 bytes, high byte first."""
    sel_res: bytes
    """Answer to SELECT, 1 byte."""
    uid: bytes
    """What anticollision gives now, 4, 7 or 10 bytes."""

    def select(self) -> None:
        """The chip has chosen this card."""

    def field_off(self) -> None:
        """The field went, or the card left it."""

    def exchange(self, frame: bytes) -> bytes | None:
        """The card's answer to a frame; `None` for silence."""


class Ntag213:
    """An NTAG213 sticker or badge, with an NDEF message.

    Raises:
        ValueError: The UID is not 7 bytes, or the message is too long for the chip.
    """

    sens_res = b"\x00\x44"
    sel_res = b"\x00"

    def __init__(self, uid: bytes, ndef: bytes = b"") -> None:
        if len(uid) != 7:  # noqa: PLR2004 - a double-size UID
            raise ValueError("an NTAG213 has a UID of 7 bytes")
        if len(ndef) > _LONGEST_MESSAGE:
            raise ValueError(
                f"an NTAG213 holds a message of at most {_LONGEST_MESSAGE} bytes, got {len(ndef)}"
            )
        self.uid = uid
        self.memory = bytearray(4 * NTAG213_PAGES)
        bcc0 = _CASCADE_TAG ^ uid[0] ^ uid[1] ^ uid[2]
        bcc1 = uid[3] ^ uid[4] ^ uid[5] ^ uid[6]
        head = uid[:3] + bytes([bcc0]) + uid[3:] + bytes([bcc1, 0x48, 0, 0]) + _NTAG213_CAPABILITY
        data = head + _LOCK_CONTROL_TLV + bytes([0x03, len(ndef)]) + ndef + b"\xfe"
        self.memory[: len(data)] = data
        self._listening = False

    def select(self) -> None:
        """Listen for commands."""
        self._listening = True

    def field_off(self) -> None:
        """Stop listening; the memory stays."""
        self._listening = False

    def exchange(self, frame: bytes) -> bytes | None:
        """READ, FAST_READ, GET_VERSION and WRITE; anything else makes it fall silent until selected again."""
        answer = self._answer(frame) if self._listening and frame else None
        self._listening = answer is not None
        return answer

    def _answer(self, frame: bytes) -> bytes | None:
        match frame[0], len(frame):
            case 0x30, 2 if frame[1] < NTAG213_PAGES:
                rolled = self.memory + self.memory[:16]
                return bytes(rolled[4 * frame[1] : 4 * frame[1] + 16])
            case 0x3A, 3 if frame[1] <= frame[2] < NTAG213_PAGES:
                return bytes(self.memory[4 * frame[1] : 4 * frame[2] + 4])
            case 0x60, 1:
                return _NTAG213_VERSION
            case 0xA2, 6 if _FIRST_USER_PAGE <= frame[1] <= _LAST_USER_PAGE:
                self.memory[4 * frame[1] : 4 * frame[1] + 4] = frame[2:]
                return TYPE_2_ACK
            case _:
                return None


class MifareClassic:
    """A MIFARE Classic 1K of which only the number can be read.

    Its own commands begin with an authentication (crypto1) that nfcpy cannot
    do and nobody should rely on; the card is silent to everything.
    """

    sens_res = b"\x00\x04"
    sel_res = b"\x08"

    def __init__(self, uid: bytes) -> None:
        self.uid = uid

    def select(self) -> None:
        """Nothing to prepare."""

    def field_off(self) -> None:
        """Nothing to forget."""

    def exchange(self, frame: bytes) -> bytes | None:  # noqa: ARG002 - silent whatever is asked
        """Silence."""
        return None


class _IsoDep:
    """A card that takes commands (ISO 14443-4): can be activated, and answers through its blocks."""

    sel_res = b"\x20"

    def __init__(
        self,
        draw_uid: Callable[[], bytes],
        answer: Callable[[bytes], bytes],
        blocks: Blocks | None = None,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self._draw_uid = draw_uid
        self._forget = forget
        self.uid = draw_uid()
        self._blocks = blocks or Blocks(answer)

    def select(self) -> None:
        """Wait for RATS."""
        self._forget()
        self._blocks.forget()

    def field_off(self) -> None:
        """Forget the activation, and draw the number of the next."""
        self._forget()
        self._blocks.forget()
        self.uid = self._draw_uid()

    def exchange(self, frame: bytes) -> bytes | None:
        """What its blocks answer."""
        return self._blocks.exchange(frame)


def nothing_known(command: bytes) -> bytes:  # noqa: ARG001 - whatever is asked
    """`File not found`: what a card without the application asked for answers."""
    return NOT_FOUND


class IsoDepCard(_IsoDep):
    """A card that takes commands and has a number of its own: NTAG 424, DESFire.

    Args:
        uid: Its number.
        answer: What it says to one command APDU, status word last; by default it knows no application.
        blocks: Its block protocol, in place of the usual one.
    """

    sens_res = b"\x03\x44"

    def __init__(
        self,
        uid: bytes,
        answer: Callable[[bytes], bytes] = nothing_known,
        blocks: Blocks | None = None,
    ) -> None:
        super().__init__(lambda: uid, answer, blocks)


_NTAG_424_ATS = bytes.fromhex("067777710280")
"""What an NTAG 424 DNA says when it is activated: frames of 128 bytes, 38.7 ms to answer.

Source: AN12196.
"""


class SecureBadge(_IsoDep):
    """An NTAG 424 DNA in somebody's hand; what it is and knows stays when it is lifted."""

    sens_res = b"\x03\x44"

    def __init__(self, chip: Ntag424) -> None:
        blocks = Blocks(chip.command, _NTAG_424_ATS)
        super().__init__(chip.shown_number, chip.command, blocks, chip.field_off)


class Phone(_IsoDep):
    """A phone in card emulation: a new random number each time the field goes.

    Args:
        draw: Gives the 3 random bytes after 08; a test may make it predictable.
    """

    sens_res = b"\x00\x04"

    def __init__(self, draw: Callable[[], bytes] = lambda: secrets.token_bytes(3)) -> None:
        super().__init__(lambda: b"\x08" + draw(), nothing_known)


class Felica:
    """A FeliCa card (212 and 424 kbit/s) that tells its IDm and takes no command."""

    pmm = bytes.fromhex("0120220427674EFF")
    """Manufacture parameter, 8 bytes; of a FeliCa Lite-S."""

    def __init__(self, idm: bytes, system_code: bytes = b"\x88\xb4") -> None:
        self.idm = idm
        self.system_code = system_code

    def field_off(self) -> None:
        """Nothing to forget."""


class Topaz:
    """A Type 1 tag (Topaz, Jewel): answers to no anticollision, only to RID with its header and number."""

    sens_res = b"\x0c\x00"
    """Answer to REQA, 2 bytes, low byte first."""
    header = b"\x11\x48"
    """HR0 and HR1 of a Topaz 96."""

    def __init__(self, uid: bytes) -> None:
        self.uid = uid
        """Four bytes."""

    def field_off(self) -> None:
        """Nothing to forget."""

    def exchange(self, frame: bytes) -> bytes | None:
        """RID; anything else is met with silence."""
        return self.header + self.uid if frame[:1] == b"\x78" else None


Card: TypeAlias = TypeA | Felica | Topaz
