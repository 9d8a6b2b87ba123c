"""Where notices go, who asked for whom, and which troubles hosts were told of.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, insert, select, update

from community.ids import MemberId
from plumbing.inserts import insert_ignoring, insert_or_update
from sync.store.notice_schema import channels, members, outbox, troubles, wishes

WISHED_FOR = timedelta(days=90)
"""How long a wish is kept that does not come true; asking again begins anew."""

MOST_WISHES = 10
"""Wishes of one member at a time."""

MOST_CHANNELS = 10
"""Channels of a space."""

LONGEST_NAME = 40
"""Characters in a channel's name."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where hosts are told."""

    id: int
    name: str
    address: str
    """A secret."""
    kinds: frozenset[str]
    """The words of the kinds it carries."""
    language: str
    mail: bool = False
    """Whether members' e-mail goes through it."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # a dataclass has none of its own to override
        """Say which, never where to."""
        return f"Channel({self.id})"


@dataclass(frozen=True, slots=True)
class Reach:
    """How a member is told."""

    address: str = ""
    """Empty for nowhere."""
    guests: bool = True
    """Whether they are told that a guest asked for them."""
    found: bool = False
    """Whether whoever asks for them may be told that they are in."""
    code: str = ""
    """What was sent to the address and has not been typed yet; empty once it has."""

    @property
    def works(self) -> bool:
        """Whether they can be told: there is an address, and they have shown that it is theirs."""
        return bool(self.address) and not self.code

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # as above
        """Say what, never where to."""
        return f"Reach(guests={self.guests}, found={self.found})"


def every_channel(connection: Connection) -> tuple[Channel, ...]:
    """Return the space's channels, the oldest first."""
    rows = connection.execute(select(channels).order_by(channels.c.id))
    return tuple(
        Channel(row.id, row.name, row.address, frozenset(row.kinds.split()), row.language, row.mail)
        for row in rows
    )


def add_channel(
    connection: Connection, name: str, address: str, kinds: Collection[str], language: str
) -> int | None:
    """Add a channel; return its id, or `None` if there are too many."""
    if len(every_channel(connection)) >= MOST_CHANNELS:
        return None
    row = {
        "name": name[:LONGEST_NAME],
        "address": address,
        "kinds": " ".join(sorted(kinds)),
        "language": language,
        "mail": False,
    }
    key = connection.execute(insert(channels).values(**row)).inserted_primary_key
    return None if key is None else int(key[0])


def set_kinds(
    connection: Connection, channel_id: int, kinds: Collection[str], language: str, *, mail: bool
) -> bool:
    """Choose what a channel carries; only one carries members' e-mail.  `False` if it is gone."""
    if mail:
        connection.execute(update(channels).values(mail=False))
    values = {"kinds": " ".join(sorted(kinds)), "language": language, "mail": mail}
    return bool(
        connection.execute(update(channels).where(channels.c.id == channel_id).values(**values)).rowcount
    )


def remove_channel(connection: Connection, channel_id: int) -> bool:
    """Remove a channel and all that waits for it; `False` if it was gone."""
    connection.execute(delete(outbox).where(outbox.c.channel_id == channel_id))
    return bool(connection.execute(delete(channels).where(channels.c.id == channel_id)).rowcount)


def reach_of(connection: Connection, member_id: MemberId) -> Reach:
    """Return how a member is told; who said nothing is told nothing."""
    row = connection.execute(select(members).where(members.c.member_id == member_id)).first()
    return Reach() if row is None else Reach(row.address, row.guests, row.found, row.code)


def every_reach(connection: Connection) -> dict[MemberId, Reach]:
    """Return how everybody is told who said anything."""
    rows = connection.execute(select(members))
    return {MemberId(row.member_id): Reach(row.address, row.guests, row.found, row.code) for row in rows}


def set_reach(connection: Connection, member_id: MemberId, reach: Reach) -> None:
    """Keep what a member chose; another address ends what waits for the old one."""
    if reach_of(connection, member_id).address != reach.address:
        theirs = (outbox.c.member_id == member_id) & outbox.c.done_us.is_(None)
        connection.execute(delete(outbox).where(theirs))
    row = {
        "member_id": member_id,
        "address": reach.address,
        "guests": reach.guests,
        "found": reach.found,
        "code": reach.code,
    }
    connection.execute(insert_or_update(connection, members, ["member_id"]), [row])


def wish(connection: Connection, member_id: MemberId, other_id: MemberId, asked_us: int) -> bool:
    """Keep that a member wants to be told of another; `False` if they asked for too many."""
    if len(wishes_of(connection, member_id)) >= MOST_WISHES:
        return False
    insert_ignoring(connection, wishes, [(member_id, other_id, asked_us)])
    return True


def take_back(connection: Connection, member_id: MemberId, other_id: MemberId) -> None:
    """Forget a wish: it was taken back, or has come true."""
    theirs = (wishes.c.member_id == member_id) & (wishes.c.other_id == other_id)
    connection.execute(delete(wishes).where(theirs))


def wishes_of(connection: Connection, member_id: MemberId) -> tuple[MemberId, ...]:
    """Return whom a member asked for, the latest last."""
    rows = connection.execute(
        select(wishes.c.other_id)
        .where(wishes.c.member_id == member_id)
        .order_by(wishes.c.asked_us, wishes.c.other_id)
    )
    return tuple(MemberId(other) for other in rows.scalars())


def every_wish(connection: Connection) -> tuple[tuple[MemberId, MemberId], ...]:
    """Return who asked, and for whom, in no particular order."""
    rows = connection.execute(select(wishes.c.member_id, wishes.c.other_id))
    return tuple((MemberId(row.member_id), MemberId(row.other_id)) for row in rows)


def known_troubles(connection: Connection) -> frozenset[str]:
    """Return the keys of the troubles that hosts were told of."""
    return frozenset(connection.execute(select(troubles.c.trouble)).scalars())


def begin_trouble(connection: Connection, key: str, since_us: int) -> None:
    """Keep that hosts are told of a trouble."""
    insert_ignoring(connection, troubles, [(key, since_us)])


def end_trouble(connection: Connection, key: str) -> None:
    """Forget a trouble that is over."""
    connection.execute(delete(troubles).where(troubles.c.trouble == key))


def forget_member(connection: Connection, member_id: MemberId) -> None:
    """Forget how somebody who is erased was told, whom they asked for and who asked for them."""
    connection.execute(delete(members).where(members.c.member_id == member_id))
    connection.execute(
        delete(wishes).where((wishes.c.member_id == member_id) | (wishes.c.other_id == member_id))
    )
    theirs = (outbox.c.member_id == member_id) | (outbox.c.subject == member_id)
    connection.execute(delete(outbox).where(theirs))


def forget(connection: Connection, now_us: int) -> int:
    """Remove wishes that did not come true in time, and return how many they were."""
    oldest_us = now_us - WISHED_FOR // timedelta(microseconds=1)
    return connection.execute(delete(wishes).where(wishes.c.asked_us < oldest_us)).rowcount


def restored(connection: Connection) -> None:
    """Forget what members chose before a backup was made: any of it may have been taken back since.

    The space's own channels stay.
    """
    for table in (members, wishes, outbox):
        connection.execute(delete(table))
