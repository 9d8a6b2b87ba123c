"""The log as one story: what happened between people, oldest first, at corrected times.

Runs inside one read transaction; reads the log in strides, so that years of it do not have to fit in memory.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from community.events import (
    Answered,
    AnswerUndone,
    CheckedIn,
    Event,
    FoundUseful,
    Introduced,
    MeetingUndone,
    Met,
    Paired,
    TableAnswered,
    VisitCorrected,
)
from community.ids import Epoch, KioskId
from sync.presence import Clocks
from sync.store import boots, log

TELLING = (
    *(CheckedIn, VisitCorrected, Introduced, Paired, Met, MeetingUndone),
    *(Answered, AnswerUndone, FoundUseful, TableAnswered),
)
"""What says something about introductions; the rest only helps to tell the time."""

Moment = tuple[datetime, Event]
"""When (aware, UTC) and what."""


def dated(connection: Connection) -> Clocks:
    """Return the clocks that tell when each event of the log happened."""
    clocks = Clocks(boots.kept(connection))
    for stored in log.strides(connection):
        clocks.learn(stored)
    return clocks


def story(connection: Connection, *, weighed: bool = False) -> tuple[Moment, ...]:
    """Return everything that says something about introductions, oldest first.

    Args:
        connection: In a read transaction.
        weighed: Whether to keep who else could have been shown; most of the log's weight, and only
            learning asks for it.
    """
    clocks = dated(connection)
    found: list[tuple[datetime, tuple[KioskId, Epoch, int], Event]] = []
    for stored in log.strides(connection):
        for item in stored:
            event = item.record.event
            if isinstance(event, TELLING):
                if isinstance(event, Introduced) and not weighed and event.weighed:
                    event = msgspec.structs.replace(event, weighed=())
                happened = clocks.happened(item)
                found.append((happened.at, (item.kiosk, item.epoch, item.record.seq), event))
    found.sort(key=lambda moment: moment[:2])
    return tuple((at, event) for at, _, event in found)
