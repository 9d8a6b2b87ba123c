"""A coffee or lunch table: a few people present who would gain from each other, at one moment of the day.

Pure.  A host or the clock opens one on the hub; it travels in the feed, and people say yes with a tap.
"""

from datetime import datetime
from enum import Enum

import msgspec

from community.ids import MemberId, TableId


class Occasion(Enum):
    """What a table is for."""

    COFFEE = "coffee"
    LUNCH = "lunch"


class Table(msgspec.Struct, frozen=True):
    """One table; `table` in the feed, keyed by its id, gone from it the day after."""

    id: TableId
    occasion: Occasion
    at: datetime
    """When it begins: aware, UTC."""
    place: str = ""
    """Where, in the host's words; at most 60 characters."""
    invited: tuple[MemberId, ...] = ()
    """Three to five people, in the order in which they were found."""
    coming: tuple[MemberId, ...] = ()
    """Those of them who said yes, as far as the hub knows."""
