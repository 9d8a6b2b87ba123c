"""What members keep of their days here: days and meetings whose taps are gone, and what came of it.

Every function runs inside the transaction of the connection it is given.  All of it is the member's own and
goes with them; what came of it is read for anybody else only as numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from community.ids import MemberId
from plumbing.inserts import insert_ignoring, insert_or_update
from sync.store.own_schema import came_of_it, kept_days, kept_meetings, told_sums
from sync.store.schema import members

MOST_LINES = 500
"""Of one member: more than one a week for nine years."""


Told = tuple[int | None, int | None]
"""Lines, and what they are worth; `None` where too few wrote of it."""


class Kind(Enum):
    """What came of it."""

    WORK = "work"
    """A job, a client, a contract, a colleague."""
    RECEIVED = "received"
    """Help I received."""
    GIVEN = "given"
    """Help I gave."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what came of it, in the member's words."""

    id: int
    day: date
    kind: Kind
    text: str
    amount: int | None
    """In whole units of the money they think in; `None` where they named none."""
    counted: bool
    """Whether the space may count it in its sums."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the space may know of one line: neither its words nor its day."""

    member: MemberId
    kind: Kind
    amount: int | None


@dataclass(frozen=True, slots=True)
class KeptMeeting:
    """A meeting as its row says; the words are those of `sync.receipt.fold`."""

    member: MemberId
    other: MemberId
    day: date
    how: str
    about: str
    useful: bool


def add_days(connection: Connection, days: Mapping[tuple[MemberId, str], int]) -> None:
    """Add days present to what is kept, by member and month; only of people in the directory."""
    known = _known(connection)
    table = kept_days
    for (member, month), count in days.items():
        if member not in known:
            continue
        mine = (table.c.member_id == member) & (table.c.month == month)
        before = connection.execute(select(table.c.days).where(mine)).scalar_one_or_none() or 0
        row = {"member_id": member, "month": month, "days": before + count}
        connection.execute(insert_or_update(connection, table, ["member_id", "month"]), [row])


def add_meetings(connection: Connection, meetings: Iterable[KeptMeeting]) -> None:
    """Keep meetings, of people who are both in the directory; the same again changes nothing."""
    known = _known(connection)
    rows = [
        {
            "member_id": one.member,
            "other_id": one.other,
            "day": one.day.isoformat(),
            "how": one.how,
            "about": one.about,
            "useful": one.useful,
        }
        for one in meetings
        if one.member in known and one.other in known
    ]
    if rows:
        connection.execute(
            insert_or_update(connection, kept_meetings, ["member_id", "other_id", "day"]), rows
        )


def days(connection: Connection, member_id: MemberId) -> Mapping[str, int]:
    """Return on how many days a member came, by month, of those whose taps are gone."""
    rows = connection.execute(
        select(kept_days).where(kept_days.c.member_id == member_id).order_by(kept_days.c.month)
    )
    return {row.month: row.days for row in rows}


def meetings(connection: Connection, member_id: MemberId) -> tuple[KeptMeeting, ...]:
    """Return a member's meetings whose taps are gone, the earliest first."""
    return _meetings(connection, _BY_DAY.where(kept_meetings.c.member_id == member_id))


def meetings_with(connection: Connection, member_id: MemberId) -> tuple[KeptMeeting, ...]:
    """Return others' meetings with a member whose taps are gone, the earliest first."""
    return _meetings(connection, _BY_DAY.where(kept_meetings.c.other_id == member_id))


def all_meetings(connection: Connection) -> tuple[KeptMeeting, ...]:
    """Return everybody's meetings whose taps are gone, the earliest first."""
    return _meetings(connection, _BY_DAY)


def lines(connection: Connection, member_id: MemberId) -> tuple[Line, ...]:
    """Return what a member wrote, the latest day first; what this program does not know is left out."""
    query = (
        select(came_of_it)
        .where(came_of_it.c.member_id == member_id)
        .order_by(came_of_it.c.day.desc(), came_of_it.c.id.desc())
    )
    kinds = {kind.value: kind for kind in Kind}
    return tuple(
        Line(row.id, date.fromisoformat(row.day), kinds[row.kind], row.text, row.amount, row.counted)
        for row in connection.execute(query)
        if row.kind in kinds
    )


def write_line(connection: Connection, member_id: MemberId, line: Line, today: date) -> bool:
    """Keep a line (its id is given to it here); `False` where there are too many.

    Args:
        connection: In a writing transaction.
        member_id: Whose.
        line: As they wrote it.
        today: The day on which it is written: sums go by it, so that a quarter that is over never grows.
    """
    mine = came_of_it.c.member_id == member_id
    count = connection.execute(select(func.count()).select_from(came_of_it).where(mine)).scalar_one()
    if count >= MOST_LINES:
        return False
    connection.execute(
        insert(came_of_it).values(
            member_id=member_id,
            day=line.day.isoformat(),
            written=today.isoformat(),
            kind=line.kind.value,
            text=line.text,
            amount=line.amount,
            counted=line.counted,
        )
    )
    return True


def uncount_line(connection: Connection, member_id: MemberId, line_id: int) -> None:
    """Take a line out of the space's sums; another member's is left alone."""
    mine = (came_of_it.c.member_id == member_id) & (came_of_it.c.id == line_id)
    connection.execute(update(came_of_it).where(mine).values(counted=False))


def remove_line(connection: Connection, member_id: MemberId, line_id: int) -> None:
    """Remove a line; another member's is left alone."""
    mine = (came_of_it.c.member_id == member_id) & (came_of_it.c.id == line_id)
    connection.execute(delete(came_of_it).where(mine))


def counted(connection: Connection, first: date, after: date) -> tuple[Counted, ...]:
    """Return what may be counted of lines written from `first` on and before `after`."""
    written = came_of_it.c.written
    query = (
        select(came_of_it.c.member_id, came_of_it.c.kind, came_of_it.c.amount)
        .where(came_of_it.c.counted, written >= first.isoformat(), written < after.isoformat())
        .order_by(came_of_it.c.id)
    )
    kinds = {kind.value: kind for kind in Kind}
    return tuple(
        Counted(MemberId(row.member_id), kinds[row.kind], row.amount)
        for row in connection.execute(query)
        if row.kind in kinds
    )


def told(connection: Connection, quarter: str) -> Mapping[Kind, Told]:
    """Return what hosts were told of each kind in a quarter; empty before they were told."""
    kinds = {kind.value: kind for kind in Kind}
    rows = connection.execute(select(told_sums).where(told_sums.c.quarter == quarter))
    return {kinds[row.kind]: (row.lines, row.amount) for row in rows if row.kind in kinds}


def tell(connection: Connection, quarter: str, said: Mapping[Kind, Told]) -> None:
    """Keep what hosts are told of a quarter; what they were told before stands."""
    rows = [(quarter, kind.value, lines, amount) for kind, (lines, amount) in said.items()]
    insert_ignoring(connection, told_sums, rows)


def forget_kept(connection: Connection, member_id: MemberId) -> None:
    """Remove what is kept of a member beyond the time of taps; what they wrote stays."""
    connection.execute(delete(kept_days).where(kept_days.c.member_id == member_id))
    connection.execute(delete(kept_meetings).where(kept_meetings.c.member_id == member_id))


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove everything of a member, and every mention of them."""
    forget_kept(connection, member_id)
    theirs = or_(kept_meetings.c.member_id == member_id, kept_meetings.c.other_id == member_id)
    connection.execute(delete(kept_meetings).where(theirs))
    connection.execute(delete(came_of_it).where(came_of_it.c.member_id == member_id))


def _known(connection: Connection) -> set[MemberId]:
    return {MemberId(member_id) for member_id in connection.execute(select(members.c.id)).scalars()}


_BY_DAY = select(kept_meetings).order_by(
    kept_meetings.c.day, kept_meetings.c.member_id, kept_meetings.c.other_id
)


def _meetings(connection: Connection, query: Select[tuple[object, ...]]) -> tuple[KeptMeeting, ...]:
    return tuple(
        KeptMeeting(
            MemberId(row.member_id),
            MemberId(row.other_id),
            date.fromisoformat(row.day),
            row.how,
            row.about,
            row.useful,
        )
        for row in connection.execute(query)
    )
