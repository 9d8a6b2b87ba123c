"""What a reader that types like a keyboard has typed, from the keys it pressed.

Pure: no clock, no I/O, no logging, no randomness.  Such a reader presses the digits
of a badge's number and then Enter, in a few milliseconds a key.  Keys are known by
their place on the keyboard, as the kernel tells it, whatever layout the system has.

Source: Linux, include/uapi/linux/input.h and input-event-codes.h.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import assert_never

from hardware.uid import Uid, parse_typed

EVENT = struct.Struct("llHHi")
"""One event: seconds and microseconds, type, code, value; in the machine's own word size and order."""

LONGEST_GAP_S = 0.5
"""Seconds between two keys after which the rest of a number is not awaited any more."""

MOST_DIGITS = 32
"""Keys of one number at most; what is longer is not a badge."""

_SYN, _KEY = 0, 1
_DROPPED = 3
_PRESSED = 1
_ENDS = {28, 96, 15}  # Enter, the keypad's Enter, Tab
_SILENT = {42, 54, 12, 39, 52, 57, 69}  # Shift, and - : . blank between the digits, Num Lock
_DIGITS = dict(
    zip(
        (11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 48, 46, 32, 18, 33),
        "0123456789ABCDEF",
        strict=True,
    )
) | dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True))


class NumberForm(Enum):
    """How a reader writes a badge's number."""

    ANY = "any"
    """The likeliest reading of what it types."""
    HEX = "hex"
    HEX_REVERSED = "hex reversed"
    """The last byte first."""
    DECIMAL = "decimal"
    """One number, the first byte the highest; 4 bytes unless it is too large."""
    DECIMAL_REVERSED = "decimal reversed"
    """One number, the last byte the highest."""


@dataclass(frozen=True, slots=True)
class Keystrokes:
    """What has been typed of a number so far.  Its digits identify a person: it never prints them."""

    typed: str = field(default="", repr=False)
    last_s: float = 0.0
    """When the last key was pressed, by the kernel's clock."""
    spoilt: bool = False
    """Whether a key was pressed that no number has: what comes up to Enter is dropped."""

    def after(self, at_s: float, kind: int, code: int, value: int) -> "tuple[Keystrokes, str | None]":
        """Take one event of the keyboard.

        Args:
            at_s: When, seconds by any one clock.
            kind: The event's type.
            code: Which key.
            value: 1 pressed, 0 let go, 2 repeated because it is held.

        Returns:
            What is typed now, and the digits that Enter has ended, if it did.
        """
        if kind == _SYN and code == _DROPPED:
            return Keystrokes(last_s=at_s, spoilt=True), None  # the kernel lost keys
        if kind != _KEY or value != _PRESSED:
            return self, None
        fresh = self if at_s - self.last_s <= LONGEST_GAP_S else Keystrokes()
        if code in _ENDS:
            return Keystrokes(last_s=at_s), None if fresh.spoilt or not fresh.typed else fresh.typed
        if code in _SILENT:
            return replace(fresh, last_s=at_s), None
        digit = _DIGITS.get(code)
        if digit is None or len(fresh.typed) >= MOST_DIGITS:
            return replace(fresh, last_s=at_s, spoilt=True), None
        return replace(fresh, last_s=at_s, typed=fresh.typed + digit), None


def events_in(data: bytes) -> Iterator[tuple[float, int, int, int]]:
    """Cut whole events out of what the kernel gave; the rest of a broken one is dropped."""
    whole = len(data) - len(data) % EVENT.size
    for seconds, microseconds, kind, code, value in EVENT.iter_unpack(data[:whole]):
        yield seconds + microseconds / 1_000_000, kind, code, value


def number_of(typed: str, form: NumberForm) -> Uid | None:
    """The badge's number behind digits, written in this form; `None` if they make no number."""
    try:
        match form:
            case NumberForm.ANY:
                return parse_typed(typed)[0]
            case NumberForm.HEX:
                return Uid(bytes.fromhex(typed))
            case NumberForm.HEX_REVERSED:
                return Uid(bytes.fromhex(typed)[::-1])
            case NumberForm.DECIMAL:
                return Uid(_bytes_of(typed))
            case NumberForm.DECIMAL_REVERSED:
                return Uid(_bytes_of(typed)[::-1])
            case _:
                assert_never(form)
    except ValueError:
        return None


def _bytes_of(typed: str) -> bytes:
    """The bytes of a decimal number: 4, or 7 or 8 or 10 if it needs them.

    Raises:
        ValueError: It has letters, or is larger than any badge's.
    """
    number = int(typed)
    for size in (4, 7, 8, 10):
        if number < 1 << (8 * size):
            return number.to_bytes(size, "big")
    raise ValueError("larger than any badge's number")
