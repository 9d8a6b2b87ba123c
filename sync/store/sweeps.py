"""What the hub lets go of once a day besides taps: each thing by its own rule, with a note that it was done.

Runs inside the transaction of the connection it is given.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from community.clock import us_of
from sync.store import (
    accounts,
    briefs,
    codes,
    deeds,
    deliveries,
    failed_taps,
    newcomers,
    notice_outbox,
    notices,
    own_pages,
    retention,
    sisters,
)
from sync.store.retention import Job

Sweep = Callable[[Connection, date, datetime], int]
"""Removes what is over on a day, at a moment, and says how much that was."""


def _marks(connection: Connection, day: date, at: datetime) -> int:
    """Let go of what hosts did about lines of the brief, newcomers and failed taps."""
    gone = briefs.sweep(connection, day) + newcomers.sweep(connection, day)
    return gone + failed_taps.sweep(connection, us_of(at))


SWEEPS: Mapping[Job, Sweep] = {
    Job.MARKS: _marks,
    Job.DEEDS: lambda connection, _day, at: deeds.forget(connection, us_of(at)),
    Job.LOGINS: lambda connection, _day, at: accounts.sweep(connection, at),
    Job.OWN_PAGES: lambda connection, _day, at: own_pages.forget(connection, us_of(at)),
    Job.CODES: lambda connection, _day, at: codes.sweep(connection, us_of(at)),
    Job.DELIVERIES: lambda connection, _day, at: deliveries.sweep(connection, us_of(at)),
    Job.LETTERS: lambda connection, _day, at: sisters.forget(connection, us_of(at) // 1_000_000),
    Job.NOTICES: lambda connection, _day, at: (
        notice_outbox.forget(connection, us_of(at)) + notices.forget(connection, us_of(at))
    ),
}


def sweep(connection: Connection, day: date, at: datetime) -> None:
    """Do all of it.

    Args:
        connection: In a writing transaction.
        day: The space's.
        at: Now, aware.
    """
    for job, remove in SWEEPS.items():
        retention.note(connection, job, day, us_of(at), remove(connection, day, at))
