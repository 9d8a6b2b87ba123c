"""Who said yes to the world: their first name may be read by anybody on the net while they are in.

Kept at the hub only: no kiosk has to know.  Who has no row has not said yes; a row is gone with its member.
Every function runs inside the transaction of the connection it is given.
"""

from sqlalchemy import Connection, delete, insert, select

from community.ids import MemberId
from sync.store.known import are_members
from sync.store.schema import known_to_the_world


def said_yes(connection: Connection, member_id: MemberId) -> bool:
    """Say whether a member agreed."""
    mine = known_to_the_world.c.member_id == member_id
    return connection.execute(select(known_to_the_world.c.member_id).where(mine)).first() is not None


def everybody(connection: Connection) -> frozenset[MemberId]:
    """Return who agreed."""
    ids = connection.execute(select(known_to_the_world.c.member_id)).scalars()
    return frozenset(MemberId(member_id) for member_id in ids)


def say(connection: Connection, member_id: MemberId, *, yes: bool) -> None:
    """Keep a member's choice; saying the same again changes nothing, nor does one of who was erased."""
    if not yes:
        forget(connection, member_id)
    elif are_members(connection, member_id) and not said_yes(connection, member_id):
        connection.execute(insert(known_to_the_world).values(member_id=member_id))


def forget(connection: Connection, member_id: MemberId) -> None:
    """Take a yes back, or let go of it with its member."""
    connection.execute(delete(known_to_the_world).where(known_to_the_world.c.member_id == member_id))
