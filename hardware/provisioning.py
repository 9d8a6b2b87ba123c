"""Program a blank NTAG 424 DNA with a space's keys, from wherever the last try was cut off.

Pure: the caller lends a way to transmit, keys and chance.  What may have happened when the badge was lifted,
and why it can always be gone on with:

    before the settings   the file may be half written: it is written again
    after the settings    the file is right, because the settings came after it; it is not written again
    at a key              the chip has the old key or the new one, never half of one: its version says which,
                          and if that is wrong the next is tried, which changes nothing
    before key 0          the old key 0 still opens everything
    at key 0, the last    all else is done: the new key 0 opens, and there is nothing left to do

The settings are changed once only: turning the message on sets the chip's counter to 0, and what was said
before could be said again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from hardware.proving import META_KEY, MUTUAL_KEY, SUN_KEY
from hardware.reader import Transmit
from hardware.secure_badge import KEY_BYTES, is_genuine, open_picc
from hardware.secure_commands import (
    KEY_NUMBERS,
    OPEN_SETTINGS,
    SETTINGS,
    Changed,
    Refused,
    authenticate,
    change_key,
    change_settings,
    file_settings,
    hide_number,
    key_version,
    read_message,
    select_application,
    true_number,
    write_content,
)
from hardware.secure_session import Session
from hardware.uid import Uid


@dataclass(frozen=True, slots=True)
class KeySet:
    """All keys of one badge, of one version."""

    version: int
    """1 to 255; 0 for those of the factory."""
    keys: tuple[bytes, ...] = field(repr=False)
    """Keys 0 to 4."""


FACTORY = KeySet(0, (bytes(KEY_BYTES),) * KEY_NUMBERS)
"""What every chip comes with."""


class Unsuitable(Enum):
    """Why a card cannot be made a badge of this space."""

    NO_CHIP = "no chip"
    """It is no NTAG 424 DNA."""
    FOREIGN = "foreign"
    """Somebody else gave it keys."""
    BROKEN = "broken"
    """It took everything, and then does not show what it should."""


@dataclass(frozen=True, slots=True)
class Programmed:
    """The badge has the space's keys, and has just shown it."""

    counter: int
    """What its first message said: nothing up to here is a proof any more."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a badge is."""

    versions: tuple[int | None, ...]
    """Of its keys, 0 to 4; 0 is the factory's, `None` one it does not tell."""
    makes_messages: bool
    """Whether its settings are ours."""
    healthy: bool
    """Whether it shows what it should with the space's keys."""


Draw: TypeAlias = Callable[[int], bytes]
"""Gives so many random bytes that nobody can foretell."""


def number_of(transmit: Transmit, shown: Uid, metas: Sequence[bytes], draw: Draw) -> bytes | None:
    """Return a badge's own number; `None` for a card that hides it and has keys we do not know.

    Args:
        transmit: Of the card in the field.
        shown: What it shows.
        metas: Every meta key of the space.
        draw: Chance.
    """
    if not shown.is_random:
        return shown.value
    if not select_application(transmit):
        return None
    message = read_message(transmit)
    opened = [] if message is None else [open_picc(meta, message) for meta in metas]
    for data in opened:
        if data is not None:
            return data.uid
    session = authenticate(transmit, 0, FACTORY.keys[0], draw(KEY_BYTES))
    return None if session is None else true_number(transmit, session)


def program(
    transmit: Transmit, wanted: KeySet, before: Sequence[KeySet], draw: Draw, *, hide: bool = False
) -> Programmed | Unsuitable:
    """Give a badge these keys, and have it show them; doing it again goes on, or changes nothing.

    Args:
        transmit: Of the card in the field.
        wanted: The badge's own keys.
        before: What else it may have by now, likeliest first; the factory's are always tried.
        draw: Chance.
        hide: Whether it is to show a random number from now on; cannot be taken back.

    Raises:
        CardLifted: Run it again.
        Refused: The chip says no to what key 0 may do.
    """
    if not select_application(transmit):
        return Unsuitable.NO_CHIP
    versions, settings = _versions(transmit), _settings(transmit)
    if settings is None:
        return Unsuitable.NO_CHIP
    badge = _Badge(transmit, wanted, (wanted, FACTORY, *before), versions, draw)
    entered = badge.enter()
    if entered is None:
        return Unsuitable.FOREIGN
    if settings != SETTINGS:
        entered = badge.set_up(entered, settings)
    return badge.finish(entered, hide=hide)


def examine(transmit: Transmit, keys: KeySet | None, draw: Draw) -> Examined | Unsuitable:
    """Say what a badge is; nothing on it is changed but its counter.

    Args:
        transmit: Of the card in the field.
        keys: What it should have; `None` if that is not known.
        draw: Chance.
    """
    if not select_application(transmit):
        return Unsuitable.NO_CHIP
    versions, settings = _versions(transmit), _settings(transmit)
    if settings is None:
        return Unsuitable.NO_CHIP
    healthy = keys is not None and isinstance(_shown(transmit, keys, draw), Programmed)
    return Examined(versions, settings == SETTINGS, healthy)


def _versions(transmit: Transmit) -> tuple[int | None, ...]:
    """Return the version of each key; `None` for one that is not told: then it is found out by trying."""
    return tuple(key_version(transmit, number) for number in range(KEY_NUMBERS))


def _settings(transmit: Transmit) -> bytes | None:
    """Return the settings of the file with the message; `None` for a card that has no such file."""
    try:
        return file_settings(transmit)
    except Refused:
        return None


def _shown(transmit: Transmit, keys: KeySet, draw: Draw) -> Programmed | Unsuitable:
    """Have a badge show everything a kiosk will ever ask of it."""
    if not select_application(transmit):
        return Unsuitable.BROKEN
    message = read_message(transmit)
    data = None if message is None else open_picc(keys.keys[META_KEY], message)
    if message is None or data is None or not is_genuine(keys.keys[SUN_KEY], data, message):
        return Unsuitable.BROKEN
    if authenticate(transmit, MUTUAL_KEY, keys.keys[MUTUAL_KEY], draw(KEY_BYTES)) is None:
        return Unsuitable.BROKEN
    return Programmed(data.counter)


@dataclass(frozen=True, slots=True)
class _Entered:
    """A session of key 0, and whose key it is."""

    session: Session
    keys: KeySet


@dataclass(frozen=True, slots=True)
class _Badge:
    """One badge that is being programmed."""

    transmit: Transmit
    wanted: KeySet
    candidates: tuple[KeySet, ...]
    versions: tuple[int | None, ...]
    draw: Draw

    def enter(self, before: _Entered | None = None) -> _Entered | None:
        """Prove key 0, which it was `before` or whichever it is; `None` if it is none we know."""
        for keys in self._likeliest(0) if before is None else (before.keys,):
            session = authenticate(self.transmit, 0, keys.keys[0], self.draw(KEY_BYTES))
            if session is not None:
                return _Entered(session, keys)
        return None

    def set_up(self, entered: _Entered, settings: bytes) -> _Entered | None:
        """Write the file, then turn the message on; everybody may write until then."""
        if settings != OPEN_SETTINGS:
            change_settings(self.transmit, entered.session, OPEN_SETTINGS)
        select_application(self.transmit)  # a new beginning: ISO commands are not spoken within a session
        write_content(self.transmit)
        again = self.enter(entered)
        if again is None:
            return None
        return _Entered(change_settings(self.transmit, again.session, SETTINGS), again.keys)

    def finish(self, entered: _Entered | None, *, hide: bool) -> Programmed | Unsuitable:
        """Change keys 1 to 4, then 0, and have it show them."""
        for number in range(1, KEY_NUMBERS):
            if entered is not None and self.versions[number] != self.wanted.version:
                entered = self._changed(entered, number)
        if entered is None:
            return Unsuitable.FOREIGN
        session = entered.session
        if hide:
            session = hide_number(self.transmit, session)
        if entered.keys != self.wanted:
            new = self.wanted.keys[0]
            change_key(self.transmit, session, 0, entered.keys.keys[0], new, self.wanted.version)
        return _shown(self.transmit, self.wanted, self.draw)

    def _changed(self, entered: _Entered, number: int) -> _Entered | None:
        """Change one key, whichever it was; `None` if it was none we know."""
        new, version = self.wanted.keys[number], self.wanted.version
        now: _Entered | None = entered
        for keys in self._likeliest(number):
            if now is None:
                break
            done, session = change_key(self.transmit, now.session, number, keys.keys[number], new, version)
            if done is Changed.DONE:
                return _Entered(session, now.keys)
            now = self.enter(now)
        return None

    def _likeliest(self, number: int) -> Iterator[KeySet]:
        """Yield what a key may be, first what its version says: each wrong guess counts against the chip."""
        told = self.versions[number]
        yield from (keys for keys in self.candidates if keys.version == told)
        yield from (keys for keys in self.candidates if keys.version != told)
