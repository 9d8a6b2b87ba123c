"""What was done on the dashboard, as an auditor reads it: when, what, who, on which opaque id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from community.clock import at_of
from sync.store import deeds
from sync.store.deeds import Deed

MOST = 500
"""Deeds shown, newest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One deed."""

    at: datetime
    """Aware, UTC."""
    deed: Deed
    host: str
    """The login; empty where nobody is known."""
    subject: str
    """An opaque id; empty where there is none."""


def read_record(connection: Connection) -> tuple[Line, ...]:
    """Read the latest deeds, newest first."""
    return tuple(
        Line(at_of(done.at_us), done.deed, done.host, done.subject) for done in deeds.latest(connection, MOST)
    )
