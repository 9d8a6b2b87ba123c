"""What happened at a door: the facts a kiosk writes to its log and the hub folds into presence.

Pure, and the wire's own types: each class is what one event looks like in JSON, under its
tag.  A field may be added with a default; nothing is ever renamed or retyped, and a new fact
is a new class.  Events name members by id and badges by keyed hash, nothing else.

`gc=False`: plain values, in which nothing can point back; looking for circles in a long log cost a
quarter of the time the hub takes for an event.
"""

from enum import Enum
from typing import Annotated, assert_never

import msgspec

from community.badges import BadgeHash, BadgeStatus
from community.clock import Stamp
from community.guests import Seal
from community.ids import Count, MemberId, Number, TableId
from community.introductions.pairing import Pairing, Share
from community.introductions.slots import Slot
from community.members import Mood
from community.proofs import ProofFault

AnyBadge = Annotated[BadgeHash, msgspec.Meta(pattern="^k[0-9]+:[0-9a-f]+$", max_length=64)]
"""A keyed hash, checked when an event is read: its short code can always be drawn from it."""


SettingName = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_-]*$", max_length=32)]
"""The name of one setting of `community.introductions.weights`: a word of ours, never anybody's text."""


class CheckedIn(msgspec.Struct, frozen=True, gc=False, tag="checked_in", tag_field="kind"):
    """A member arrived: their first tap of the day, or the first since they left."""

    member: MemberId


class CardOpened(msgspec.Struct, frozen=True, gc=False, tag="card_opened", tag_field="kind"):
    """A member who is in looked at their own card: proof that they are still here."""

    member: MemberId


class CheckedOut(msgspec.Struct, frozen=True, gc=False, tag="checked_out", tag_field="kind"):
    """A member said that they are leaving."""

    member: MemberId


class CheckOutUndone(msgspec.Struct, frozen=True, gc=False, tag="check_out_undone", tag_field="kind"):
    """The last check-out of this member was a mistake; the visit goes on as if unbroken."""

    member: MemberId


class Met(msgspec.Struct, frozen=True, gc=False, tag="met", tag_field="kind"):
    """Two members who are in laid their badges one after the other: they met."""

    first: MemberId
    second: MemberId


class MeetingUndone(msgspec.Struct, frozen=True, gc=False, tag="meeting_undone", tag_field="kind"):
    """The last meeting of these two was a mistake."""

    first: MemberId
    second: MemberId


class MoodChosen(msgspec.Struct, frozen=True, gc=False, tag="mood_chosen", tag_field="kind"):
    """A member said what they are open to today."""

    member: MemberId
    mood: Mood


class Shown(msgspec.Struct, frozen=True, gc=False):
    """One introduction on a greeting: who, and in which slot."""

    member: MemberId
    slot: Slot


class Weighed(msgspec.Struct, frozen=True, gc=False):
    """Somebody who could have been shown: kept so that learning and evaluation stay honest."""

    member: MemberId
    slot: Slot
    score: Share
    chance: Share
    """The probability of being shown here."""


class Introduced(msgspec.Struct, frozen=True, gc=False, tag="introduced", tag_field="kind"):
    """These people were shown to a member."""

    member: MemberId
    shown: tuple[Shown, ...]
    weighed: tuple[Weighed, ...] = ()
    """The best of those who could have been shown, the shown among them."""
    weights: SettingName = ""
    """The name of the weights that scored them; empty for the fixed ones."""


class Paired(msgspec.Struct, frozen=True, gc=False, tag="paired", tag_field="kind"):
    """Two people became part of the day's plan at this door: both are to be shown each other."""

    pairing: Pairing


class Answer(Enum):
    """What somebody says of a person they were shown."""

    MET = "met"
    NOT_TODAY = "not_today"
    """There was no time: nothing is learned from it, and the two may be shown again."""
    RATHER_NOT = "rather_not"
    """Ends it for both, silently."""


class Answered(msgspec.Struct, frozen=True, gc=False, tag="answered", tag_field="kind"):
    """A member said what came of an introduction.  Private to them."""

    member: MemberId
    other: MemberId
    answer: Answer


class AnswerUndone(msgspec.Struct, frozen=True, gc=False, tag="answer_undone", tag_field="kind"):
    """The last answer of this member about this person was a mistake."""

    member: MemberId
    other: MemberId


class FoundUseful(msgspec.Struct, frozen=True, gc=False, tag="found_useful", tag_field="kind"):
    """A member said whether having met was useful.  Private to them."""

    member: MemberId
    other: MemberId
    useful: bool


class TableAnswered(msgspec.Struct, frozen=True, gc=False, tag="table_answered", tag_field="kind"):
    """A member said yes (or no after all) to a seat at a table."""

    member: MemberId
    table: TableId
    coming: bool


class UnknownBadgeTapped(msgspec.Struct, frozen=True, gc=False, tag="unknown_badge", tag_field="kind"):
    """A badge nobody has linked yet; its short code is on the screen."""

    badge: AnyBadge


class RefusedBadgeTapped(msgspec.Struct, frozen=True, gc=False, tag="refused_badge", tag_field="kind"):
    """A badge that was revoked or reported lost; a host is told."""

    badge: AnyBadge
    status: BadgeStatus


class BadgeProved(msgspec.Struct, frozen=True, gc=False, tag="badge_proved", tag_field="kind"):
    """A secure badge showed by a message that it is no copy; none that counts as much or less is good now."""

    badge: AnyBadge
    counter: Count


class UnprovenBadgeTapped(msgspec.Struct, frozen=True, gc=False, tag="unproven_badge", tag_field="kind"):
    """A badge did not show what is asked of it: it may be a copy, and a host is told."""

    badge: AnyBadge
    fault: ProofFault


class GuestCame(msgspec.Struct, frozen=True, gc=False, tag="guest_came", tag_field="kind"):
    """A guest said whom they come to see.  What they typed is not in the log (`community.guests`)."""

    member: MemberId | None = None
    """Whom, where what they typed means one member; `None` for nobody, or several."""
    seal: Seal = ""
    """Of what they typed."""


class BeamCounted(msgspec.Struct, frozen=True, gc=False, tag="beam_counted", tag_field="kind"):
    """So many bodies went through the door's beam, either way: a number, and nobody in particular."""

    count: Number
    over_s: Count
    """Seconds from the first of them to this record: a quarter of an hour, or less where the kiosk ended."""


class BadgeLinkAsked(msgspec.Struct, frozen=True, gc=False, tag="badge_link_asked", tag_field="kind"):
    """A host at the door asked for a badge to be linked to a member; the hub decides."""

    badge: AnyBadge
    member: MemberId
    by: MemberId
    """The host, whose badge and PIN were given."""


class RollCallOpened(msgspec.Struct, frozen=True, gc=False, tag="roll_call_opened", tag_field="kind"):
    """A host at the door opened the list of everybody who is in."""

    by: MemberId


class VisitCorrected(msgspec.Struct, frozen=True, gc=False, tag="visit_corrected", tag_field="kind"):
    """A host put right by hand, at the hub, when a member came today and when they left.

    It says everything about one visit, the member's latest: what was known of that visit no longer counts.
    Times are microseconds since 1970 UTC, by the hub's clock.
    """

    member: MemberId
    arrived_us: Count
    left_us: Count = 0
    """0 while they are in."""
    was_us: Count = 0
    """When that visit began as far as was known; 0 for one that nobody had noted."""


class PinRefused(msgspec.Struct, frozen=True, gc=False, tag="pin_refused", tag_field="kind"):
    """A wrong PIN was typed with a member's badge or name.  What was typed is nowhere."""

    member: MemberId
    waits: bool = False
    """Whether it was one too many, so that the next must wait."""


Event = (
    CheckedIn
    | CardOpened
    | CheckedOut
    | CheckOutUndone
    | Met
    | MeetingUndone
    | MoodChosen
    | Introduced
    | Paired
    | Answered
    | AnswerUndone
    | FoundUseful
    | TableAnswered
    | UnknownBadgeTapped
    | RefusedBadgeTapped
    | BadgeProved
    | UnprovenBadgeTapped
    | BeamCounted
    | BadgeLinkAsked
    | RollCallOpened
    | GuestCame
    | VisitCorrected
    | PinRefused
)
"""Everything that can stand in a log.  Whoever handles events closes the match with
`assert_never`."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """One line of a kiosk's log."""

    seq: Number
    """1, 2, 3 … within one epoch."""
    at: Stamp
    event: Event


def for_other_doors(event: Event) -> Event | None:
    """Return what the other doors of the space are told of an event; `None` for nothing.

    They need who is in, in which mood, who was shown to whom, and how far secure badges have counted; not
    other badges, not looks at a card, and not who could have been shown, which is for learning only.
    """
    match event:
        case Introduced(member=member, shown=shown):
            return Introduced(member, shown)
        case (
            CardOpened()
            | UnknownBadgeTapped()
            | RefusedBadgeTapped()
            | UnprovenBadgeTapped()
            | BeamCounted()
            | BadgeLinkAsked()
            | RollCallOpened()
            | PinRefused()
        ):
            return None
        case (
            CheckedIn()
            | CheckedOut()
            | CheckOutUndone()
            | Met()
            | MeetingUndone()
            | MoodChosen()
            | Paired()
            | Answered()
            | AnswerUndone()
            | FoundUseful()
            | TableAnswered()
            | BadgeProved()
            | GuestCame()
            | VisitCorrected()
        ):
            return event
        case _:
            assert_never(event)


def members_of(event: Event) -> tuple[MemberId, ...]:
    """Return everybody an event names, in no particular order."""
    match event:
        case (
            CheckedIn(member=member)
            | CardOpened(member=member)
            | CheckedOut(member=member)
            | CheckOutUndone(member=member)
            | MoodChosen(member=member)
            | TableAnswered(member=member)
            | RollCallOpened(by=member)
            | VisitCorrected(member=member)
            | PinRefused(member=member)
        ):
            return (member,)
        case (
            Met(first=one, second=other)
            | MeetingUndone(first=one, second=other)
            | Answered(member=one, other=other)
            | AnswerUndone(member=one, other=other)
            | FoundUseful(member=one, other=other)
            | BadgeLinkAsked(member=one, by=other)
        ):
            return (one, other)
        case Paired(pairing=pairing):
            return pairing.pair
        case GuestCame(member=whom):
            return () if whom is None else (whom,)
        case Introduced(member=member, shown=shown, weighed=weighed):
            return (member, *(one.member for one in shown), *(one.member for one in weighed))
        case (
            UnknownBadgeTapped()
            | RefusedBadgeTapped()
            | BadgeProved()
            | UnprovenBadgeTapped()
            | BeamCounted()
        ):
            return ()
        case _:
            assert_never(event)
