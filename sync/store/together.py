"""What is left of who met whom once the taps are let go of: ties by badge, and months in numbers.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from sqlalchemy import Connection, delete, or_, select

from community.ids import MemberId
from community.introductions.pairing import Pair
from community.together.measures import Measures
from plumbing.inserts import insert_or_update
from sync.store.schema import members, months, ties

RULE = 1
"""Of the rules that made a month: months of other rules are not shown beside today's."""

_measures = msgspec.json.Decoder(Measures)


def ties_kept(connection: Connection) -> Mapping[Pair, date]:
    """Return who met whom by badge, and when last, as far as it is no longer in the log."""
    rows = connection.execute(select(ties))
    return {(MemberId(row.first_id), MemberId(row.second_id)): date.fromisoformat(row.met) for row in rows}


def add_ties(connection: Connection, met: Mapping[Pair, date]) -> None:
    """Keep who met whom; only people in the directory, who may have been erased meanwhile."""
    known = set(connection.execute(select(members.c.id)).scalars())
    here = ties_kept(connection)
    rows = [
        {"first_id": two[0], "second_id": two[1], "met": max(day, here.get(two, day)).isoformat()}
        for two, day in met.items()
        if known.issuperset(two)
    ]
    if rows:
        connection.execute(insert_or_update(connection, ties, ["first_id", "second_id"]), rows)


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove every tie of a member; the months name nobody."""
    connection.execute(delete(ties).where(or_(ties.c.first_id == member_id, ties.c.second_id == member_id)))


def months_kept(connection: Connection) -> Mapping[date, Measures]:
    """Return the months that were counted by today's rules, by their first day, oldest first."""
    query = select(months).where(months.c.rule == RULE).order_by(months.c.month)
    return {
        date.fromisoformat(f"{row.month}-01"): _measures.decode(row.body) for row in connection.execute(query)
    }


def put_months(connection: Connection, counted: Iterable[Measures]) -> None:
    """Keep months; each replaces what was kept of it before."""
    rows = [
        {"month": f"{one.first:%Y-%m}", "rule": RULE, "body": msgspec.json.encode(one).decode()}
        for one in counted
    ]
    if rows:
        connection.execute(insert_or_update(connection, months, ["month"]), rows)
