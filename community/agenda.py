"""What is going on in the space today, from the calendar its hosts keep.

Pure.  It travels in the hub's feed: a field may be added with a default, never renamed or retyped.
"""

from datetime import date, datetime
from typing import Annotated

import msgspec

LONGEST_TITLE = 80
"""Characters in a moment's title: what a lobby can show in one line."""

MOMENTS_AT_MOST = 12
"""Moments of one day: a screen shows the next three or four of them."""


class Moment(msgspec.Struct, frozen=True):
    """A lunch, a workshop, a drink: something of today that anybody here may come to."""

    title: str
    """At most `LONGEST_TITLE` characters, in the words of whoever wrote it into the calendar."""
    starts: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """Aware; `None` where it lasts all day."""
    ends: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """Aware; `None` where nobody said."""
    place: str = ""
    """Where, in their words; empty if they did not say."""


class Agenda(msgspec.Struct, frozen=True):
    """One day's moments, keyed by the day; gone from the feed the day after."""

    day: date
    moments: tuple[Moment, ...] = ()
    """In the order in which they start, those of all day first; at most `MOMENTS_AT_MOST`."""
