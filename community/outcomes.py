"""What a tap or a key at the door turns out to mean, and what each meaning writes to the log.

Pure: plain values.  `community.desk` decides which it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from community.badges import BadgeHash, BadgeStatus
from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Event,
    FoundUseful,
    MeetingUndone,
    Met,
    MoodChosen,
    RefusedBadgeTapped,
    TableAnswered,
    UnknownBadgeTapped,
    UnprovenBadgeTapped,
)
from community.ids import MemberId, TableId
from community.members import Mood
from community.proofs import ProofFault


@dataclass(frozen=True, slots=True)
class Arrived:
    """First tap of a visit: greet, introduce, ask for today's mood."""

    member_id: MemberId
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A member who is in looks at their own card."""

    member_id: MemberId
    since: datetime
    """When this visit began (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class Left:
    """A member checked out."""

    member_id: MemberId
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class LeaveUndone:
    """A check-out was taken back; the visit goes on since its first arrival."""

    member_id: MemberId
    since: datetime


@dataclass(frozen=True, slots=True)
class MetEachOther:
    """Two members who are in laid their badges one after the other."""

    first: MemberId
    """Whose card was on the screen."""
    second: MemberId
    """Who tapped."""


@dataclass(frozen=True, slots=True)
class MetUndone:
    """A meeting was taken back."""

    first: MemberId
    second: MemberId


@dataclass(frozen=True, slots=True)
class MoodSet:
    """A member chose today's mood on their card."""

    member_id: MemberId
    mood: Mood


@dataclass(frozen=True, slots=True)
class SeatTaken:
    """A member said yes to a seat at a table."""

    member_id: MemberId
    table: TableId


@dataclass(frozen=True, slots=True)
class SeatGivenUp:
    """A member said that they are not coming to a table after all."""

    member_id: MemberId
    table: TableId


@dataclass(frozen=True, slots=True)
class Said:
    """A member who leaves said what came of an introduction.  Private to them."""

    member_id: MemberId
    other: MemberId
    answer: Answer


@dataclass(frozen=True, slots=True)
class SaidUseful:
    """A member who leaves said whether having met was useful.  Private to them."""

    member_id: MemberId
    other: MemberId
    useful: bool


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A member takes their last answer back, to give another one."""

    said: Said | SaidUseful

    @property
    def member_id(self) -> MemberId:
        """Whose answer it was."""
        return self.said.member_id


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody linked this badge yet: show its short code, never a dead end."""

    badge: BadgeHash


@dataclass(frozen=True, slots=True)
class Refused:
    """Revoked or lost: please see the host."""

    badge: BadgeHash
    status: BadgeStatus


@dataclass(frozen=True, slots=True)
class NotProven:
    """It did not show what is asked of it and may be a copy: please see the host."""

    badge: BadgeHash
    fault: ProofFault


@dataclass(frozen=True, slots=True)
class CannotLink:
    """A random number: explain kindly, never enrol."""


Outcome = (
    Arrived
    | OwnCard
    | Left
    | LeaveUndone
    | MetEachOther
    | MetUndone
    | MoodSet
    | SeatTaken
    | SeatGivenUp
    | Said
    | SaidUseful
    | Unsaid
    | Unknown
    | Refused
    | NotProven
    | CannotLink
)


@dataclass(frozen=True, slots=True)
class SameTap:
    """The same badge again within the quiet period: show the same thing, record nothing."""

    outcome: Outcome


def events_of(outcome: Outcome) -> tuple[Event, ...]:  # noqa: C901, PLR0912 - one case an outcome, closed
    """Return what an outcome writes to the log, in order; empty if it writes nothing."""
    match outcome:
        case Arrived(member_id=member_id):
            return (CheckedIn(member_id),)
        case OwnCard(member_id=member_id):
            return (CardOpened(member_id),)
        case Left(member_id=member_id):
            return (CheckedOut(member_id),)
        case LeaveUndone(member_id=member_id):
            return (CheckOutUndone(member_id),)
        case MetEachOther(first=first, second=second):
            return (Met(first, second),)
        case MetUndone(first=first, second=second):
            return (MeetingUndone(first, second),)
        case MoodSet(member_id=member_id, mood=mood):
            return (MoodChosen(member_id, mood),)
        case SeatTaken(member_id=member_id, table=table):
            return (TableAnswered(member_id, table, coming=True),)
        case SeatGivenUp(member_id=member_id, table=table):
            return (TableAnswered(member_id, table, coming=False),)
        case Said(member_id=member_id, other=other, answer=answer):
            return (Answered(member_id, other, answer),)
        case SaidUseful(member_id=member_id, other=other, useful=useful):
            return (FoundUseful(member_id, other, useful),)
        case Unsaid(said=said):
            # What was said of use is not taken back: the next answer takes its place.
            return (AnswerUndone(said.member_id, said.other),) if isinstance(said, Said) else ()
        case Unknown(badge=badge):
            return (UnknownBadgeTapped(badge),)
        case Refused(badge=badge, status=status):
            return (RefusedBadgeTapped(badge, status),)
        case NotProven(badge=badge, fault=fault):
            return (UnprovenBadgeTapped(badge, fault),)
        case CannotLink():
            return ()
        case _:
            assert_never(outcome)
