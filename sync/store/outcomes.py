"""What came of introductions, kept for learning: ids and numbers, one row for each yes or no.

Every function runs inside the transaction of the connection it is given.  An answer is kept with what the two
had in common on that day, so that a profile that changes later does not change what was learned; it outlives
the taps it came from, and goes with either of the two when they are erased.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import Connection, delete, func, or_, select

from community.ids import MemberId
from community.introductions.learning import Outcome, Tally
from plumbing.inserts import insert_or_update
from sync.store.schema import outcomes

_features = msgspec.json.Decoder(tuple[float, ...])


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person's answer about another was worth."""

    member: MemberId
    other: MemberId
    day: date
    outcome: Outcome
    weights: str
    """The name of the setting that brought the two together; empty for the fixed one."""


def keep(connection: Connection, day: date, answers: Iterable[Answer]) -> None:
    """Replace what is known of a day's answers; doing it again changes nothing."""
    connection.execute(delete(outcomes).where(outcomes.c.day == day.isoformat()))
    rows = [
        {
            "member_id": answer.member,
            "other_id": answer.other,
            "day": answer.day.isoformat(),
            "yes": answer.outcome.yes,
            "chance": answer.outcome.chance,
            "weights": answer.weights,
            "features": msgspec.json.encode(answer.outcome.features).decode(),
        }
        for answer in answers
    ]
    if rows:
        connection.execute(insert_or_update(connection, outcomes, ["member_id", "other_id", "day"]), rows)


def count(connection: Connection) -> int:
    """Return how many answers there are."""
    return connection.execute(select(func.count()).select_from(outcomes)).scalar_one()


def everything(connection: Connection) -> tuple[Outcome, ...]:
    """Return every answer, oldest day first, always in the same order."""
    query = select(outcomes).order_by(outcomes.c.day, outcomes.c.member_id, outcomes.c.other_id)
    return tuple(
        Outcome(_features.decode(row.features), row.yes, row.chance) for row in connection.execute(query)
    )


def tallies(connection: Connection) -> Mapping[str, Tally]:
    """Return how each setting has done, by its name."""
    found: dict[str, Tally] = {}
    query = select(outcomes.c.weights, outcomes.c.yes, func.count().label("times")).group_by(
        outcomes.c.weights, outcomes.c.yes
    )
    for row in connection.execute(query):
        before = found.get(row.weights, Tally())
        yes = row.times if row.yes else 0
        found[row.weights] = Tally(before.yes + yes, before.asked + row.times)
    return found


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove every answer of, or about, a member."""
    theirs = or_(outcomes.c.member_id == member_id, outcomes.c.other_id == member_id)
    connection.execute(delete(outcomes).where(theirs))
