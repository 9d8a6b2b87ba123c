"""How many people came in each hour, once nobody can be told from it any more.

Everything here runs inside one transaction of the caller's.
"""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, select

from plumbing.inserts import insert_or_update
from sync.store.schema import crowds

SMALLEST = 5
"""People in an hour that is kept at all: fewer could be told apart (DESIGN section 6)."""

Hour = tuple[date, int]
"""The space's day, and the hour of its clock, 0 to 23."""


def counted(connection: Connection) -> dict[Hour, int]:
    """Return the people of every hour that is kept."""
    return {(date.fromisoformat(row.day), row.hour): row.people for row in connection.execute(select(crowds))}


def add(connection: Connection, people: Mapping[Hour, int]) -> None:
    """Keep hours of `SMALLEST` people or more; an hour that is there already grows."""
    here = counted(connection)
    rows = [
        {"day": day.isoformat(), "hour": hour, "people": here.get((day, hour), 0) + count}
        for (day, hour), count in people.items()
        if count >= SMALLEST
    ]
    if rows:
        connection.execute(insert_or_update(connection, crowds, ["day", "hour"]), rows)
