"""Who is invited to a table, and who comes.

Pure.  Heavy for a full room: the caller runs it beside the event loop.
"""

from collections.abc import Collection

import msgspec

from community.ids import MemberId
from community.introductions.judge import TableJudge
from community.introductions.seating import seat
from community.introductions.tables import Occasion, Table
from community.introductions.today import Today
from sync.introductions.room import Room

SEATS = 4
"""People invited to one table, at most: five are two conversations."""


def filled(table: Table, today: Today) -> Table:
    """Return the table with those who said yes; only who was invited may come."""
    return msgspec.structs.replace(table, coming=table.coming_of(today.seats.get(table.id, {})))


def seated(
    judge: TableJudge, present: Collection[MemberId], occasion: Occasion, room: Room, today: Today, seed: str
) -> tuple[MemberId, ...]:
    """Return three or four people present who would gain from each other; empty if there are not enough.

    Whoever sits at a table of this occasion already, or said no to one, is left alone.
    """
    same = [table for table in room.tables if table.occasion is occasion]
    asked = {guest for table in same for guest in table.invited}
    asked |= {
        guest for table in room.tables for guest, yes in today.seats.get(table.id, {}).items() if not yes
    }
    found = seat(judge, present, SEATS, occasion, asked, seed)
    return found[0] if found else ()
