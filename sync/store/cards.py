"""What hosts decide of badges and PINs beyond whose a badge is: level, label, hand-over, the space's level.

The functions take a connection in a writing transaction; those that change something return the latest
revision of the feed.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from community.badges import BadgeHash, BadgeStatus, short_code
from community.ids import MemberId
from community.members import Space
from community.pins import MemberPin
from community.proofs import Level
from plumbing.inserts import insert_or_update
from plumbing.words import Sentence
from sync.errors import BadgeTakenError, UnknownBadgeError, UnknownMemberError
from sync.store import feed, secure_badges
from sync.store.directory import member_of, put_member, tell
from sync.store.feed import Change, Kind
from sync.store.schema import badges, facts, handovers, members

LONGEST_LABEL = 40
"""Characters, as in the table."""

KEPT_US = 365 * 86_400_000_000
"""Microseconds for which it is told whose a badge was before."""

LEVEL = "badge_level"
"""The key in `facts` of what every badge must show at least."""

BY_HAND = frozenset({Level.UID, Level.PIN})
"""Levels that a plain badge can have; the others need a chip that was programmed for them."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A badge that somebody had before."""

    badge: BadgeHash
    to: MemberId
    at_us: int


def rename(connection: Connection, badge: BadgeHash, label: str) -> int:
    """Call a badge something, or nothing any more; kiosks are not told what.

    Raises:
        UnknownBadgeError: It is linked to nobody.
    """
    _owned(connection, badge)
    clean = " ".join(label.split())[:LONGEST_LABEL]
    connection.execute(update(badges).where(badges.c.hash == badge).values(label=clean))
    return feed.revision(connection)


def set_level(connection: Connection, badge: BadgeHash, level: Level) -> int:
    """Say what a plain badge must show at each tap.

    Raises:
        UnknownBadgeError: It is linked to nobody, or its chip was programmed and keeps its level.
    """
    _owned(connection, badge)
    if secure_badges.is_programmed(connection, badge) or level not in BY_HAND:
        raise UnknownBadgeError(f"the level of the badge {short_code(badge)} is not set by hand")
    connection.execute(update(badges).where(badges.c.hash == badge).values(level=level.value))
    return tell(connection, badge)


def hand_over(
    connection: Connection, badge: BadgeHash, giver: MemberId, receiver: MemberId, at_us: int
) -> int:
    """Make a badge another member's, in one step: it works for them from now on.

    Raises:
        UnknownBadgeError: It is linked to nobody.
        BadgeTakenError: It is not the giver's (any more).
        UnknownMemberError: There is no such receiver, or it is the giver.
    """
    row = _owned(connection, badge)
    if row.member_id != giver:
        raise BadgeTakenError(
            Sentence(
                "the badge {code} is already linked to another member: unlink it there first",
                code=short_code(badge),
            )
        )
    there = connection.execute(select(members.c.id).where(members.c.id == receiver)).first()
    if there is None or receiver == giver:
        raise UnknownMemberError(f"there is no member {receiver!r} to hand it to: choose another")
    values = {"member_id": receiver, "status": BadgeStatus.ACTIVE.value, "linked_us": at_us}
    connection.execute(update(badges).where(badges.c.hash == badge).values(**values))
    back = (handovers.c.hash == badge) & (handovers.c.from_id == receiver)
    connection.execute(delete(handovers).where(back | (handovers.c.at_us < at_us - KEPT_US)))
    given = {"hash": badge, "from_id": giver, "to_id": receiver, "at_us": at_us}
    connection.execute(insert_or_update(connection, handovers, ["hash", "from_id"]), given)
    return tell(connection, badge)


def given_away(connection: Connection, giver: MemberId) -> tuple[Handover, ...]:
    """Return which of a member's badges went to somebody else, the latest first."""
    query = select(handovers).where(handovers.c.from_id == giver).order_by(handovers.c.at_us.desc())
    return tuple(
        Handover(BadgeHash(row.hash), MemberId(row.to_id), row.at_us) for row in connection.execute(query)
    )


def set_host(connection: Connection, member_id: MemberId, *, host: bool) -> int:
    """Say whether a member looks after the place: with badge and PIN they open the kiosk's own pages.

    Raises:
        UnknownMemberError: There is no such member.
    """
    member = member_of(connection, member_id)
    if member is None:
        raise UnknownMemberError(f"there is no member {member_id!r}: choose one from the directory")
    return put_member(connection, msgspec.structs.replace(member, host=host))


def put_pin(connection: Connection, pin: MemberPin) -> int:
    """Give a member a PIN, or another one.

    Raises:
        UnknownMemberError: There is no such member.
    """
    if connection.execute(select(members.c.id).where(members.c.id == pin.member)).first() is None:
        raise UnknownMemberError(f"there is no member {pin.member!r}: choose one from the directory")
    return feed.write(connection, [Change(Kind.PIN, pin.member, pin)])


def remove_pin(connection: Connection, member_id: MemberId) -> int:
    """Take a member's PIN away; twice changes nothing."""
    if not has_pin(connection, member_id):
        return feed.revision(connection)
    return feed.write(connection, [Change(Kind.PIN, member_id, None)])


def has_pin(connection: Connection, member_id: MemberId) -> bool:
    """Say whether a member has a PIN."""
    return feed.find(connection, Kind.PIN, member_id, MemberPin) is not None


def count_pins(connection: Connection) -> int:
    """Return how many members have a PIN."""
    return feed.count(connection, Kind.PIN)


def least_level(connection: Connection) -> Level:
    """Return what every badge of the space must show at least."""
    found = connection.execute(select(facts.c.value).where(facts.c.key == LEVEL)).scalar_one_or_none()
    return Level(found) if found is not None else Level.UID


def set_least_level(connection: Connection, level: Level, space: Space) -> int:
    """Say what every badge of the space must show at least; `space` is what else is told of it."""
    row = {"key": LEVEL, "value": level.value}
    connection.execute(insert_or_update(connection, facts, ["key"]), row)
    return put_space(connection, space)


def put_space(connection: Connection, space: Space) -> int:
    """Tell kiosks of the space as the settings have it, with the level that hosts chose."""
    level = least_level(connection)
    return feed.put_space(connection, msgspec.structs.replace(space, badge_level=level))


def _owned(connection: Connection, badge: BadgeHash) -> Row[tuple[object, ...]]:
    row = connection.execute(select(badges).where(badges.c.hash == badge)).one_or_none()
    if row is None:
        raise UnknownBadgeError(f"the badge {short_code(badge)} is linked to nobody")
    return row
