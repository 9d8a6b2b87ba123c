"""What the hub has learned so far, kept beside the outcomes it learned it from.

Runs inside the transaction of the connection it is given.
"""

from datetime import date

import msgspec
from sqlalchemy import Connection, select

from community.introductions.learning import LEAST_OUTCOMES, Direction, Lesson
from plumbing.inserts import insert_or_update
from sync.store.schema import facts

KEY = "introductions_learned"
"""In `facts`."""


class LessonKept(msgspec.Struct, frozen=True):
    """One lesson, as it is kept."""

    feature: str
    direction: Direction
    sure: float


class Learned(msgspec.Struct, frozen=True):
    """How learning stands after a night."""

    day: date | None = None
    """The morning on which this was written; `None` before the first."""
    answers: int = 0
    """Yes and no so far."""
    on: bool = False
    """Whether learning is switched on."""
    setting: str = ""
    """What the day's weights are called; empty for the fixed ones."""
    lessons: tuple[LessonKept, ...] = ()
    """Surest first; empty before there are `LEAST_OUTCOMES` answers."""

    @property
    def enough(self) -> bool:
        """Whether there are answers enough to learn from."""
        return self.answers >= LEAST_OUTCOMES


def read_learned(connection: Connection) -> Learned:
    """Return how learning stands."""
    kept = connection.execute(select(facts.c.value).where(facts.c.key == KEY)).scalar_one_or_none()
    return Learned() if kept is None else msgspec.json.decode(kept, type=Learned)


def keep_learned(connection: Connection, learned: Learned) -> None:
    """Replace how learning stands."""
    row = {"key": KEY, "value": msgspec.json.encode(learned).decode()}
    connection.execute(insert_or_update(connection, facts, ["key"]), row)


def kept(lessons: tuple[Lesson, ...]) -> tuple[LessonKept, ...]:
    """Return lessons as they are kept."""
    return tuple(LessonKept(one.feature, one.direction, round(one.sure, 4)) for one in lessons)
