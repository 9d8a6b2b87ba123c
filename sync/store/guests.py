"""Guests of today: who came, for whom, and whether somebody has met them.

Every function runs inside the transaction of the connection it is given.  Nothing here is kept: the log says
that somebody came, and this, for a day, who.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, select, update

from community.events import GuestCame, Record
from community.guests import GuestWords
from community.ids import Epoch, KioskId, MemberId
from plumbing.inserts import insert_ignoring
from sync.store.schema import guests


@dataclass(frozen=True, slots=True)
class Came:
    """A guest's event as it arrived, with what they typed."""

    kiosk: KioskId
    epoch: Epoch
    record: Record
    words: GuestWords


@dataclass(frozen=True, slots=True)
class Guest:
    """One guest of today."""

    kiosk: KioskId
    epoch: Epoch
    seq: int
    came_us: int
    """Microseconds since 1970 UTC."""
    member: MemberId | None
    """Whom they come to see, where what they typed means one member."""
    asked: str
    name: str
    """Empty if they did not say."""


def keep(connection: Connection, came: Iterable[Came], received_us: int) -> None:
    """Keep guests whose events are new.

    Args:
        connection: In a writing transaction.
        came: In any order.
        received_us: The hub's clock: it stands for a kiosk's that was not synchronised.
    """
    rows: list[tuple[object, ...]] = []
    for each in came:
        event, at = each.record.event, each.record.at
        if isinstance(event, GuestCame):
            came_us = at.wall_us if at.synced else received_us
            where = (each.kiosk, each.epoch, each.record.seq)
            rows.append((*where, came_us, event.member, each.words.asked, each.words.name, False))
    insert_ignoring(connection, guests, rows)


def waiting(connection: Connection, since_us: int) -> tuple[Guest, ...]:
    """Return guests who came since then and whom nobody has met, the latest first."""
    rows = connection.execute(
        select(guests)
        .where(guests.c.came_us >= since_us, ~guests.c.met)
        .order_by(guests.c.came_us.desc(), guests.c.kiosk, guests.c.seq.desc())
    )
    return tuple(
        Guest(
            KioskId(row.kiosk),
            Epoch(row.epoch),
            row.seq,
            row.came_us,
            None if row.member_id is None else MemberId(row.member_id),
            row.asked,
            row.name,
        )
        for row in rows
    )


def meet(connection: Connection, kiosk: str, epoch: str, seq: int) -> bool:
    """Note that a guest was met; `False` if they are not here (any more)."""
    them = and_(guests.c.kiosk == kiosk, guests.c.epoch == epoch, guests.c.seq == seq, ~guests.c.met)
    return bool(connection.execute(update(guests).where(them).values(met=True)).rowcount)


def forget(connection: Connection, before_us: int) -> int:
    """Forget the guests of earlier days, and return how many they were."""
    return connection.execute(delete(guests).where(guests.c.came_us < before_us)).rowcount


def forget_member(connection: Connection, member_id: MemberId) -> None:
    """Forget who came for somebody who is erased: what was typed is their name."""
    connection.execute(delete(guests).where(guests.c.member_id == member_id))
