"""Whom to introduce to somebody who has just tapped: the planner, asked with what this kiosk knows now.

Pure.  It remembers only what it worked out, and works it out anew when something changed.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from community.clock import Hours
from community.events import Event, Introduced, Paired, Shown
from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.introductions.matchmaker import Matchmaker
from community.introductions.memory import Memory
from community.introductions.pairing import DayPlan, Origin, Pair, Pairing
from community.introductions.planner import Plan, PlanRules, TapPlan, at_tap, batch
from community.introductions.reasons import HostSays
from community.introductions.rules import plan_hour
from community.introductions.slots import Slot
from community.introductions.weights import Weights
from community.members import Member, Mood
from kiosk.core.directory import Directory
from kiosk.core.guests import Guest
from kiosk.core.lore import Lore
from kiosk.core.pieces import CARDS_AT_MOST


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom somebody is shown, and what is to be written once they were."""

    introductions: tuple[Introduction, ...] = ()
    follows: tuple[Event, ...] = ()
    later: bool = False
    """Whether there may be somebody (more) after the plan's hour."""


NOBODY = Chosen()


@dataclass(frozen=True, slots=True)
class Planning:
    """What the day's plan is completed from, should the hub be away at its hour."""

    day: date
    plan: Plan
    judge: Matchmaker
    present: frozenset[MemberId]
    rules: PlanRules

    def pairings(self) -> tuple[Pairing, ...]:
        """Match everybody present; takes seconds for hundreds, so it is done beside the event loop."""
        return batch(self.plan, self.judge, self.present, self.rules)


@dataclass(frozen=True, slots=True)
class _Now:
    """The plan of the day as this kiosk sees it, and the judge of this moment."""

    lore: Lore
    hub: DayPlan | None
    version: int
    """Of the memory."""
    moods: Mapping[MemberId, Mood]
    away: frozenset[MemberId]
    """Who is introduced to nobody now: heads-down, or with another profile than the lore knows."""
    news: tuple[frozenset[Pair], frozenset[Pair], frozenset[Pair]]
    """Who met today, who would rather not, and who was shown today and on an earlier day: what the judge must
    know besides."""
    plan: Plan
    judge: Matchmaker


class Introducer:
    """Asks the planner.  Lives as long as the room."""

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self.lore: Lore | None = None
        """What is decided from; `None` until it was made for the first time."""
        self._now: _Now | None = None
        self._stale: tuple[Lore, Directory, frozenset[MemberId]] | None = None

    def introduce(
        self,
        visitor: Member,
        guests: Mapping[MemberId, Guest],
        directory: Directory,
        memory: Memory,
        at: datetime,
    ) -> Chosen:
        """Return whom a member who is in is shown now.

        Args:
            visitor: Who tapped.
            guests: Everybody present.
            directory: What the hub said last; newer than the lore, maybe.
            memory: What the log says.
            at: Now (aware, UTC).
        """
        day = self._hours.day_of(at)
        guest = guests.get(visitor.id)
        if (
            self.lore is None
            or self.lore.day != day
            or not visitor.may_be_introduced
            or (guest is not None and guest.mood is Mood.HEADS_DOWN)
        ):
            return NOBODY
        now = self.prepare(guests, directory, memory, day)
        if now is None or visitor.id in now.away:
            return NOBODY
        found = at_tap(
            visitor.id,
            now.plan,
            now.judge,
            guests.keys() - now.away,
            (),
            now.lore.rules,
            hour_passed=at >= plan_hour(directory.space, self._hours, day),
            hopes=now.lore.hopes,
        )
        return _told(visitor.id, found, now.plan, now.judge, memory, day, directory.weights)

    def prepare(
        self, guests: Mapping[MemberId, Guest], directory: Directory, memory: Memory, day: date
    ) -> _Now | None:
        """Work out what a tap will need, if something changed; done between taps, it spares the next."""
        lore = self.lore
        if lore is None or lore.day != day:
            return None
        moods = {m: guest.mood for m, guest in guests.items() if guest.mood is not None}
        hub = directory.plans.get(day)
        stale = self._changed_since(lore, directory)
        known = self._now if self._now is not None and self._now.lore is lore else None
        if (
            known is not None
            and known.version == memory.version
            and known.hub is hub
            and known.moods == moods
            and known.away >= stale
        ):
            return known
        today = memory.today(day)
        # Of who was never shown before, it makes no difference that they were today.
        again = frozenset(both for both in today.shown if lore.past.shown(*both) is not None)
        news = (today.met, memory.barred(), again)
        if known is not None and known.moods == moods and known.news == news:
            judge = known.judge
        else:
            met, barred, shown = news
            past = lore.past.with_today(day, met=met, shown=shown, barred=barred) if any(news) else None
            judge = lore.matchmaker.then(past=past, moods=moods)
        hub_pairings = hub.pairings if hub is not None else ()
        plan = Plan((*hub_pairings, *today.paired), today.shown, today.closed)
        away = stale | {m for m, mood in moods.items() if mood is Mood.HEADS_DOWN}
        self._now = _Now(lore, hub, memory.version, moods, away, news, plan, judge)
        return self._now

    def planning(
        self, guests: Mapping[MemberId, Guest], directory: Directory, memory: Memory, at: datetime
    ) -> Planning | None:
        """Return what the day's plan is to be completed from; `None` before its hour, or if it was already.

        The args are those of `introduce`.
        """
        day = self._hours.day_of(at)
        if self.lore is None or not self.lore.compared or at < plan_hour(directory.space, self._hours, day):
            return None
        now = self.prepare(guests, directory, memory, day)
        if now is None or any(pairing.origin is Origin.PLAN for pairing in now.plan.pairings):
            return None
        present = frozenset(guests.keys() - now.away)
        return Planning(day, now.plan, now.judge.then(), present, now.lore.rules)

    def _changed_since(self, lore: Lore, directory: Directory) -> frozenset[MemberId]:
        """Return whom the lore does not speak of as they are now: they wait for the next one."""
        known = self._stale
        if known is None or known[0] is not lore or known[1] is not directory:
            before = lore.directory.members
            changed = (m for m, member in directory.members.items() if before.get(m) is not member)
            known = self._stale = (lore, directory, frozenset(changed))
        return known[2]


def _on_cards(
    told: Sequence[tuple[Pairing, Introduction]], shown: Collection[Pair]
) -> list[tuple[Pairing, Introduction]]:
    """Return those that fit on the screen: first pairs that were shown already, then one of each slot."""
    if len(told) <= CARDS_AT_MOST:
        return [*told]
    turns: Counter[Slot] = Counter()
    ranks: dict[int, tuple[bool, int]] = {}
    for place, (pairing, _) in enumerate(told):
        ranks[place] = (pairing.pair not in shown, turns[pairing.slot])
        turns[pairing.slot] += 1
    kept = sorted(ranks, key=lambda place: (ranks[place], place))[:CARDS_AT_MOST]
    return [told[place] for place in sorted(kept)]


def _told(
    visitor: MemberId,
    found: TapPlan,
    plan: Plan,
    judge: Matchmaker,
    memory: Memory,
    day: date,
    weights: Weights,
) -> Chosen:
    """Turn what the planner found into introductions and events, where something true can be said."""
    told: list[tuple[Pairing, Introduction]] = []
    for pairing in found.shown:
        other = pairing.other(visitor)
        introduction = judge.introduction(visitor, other, pairing.slot)
        if introduction is None and pairing.origin is Origin.TABLE:
            introduction = Introduction(other, pairing.slot, HostSays(), pairing.score)
        if introduction is not None:
            told.append((pairing, introduction))
    told = _on_cards(told, plan.shown)
    said: frozenset[Pair] = frozenset(pairing.pair for pairing, _ in told)
    follows: list[Event] = [Paired(pairing) for pairing in found.committed if pairing.pair in said]
    seen = memory.shown_to(visitor, day)
    shown = tuple(Shown(i.member_id, i.slot) for _, i in told if i.member_id not in seen)
    if shown:
        name = "" if weights == Weights() else weights.name
        follows.append(Introduced(visitor, shown, found.weighed, name))
    return Chosen(tuple(i for _, i in told), tuple(follows), found.later)
