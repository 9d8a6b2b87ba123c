"""What hosts did about the lines of their brief, kept a little longer than taps are.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlalchemy import Connection, delete, or_, select

from community.ids import MemberId
from community.introductions.pairing import Pair, pair
from plumbing.inserts import insert_or_update
from sync.store.schema import brief_marks

KEPT = timedelta(days=100)
"""Ten days longer than the hub keeps taps: two who were introduced may meet so much later, and their receipts
say that it was by a host."""


class Mark(Enum):
    """What can be done about a line."""

    INTRODUCED = "introduced"
    """A host brought the two together."""
    VISITED = "visited"
    """A host said hello."""
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Marked:
    """What was done about one line."""

    line: str
    day: date
    mark: Mark
    until: date
    """The last day on which the line is not shown."""
    host: str
    """The login."""
    at_us: int


def put(connection: Connection, marked: Marked) -> None:
    """Keep what was done; the last word of a day about a line counts."""
    row = {
        "line": marked.line,
        "day": marked.day.isoformat(),
        "mark": marked.mark.value,
        "until": marked.until.isoformat(),
        "host": marked.host,
        "at_us": marked.at_us,
    }
    connection.execute(insert_or_update(connection, brief_marks, ["line", "day"]), [row])


def take_back(connection: Connection, line: str, day: date) -> None:
    """Forget what was done about a line on a day."""
    here = (brief_marks.c.line == line) & (brief_marks.c.day == day.isoformat())
    connection.execute(delete(brief_marks).where(here))


def sweep(connection: Connection, day: date) -> int:
    """Remove what is older than `KEPT` on a day, and return how much that was."""
    old = brief_marks.c.day < (day - KEPT).isoformat()
    return connection.execute(delete(brief_marks).where(old)).rowcount


def holding(connection: Connection, day: date) -> Mapping[str, Marked]:
    """Return what keeps lines from being shown on a day, by line; the latest of each."""
    query = select(brief_marks).where(brief_marks.c.until >= day.isoformat()).order_by(brief_marks.c.at_us)
    return {
        row.line: Marked(
            row.line,
            date.fromisoformat(row.day),
            Mark(row.mark),
            date.fromisoformat(row.until),
            row.host,
            row.at_us,
        )
        for row in connection.execute(query)
    }


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove what was done about a member's lines; `:` stands between the parts of a line, in no id."""
    line = brief_marks.c.line
    theirs = or_(
        line.endswith(f":{member_id}", autoescape=True), line.contains(f":{member_id}:", autoescape=True)
    )
    connection.execute(delete(brief_marks).where(theirs))


def introduced(connection: Connection) -> Mapping[Pair, tuple[date, ...]]:
    """Return on which days hosts said that they introduced two people, as far back as it is kept."""
    found: dict[Pair, tuple[date, ...]] = {}
    query = select(brief_marks.c.line, brief_marks.c.day).where(brief_marks.c.mark == Mark.INTRODUCED.value)
    for row in connection.execute(query.order_by(brief_marks.c.day)):
        kind, _, two = row.line.partition(":")
        first, _, second = two.partition(":")
        if kind == "pair" and second:
            met = pair(MemberId(first), MemberId(second))
            found[met] = (*found.get(met, ()), date.fromisoformat(row.day))
    return found
