"""What guests typed, beside the log: until the hub has it, and for a day at most.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, or_, select

from community.guests import GuestWords
from kiosk.core.lineage import Span
from kiosk.store.schema import guests

DAY_US = 86_400_000_000
"""Microseconds after which a guest's words are of no use to anybody, whether the hub has them or not."""


def keep(connection: Connection, place: int, at_us: int, words: GuestWords) -> None:
    """Keep what a guest typed, in the transaction that writes that they came at `at_us` (wall clock)."""
    row = {"place": place, "at_us": at_us, "asked": words.asked, "name": words.name, "salt": words.salt}
    connection.execute(insert(guests), row)


def beside(connection: Connection, span: Span, places: Sequence[int]) -> tuple[GuestWords, ...]:
    """Return what guests typed whose events stand at these places of one epoch, in their order."""
    if not places:
        return ()
    rows = connection.execute(
        select(guests).where(guests.c.place.between(places[0], places[-1])).order_by(guests.c.place)
    )
    return tuple(GuestWords(span.number(row.place), row.asked, row.name, row.salt) for row in rows)


def forget(connection: Connection, *, upto: int = 0, now_us: int = 0) -> int:
    """Forget the words of events up to a place, and those that are older than a day.

    Args:
        connection: In a writing transaction.
        upto: The hub has what is there.
        now_us: The wall clock.

    Returns:
        How many were forgotten.
    """
    connection.exec_driver_sql("PRAGMA secure_delete=ON")  # what is gone leaves nothing in free pages
    old = or_(guests.c.place <= upto, guests.c.at_us <= now_us - DAY_US)
    return connection.execute(delete(guests).where(old)).rowcount
