"""Have a badge show that it is no copy, in as few commands as that takes.

Pure: keys are lent by whoever knows them, chance is an argument.

    a card nobody gave a key to     no command at all
    one that only shows a number    1 (select): it has not even the application
    SUN                             3 (select, select, read), and one more to say why it failed
    mutual authentication           3 (select, two of AuthenticateEV2First), and the same

A card with a random number may be a phone, a bank card, or a secure badge that hides its own: it is asked
only if there are such badges.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hardware.reader import Proof, Prove, Proven, Transmit, Unproven
from hardware.secure_badge import KEY_BYTES, is_genuine, open_picc
from hardware.secure_commands import authenticate, key_version, read_message, select_application
from hardware.uid import Uid

META_KEY, MUTUAL_KEY, SUN_KEY = 1, 2, 3
"""What the chip's keys are for; 0 changes everything else, 4 is spare."""


@dataclass(frozen=True, slots=True)
class BadgeKeys:
    """What one badge is checked with."""

    version: int
    """Of the space's secret they were made from, 1 or more."""
    sun: bytes = field(repr=False)
    mutual: bytes = field(repr=False)
    asks_mutual: bool = False
    """Whether a message is not enough."""


class Keys(Protocol):
    """Whoever knows the keys; asked from the reader's thread."""

    @property
    def metas(self) -> Mapping[int, bytes]:
        """With what badges encrypt who they are, by version."""

    @property
    def some_hide(self) -> bool:
        """Whether there are badges that show a random number."""

    def of(self, uid: bytes) -> BadgeKeys | None:
        """What the badge with this number is checked with; `None` for one nobody gave a key to."""


def prover(keys: Callable[[], Keys], draw: Callable[[int], bytes]) -> Prove:
    """Return what a reader asks cards that take commands.

    Args:
        keys: Gives the keys as they are now.
        draw: Gives so many random bytes that nobody can foretell.
    """

    def prove(uid: Uid, transmit: Transmit) -> Proof | None:
        return _Asked(keys(), draw, transmit).prove(uid)

    return prove


@dataclass(frozen=True, slots=True)
class _Asked:
    """One card that is being asked."""

    keys: Keys
    draw: Callable[[int], bytes]
    transmit: Transmit

    def prove(self, uid: Uid) -> Proof | None:
        """Return what it shows; `None` if it is no secure badge."""
        known = None if uid.is_random else self.keys.of(uid.value)
        if known is None and not (uid.is_random and self.keys.some_hide):
            return None
        if not select_application(self.transmit):
            return None
        if known is not None and known.asks_mutual:
            return self._mutual(uid, known)
        return self._sun(uid, known)

    def _mutual(self, uid: Uid, known: BadgeKeys) -> Proof:
        session = authenticate(self.transmit, MUTUAL_KEY, known.mutual, self.draw(KEY_BYTES))
        if session is None:
            return self._why_not(MUTUAL_KEY, known)
        return Proven(uid, known.version)

    def _sun(self, uid: Uid, known: BadgeKeys | None) -> Proof | None:
        message = read_message(self.transmit)
        if message is not None:
            for version, meta in self.keys.metas.items():
                data = open_picc(meta, message)
                owner = None if data is None else (known or self.keys.of(data.uid))
                if data is None or owner is None or not (uid.is_random or data.uid == uid.value):
                    continue
                if version != owner.version:
                    return Unproven.WRONG_KEY
                if not is_genuine(owner.sun, data, message):
                    return Unproven.FORGED
                if owner.asks_mutual:
                    return self._mutual(Uid(data.uid), owner)
                return Proven(Uid(data.uid), version, data.counter)
        return None if known is None else self._why_not(SUN_KEY, known)

    def _why_not(self, number: int, known: BadgeKeys) -> Unproven:
        """Say why it failed, as far as the card tells: a thief's says what it likes, and is refused too."""
        told = key_version(self.transmit, number)
        return Unproven.FORGED if told == known.version else Unproven.WRONG_KEY
