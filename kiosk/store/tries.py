"""Wrong PINs, counted where no restart forgets them.

A try is written before it is known to be wrong: pulling the plug in between gains nobody another one.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from community.clock import Stamp
from community.pins import FOR_DOOR, FOR_MEMBER, Patience, Tries, tried, wait_us
from kiosk.store.schema import tries
from plumbing.database import Database
from plumbing.inserts import insert_or_update

DOOR = ""
"""Under which everybody's tries at this kiosk are counted."""

MOST_KEPT = 1_000
"""Names remembered; the kiosk's own count does not let anybody try so many."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a try before it is known whether it is right."""

    allowed: bool
    """Whether it may be tried; if not, nothing was written."""
    waits_next: bool
    """Whether another one would have to wait, should this one be wrong."""


class TriesStore:
    """The kiosk's own table of wrong PINs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, who: str, now: Stamp) -> Counted:
        """Note a try, unless it has to wait.

        Args:
            who: As in the table; not `DOOR`.
            now: What the clocks say.

        Raises:
            DatabaseError: Nothing was written: the PIN must not be looked at.
        """

        def work(connection: Connection) -> Counted:
            known = {DOOR: _find(connection, DOOR), who: _find(connection, who)}
            if any(wait_us(known[key], _patience(key), now) for key in known):
                return Counted(allowed=False, waits_next=True)
            after = {key: tried(before, _patience(key), now) for key, before in known.items()}
            for key, each in after.items():
                _put(connection, key, each)
            _prune(connection)
            return Counted(
                allowed=True, waits_next=any(wait_us(after[key], _patience(key), now) > 0 for key in after)
            )

        return await self._database.write(work)

    async def was_right(self, who: str) -> None:
        """Forget the tries of somebody who gave the right PIN, and this one of theirs at the kiosk.

        Whoever knows one PIN cannot clear what they tried under other names.

        Raises:
            DatabaseError: Nothing was changed.
        """

        def work(connection: Connection) -> None:
            connection.execute(delete(tries).where(tries.c.who == who))
            door = _find(connection, DOOR)
            if door is not None and door.wrong > 1:
                _put(connection, DOOR, Tries(door.wrong - 1, door.last))
            else:
                connection.execute(delete(tries).where(tries.c.who == DOOR))

        await self._database.write(work)


def _patience(who: str) -> Patience:
    return FOR_DOOR if who == DOOR else FOR_MEMBER


def _find(connection: Connection, who: str) -> Tries | None:
    row = connection.execute(select(tries).where(tries.c.who == who)).one_or_none()
    return None if row is None else Tries(row.wrong, Stamp(row.wall_us, row.boot, row.up_us, row.synced))


def _put(connection: Connection, who: str, each: Tries) -> None:
    last = each.last
    row = {
        "who": who,
        "wrong": each.wrong,
        "wall_us": last.wall_us,
        "boot": last.boot,
        "up_us": last.up_us,
        "synced": last.synced,
    }
    connection.execute(insert_or_update(connection, tries, ["who"]), row)


def _prune(connection: Connection) -> None:
    """Forget the oldest names beyond `MOST_KEPT`, those that are nobody's first."""
    names = select(tries.c.who).where(tries.c.who != DOOR)
    beyond = names.order_by(tries.c.who.like("?%"), tries.c.wall_us.desc()).offset(MOST_KEPT).limit(-1)
    connection.execute(delete(tries).where(tries.c.who.in_(beyond)))
