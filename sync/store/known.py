"""Whether somebody is still in the directory: asked in the transaction that writes of them.

Every function runs inside the transaction of the connection it is given.
"""

from sqlalchemy import Connection, select

from community.ids import MemberId
from sync.store.schema import members


def are_members(connection: Connection, *ids: MemberId) -> bool:
    """Say whether all of these are in the directory: none is new to it, none was erased meanwhile."""
    found = connection.execute(select(members.c.id).where(members.c.id.in_(ids))).scalars()
    return set(ids) <= set(found)
