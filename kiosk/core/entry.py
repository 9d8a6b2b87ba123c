"""Typing at the door: a PIN for a badge that asks for one, or a name and a PIN where there is no badge.

Pure.  What is typed is never part of a `repr`.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from community.pins import LONGEST, SHORTEST
from community.reads import KnownBadge
from kiosk.core.keys import CANCEL_KEY, DONE_KEY, ERASE_KEY

LONGEST_TYPED = 60
"""Characters of a name: as long as a name may be."""


class Said(Enum):
    """What the screen answers to what was typed."""

    NOTHING = "nothing"
    SHORT = "short"
    """A PIN has more digits."""
    WRONG = "wrong"
    """They do not fit together; never which of the two."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody is typing."""

    badge: KnownBadge | None = None
    """The badge that waits for its PIN; `None` for somebody without a badge, who types their name first."""
    read_s: float = 0.0
    """When that badge had been read, or the typing began: monotonic seconds."""
    name: str = field(default="", repr=False)
    """The name as typed, once it is done; empty for a badge."""
    typed: str = field(default="", repr=False)
    checking: bool = False
    """Whether it is being looked at: keys wait for the answer."""
    said: Said = Said.NOTHING
    for_host: bool = False
    """Whether the PIN opens the host's pages, instead of letting the badge count."""

    @property
    def asks_name(self) -> bool:
        """Whether a name is typed now, and not a PIN."""
        return self.badge is None and not self.name

    def wrong(self) -> "Entry":
        """Return the entry after it did not fit; a name is offered again, to be mended."""
        if self.badge is not None:
            return replace(self, typed="", checking=False, said=Said.WRONG)
        return replace(self, name="", typed=self.name, checking=False, said=Said.WRONG)


@dataclass(frozen=True, slots=True)
class Given:
    """A PIN that is to be looked at."""

    entry: Entry
    """As it is while it is looked at: without the PIN."""
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Somebody does not want to type after all."""


def press(entry: Entry, key: str) -> Entry | Given | GivenUp:
    """Return what a key makes of what is typed; the same entry if nothing."""
    if key == CANCEL_KEY:
        return GivenUp()
    if entry.checking:
        return entry
    if key == ERASE_KEY:
        return replace(entry, typed=entry.typed[:-1], said=Said.NOTHING)
    if key == DONE_KEY:
        return _done(entry)
    if len(key) != 1:
        return entry
    if entry.asks_name:
        # what is typed must stay in one line, whatever a keyboard can send
        fits = (key.isalnum() or key in " -'’.") and len(entry.typed) < LONGEST_TYPED
        return replace(entry, typed=entry.typed + key, said=Said.NOTHING) if fits else entry
    fits = key.isascii() and key.isdigit() and len(entry.typed) < LONGEST
    return replace(entry, typed=entry.typed + key, said=Said.NOTHING) if fits else entry


def _done(entry: Entry) -> Entry | Given:
    if entry.asks_name:
        name = entry.typed.strip()
        return replace(entry, name=name, typed="", said=Said.NOTHING) if name else entry
    if len(entry.typed) < SHORTEST:
        return replace(entry, said=Said.SHORT)
    return Given(replace(entry, typed="", checking=True, said=Said.NOTHING), entry.typed)
