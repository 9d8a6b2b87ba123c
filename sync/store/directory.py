"""Members and their badges: every change is a revision of the feed, in the same transaction.

The functions take a connection in a writing transaction and return the latest revision.
`Directory` is the same for the running hub, and tells whoever asked when something changed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from community.badges import BadgeHash, BadgeStatus, short_code
from community.clock import us_of
from community.ids import MemberId
from community.members import Comfort, Member
from community.wire.messages import Erasure
from plumbing.database import Database
from plumbing.inserts import insert_or_update
from plumbing.words import Sentence
from sync.errors import BadgeTakenError, UnknownBadgeError, UnknownMemberError
from sync.store import (
    briefs,
    earlier,
    failed_taps,
    feed,
    guests,
    introductions,
    newcomers,
    notices,
    outbox,
    outcomes,
    own_pages,
    photos,
    receipts,
    secure_badges,
    together,
    visitors,
    world,
)
from sync.store.feed import Change, Kind
from sync.store.known import are_members
from sync.store.schema import badges, handovers, members

_member = msgspec.json.Decoder(Member)


def put_member(connection: Connection, member: Member) -> int:
    """Add a member, or replace what is known of them; an erasure of that id no longer holds."""
    return put_members(connection, [member])


def change_member(connection: Connection, member: Member) -> int:
    """Replace what is known of a member; who was erased meanwhile stays erased."""
    return put_members(connection, [member] if are_members(connection, member.id) else [])


def put_members(connection: Connection, people: Sequence[Member]) -> int:
    """Do what `put_member` does for many, each at most once, in one revision."""
    if not people:
        return feed.revision(connection)
    rows = [{"id": member.id, "body": msgspec.json.encode(member).decode()} for member in people]
    connection.execute(insert_or_update(connection, members, ["id"]), rows)
    outbox.changed(connection, people)
    changes = [Change(Kind.MEMBER, member.id, member) for member in people]
    erased = feed.found(connection, Kind.ERASED, [member.id for member in people], Erasure)
    for key, erasure in erased.items():
        if not erasure.lifted:
            changes.append(Change(Kind.ERASED, key, msgspec.structs.replace(erasure, lifted=True)))
    return feed.write(connection, changes)


def erase_again(connection: Connection, told: Iterable[Erasure]) -> int:
    """Erase whom kiosks were told to forget and this database does not know to be erased.

    It was restored from a copy that is older than the erasure.  What it knows better is left alone:
    an erasure that was lifted, or a later one.

    Returns:
        The latest revision of the feed.
    """
    for erasure in told:
        known = feed.find(connection, Kind.ERASED, erasure.member, Erasure)
        if known is None or known.at_us < erasure.at_us:
            remove_member(connection, erasure.member, erasure.at_us)
    return feed.revision(connection)


def remove_member(connection: Connection, member_id: MemberId, at_us: int | None = None) -> int:
    """Erase a member, all their badges and what others' introductions say of them; twice changes nothing.

    That they were erased stays in the feed, so that it survives a backup that still has them.

    Args:
        connection: In a writing transaction.
        member_id: Whom.
        at_us: When it was decided, if not now: microseconds since 1970 UTC.
    """
    theirs = connection.execute(select(badges.c.hash).where(badges.c.member_id == member_id)).scalars().all()
    connection.execute(delete(badges).where(badges.c.member_id == member_id))
    gone = connection.execute(delete(members).where(members.c.id == member_id)).rowcount
    if not gone and not theirs and at_us is None:
        return feed.revision(connection)
    when_us = us_of(datetime.now(UTC)) if at_us is None else at_us
    outcomes.forget(connection, member_id)
    guests.forget_member(connection, member_id)
    earlier.forget(connection, member_id)
    briefs.forget(connection, member_id)
    own_pages.end_all(connection, member_id)
    world.forget(connection, member_id)
    receipts.forget(connection, member_id)
    photos.forget(connection, member_id)
    together.forget(connection, member_id)
    visitors.forget(connection, member_id)
    outbox.erased(connection, member_id)
    notices.forget_member(connection, member_id)
    newcomers.forget(connection, member_id)
    failed_taps.forget(connection, member_id, theirs)
    changes = [change for badge in theirs for change in secure_badges.untold(badge)]
    secure_badges.forget(connection, theirs)
    changes += introductions.forgotten(connection, member_id)
    connection.execute(
        delete(handovers).where((handovers.c.from_id == member_id) | (handovers.c.to_id == member_id))
    )
    gone_too = [Change(kind, member_id, None) for kind in (Kind.MEMBER, Kind.WORDS, Kind.PIN)]
    erased = Change(Kind.ERASED, member_id, Erasure(member_id, when_us))
    return feed.write(connection, [*changes, *gone_too, erased])


def set_comfort(connection: Connection, member_id: MemberId, comfort: Comfort) -> int:
    """Change how screens suit a member.

    Raises:
        UnknownMemberError: There is no such member.
    """
    member = member_of(connection, member_id)
    if member is None:
        raise UnknownMemberError(f"there is no member {member_id!r}")
    return put_member(connection, msgspec.structs.replace(member, comfort=comfort))


def link(connection: Connection, badge: BadgeHash, member_id: MemberId, linked_us: int) -> int:
    """Link a badge to a member; linking it again to the same member makes it active again.

    Raises:
        UnknownMemberError: There is no such member.
        BadgeTakenError: It is linked to another member; unlink it first.
    """
    if connection.execute(select(members.c.id).where(members.c.id == member_id)).first() is None:
        raise UnknownMemberError(f"there is no member {member_id!r}: choose one from the directory")
    owner = connection.execute(select(badges.c.member_id).where(badges.c.hash == badge)).scalar_one_or_none()
    if owner is not None and owner != member_id:
        raise BadgeTakenError(
            Sentence(
                "the badge {code} is already linked to another member: unlink it there first",
                code=short_code(badge),
            )
        )
    active = {"status": BadgeStatus.ACTIVE.value, "linked_us": linked_us}
    if owner is None:
        connection.execute(insert(badges).values(hash=badge, member_id=member_id, **active))
    else:
        connection.execute(update(badges).where(badges.c.hash == badge).values(**active))
    return tell(connection, badge)


def tell(connection: Connection, badge: BadgeHash) -> int:
    """Tell kiosks how a badge stands, after its row was changed; it must be linked to somebody."""
    return feed.write(connection, secure_badges.told(connection, badge))


def unlink(connection: Connection, badge: BadgeHash) -> int:
    """Make a badge nobody's, so that it is unknown at the door; doing it twice changes nothing."""
    if not connection.execute(delete(badges).where(badges.c.hash == badge)).rowcount:
        return feed.revision(connection)
    return feed.write(connection, secure_badges.untold(badge))


def set_status(connection: Connection, badge: BadgeHash, status: BadgeStatus) -> int:
    """Revoke a badge, say that it is lost, or let it open its card again.

    Raises:
        UnknownBadgeError: It is linked to nobody.
    """
    owner = connection.execute(select(badges.c.member_id).where(badges.c.hash == badge)).scalar_one_or_none()
    if owner is None:
        raise UnknownBadgeError(f"the badge {short_code(badge)} is linked to nobody")
    connection.execute(update(badges).where(badges.c.hash == badge).values(status=status.value))
    if status is not BadgeStatus.ACTIVE:
        own_pages.end_all(connection, MemberId(owner))  # whoever found it may have their page open
    return tell(connection, badge)


def member_of(connection: Connection, member_id: MemberId) -> Member | None:
    """Return one member, or `None`."""
    body = connection.execute(select(members.c.body).where(members.c.id == member_id)).scalar_one_or_none()
    return None if body is None else _member.decode(body)


def all_members(connection: Connection) -> tuple[Member, ...]:
    """Return every member, by id."""
    bodies = connection.execute(select(members.c.body).order_by(members.c.id)).scalars()
    return tuple(_member.decode(body) for body in bodies)


def members_after(connection: Connection, after: str, limit: int) -> tuple[Member, ...]:
    """Return at most `limit` members by id, those after an id; from the first if it is empty."""
    query = select(members.c.body).where(members.c.id > after).order_by(members.c.id).limit(limit)
    return tuple(_member.decode(body) for body in connection.execute(query).scalars())


def is_erased(connection: Connection, member_id: MemberId) -> bool:
    """Say whether somebody of this id was erased here, and not brought back since."""
    erasure = feed.find(connection, Kind.ERASED, member_id, Erasure)
    return erasure is not None and not erasure.lifted


class Directory:
    """The directory of the running hub: each change is committed, then told.  Lives as long as it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Callable[[int], None]] = []

    def on_change(self, tell: Callable[[int], None]) -> None:
        """Call `tell` with the latest revision after each change, on the event loop."""
        self._listeners.append(tell)

    async def put(self, member: Member) -> int:
        """Add a member, or replace what is known of them."""
        return await self.change(lambda c: put_member(c, member))

    async def remove(self, member_id: MemberId) -> int:
        """Erase a member and all their badges."""
        return await self.change(lambda c: remove_member(c, member_id))

    async def erase_again(self, told: Iterable[Erasure]) -> int:
        """Erase whom kiosks were told to forget and this database does not know to be erased."""
        return await self.change(lambda c: erase_again(c, told))

    async def link(self, badge: BadgeHash, member_id: MemberId) -> int:
        """Link a badge to a member.

        Raises:
            UnknownMemberError: There is no such member.
            BadgeTakenError: It is linked to another member.
        """
        linked_us = us_of(datetime.now(UTC))
        return await self.change(lambda c: link(c, badge, member_id, linked_us))

    async def unlink(self, badge: BadgeHash) -> int:
        """Make a badge nobody's."""
        return await self.change(lambda c: unlink(c, badge))

    async def set_status(self, badge: BadgeHash, status: BadgeStatus) -> int:
        """Revoke a badge, say that it is lost, or let it open its card again.

        Raises:
            UnknownBadgeError: It is linked to nobody.
        """
        return await self.change(lambda c: set_status(c, badge, status))

    async def put_all(self, everybody: Iterable[Member], links: Iterable[tuple[BadgeHash, MemberId]]) -> int:
        """Add many members and links, all or nothing.

        Raises:
            UnknownMemberError: A link names somebody who is not there.
            BadgeTakenError: A badge is linked to another member.
        """
        linked_us = us_of(datetime.now(UTC))
        return await self.change(lambda c: put_all(c, everybody, links, linked_us))

    async def change(self, work: Callable[[Connection], int]) -> int:
        """Do what changes the directory, and tell of it; `work` returns the latest revision."""
        latest = await self._database.write(work)
        for tell in self._listeners:
            tell(latest)
        return latest


def put_all(
    connection: Connection,
    everybody: Iterable[Member],
    links: Iterable[tuple[BadgeHash, MemberId]],
    linked_us: int,
) -> int:
    """Add many members and links in the caller's one transaction.

    Raises:
        UnknownMemberError: A link names somebody who is not there.
        BadgeTakenError: A badge is linked to another member.
    """
    for member in everybody:
        put_member(connection, member)
    for badge, member_id in links:
        link(connection, badge, member_id, linked_us)
    return feed.revision(connection)
