"""What the hub knows of the space's calendar, and what of it kiosks are told.

Runs inside the transaction of the connection it is given.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, delete, select

from community.agenda import Agenda
from plumbing.inserts import insert_or_update
from sync.agenda.asked import Reading, Trouble
from sync.store import feed as feed_store
from sync.store.feed import Change, Kind
from sync.store.schema import facts, feed

KEY = "agenda"
"""In `facts`."""

TOLD = timedelta(days=2)
"""Today and tomorrow: a kiosk that has no network in the morning has its day."""


class Kept(msgspec.Struct, frozen=True):
    """What is known of the calendar."""

    source: str
    """Which one: `asked.mark_of` its address."""
    name: str
    """How people may call it: the server's name, or the file's."""
    tried_us: int
    """When it was asked for last."""
    trouble: Trouble | None = None
    """Why it could not be read then; `None` if it could."""
    detail: str = ""
    """As in `Reading`."""
    good: Reading = Reading()
    """The last reading that held; an empty one before the first."""
    read_us: int = 0
    """When that was, or was last said to be unchanged; 0 for never."""
    read_on: date | None = None
    """The space's day on which it was read whole: on another one it must be again, it holds other days."""


def read_kept(connection: Connection) -> Kept | None:
    """Return what is known; `None` before the first try, and where no calendar is set."""
    kept = connection.execute(select(facts.c.value).where(facts.c.key == KEY)).scalar_one_or_none()
    try:
        return None if kept is None else msgspec.json.decode(kept, type=Kept)
    except msgspec.DecodeError:  # an older version's: the next reading replaces it
        return None


def keep(connection: Connection, kept: Kept | None) -> None:
    """Replace what is known; `None` to know nothing."""
    if kept is None:
        connection.execute(delete(facts).where(facts.c.key == KEY))
        return
    row = {"key": KEY, "value": msgspec.json.encode(kept).decode()}
    connection.execute(insert_or_update(connection, facts, ["key"]), row)


def agenda_of(kept: Kept, day: date) -> Agenda:
    """Return what is known of a day; without moments if nothing is."""
    return next((agenda for agenda in kept.good.agendas if agenda.day == day), Agenda(day))


def tell(connection: Connection, today: date, agendas: Iterable[Agenda]) -> int:
    """Tell kiosks of today and tomorrow, and let go of every other day.

    Returns:
        The latest revision of the feed: the same as before if nothing is new.
    """
    wanted = {
        agenda.day.isoformat(): agenda
        for agenda in agendas
        if agenda.moments and today <= agenda.day < today + TOLD
    }
    query = select(feed.c.key).where(feed.c.kind == Kind.AGENDA.value, feed.c.body.is_not(None))
    over = [key for key in connection.execute(query).scalars() if key not in wanted]
    changes = [Change(Kind.AGENDA, key, None) for key in over]
    changes += [Change(Kind.AGENDA, key, agenda) for key, agenda in wanted.items()]
    return feed_store.write(connection, changes)
