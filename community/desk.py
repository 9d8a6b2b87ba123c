"""Decide what one tap at one door means.

Pure: no clock, no I/O, no logging, no randomness.  State in, state and outcome out; the
caller stores what `events_of` says *before* anything is shown.

The table this follows is DESIGN section 5, with decision 0008.  Four rules hold it together:

* A second tap never checks anybody out by surprise: leaving takes a tap that opens one's own
  card, and then another one while the card asks for it.
* Whatever was recorded can be undone by the badge that did it, for `Rules.undo_s`, as long as the
  screen still offers it: the next person's tap takes the screen.
* A tap answers the one question the screen asks at that moment, and never sooner than a hand bounces.
  While a card asks "tap again to leave" it asks nothing else: a seat at a table is asked for after it.
* The quiet period, questions and undo run on the monotonic clock: a wall clock that jumps does not
  touch them.  The day's end needs the wall clock, and trusts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from community.badges import BadgeHash
from community.clock import Hours
from community.desk_rules import Rules
from community.ids import MemberId, TableId
from community.inquiry import Inquiry, Question
from community.members import Mood
from community.outcomes import (
    Arrived,
    CannotLink,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    NotProven,
    Outcome,
    OwnCard,
    Refused,
    Said,
    SaidUseful,
    SameTap,
    SeatGivenUp,
    SeatTaken,
    Unknown,
    Unsaid,
)
from community.reads import (
    ClosedBadge,
    KnownBadge,
    PinAsked,
    RandomNumber,
    Read,
    StrangeBadge,
    UnprovenBadge,
)


@dataclass(frozen=True, slots=True)
class LastTap:
    """What a badge did last, for the quiet period."""

    outcome: Outcome
    now_s: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The question the screen is asking, if any: what a further tap may answer."""

    outcome: OwnCard | Left | MetEachOther | SeatTaken
    now_s: float


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat at a table that the greeting or card on the screen offers."""

    table: TableId
    coming: bool
    """Whether the person has said yes."""
    from_s: float
    """Monotonic seconds from which on a tap says yes: before it is a bounce, or means leaving."""
    until_s: float
    """Up to which it does."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is in, as far as this kiosk knows, and what the screen is asking."""

    hours: Hours
    rules: Rules = field(default_factory=Rules)
    present: Mapping[MemberId, datetime] = field(default_factory=dict)
    """When the open visit of each member began (aware, UTC); may hold visits past their end."""
    recent: Mapping[BadgeHash, LastTap] = field(default_factory=dict)
    """The last tap of every badge within the quiet period."""
    asked: Asked | None = None
    faced: MemberId | None = None
    """Whose greeting or card is on the screen: who a key press speaks for."""
    seat: Seat | None = None
    """What that greeting or card offers besides."""
    inquiry: Inquiry | None = None
    """What somebody who has just left is asked."""

    def tap(self, read: Read, at: datetime, now_s: float) -> "tuple[Desk, Outcome | SameTap | PinAsked]":
        """Decide what one tap means.

        Args:
            read: The badge, already looked up in the directory.
            at: When it was read.  Aware, UTC.
            now_s: Monotonic seconds of the same moment.

        Returns:
            The desk after the tap, and what happened.  `SameTap` and `PinAsked` change nothing.

        Raises:
            ValueError: `at` has no time zone.
        """
        if at.tzinfo is None:
            raise ValueError(f"tap time must be aware, got {at!r}")
        match read:
            case RandomNumber():
                return self._turned(), CannotLink()
            case StrangeBadge(badge=badge):
                return self._quietly(badge, Unknown(badge), now_s)
            case ClosedBadge(badge=badge, status=status):
                return self._quietly(badge, Refused(badge, status), now_s)
            case UnprovenBadge(badge=badge, fault=fault):
                return self._quietly(badge, NotProven(badge, fault), now_s)
            case KnownBadge(needs_pin=True, member_id=member_id) if not self._attends(member_id, now_s):
                return self, PinAsked(read)
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

    def offering(self, table: TableId, now_s: float, *, coming: bool, stays_s: float = 0.0) -> "Desk":
        """Return the desk once the greeting or card shown offers a seat, too; it must be somebody's.

        Args:
            table: The table.
            now_s: Monotonic seconds at which it is shown.
            coming: Whether they have said yes already.
            stays_s: For how long the greeting or card stays, if that is longer than usual.
        """
        leaves_first = self.asked is not None and isinstance(self.asked.outcome, OwnCard)
        later_s = self.rules.leave_s + self.rules.answer_s if leaves_first else self.rules.quiet_s
        until_s = now_s + max(self.rules.seat_s, stays_s)
        return replace(self, seat=Seat(table, coming, now_s + later_s, until_s))

    def asking(self, questions: Sequence[Question]) -> "Desk":
        """Return the desk once a farewell asks these questions, too; none of them changes nothing."""
        match self.asked:
            case Asked(outcome=Left(member_id=member_id)) if questions:
                return replace(self, inquiry=Inquiry(member_id, tuple(questions)))
            case _:
                return self

    def choose_mood(self, mood: Mood, at: datetime) -> "tuple[Desk, MoodSet | None]":
        """Record a mood for the person whose card is on the screen; `None` if nobody's is."""
        if self.faced is None or self.since(self.faced, at) is None:
            return self, None
        return self, MoodSet(self.faced, mood)

    def choose_seat(self, at: datetime, now_s: float) -> "tuple[Desk, SeatTaken | SeatGivenUp | None]":
        """Say yes to the seat that is offered, or no after all; `None` if none is."""
        if self.seat is None or self.faced is None or self.since(self.faced, at) is None:
            return self, None
        if self.seat.coming:
            return self._seat_given_up(SeatTaken(self.faced, self.seat.table))
        return self._seat_taken(self.faced, self.seat.table, now_s)

    def say(self, place: int, now_s: float) -> "tuple[Desk, Said | SaidUseful | None]":
        """Answer what the farewell asks; `None` if it asks nothing (any more).

        Args:
            place: Which of the answers offered, from 0.
            now_s: Monotonic seconds; the time in which they may still stay begins again.
        """
        if self.inquiry is None or self.asked is None or not self._stands(self.asked, now_s):
            return self, None
        after = self.inquiry.say(place)
        if after is None:
            return self, None
        return replace(self, inquiry=after, asked=replace(self.asked, now_s=now_s)), after.said

    def undo(self, now_s: float) -> "tuple[Desk, LeaveUndone | MetUndone | SeatGivenUp | Unsaid | None]":
        """Take back what the screen offers to take back; `None` if it offers nothing."""
        if self.asked is None or not self._stands(self.asked, now_s):
            return self, None
        match self.asked.outcome:
            case OwnCard():
                return self, None
            case Left() if self.inquiry is not None and self.inquiry.said is not None:
                desk = replace(self, inquiry=self.inquiry.before, asked=replace(self.asked, now_s=now_s))
                return desk, Unsaid(self.inquiry.said)
            case Left() | MetEachOther() | SeatTaken() as outcome:
                return self._undone(outcome)
            case _:
                assert_never(self.asked.outcome)

    def leave(self, at: datetime, now_s: float) -> "tuple[Desk, Left | None]":
        """Leave by key while the card asks for it; `None` if it does not (any more)."""
        match self.asked:
            case Asked(outcome=OwnCard() as card) as asked if self._stands(asked, now_s):
                return self._left(card, at, now_s)
            case _:
                return self, None

    def leaves_within_s(self, now_s: float) -> float:
        """Return for how long a tap of the person on the screen still means leaving; 0 for not at all."""
        match self.asked:
            case Asked(outcome=OwnCard(), now_s=asked_s):
                return max(0.0, asked_s + self.rules.leave_s - now_s)
            case _:
                return 0.0

    def farewell_s(self) -> float:
        """Return how long somebody who has just left may stay after all, or answer."""
        return self.rules.ask_s if self.inquiry is not None and self.inquiry.questions else self.rules.undo_s

    def paused(self, seconds: float) -> "Desk":
        """Return the desk as if so much less time had gone by for what the screen asks: a PIN was typed."""
        asked = None if self.asked is None else replace(self.asked, now_s=self.asked.now_s + seconds)
        return replace(self, asked=asked)

    def screen_cleared(self) -> "Desk":
        """Return the desk once the lobby is back: no question stands, no card is shown."""
        return self._turned()

    def _attends(self, member_id: MemberId, now_s: float) -> bool:
        """Say whether the screen is this member's just now: the PIN for it was given a moment ago."""
        match self.asked:
            case Asked(outcome=MetEachOther(first=first, second=second)) as asked:
                return member_id in {first, second} and self._stands(asked, now_s)
            case Asked(outcome=Left(member_id=other)) as asked:
                return member_id == other and self._stands(asked, now_s)
            case _:
                return self.faced == member_id

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
            and not isinstance(last.outcome, Unknown | Refused | NotProven)  # a host mended it since
        ):
            return self, SameTap(last.outcome)
        since = self.since(member_id, at)
        if since is None:
            desk = replace(self._turned(faced=member_id), present={**self.present, member_id: at})
            return _remember(desk, badge, Arrived(member_id, at), now_s), Arrived(member_id, at)
        other = self._other_card(member_id, at, now_s)
        if other is not None:
            met = MetEachOther(other, member_id)
            return _remember(self._turned(Asked(met, now_s)), badge, met, now_s), met
        card = OwnCard(member_id, since)
        return _remember(self._turned(Asked(card, now_s), faced=member_id), badge, card, now_s), card

    def _answer(self, member_id: MemberId, at: datetime, now_s: float) -> "tuple[Desk, Outcome] | None":
        """Return what this tap answers, if the screen asks this member something; else `None`."""
        if self._says_yes(member_id, at, now_s) and self.seat is not None:
            return self._seat_taken(member_id, self.seat.table, now_s)
        if (
            self.asked is None
            or now_s - self.asked.now_s < self.rules.answer_s
            or not self._stands(self.asked, now_s)
        ):
            return None
        match self.asked.outcome:
            case OwnCard(member_id=asked_member) as card:
                return self._left(card, at, now_s) if asked_member == member_id else None
            case Left(member_id=asked_member) | SeatTaken(member_id=asked_member) as outcome:
                return self._undone(outcome) if asked_member == member_id else None
            case MetEachOther(first=first, second=second) as outcome:
                return self._undone(outcome) if member_id in {first, second} else None
            case _:
                assert_never(self.asked.outcome)

    def _left(self, card: OwnCard, at: datetime, now_s: float) -> "tuple[Desk, Left]":
        left = Left(card.member_id, card.since, at)
        present = {m: t for m, t in self.present.items() if m != card.member_id}
        return replace(self._turned(Asked(left, now_s)), present=present), left

    def _says_yes(self, member_id: MemberId, at: datetime, now_s: float) -> bool:
        """Say whether a tap of this member, now, means yes to the seat that their card offers."""
        seat = self.seat
        return (
            seat is not None
            and not seat.coming
            and self.faced == member_id
            and seat.from_s <= now_s <= seat.until_s
            and self.since(member_id, at) is not None
        )

    def _stands(self, asked: Asked, now_s: float) -> bool:
        """Say whether a question is still being asked."""
        match asked.outcome:
            case OwnCard():
                lasts_s = self.rules.leave_s
            case Left():
                lasts_s = self.farewell_s()
            case MetEachOther() | SeatTaken():
                lasts_s = self.rules.undo_s
            case _:
                assert_never(asked.outcome)
        return now_s - asked.now_s <= lasts_s

    def _undone(
        self, outcome: Left | MetEachOther | SeatTaken
    ) -> "tuple[Desk, LeaveUndone | MetUndone | SeatGivenUp]":
        match outcome:
            case Left(member_id=member_id, since=since):
                undone = LeaveUndone(member_id, since)
                desk = replace(self._turned(faced=member_id), present={**self.present, member_id: since})
                return _retold(desk, outcome, undone), undone
            case MetEachOther(first=first, second=second):
                parted = MetUndone(first, second)
                return _retold(self._turned(), outcome, parted), parted
            case SeatTaken():
                return self._seat_given_up(outcome)
            case _:
                assert_never(outcome)

    def _seat_taken(self, member_id: MemberId, table: TableId, now_s: float) -> "tuple[Desk, SeatTaken]":
        taken = SeatTaken(member_id, table)
        desk = self._turned(Asked(taken, now_s), faced=member_id)
        return replace(desk, seat=Seat(table, coming=True, from_s=now_s, until_s=now_s)), taken

    def _seat_given_up(self, taken: SeatTaken) -> "tuple[Desk, SeatGivenUp]":
        given_up = SeatGivenUp(taken.member_id, taken.table)
        return _retold(self._turned(faced=taken.member_id), taken, given_up), given_up

    def _other_card(self, member_id: MemberId, at: datetime, now_s: float) -> MemberId | None:
        """Return who else's card is on the screen, if it still asks and they are still in."""
        match self.asked:
            case Asked(outcome=OwnCard(member_id=other)) as asked if (
                other != member_id and self._stands(asked, now_s) and self.since(other, at) is not None
            ):
                return other
            case _:
                return None

    def _quietly(
        self, badge: BadgeHash, outcome: Unknown | Refused | NotProven, now_s: float
    ) -> "tuple[Desk, Outcome | SameTap]":
        last = self.recent.get(badge)
        if last is not None and now_s - last.now_s < self.rules.quiet_s and last.outcome == outcome:
            return self, SameTap(last.outcome)
        return _remember(self._turned(), badge, outcome, now_s), outcome

    def _turned(self, asked: Asked | None = None, faced: MemberId | None = None) -> "Desk":
        """Return the desk with another thing on its screen: whatever it asked or offered before is gone."""
        return replace(self, asked=asked, faced=faced, seat=None, inquiry=None)


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
