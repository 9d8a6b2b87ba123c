"""Two people whom a host puts together: a pair of today's plan that needs no other reason."""

from datetime import date

from sqlalchemy import Connection

from community.ids import MemberId
from community.introductions.pairing import DayPlan, Origin, Pairing, pair
from community.introductions.slots import Slot
from sync.store import introductions


def put_together(connection: Connection, day: date, one: MemberId, other: MemberId) -> int:
    """Put a pair into the plan of a day unless it stands there; return the feed's latest revision.

    A kiosk tells the two as it tells of any introduction: only where both agreed to be introduced, and
    neither would rather not.  `Origin.TABLE` lets it say that a host suggests it, where nothing
    else is true.
    """
    known = introductions.plan_of(connection, day)
    pairing = Pairing(*pair(one, other), Slot.NEIGHBOUR, score=1.0, origin=Origin.TABLE)
    new = () if any(each.pair == pairing.pair for each in known.pairings) else (pairing,)
    return introductions.put_plan(connection, DayPlan(day, (*known.pairings, *new)))
