"""What the hub lets go of by itself: how long it is kept, when it was last looked through, what went."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from community.clock import at_of
from sync.store import briefs, deeds, retention
from sync.store.retention import Job, Ran

LATE = timedelta(days=2)
"""After that long without a run something is wrong: every job runs once a day at least."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing."""

    job: Job
    days: int
    """How long it is kept; 0 where it is not kept by days."""
    at: datetime | None
    """When it was last looked through (aware, UTC); `None` for never."""
    removed: int
    """How much went on that day."""
    lately: int
    """How much went in the last thirty days."""
    late: bool
    """Whether it should have run since."""


def read_lines(connection: Connection, at: datetime, taps_days: int) -> tuple[Line, ...]:
    """Read how each stands, in the order of `Job`.

    Args:
        connection: In a read transaction.
        at: Now, aware.
        taps_days: How long raw taps are kept.
    """
    found = retention.runs(connection)
    began = min((at_of(ran.since_us) for ran in found.values()), default=at)
    days = {
        Job.TAPS: taps_days,
        Job.STRANGE: taps_days,
        Job.MARKS: briefs.KEPT.days,
        Job.DEEDS: deeds.KEPT.days,
    }
    return tuple(_line(job, days.get(job, 0), found.get(job), at, began) for job in Job)


def _line(job: Job, days: int, ran: Ran | None, at: datetime, began: datetime) -> Line:
    if ran is None:
        # a job that never ran is late once another has been running for so long
        return Line(job, days, None, 0, 0, at - began > LATE)
    when = at_of(ran.at_us)
    return Line(job, days, when, ran.removed, ran.lately, at - when > LATE)
