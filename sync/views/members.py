"""Members with their badges, found by what a host types; everybody is named here, see the package."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, select

from community.badges import BadgeHash, BadgeStatus, short_code
from community.clock import at_of
from community.ids import KioskId, MemberId
from community.members import Member
from community.names import words_of
from community.proofs import Level, strongest
from sync.store import cards, directory, kiosks, secure_badges, visitors
from sync.store.schema import badges
from sync.views.people import Homes, choices

MOST_FOUND = 40
"""Members shown at once: with more, one more letter is quicker than scrolling."""

Owner = tuple[MemberId, BadgeStatus]
"""Whose a badge is, and whether it works."""


@dataclass(frozen=True, slots=True)
class OwnBadge:
    """One badge of a member."""

    badge: BadgeHash
    code: str
    """The same four characters the door shows while a badge is unknown."""
    status: BadgeStatus
    linked: datetime
    """Aware, UTC."""
    level: Level = Level.UID
    key: int = 0
    """As in `community.badges.Badge`: above 0 its chip was programmed for this space."""
    label: str = ""
    """What a host calls it; may be empty."""
    least: Level = Level.UID
    """What every badge of the space must show."""

    @property
    def must(self) -> Level:
        """What it must show at the door: its own level, or the space's if that is harder."""
        return strongest(self.level, self.least)


@dataclass(frozen=True, slots=True)
class Holder:
    """A member with their badges."""

    member_id: MemberId
    label: str
    """As in `Choice`: no other member has it."""
    trade: str
    """Empty if they did not say, or if the label says it already."""
    badges: tuple[OwnBadge, ...]
    """Linked last first."""


@dataclass(frozen=True, slots=True)
class Found:
    """The members a host looks for."""

    holders: tuple[Holder, ...]
    """At most `MOST_FOUND`, in the order of their names without accents."""
    more: int
    """How many were found beyond these."""
    everybody: int
    """How many members there are."""


def read_found(connection: Connection, typed: str) -> Found:
    """Read the members that fit what was typed, all if nothing was; `typed` is a name or a code."""
    homes = visitors.homes(connection)
    return found(directory.all_members(connection), read_badges(connection), typed, homes)


def found(
    everybody: Sequence[Member],
    owned: Iterable[tuple[MemberId, OwnBadge]],
    typed: str,
    homes: Homes = MappingProxyType({}),
) -> Found:
    """Return the members that fit what was typed.

    Args:
        everybody: All members, in any order.
        owned: All badges with their owners, in the order to show.
        typed: Words, each the beginning of a word of the name or of a badge's code.  Accents and
            capitals do not matter; nothing fits everybody.
        homes: Who visits, and from where.
    """
    theirs: dict[MemberId, list[OwnBadge]] = {}
    for owner, badge in owned:
        theirs.setdefault(owner, []).append(badge)
    members = {member.id: member for member in everybody}
    wanted = words_of(typed)
    holders = []
    for choice in choices(everybody, homes):
        member, badges_of = members[choice.member_id], theirs.get(choice.member_id, [])
        known_by = [*words_of(choice.label), *(badge.code.casefold() for badge in badges_of)]
        known_by += [word for badge in badges_of for word in words_of(badge.label)]
        if all(any(word.startswith(part) for word in known_by) for part in wanted):
            trade = member.trade if choice.label == member.name else ""
            holders.append(Holder(member.id, choice.label, trade, tuple(badges_of)))
    holders.sort(key=lambda holder: (words_of(holder.label), holder.member_id))
    return Found(tuple(holders[:MOST_FOUND]), max(0, len(holders) - MOST_FOUND), len(members))


def read_owner(connection: Connection, badge: BadgeHash) -> Owner | None:
    """Read whose badge this is and whether it works, or `None` if it is nobody's."""
    row = connection.execute(
        select(badges.c.member_id, badges.c.status).where(badges.c.hash == badge)
    ).one_or_none()
    return None if row is None else (MemberId(row.member_id), BadgeStatus(row.status))


def read_label(connection: Connection, member_id: MemberId) -> str:
    """Read what to call a member, as `Choice` does; empty if there is no such member."""
    labels = {choice.member_id: choice.label for choice in choices(directory.all_members(connection))}
    return labels.get(member_id, "")


def read_away(connection: Connection) -> tuple[KioskId, ...]:
    """Read which kiosks are not answering: they learn of a change when they are back."""
    return tuple(heard.kiosk for heard in kiosks.every(connection) if not heard.status.online)


def read_badges(connection: Connection) -> list[tuple[MemberId, OwnBadge]]:
    """Read every badge with its owner, linked last first."""
    least = cards.least_level(connection)
    query = secure_badges.STANDING.order_by(badges.c.linked_us.desc(), badges.c.hash)
    return [
        (
            badge.member_id,
            OwnBadge(
                badge=badge.hash,
                code=short_code(badge.hash),
                status=badge.status,
                linked=at_of(row.linked_us),
                level=badge.level,
                key=badge.key,
                label=row.label,
                least=least,
            ),
        )
        for row in connection.execute(query)
        for badge in (secure_badges.badge_of(row),)
    ]
