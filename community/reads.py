"""What a badge that was read turned out to be, once the directory was asked.

Pure.
"""

from dataclasses import dataclass

from community.badges import BadgeHash, BadgeStatus
from community.ids import MemberId
from community.proofs import ProofFault


@dataclass(frozen=True, slots=True)
class KnownBadge:
    """A badge that is linked to a member and opens their card."""

    badge: BadgeHash
    member_id: MemberId
    needs_pin: bool = False
    """Whether it counts only with the member's PIN, which has not been given yet."""


@dataclass(frozen=True, slots=True)
class StrangeBadge:
    """A badge nobody linked."""

    badge: BadgeHash


@dataclass(frozen=True, slots=True)
class ClosedBadge:
    """A badge that was revoked or reported lost."""

    badge: BadgeHash
    status: BadgeStatus


@dataclass(frozen=True, slots=True)
class UnprovenBadge:
    """A badge that is linked, and did not show that it is no copy."""

    badge: BadgeHash
    fault: ProofFault


@dataclass(frozen=True, slots=True)
class RandomNumber:
    """A phone or bank card: a new number at every tap, so it can never be linked."""


Read = KnownBadge | StrangeBadge | ClosedBadge | UnprovenBadge | RandomNumber
"""What the reader's UID turned out to be, once the directory was asked."""


@dataclass(frozen=True, slots=True)
class PinAsked:
    """This badge counts only with its member's PIN: nothing has happened yet."""

    read: KnownBadge
