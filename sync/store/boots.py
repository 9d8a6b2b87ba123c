"""What is known of the clocks of boots whose first events were let go of: later ones are still dated by it.

Everything here runs inside one transaction of the caller's.  Machines, never people.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from community.boots import BootClock
from community.clock import Stamp
from community.ids import KioskId
from sync.store.schema import boots


def kept(connection: Connection) -> tuple[BootClock, ...]:
    """Return every boot that is remembered."""
    return tuple(
        BootClock(
            KioskId(row.kiosk),
            row.boot,
            row.began_by_us,
            None
            if row.good_wall_us is None
            else Stamp(row.good_wall_us, row.boot, row.good_up_us, synced=True),
        )
        for row in connection.execute(select(boots).order_by(boots.c.kiosk, boots.c.boot))
    )


def keep(connection: Connection, clocks: Iterable[BootClock]) -> None:
    """Remember these boots, and no others."""
    connection.execute(delete(boots))
    rows = [
        {
            "kiosk": clock.kiosk,
            "boot": clock.boot,
            "began_by_us": clock.began_by_us,
            "good_wall_us": None if clock.good is None else clock.good.wall_us,
            "good_up_us": None if clock.good is None else clock.good.up_us,
        }
        for clock in clocks
    ]
    if rows:
        connection.execute(insert(boots), rows)
