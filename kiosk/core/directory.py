"""Who is who, as the kiosk knows it: built from the feed, asked at every tap.

Pure.  A feed item this version does not understand is left out, never an error: the rest of
the directory must work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from community.badges import Badge, BadgeHash, BadgeKey, BadgeStatus
from community.desk import ClosedBadge, KnownBadge, RandomNumber, Read, StrangeBadge
from community.ids import MemberId
from community.introductions.fit import Fit
from community.introductions.plan import fit_of
from community.members import Member, Space
from community.wire.messages import FeedItem


@dataclass(frozen=True, slots=True)
class Directory:
    """An immutable copy of what the feed says; a new feed makes a new one."""

    members: Mapping[MemberId, Member] = field(default_factory=dict)
    badges: Mapping[BadgeHash, Badge] = field(default_factory=dict)
    space: Space = field(default_factory=Space)
    fit: Fit = field(default_factory=lambda: Fit(()), compare=False)
    """The measure of introductions, tuned to what all members say of themselves."""

    def read(self, uid: bytes, *, random: bool, key: BadgeKey) -> Read:
        """Return what a UID turns out to be.

        Args:
            uid: As the reader read it.
            random: Whether the reader knows it for a random number.
            key: The space's.
        """
        if random:
            return RandomNumber()
        hashed = key.hash(uid)
        badge = self.badges.get(hashed)
        if badge is None or badge.member_id not in self.members:
            return StrangeBadge(hashed)
        if badge.status is not BadgeStatus.ACTIVE:
            return ClosedBadge(hashed, badge.status)
        return KnownBadge(hashed, badge.member_id)


def from_feed(items: Iterable[FeedItem]) -> Directory:
    """Build a directory from all items of a feed."""
    members: dict[MemberId, Member] = {}
    badges: dict[BadgeHash, Badge] = {}
    space = Space()
    for item in items:
        if item.body is None:
            continue
        try:
            match item.kind:
                case "member":
                    member = msgspec.json.decode(item.body, type=Member)
                    members[member.id] = member
                case "badge":
                    badge = msgspec.json.decode(item.body, type=Badge)
                    badges[badge.hash] = badge
                case "space":
                    space = msgspec.json.decode(item.body, type=Space)
                case _:
                    pass
        except msgspec.DecodeError:
            continue
    return Directory(members, badges, space, fit_of(members.values()))
