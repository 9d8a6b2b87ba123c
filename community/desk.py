"""Decide what one tap at one door means.

Pure: no clock, no I/O, no logging, no randomness.  State in, state and outcome out; the
caller stores what `events_of` says *before* anything is shown.

The table this follows is DESIGN section 5.  Three rules hold it together:

* A second tap never checks anybody out by surprise: leaving takes a tap that opens one's own
  card, and then another one while the card asks for it.
* Whatever was recorded can be undone by the badge that did it, for `Rules.undo_s`, as long as the
  screen still offers it: the next person's tap takes the screen.
* The quiet period, questions and undo run on the monotonic clock: a wall clock that jumps does not
  touch them.  The day's end needs the wall clock, and trusts it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from community.badges import BadgeHash, BadgeStatus
from community.clock import Hours
from community.events import (
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Event,
    MeetingUndone,
    Met,
    MoodChosen,
    RefusedBadgeTapped,
    UnknownBadgeTapped,
)
from community.ids import MemberId
from community.members import Mood


@dataclass(frozen=True, slots=True)
class Rules:
    """The times of the desk, in seconds."""

    quiet_s: float = 5.0
    """A badge seen again within this is the same tap: readers read twice, people wave."""
    answer_s: float = 1.5
    """A tap that would answer a question on the screen ("tap again to leave") counts only this
    long after the question was asked: shorter is a bounce, not an answer (decision 0005)."""
    leave_s: float = 8.0
    """How long one's own card asks "tap again to leave"."""
    undo_s: float = 8.0
    """How long what was recorded can be undone."""


@dataclass(frozen=True, slots=True)
class KnownBadge:
    """A badge that is linked to a member and opens their card."""

    badge: BadgeHash
    member_id: MemberId


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
class RandomNumber:
    """A phone or bank card: a new number at every tap, so it can never be linked."""


Read = KnownBadge | StrangeBadge | ClosedBadge | RandomNumber
"""What the reader's UID turned out to be, once the directory was asked."""


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
class Unknown:
    """Nobody linked this badge yet: show its short code, never a dead end."""

    badge: BadgeHash


@dataclass(frozen=True, slots=True)
class Refused:
    """Revoked or lost: please see the host."""

    badge: BadgeHash
    status: BadgeStatus


@dataclass(frozen=True, slots=True)
class CannotLink:
    """A random number: explain kindly, never enrol."""


@dataclass(frozen=True, slots=True)
class SameTap:
    """The same badge again within the quiet period: show the same thing, record nothing."""

    outcome: "Outcome"


Outcome = (
    Arrived
    | OwnCard
    | Left
    | LeaveUndone
    | MetEachOther
    | MetUndone
    | MoodSet
    | Unknown
    | Refused
    | CannotLink
)


@dataclass(frozen=True, slots=True)
class LastTap:
    """What a badge did last, for the quiet period."""

    outcome: Outcome
    now_s: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The question the screen is asking, if any: what a further tap may answer."""

    outcome: OwnCard | Left | MetEachOther
    now_s: float


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is in, as far as this kiosk knows, and what the screen is asking."""

    hours: Hours
    rules: Rules = Rules()
    present: Mapping[MemberId, datetime] = field(default_factory=dict)
    """When the open visit of each member began (aware, UTC); may hold visits past their end."""
    recent: Mapping[BadgeHash, LastTap] = field(default_factory=dict)
    """The last tap of every badge within the quiet period."""
    asked: Asked | None = None
    faced: MemberId | None = None
    """Whose greeting or card is on the screen: who a key press speaks for."""

    def tap(self, read: Read, at: datetime, now_s: float) -> "tuple[Desk, Outcome | SameTap]":
        """Decide what one tap means.

        Args:
            read: The badge, already looked up in the directory.
            at: When it was read.  Aware, UTC.
            now_s: Monotonic seconds of the same moment.

        Returns:
            The desk after the tap, and what happened.  `SameTap` changes nothing.

        Raises:
            ValueError: `at` has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError(f"tap time must be aware, got {at!r}")
        match read:
            case RandomNumber():
                return replace(self, asked=None, faced=None), CannotLink()
            case StrangeBadge(badge=badge):
                return self._quietly(badge, Unknown(badge), now_s)
            case ClosedBadge(badge=badge, status=status):
                return self._quietly(badge, Refused(badge, status), now_s)
            case KnownBadge(badge=badge, member_id=member_id):
                return self._member_tap(badge, member_id, at, now_s)
            case _:
                assert_never(read)

    def since(self, member_id: MemberId, at: datetime) -> datetime | None:
        """Return when the member's open visit began, or `None` if they are not in at `at`."""
        arrived = self.present.get(member_id)
        return None if arrived is None or at >= self.hours.end_of_visit(arrived) else arrived

    def present_at(self, at: datetime) -> tuple[MemberId, ...]:
        """Return who is in at `at`, earliest arrival first."""
        still_in = [m for m in self.present if self.since(m, at) is not None]
        return tuple(sorted(still_in, key=lambda m: (self.present[m], m)))

    def choose_mood(self, mood: Mood, at: datetime) -> "tuple[Desk, MoodSet | None]":
        """Record a mood for the person whose card is on the screen; `None` if nobody's is."""
        if self.faced is None or self.since(self.faced, at) is None:
            return self, None
        return self, MoodSet(self.faced, mood)

    def undo(self, now_s: float) -> "tuple[Desk, LeaveUndone | MetUndone | None]":
        """Take back what the screen offers to take back; `None` if it offers nothing."""
        match self.asked:
            case Asked(outcome=Left() | MetEachOther() as outcome, now_s=then_s) if (
                now_s - then_s <= self.rules.undo_s
            ):
                return self._undone(outcome)
            case _:
                return self, None

    def screen_cleared(self) -> "Desk":
        """Return the desk once the lobby is back: no question stands, no card is shown."""
        return replace(self, asked=None, faced=None)

    def _member_tap(
        self, badge: BadgeHash, member_id: MemberId, at: datetime, now_s: float
    ) -> "tuple[Desk, Outcome | SameTap]":
        answer = self._answer(member_id, at, now_s)
        if answer is not None:
            desk, outcome = answer
            return _remember(desk, badge, outcome, now_s), outcome
        last = self.recent.get(badge)
        if (
            last is not None
            and now_s - last.now_s < self.rules.quiet_s
            and not isinstance(last.outcome, Unknown | Refused)  # a host linked or allowed it since
        ):
            return self, SameTap(last.outcome)
        since = self.since(member_id, at)
        if since is None:
            desk = replace(self, present={**self.present, member_id: at}, asked=None, faced=member_id)
            return _remember(desk, badge, Arrived(member_id, at), now_s), Arrived(member_id, at)
        other = self._other_card(member_id, at, now_s)
        if other is not None:
            met = MetEachOther(other, member_id)
            desk = replace(self, asked=Asked(met, now_s), faced=None)
            return _remember(desk, badge, met, now_s), met
        card = OwnCard(member_id, since)
        desk = replace(self, asked=Asked(card, now_s), faced=member_id)
        return _remember(desk, badge, card, now_s), card

    def _answer(self, member_id: MemberId, at: datetime, now_s: float) -> "tuple[Desk, Outcome] | None":
        """Return what this tap answers, if the screen asks this member something; else `None`."""
        if self.asked is None or now_s - self.asked.now_s < self.rules.answer_s:
            return None
        waited_s = now_s - self.asked.now_s
        match self.asked.outcome:
            case OwnCard(member_id=asked_member, since=since):
                if asked_member != member_id or waited_s > self.rules.leave_s:
                    return None
                left = Left(member_id, since, at)
                present = {m: t for m, t in self.present.items() if m != member_id}
                return replace(self, present=present, asked=Asked(left, now_s), faced=None), left
            case Left(member_id=left_member) as outcome:
                if left_member != member_id or waited_s > self.rules.undo_s:
                    return None
                return self._undone(outcome)
            case MetEachOther(first=first, second=second) as outcome:
                if member_id not in {first, second} or waited_s > self.rules.undo_s:
                    return None
                return self._undone(outcome)
            case _:
                assert_never(self.asked.outcome)

    def _undone(self, outcome: Left | MetEachOther) -> "tuple[Desk, LeaveUndone | MetUndone]":
        match outcome:
            case Left(member_id=member_id, since=since):
                present = {**self.present, member_id: since}
                undone = LeaveUndone(member_id, since)
                desk = replace(self, present=present, asked=None, faced=member_id)
                return _retold(desk, outcome, undone), undone
            case MetEachOther(first=first, second=second):
                parted = MetUndone(first, second)
                return _retold(replace(self, asked=None, faced=None), outcome, parted), parted
            case _:
                assert_never(outcome)

    def _other_card(self, member_id: MemberId, at: datetime, now_s: float) -> MemberId | None:
        """Return who else's card is on the screen, if it still asks and they are still in."""
        match self.asked:
            case Asked(outcome=OwnCard(member_id=other), now_s=then_s) if (
                other != member_id
                and now_s - then_s <= self.rules.leave_s
                and self.since(other, at) is not None
            ):
                return other
            case _:
                return None

    def _quietly(
        self, badge: BadgeHash, outcome: Unknown | Refused, now_s: float
    ) -> "tuple[Desk, Outcome | SameTap]":
        last = self.recent.get(badge)
        if last is not None and now_s - last.now_s < self.rules.quiet_s and last.outcome == outcome:
            return self, SameTap(last.outcome)
        desk = replace(self, asked=None, faced=None)
        return _remember(desk, badge, outcome, now_s), outcome


def events_of(outcome: Outcome) -> tuple[Event, ...]:  # noqa: C901 - one case an outcome, closed
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
        case Unknown(badge=badge):
            return (UnknownBadgeTapped(badge),)
        case Refused(badge=badge, status=status):
            return (RefusedBadgeTapped(badge, status),)
        case CannotLink():
            return ()
        case _:
            assert_never(outcome)


def _retold(desk: Desk, taken_back: Outcome, instead: Outcome) -> Desk:
    """Let a repeat of the tap that was taken back show that it was, not what no longer holds."""
    recent = {
        badge: replace(tap, outcome=instead) if tap.outcome == taken_back else tap
        for badge, tap in desk.recent.items()
    }
    return replace(desk, recent=recent)


def _remember(desk: Desk, badge: BadgeHash, outcome: Outcome, now_s: float) -> Desk:
    """Note the tap for the quiet period, and forget those whose period is over."""
    recent = {b: tap for b, tap in desk.recent.items() if now_s - tap.now_s < desk.rules.quiet_s}
    return replace(desk, recent={**recent, badge: LastTap(outcome, now_s)})
