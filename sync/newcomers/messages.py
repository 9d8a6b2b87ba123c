"""Which newcomers are to be written to today, and what; nothing comes twice.

Pure.  A host writes it by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import assert_never

from community.ids import MemberId
from sync.newcomers.wording import Message, Texts, filled

FIRST_DAY_FOR = timedelta(days=6)
"""For how long after their first visit the first message still makes sense."""

EARLY_VISITS = 3
"""Who came so often has come back by themselves."""

NO_RETURN_FROM, NO_RETURN_UPTO = timedelta(days=14), timedelta(days=42)
"""Since when somebody who came once or twice is written to; later it would be strange."""

MONTH_FROM, MONTH_UPTO = timedelta(days=30), timedelta(days=51)
"""How long after the first visit a month is spoken of."""

PUT_OFF_FOR = timedelta(days=7)
"""For how long "not now" holds."""


class Settled(Enum):
    """What a host did about a message."""

    WRITTEN = "written"
    NOT_NOW = "not-now"


@dataclass(frozen=True, slots=True)
class Written:
    """What was done about one message, and when."""

    settled: Settled
    day: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of somebody's coming."""

    member_id: MemberId
    name: str
    language: str
    """Two letters: the first they speak."""
    first: date
    """The day of their first visit."""
    last: date
    """Of their latest, not after today."""
    visits: int
    """Days on which they came, today among them; 1 or more."""


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that is to be written today."""

    member_id: MemberId
    name: str
    message: Message
    language: str
    subject: str
    text: str


Done = Mapping[tuple[MemberId, Message], Written]
"""What was done about messages."""


def due_messages(
    arrivals: Iterable[Arrival], texts: Texts, source: str, done: Done, space: str, day: date
) -> tuple[DueMessage, ...]:
    """Return what is to be written on a day, the earliest newcomer first; at most one message to each.

    Args:
        arrivals: Members whom hosts may write to, in any order.
        texts: What is written.
        source: A language that every text is there in.
        done: What was done.
        space: What the place is called.
        day: Today.
    """
    found = []
    for one in sorted(arrivals, key=lambda each: (each.first, each.name.casefold(), each.member_id)):
        message = _due(one, day)
        if message is None or not _is_open(done.get((one.member_id, message)), day):
            continue
        language = one.language if (message, one.language) in texts else source
        text = filled(texts[message, language], one.name, space)
        found.append(DueMessage(one.member_id, one.name, message, language, text.subject, text.body))
    return tuple(found)


def _due(one: Arrival, day: date) -> Message | None:
    """Return which message it is the time for; the later one where two would be."""
    away, since = day - one.last, day - one.first
    if one.visits < EARLY_VISITS and NO_RETURN_FROM <= away <= NO_RETURN_UPTO:
        return Message.NO_RETURN
    if MONTH_FROM <= since <= MONTH_UPTO and away < NO_RETURN_FROM:
        return Message.ONE_MONTH
    if timedelta(0) <= since <= FIRST_DAY_FOR and one.visits < EARLY_VISITS:
        return Message.FIRST_DAY
    return None


def _is_open(written: Written | None, day: date) -> bool:
    if written is None:
        return True
    match written.settled:
        case Settled.WRITTEN:
            return False
        case Settled.NOT_NOW:
            return day - written.day >= PUT_OFF_FOR
        case _:
            assert_never(written.settled)
