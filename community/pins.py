"""PINs: which are refused, how one becomes a hash's input, and how long wrong ones are waited for.

Pure.  A PIN is short: what protects it is that tries are few, and that a copy of the hub's data is worth
nothing without the space's secret (decision 0016).
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum

import msgspec

from community.badges import BadgeKey
from community.clock import Stamp
from community.ids import Count, MemberId
from community.proofs import Level, strongest

SHORTEST = 4
"""Digits: 10,000 PINs, of which the throttle lets about 40 a day be tried."""

LONGEST = 8
"""Digits: what people still remember, and what fits every keypad."""

FEWEST_DIGITS = 2
"""Different digits a PIN must have at least: `0000` is the first that anybody tries."""

SECOND_US = 1_000_000

_ROW = "0123456789"
_COMMON = frozenset("1212 1122 1313 2020 2468 1357 2580 0852 1004 6969 123123 112233 121212 147258".split())
"""The other ones everybody tries: steps, pairs, and the middle column of a keypad.

Source: Markert, Bailey, Golla, Dürmuth, Aviv, "This PIN Can Be Easily Guessed", IEEE S&P 2020, table 1.
"""


class PinFault(Enum):
    """Why a PIN is refused."""

    NOT_DIGITS = "not_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    REPEATED = "repeated"
    """One digit, or one short piece, over and over."""
    IN_ORDER = "in_order"
    """Digits one after the other, up or down, as 1234."""
    COMMON = "common"
    """One of those that are tried first."""


class MemberPin(msgspec.Struct, frozen=True):
    """What a kiosk needs to check a member's PIN."""

    member: MemberId
    hash: str
    """Argon2id, in the usual `$argon2id$…` form, of what `keyed` makes of the PIN."""
    key: Count = 1
    """The version of the space's badge secret that `keyed` used."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say whose it is, never the hash: a `repr` ends up in logs."""
        return f"MemberPin(member={self.member!r})"


def fault_of(pin: str) -> PinFault | None:
    """Return why a new PIN is refused; `None` for a good one.

    Dates of birth are not known here, so nobody can refuse them: the page that sets a PIN says it in words.
    """
    if not (pin.isascii() and pin.isdigit()):
        return PinFault.NOT_DIGITS
    if len(pin) < SHORTEST:
        return PinFault.TOO_SHORT
    if len(pin) > LONGEST:
        return PinFault.TOO_LONG
    if pin in _COMMON:
        return PinFault.COMMON
    if len(set(pin)) < FEWEST_DIGITS or pin == pin[:2] * (len(pin) // 2):
        return PinFault.REPEATED
    if pin in _ROW + _ROW or pin in (_ROW + _ROW)[::-1]:
        return PinFault.IN_ORDER
    return None


def keyed(key: BadgeKey, member_id: MemberId, pin: str) -> str:
    """Return what is hashed for a PIN: bound to the space's secret and to the member.

    A stolen copy of the hashes alone cannot be guessed at, and a hash cannot be moved to another member.
    """
    what = b"pin\0" + member_id.encode() + b"\0" + pin.encode()
    return hmac.new(key.secret, what, hashlib.sha256).hexdigest()


def asks_pin(badge: Level, space: Level) -> bool:
    """Say whether a badge must come with its member's PIN: the higher of the two levels decides."""
    return strongest(badge, space) is Level.PIN


@dataclass(frozen=True, slots=True)
class Patience:
    """How wrong tries are waited for: none for the first, then longer and longer."""

    free: int
    """Wrong tries before any wait."""
    first_s: int
    """Seconds of the first wait; each wrong try after it doubles them."""
    longest_s: int
    forgotten_s: int
    """Seconds after the last try at which all of them are forgotten."""


FOR_MEMBER = Patience(free=3, first_s=60, longest_s=3_600, forgotten_s=86_400)
"""For one member, or for one name that is nobody's: people mistype; at an hour a try, all PINs of four digits
take more than a year."""

FOR_DOOR = Patience(free=12, first_s=30, longest_s=600, forgotten_s=3_600)
"""For everybody at one kiosk together: whoever tries names one after the other; a queue of people who
mistype once each is not held up."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries under one name that were not right, or not known to be right yet."""

    wrong: int
    """1 or more."""
    last: Stamp


def wait_us(tries: Tries | None, patience: Patience, now: Stamp) -> int:
    """Return microseconds until the next try is allowed; 0 if it is now."""
    if tries is None or tries.wrong < patience.free:
        return 0
    passed_us = _passed_us(tries.last, now)
    if passed_us >= patience.forgotten_s * SECOND_US:
        return 0
    doublings = min(tries.wrong - patience.free, 20)
    wait_s: int = min(patience.first_s << doublings, patience.longest_s)
    return max(0, wait_s * SECOND_US - passed_us)


def tried(tries: Tries | None, patience: Patience, now: Stamp) -> Tries:
    """Return the tries with one more."""
    if tries is None or _passed_us(tries.last, now) >= patience.forgotten_s * SECOND_US:
        return Tries(1, now)
    return Tries(tries.wrong + 1, now)


def _passed_us(before: Stamp, now: Stamp) -> int:
    """Return how much time has surely passed: pulling the plug or setting the clock gains nobody any."""
    if before.boot == now.boot:
        return max(0, now.up_us - before.up_us)
    if before.synced and now.synced:
        return max(now.wall_us - before.wall_us, now.up_us)
    return now.up_us
