"""Guests of today whom nobody has met yet, as hosts read them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from sqlalchemy import Connection

from community.clock import at_of, us_of
from community.ids import Epoch, KioskId, MemberId
from sync.store import guests
from sync.views.people import Known, name_for_hosts


@dataclass(frozen=True, slots=True)
class GuestWaiting:
    """One guest who waits."""

    kiosk: KioskId
    epoch: Epoch
    seq: int
    since: datetime
    """Aware, UTC."""
    name: str
    """Empty if they did not say who they are."""
    asked: str
    """Whom they come to see, as they typed it."""
    visits: str
    """The member that means, if it means one and hosts may read their name; else empty."""
    is_in: bool
    """Whether that member is in."""


def day_begins_us(day: date, zone: tzinfo) -> int:
    """Return when a day of the space began, microseconds since 1970 UTC."""
    return us_of(datetime.combine(day, time(0), zone))


def read_guests(
    connection: Connection, known: Known, present: Collection[MemberId], day: date, zone: tzinfo
) -> tuple[GuestWaiting, ...]:
    """Read the guests of a day whom nobody has met, the latest first.

    Args:
        connection: In a read transaction.
        known: The directory.
        present: Who is in, and may be named.
        day: The space's.
        zone: Its time zone.
    """
    return tuple(
        GuestWaiting(
            guest.kiosk,
            guest.epoch,
            guest.seq,
            at_of(guest.came_us),
            guest.name,
            guest.asked,
            name_for_hosts(known, guest.member),
            is_in=guest.member in present,
        )
        for guest in guests.waiting(connection, day_begins_us(day, zone))
    )
