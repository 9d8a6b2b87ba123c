"""What a host may put right, by hand, about somebody's visit of today.

Pure: the visit as it is known and what a host typed in; one event or a refusal out.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum

from community.clock import Hours, us_of
from community.events import VisitCorrected
from community.ids import MemberId
from community.visits import Visit

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:hH.]([0-5]\d)")


class Refusal(Enum):
    """Why nothing is put right."""

    NO_TIME = "no-time"
    """What was typed is no time of day."""
    LATER = "later"
    """It has not come yet."""
    BACKWARDS = "backwards"
    """They would have left before they came."""
    MOVED = "moved"
    """The visit is no longer as the host saw it: another host, or the door, was quicker."""
    SAME = "same"
    """It is so already."""


class Act(Enum):
    """What a host does."""

    IN = "in"
    """Check them in now, or at the time that is said."""
    OUT = "out"
    """Check them out now, or at the time that is said."""
    TIMES = "times"
    """Say when they came, and when they left if they have."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a host asked for."""

    act: Act
    seen: str
    """`seen_of` the visit as the host's page showed it."""
    arrived: str = ""
    """As it was typed; empty for now, or for as it was."""
    left: str = ""


def seen_of(visit: Visit | None) -> str:
    """Return what tells whether a visit is still as somebody saw it."""
    if visit is None:
        return "none"
    return f"{us_of(visit.arrived)}-{0 if visit.left is None else us_of(visit.left)}"


def put_right(
    member_id: MemberId, visit: Visit | None, asked: Asked, hours: Hours, now: datetime
) -> VisitCorrected | Refusal:
    """Return what is to be written.

    Args:
        member_id: Whose visit.
        visit: Their latest of today as it is known; `None` if they have not come today.
        asked: What the host asked for.
        hours: Tells the space's days.
        now: The present moment, aware.

    Returns:
        What is to be written, or why nothing is.  A time that cannot be is refused before the visit is looked
        at: no answer about what was typed tells whether they are in.
    """
    arrived, left = _typed(asked.arrived, hours, now), _typed(asked.left, hours, now)
    if isinstance(arrived, Refusal):
        return arrived
    if isinstance(left, Refusal):
        return left
    if asked.seen != seen_of(visit):
        return Refusal.MOVED
    if asked.act is Act.IN:
        if visit is not None and visit.left is None:
            return Refusal.SAME
        after = None if visit is None else visit.left
        return _checked(member_id, arrived or now, None, after=after)
    if visit is None:
        return Refusal.MOVED
    if asked.act is Act.OUT:
        if visit.left is not None:
            return Refusal.SAME
        return _checked(member_id, visit.arrived, left or now, was=visit.arrived)
    return _other_times(visit, arrived, left)


def _other_times(visit: Visit, arrived: datetime | None, left: datetime | None) -> VisitCorrected | Refusal:
    # a time that was not touched keeps its seconds
    came = visit.arrived if arrived is None or _minute(arrived) == _minute(visit.arrived) else arrived
    went = left
    if left is not None and visit.left is not None and _minute(left) == _minute(visit.left):
        went = visit.left
    if (came, went) == (visit.arrived, visit.left):
        return Refusal.SAME
    return _checked(visit.member_id, came, went, was=visit.arrived)


def _checked(
    member_id: MemberId,
    arrived: datetime,
    left: datetime | None,
    *,
    was: datetime | None = None,
    after: datetime | None = None,
) -> VisitCorrected | Refusal:
    if (left is not None and left < arrived) or (after is not None and arrived < after):
        return Refusal.BACKWARDS
    return VisitCorrected(
        member_id,
        us_of(arrived),
        0 if left is None else us_of(left),
        0 if was is None else us_of(was),
    )


def _typed(text: str, hours: Hours, now: datetime) -> datetime | Refusal | None:
    """Return the moment of today that was typed, or why it cannot be; `None` if nothing was."""
    if not text.strip():
        return None
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return Refusal.NO_TIME
    at = hours.moment(hours.day_of(now), time(int(found[1]), int(found[2])))
    return Refusal.LATER if at > now else at


def _minute(at: datetime) -> int:
    return us_of(at) // 60_000_000
