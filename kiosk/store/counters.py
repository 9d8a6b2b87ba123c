"""How far each secure badge has counted: what was said once is no proof again.

A counter is checked and raised in the very transaction that writes what the tap did, and raised with what
other doors and the hub say.  It never goes down; a badge is forgotten only with the member it belonged to.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from community.badges import BadgeHash
from community.events import BadgeProved, Event
from kiosk.store.schema import counters
from plumbing.inserts import insert_or_update


class ReplayedError(Exception):
    """Raised inside a transaction so that it rolls back: a badge said what was said before."""

    def __init__(self, badge: BadgeHash) -> None:
        super().__init__()
        self.badge = badge


def count(connection: Connection, events: Iterable[Event]) -> None:
    """Raise the counters of badges that proved themselves here.

    Raises:
        ReplayedError: One of them did not count further than before.
    """
    for event in events:
        if isinstance(event, BadgeProved):
            if event.counter <= counted(connection, event.badge):
                raise ReplayedError(event.badge)
            _put(connection, event.badge, event.counter)


def raise_to(connection: Connection, told: Iterable[tuple[BadgeHash, int]]) -> None:
    """Raise counters to what was told of them elsewhere; what is lower than ours changes nothing."""
    for badge, upto in told:
        if upto > counted(connection, badge):
            _put(connection, badge, upto)


def proved_in(events: Iterable[Event]) -> tuple[tuple[BadgeHash, int], ...]:
    """Return what events tell of counters."""
    return tuple((event.badge, event.counter) for event in events if isinstance(event, BadgeProved))


def counted(connection: Connection, badge: BadgeHash) -> int:
    """Return how far a badge has counted; -1 if it never did: a new chip's first message may say 0."""
    found = connection.execute(select(counters.c.upto).where(counters.c.badge == badge)).scalar_one_or_none()
    return -1 if found is None else found


def forget(connection: Connection, badges: Iterable[BadgeHash]) -> None:
    """Forget badges of somebody who was erased."""
    for badge in badges:
        connection.execute(delete(counters).where(counters.c.badge == badge))


def _put(connection: Connection, badge: BadgeHash, upto: int) -> None:
    connection.execute(insert_or_update(connection, counters, ["badge"]), {"badge": badge, "upto": upto})
