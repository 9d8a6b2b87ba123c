"""The number a badge answers with, and the ways people type it.

Pure: no clock, no I/O, no logging, no randomness.  A UID identifies a person,
so it prints itself masked: only `hex` and `value` give all of it away, and
whoever asks for them answers for where they go.
"""

import re
from dataclasses import dataclass

LENGTHS_BYTES = (4, 7, 8, 10)
"""ISO 14443-3 single, double and triple UIDs are 4, 7 and 10 bytes; 8 is the IDm of a FeliCa card."""

RANDOM_PREFIX = 0x08
"""First byte of a 4-byte UID that the card draws anew each time (ISO 14443-3): phones, many bank cards."""

SHOWN_BYTES = 2
"""Bytes at the end that a masked UID shows: enough to tell two badges on a desk apart, not to copy one."""

SHORTEST_DECIMAL = 6
"""Fewest digits taken for a decimal UID; readers print 8 to 10, a shorter number is a typing error."""

_SEPARATORS = re.compile(r"[\s:\-.]+")
_PAIRS = re.compile(r"[0-9A-F]{2}(?:[\s:\-.][0-9A-F]{2})+")
_HEX = re.compile(r"[0-9A-F]+")
_DECIMAL = re.compile(r"[0-9]+")


class RandomUid(ValueError):  # noqa: N818 - names what was met, like the sentence it carries
    """The UID is drawn anew at each tap, so it can never name a member."""

    def __init__(self) -> None:
        super().__init__(
            "this number starts with 08: phones and bank cards draw such a number anew at every tap, "
            "so it cannot be used as a badge"
        )


@dataclass(frozen=True, slots=True, repr=False)
class Uid:
    """The number of one badge, in the order the card sends it.

    Raises:
        ValueError: `value` has a length no card has.
    """

    value: bytes
    """The whole number, 4, 7, 8 or 10 bytes; first byte sent by the card first.  Personal data."""

    def __post_init__(self) -> None:
        if len(self.value) not in LENGTHS_BYTES:
            raise ValueError(f"a UID has 4, 7, 8 or 10 bytes, got {len(self.value)}")

    @property
    def is_random(self) -> bool:
        """Whether the card draws it anew at each tap (4 bytes starting 08)."""
        return len(self.value) == LENGTHS_BYTES[0] and self.value[0] == RANDOM_PREFIX

    @property
    def hex(self) -> str:
        """The whole number, upper-case hexadecimal without separators.  Personal data."""
        return self.value.hex().upper()

    def masked(self) -> str:
        """The last two bytes: enough to tell two badges on a desk apart, not to copy one."""
        return f"Uid(…{self.value[-SHOWN_BYTES:].hex().upper()})"

    __repr__ = masked
    __str__ = masked


def parse_typed(text: str, *, for_enrolment: bool = False) -> tuple[Uid, ...]:
    """Read a UID that somebody typed, or that another reader printed.

    Accepted: hexadecimal with or without spaces, colons, dashes, dots or a
    leading `0x`; decimal of 6 digits or more, as keyboard readers print it.
    Other readers often send the bytes in reverse, so that reading is given too.

    Args:
        text: What was typed; case and surrounding blanks do not matter.
        for_enrolment: Whether the badge is about to be given to a member.

    Returns:
        Likeliest first, without repeats, never empty: as typed in hexadecimal,
        reversed, then decimal with the high byte first, then decimal reversed.
        For an enrolment no candidate is random.

    Raises:
        RandomUid: `for_enrolment`, and the likeliest reading is random.
        ValueError: No reading gives a UID.  The text is not repeated in full.
    """
    typed = text.strip().upper()
    said_hex = typed.startswith("0X")
    typed = typed.removeprefix("0X")
    digits = _SEPARATORS.sub("", typed)
    if not _HEX.fullmatch(digits):
        raise ValueError("a badge number has only the digits 0-9 and the letters A-F")
    only_hex = said_hex or _PAIRS.fullmatch(typed) is not None
    readings = _hex_readings(digits)
    if not only_hex and _DECIMAL.fullmatch(digits):
        readings += _decimal_readings(digits)
    if not readings:
        raise ValueError(
            "a badge number has 8, 14, 16 or 20 hexadecimal digits, or 6 or more decimal ones; "
            f"got {len(digits)} digits"
        )
    candidates = tuple(Uid(value) for value in dict.fromkeys(readings))
    if not for_enrolment:
        return candidates
    if candidates[0].is_random:
        raise RandomUid
    return tuple(uid for uid in candidates if not uid.is_random)


def _hex_readings(digits: str) -> list[bytes]:
    if len(digits) not in {2 * length for length in LENGTHS_BYTES}:
        return []
    value = bytes.fromhex(digits)
    return [value, value[::-1]]


def _decimal_readings(digits: str) -> list[bytes]:
    if len(digits) < SHORTEST_DECIMAL:
        return []
    number = int(digits)
    for length in LENGTHS_BYTES:
        if number < 1 << (8 * length):
            value = number.to_bytes(length, "big")
            return [value, value[::-1]]
    return []
