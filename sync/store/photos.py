"""The pictures members gave of themselves: at the hub only, each with who may see it.

Every function runs inside the transaction of the connection it is given.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from community.ids import MemberId
from plumbing.inserts import insert_or_update
from sync.store.own_schema import photos


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture."""

    image: bytes
    """As `sync.photos` makes it."""
    hosts: bool = False
    """Whether hosts may see it."""
    members: bool = False
    """Whether members who met them may."""


def photo_of(connection: Connection, member_id: MemberId) -> Photo | None:
    """Return a member's picture, or `None`."""
    row = connection.execute(select(photos).where(photos.c.member_id == member_id)).one_or_none()
    return None if row is None else Photo(row.image, row.hosts, row.members)


def shown(connection: Connection, *, hosts: bool) -> frozenset[MemberId]:
    """Return whose picture hosts may see, or members if it is not for `hosts`."""
    agreed = photos.c.hosts if hosts else photos.c.members
    ids = connection.execute(select(photos.c.member_id).where(agreed)).scalars()
    return frozenset(MemberId(member_id) for member_id in ids)


def put(connection: Connection, member_id: MemberId, photo: Photo) -> None:
    """Keep a picture, instead of any there was."""
    row = {
        "member_id": member_id,
        "image": photo.image,
        "hosts": photo.hosts,
        "members": photo.members,
    }
    connection.execute(insert_or_update(connection, photos, ["member_id"]), [row])


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove a member's picture; twice changes nothing."""
    connection.execute(delete(photos).where(photos.c.member_id == member_id))
