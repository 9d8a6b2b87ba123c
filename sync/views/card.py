"""One member with everything about their badges, for the hosts' page of that member."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from community.badges import BadgeHash, BadgeStatus, short_code
from community.clock import at_of
from community.ids import MemberId
from community.members import Comfort
from community.proofs import Level, strongest
from sync.store import cards, directory, visitors
from sync.store.visitors import Visiting
from sync.views.badges import UnknownBadge, read_unknown
from sync.views.members import OwnBadge, read_badges
from sync.views.people import Choice, read_choices


@dataclass(frozen=True, slots=True)
class Given:
    """A badge that this member had, and somebody else has now."""

    badge: BadgeHash
    code: str
    to: str
    """The label of whom it was handed to; empty if they are no longer here."""
    at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class MemberCard:
    """What the page shows."""

    member_id: MemberId
    label: str
    badges: tuple[OwnBadge, ...]
    """Linked last first."""
    has_pin: bool
    given: tuple[Given, ...]
    """The latest first."""
    others: tuple[Choice, ...]
    """Every other member: to whom a badge can be handed."""
    waiting: tuple[UnknownBadge, ...]
    """Badges that were tapped and are nobody's: to be linked."""
    least: Level
    """What every badge of the space must show at least."""
    comfort: Comfort
    """How screens suit them."""
    host: bool = False
    """Whether they look after the place: badge and PIN open the kiosk's own pages."""
    visiting: Visiting | None = None
    """How they visit from a sister space; `None` for a member of this one."""


@dataclass(frozen=True, slots=True)
class SpaceBadges:
    """What holds for every badge."""

    least: Level
    members: int
    with_pin: int
    badges: int
    refused: Mapping[Level, int]
    """Working badges that would be refused if every badge had to show so much."""


def read_card(connection: Connection, member_id: MemberId, at: datetime) -> MemberCard | None:
    """Read one member's page, or `None` if there is no such member; `at` is the present moment, aware."""
    everybody = read_choices(connection)
    labels = {choice.member_id: choice.label for choice in everybody}
    member = directory.member_of(connection, member_id)
    if member is None or member_id not in labels:
        return None
    return MemberCard(
        member_id,
        labels[member_id],
        tuple(badge for owner, badge in read_badges(connection) if owner == member_id),
        cards.has_pin(connection, member_id),
        tuple(
            Given(
                each.badge,
                short_code(each.badge),
                labels.get(each.to, ""),
                at_of(each.at_us),
            )
            for each in cards.given_away(connection, member_id)
        ),
        tuple(choice for choice in everybody if choice.member_id != member_id),
        read_unknown(connection, at),
        cards.least_level(connection),
        member.comfort,
        member.host,
        visitors.of(connection, member_id),
    )


def read_space_badges(connection: Connection) -> SpaceBadges:
    """Read what holds for every badge, and whom a higher level would keep out."""
    return SpaceBadges(
        cards.least_level(connection),
        len(read_choices(connection)),
        cards.count_pins(connection),
        len(read_badges(connection)),
        _refused(connection),
    )


def _refused(connection: Connection) -> dict[Level, int]:
    working = [(owner, own) for owner, own in read_badges(connection) if own.status is BadgeStatus.ACTIVE]
    with_pin = {owner for owner, _ in working if cards.has_pin(connection, owner)}

    def is_refused(owner: MemberId, own: OwnBadge, level: Level) -> bool:
        asked = strongest(own.level, level)
        return owner not in with_pin if asked is Level.PIN else asked is not own.level

    return {
        level: sum(is_refused(owner, own, level) for owner, own in working)
        for level in Level
        if level is not Level.UID
    }
