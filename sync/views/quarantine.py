"""The quarantine as a page shows it: who sent what, when, why it waits, and its bytes as plain text."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection

from community.clock import at_of
from community.ids import KioskId
from sync.store import quarantine
from sync.store.batches import UNSTORABLE
from sync.store.cursors import COPIED
from sync.store.log import LARGEST_KEPT_BYTES
from sync.store.quarantine import Held

MOST = 50
"""Things shown of each kind; the page says how many more there are."""

LONGEST_TEXT = 2_000
"""Characters of the content shown: several events, and never a page that cannot be scrolled."""

NOT_SHOWN = "\N{MIDDLE DOT}"
"""Stands for what cannot be printed, and for what would turn the line around."""


class Why(Enum):
    """Why something waits; each has its words on the page."""

    COPIED = "copied"
    VERSION = "version"
    """Another version of the wire."""
    KIND = "kind"
    """An event this program does not know."""
    MISFIT = "misfit"
    """An event or message that lacks something, or has it in another form."""
    GARBLED = "garbled"
    """No message of ours at all."""
    NOWHERE = "nowhere"
    """From no kiosk we could know."""
    UNSTORABLE = "unstorable"
    DOUBTFUL = "doubtful"
    """Not signed as its kiosk would sign it, or from a kiosk that may not come in."""


BEGINNINGS = {
    "wire version": Why.VERSION,
    "not a message of this program": Why.GARBLED,
    "it came on a topic": Why.NOWHERE,
    "not an event this program knows: its kind": Why.KIND,
    quarantine.DOUBT: Why.DOUBTFUL,
}
"""How the reasons begin that the wire's codec and ingest give."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of the quarantine, ready to be shown."""

    id: int
    kiosk: KioskId
    number: int | None
    at: datetime
    why: Why
    reason: str
    """What the program said, in English."""
    text: str
    """The content as text without anything that does not print."""
    size_bytes: int
    is_whole: bool
    """Whether `text` is all of it."""
    may_be_tried: bool
    """Whether a newer program could ever read it."""
    aside_at: datetime | None
    aside_by: str


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The page."""

    at: datetime
    waiting: tuple[Thing, ...]
    """Newest first, at most `MOST`."""
    waiting_count: int
    away: tuple[Thing, ...]
    """Newest first, at most `MOST`."""
    away_count: int


def read_quarantine(connection: Connection, at: datetime) -> Quarantine:
    """Read the page, in a read transaction; `at` is the present moment."""
    waits, away = quarantine.count(connection)
    return Quarantine(
        at,
        tuple(map(thing, quarantine.waiting(connection, MOST))),
        waits,
        tuple(map(thing, quarantine.put_away(connection, MOST))),
        away,
    )


def thing(held: Held) -> Thing:
    """Return one row as it is shown."""
    text = plain(held.raw)
    reason = why(held.reason)
    return Thing(
        held.id,
        held.kiosk,
        held.seq,
        at_of(held.received_us),
        reason,
        held.reason,
        text[:LONGEST_TEXT],
        len(held.raw),
        len(text) <= LONGEST_TEXT and len(held.raw) < LARGEST_KEPT_BYTES,
        reason not in {Why.COPIED, Why.NOWHERE} and len(held.raw) < LARGEST_KEPT_BYTES,
        None if held.aside_us is None else at_of(held.aside_us),
        held.aside_by,
    )


def why(reason: str) -> Why:
    """Return the kind of a reason; what is none of those we know does not fit in some way."""
    if reason == COPIED:
        return Why.COPIED
    if reason == UNSTORABLE:
        return Why.UNSTORABLE
    return next((kind for start, kind in BEGINNINGS.items() if reason.startswith(start)), Why.MISFIT)


def plain(raw: bytes) -> str:
    """Return bytes as text in which every character prints and stays where it is."""
    return "".join(letter if letter.isprintable() else NOT_SHOWN for letter in raw.decode("utf-8", "replace"))
