"""A coffee or lunch table: a few people present who would gain from each other, at one moment of the day.

Pure.  A host or the clock opens one on the hub; it travels in the feed, and people say yes with a tap.
"""

from collections.abc import Collection, Mapping
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

    def coming_of(
        self, said: Mapping[MemberId, bool], before: Collection[MemberId] = ()
    ) -> tuple[MemberId, ...]:
        """Return who comes, in the order of the invitation: only who was invited may.

        Args:
            said: The last word of members: coming, or not after all.
            before: Who came as far as was known before; of who said nothing this holds.
        """
        return tuple(guest for guest in self.invited if said.get(guest, guest in before))
