"""When each thing that the hub lets go of was last looked through, and how much went.

Every function runs inside the transaction of the connection it is given.  Numbers only: what went is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlalchemy import Connection, delete, select

from plumbing.inserts import insert_or_update
from sync.store.schema import retention_runs

KEPT = timedelta(days=30)
"""How far back "in the last thirty days" goes."""


class Job(Enum):
    """What is let go of by itself."""

    TAPS = "taps"
    """Events older than the days set (decision 0014)."""
    STRANGE = "strange"
    """What is in the events that could not be understood, after the same days."""
    GUESTS = "guests"
    """What guests typed, once their day is over."""
    MARKS = "marks"
    """What hosts did about the lines of their brief."""
    DEEDS = "deeds"
    """Lines of the record of what was done."""
    LOGINS = "logins"
    """Logins to the dashboard that have ended by themselves."""
    OWN_PAGES = "own_pages"
    """Members' own pages that are closed, and the codes that opened them."""
    CODES = "codes"
    """One-time codes for kiosks and accounts that nobody used in time."""
    DELIVERIES = "deliveries"
    """What webhooks were told, and what was given up."""
    NOTICES = "notices"
    """What was told to whom, and wishes to be told that did not come true."""
    VISITORS = "visitors"
    """Members of sister spaces whose visit is over."""
    LETTERS = "letters"
    """That a letter of theirs was used, once it is too old anyway."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How one of them stands."""

    at_us: int
    """When it last ran, microseconds since 1970 UTC."""
    removed: int
    """How much went on that day."""
    lately: int
    """How much went in the last `KEPT`, that day included."""
    since_us: int
    """The first run that is known of."""


def note(connection: Connection, job: Job, day: date, at_us: int, removed: int) -> None:
    """Keep that a job ran; what it removed earlier on the same day is added to.

    Args:
        connection: In the writing transaction that removed it.
        job: Which.
        day: The space's.
        at_us: Now, microseconds since 1970 UTC.
        removed: How much went; 0 is worth keeping too.
    """
    table, iso = retention_runs, day.isoformat()
    before = connection.execute(
        select(table.c.removed).where(table.c.job == job.value, table.c.day == iso)
    ).scalar_one_or_none()
    row = {"job": job.value, "day": iso, "at_us": at_us, "removed": (before or 0) + removed}
    connection.execute(insert_or_update(connection, table, ["job", "day"]), [row])
    # a day still to come is one that a wrong clock has said
    elsewhen = (table.c.day < (day - KEPT).isoformat()) | (table.c.day > iso)
    connection.execute(delete(table).where(table.c.job == job.value, elsewhen))


def runs(connection: Connection) -> Mapping[Job, Ran]:
    """Return how each job that ever ran stands; what this program does not know is left out."""
    known = {job.value: job for job in Job}
    found: dict[Job, Ran] = {}
    rows = connection.execute(select(retention_runs).order_by(retention_runs.c.day))
    for row in rows:
        if row.job in known:
            job = known[row.job]
            before = found.get(job, Ran(0, 0, 0, row.at_us))
            found[job] = Ran(row.at_us, row.removed, before.lately + row.removed, before.since_us)
    return found
