"""What hosts ask for at a door, done at the hub in the transaction that takes the event in: once, or refused.

Every function runs inside the transaction of the connection it is given.  An event is new once in its life,
so nothing here happens twice, however often it is sent.
"""

from collections.abc import Iterable
from enum import Enum

from sqlalchemy import Connection, select

from community.badges import BadgeHash, BadgeStatus
from community.events import BadgeLinkAsked, Record, RollCallOpened
from community.ids import KioskId, MemberId
from sync.store import deeds, directory
from sync.store.deeds import Deed
from sync.store.schema import badges

AT_THE_DOOR = "(door) "
"""What stands before a member's id where the record has a login: they used their badge and PIN."""


class Done(Enum):
    """What became of a badge that was to be linked."""

    LINKED = "linked"
    ALREADY = "already"
    """It is that member's already, and works: nothing was to be done."""
    NOT_A_HOST = "not_a_host"
    """Whoever asked does not look after the place (any more)."""
    NOBODY = "nobody"
    """There is no such member (any more)."""
    TAKEN = "taken"
    """It is another member's, or one that a host closed."""


def fulfil(connection: Connection, taken_in: Iterable[tuple[KioskId, Record, int]]) -> None:
    """Do what new events ask for, and keep who asked.

    Args:
        connection: In a writing transaction.
        taken_in: The kiosk, the record, and when the hub got it (microseconds since 1970 UTC), oldest first.
    """
    for kiosk, record, received_us in taken_in:
        at_us = record.at.wall_us if record.at.synced else received_us
        match record.event:
            case BadgeLinkAsked(badge=badge, member=member, by=by):
                done = _link(connection, badge, member, by, at_us)
                if done is not Done.ALREADY:
                    deed = Deed.DOOR_LINKED if done is Done.LINKED else Deed.DOOR_LINK_REFUSED
                    deeds.note(connection, at_us, deed, AT_THE_DOOR + by, badge)
            case RollCallOpened(by=by):
                deeds.note(connection, at_us, Deed.ROLL_CALL, AT_THE_DOOR + by, kiosk)
            case _:
                pass


def _link(connection: Connection, badge: BadgeHash, member: MemberId, by: MemberId, at_us: int) -> Done:
    host = directory.member_of(connection, by)
    if host is None or not host.host:
        return Done.NOT_A_HOST
    if directory.member_of(connection, member) is None:
        return Done.NOBODY
    row = connection.execute(
        select(badges.c.member_id, badges.c.status).where(badges.c.hash == badge)
    ).one_or_none()
    if row is None:
        directory.link(connection, badge, member, at_us)
        return Done.LINKED
    works = row.member_id == member and row.status == BadgeStatus.ACTIVE.value
    return Done.ALREADY if works else Done.TAKEN
