"""Who is to be shown to whom: at a tap, and (in `midday`) for everybody present at the plan's hour.

Pure.  It knows people as ids and asks a `Judge` about them; evaluations bring another judge to the same
planner.  Chance is drawn from a hash of the seed, so the same day goes the same way twice.

The slots are never fused.  Where they compete for one person, or for the last of somebody's cap, a score
counts as a share of the best its own slot has to give.  Who is worth the same in a slot is drawn: nobody wins
every tie by their id.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product

from community.events import Weighed
from community.ids import MemberId
from community.introductions.dayplan import Plan, reconcile
from community.introductions.hopes import Hopes
from community.introductions.judge import SLOTS, Judge, Scores
from community.introductions.lots import lot
from community.introductions.midday import batch
from community.introductions.pairing import Origin, Pairing, pair
from community.introductions.ranking import BestFirst
from community.introductions.rules import PlanRules

__all__ = ["Hopes", "Plan", "PlanRules", "TapPlan", "at_tap", "batch", "reconcile"]

POOL = 5
"""How many of the best admissible people of a slot may be drawn when a choice is left to chance; all of
them are logged as weighed."""

RUNNERS_UP = len(SLOTS)
"""How many of a slot's best can matter when the slots compete: one more than there are other slots."""

LOOKED_AT = 16
"""How many of a visitor's best people in a slot are asked what they themselves could hope for, at most: it
bounds the work of the first tap of a day."""


@dataclass(frozen=True, slots=True)
class TapPlan:
    """What one tap leads to."""

    shown: tuple[Pairing, ...] = ()
    """Whom to show, in the order of the slots, the better first; the committed are among them."""
    committed: tuple[Pairing, ...] = ()
    """The new ones: they join the plan."""
    weighed: tuple[Weighed, ...] = ()
    """Everybody who could have been shown, with the true probability of it.  It is that of the choice made in
    this slot given the slots before, and given how ties fell; a pairing of the plan has the one with which it
    came there."""
    later: bool = False
    """Whether something may come after the plan's hour."""


@dataclass(slots=True)
class _Tap:
    """What is known during one tap, and what is left of everybody's room."""

    visitor: MemberId
    others: Sequence[MemberId]
    scores: Scores
    plan: Plan
    rules: PlanRules
    hopes: Hopes | None
    """`None` after the hour: then nothing is held back."""
    here: frozenset[MemberId]
    capacity: int
    room: list[int]
    taken: set[int]
    """Places in `others` that are in the visitor's plan already."""
    order: Sequence[BestFirst]
    """For each slot, the places that score at all."""


def at_tap(
    visitor: MemberId,
    plan: Plan,
    judge: Judge,
    present: Collection[MemberId],
    regulars: Collection[MemberId],
    rules: PlanRules,
    *,
    hour_passed: bool,
    hopes: Hopes | None = None,
) -> TapPlan:
    """Choose whom a visitor is shown.

    Args:
        visitor: Who tapped.
        plan: The day's plan so far.
        judge: Scores.
        present: Everybody present, in any order; the visitor may be among them.
        regulars: Members who usually come on such a day.
        rules: Caps and shares.
        hour_passed: Whether the plan of the day was completed: nothing is held back any more.
        hopes: The day's cache, made from regulars; made for this tap from `regulars` and those present if
            `None`.

    Returns:
        First the plan's own pairings with people who are present and still score, those shown before
        them all; then new ones where both have room left.  Nobody is shown more than their cap, however
        plans came together.
    """
    here = frozenset(present) | {visitor}
    others = sorted(here - {visitor})
    scores = judge.row(visitor, others)
    place = {
        other: at
        for other in (pairing.other(visitor) for pairing in plan.of(visitor))
        if (at := bisect_left(others, other)) < len(others) and others[at] == other
    }
    standing = _still_good(visitor, plan, scores, place, rules)
    gone = sum(p.pair in plan.shown for p in plan.of(visitor)) - sum(p.pair in plan.shown for p in standing)
    if hopes is None and not hour_passed:
        hopes = Hopes(judge, {*regulars, *here}, rules.seed)
    tap = _Tap(
        visitor,
        others,
        scores,
        plan,
        rules,
        None if hour_passed else hopes,
        here,
        capacity=rules.cap_of(visitor) - len(standing) - gone,
        room=[rules.per_slot - sum(p.slot is slot for p in standing) for slot in SLOTS],
        taken={place[p.other(visitor)] for p in plan.of(visitor) if p.other(visitor) in place},
        order=[BestFirst(row, visitor, others, rules.seed) for row in scores],
    )
    weighed = [
        Weighed(
            p.other(visitor),
            p.slot,
            _in_range(scores[SLOTS.index(p.slot), place[p.other(visitor)]]),
            p.chance,
        )
        for p in standing
    ]
    committed: list[Pairing] = []
    while tap.capacity > 0 and (found := _round(tap, judge, weighed)):
        committed += found
    return TapPlan(
        tuple(sorted((*standing, *committed), key=lambda p: _better_first(p, rules))),
        tuple(committed),
        tuple(weighed),
        later=tap.hopes is not None and _something_left(tap, tap.hopes),
    )


def _still_good(
    visitor: MemberId, plan: Plan, scores: Scores, place: dict[MemberId, int], rules: PlanRules
) -> list[Pairing]:
    """Return the plan's pairings that can be shown now, those shown before first."""
    alive = []
    for pairing in plan.of(visitor):
        at = place.get(pairing.other(visitor))
        if at is None or pairing.pair in plan.closed:
            continue
        row = scores[:, at] if pairing.origin is Origin.TABLE else scores[SLOTS.index(pairing.slot), at]
        if row.max() > 0:
            alive.append(pairing)
    alive.sort(key=lambda p: (p.pair not in plan.shown, _better_first(p, rules)))
    room = rules.cap_of(visitor) - plan.shown_load(visitor)
    kept = []
    for pairing in alive:
        if pairing.pair not in plan.shown:
            other = pairing.other(visitor)
            if room <= 0 or plan.shown_load(other) >= rules.cap_of(other):
                continue
            room -= 1
        kept.append(pairing)
    return kept


def _better_first(pairing: Pairing, rules: PlanRules) -> tuple[int, float, float]:
    """Return an order by slot and score; what is worth the same is drawn."""
    return (SLOTS.index(pairing.slot), -pairing.score, lot(rules.seed, *pairing.pair))


def _round(tap: _Tap, judge: Judge, weighed: list[Weighed]) -> list[Pairing]:
    """Fill each slot that has room once, in order; note who was weighed."""
    slots = [slot for slot, room in enumerate(tap.room) if room > 0]
    pools = {slot: _pool(tap, slot) for slot in slots}
    chosen = []
    for at, slot in enumerate(slots):
        wanted = _share_out(tap, slots[at:], pools)
        pool = [one for one in pools[slot] if one not in tap.taken][:POOL]
        best = wanted[0]
        place, chances = _draw(tap, slot, pool, best)
        weighed += [
            Weighed(tap.others[one], SLOTS[slot], _in_range(tap.scores[slot, one]), chance)
            for one, chance in zip(pool, chances, strict=True)
        ]
        if place is not None:
            chosen.append(_pairing(tap, judge, slot, place, chances[pool.index(place)]))
            tap.taken.add(place)
            tap.capacity -= 1
            tap.room[slot] -= 1
    return chosen


def _pool(tap: _Tap, slot: int) -> list[int]:
    """Return the best admissible people of a slot, as many as can matter."""
    reserve = tap.rules.reserve
    least = 0.0 if tap.hopes is None else tap.hopes.least(tap.visitor, slot, reserve)
    found: list[int] = []
    looked = 0
    for place in tap.order[slot]:
        score = float(tap.scores[slot, place])
        if score < least or len(found) == POOL + RUNNERS_UP or looked == LOOKED_AT:
            break
        if place in tap.taken or not _has_room(tap, slot, tap.others[place]):
            continue
        if tap.hopes is not None:
            looked += 1
            if score < tap.hopes.least(tap.others[place], slot, reserve):
                continue
        found.append(place)
    return found


def _has_room(tap: _Tap, slot: int, other: MemberId) -> bool:
    if not tap.plan.of(other):
        return tap.rules.cap_of(other) > 0
    return (
        tap.plan.load(other, tap.here) < tap.rules.cap_of(other)
        and tap.plan.open_in(other, SLOTS[slot], tap.here) < tap.rules.per_slot
    )


def _share_out(tap: _Tap, slots: Sequence[int], pools: dict[int, list[int]]) -> tuple[int | None, ...]:
    """Return the best choice for these slots together: nobody twice, no more than the visitor has room for.

    A score counts as a share of the best in its own slot; the earlier slot wins a tie.
    """
    tops = [next((place for place in pools[slot] if place not in tap.taken), None) for slot in slots]
    found = [place for place in tops if place is not None]
    if len(set(found)) == len(found) <= tap.capacity:
        return tuple(tops)
    options: list[list[tuple[float, int | None]]] = []
    for slot in slots:
        pool = pools[slot]
        free = [place for place in pool if place not in tap.taken][:RUNNERS_UP]
        best = float(tap.scores[slot, pool[0]]) if pool else 1.0
        options.append([*((float(tap.scores[slot, place]) / best, place) for place in free), (0.0, None)])
    worth = -1.0
    chosen: tuple[int | None, ...] = ()
    for choice in product(*options):
        places = [place for _, place in choice if place is not None]
        if len(places) > tap.capacity or len(set(places)) < len(places):
            continue
        value = round(sum(share for share, _ in choice), 9)
        if value > worth:
            worth, chosen = value, tuple(place for _, place in choice)
    return chosen


def _draw(tap: _Tap, slot: int, pool: Sequence[int], best: int | None) -> tuple[int | None, list[float]]:
    """Return who is chosen, and with which probability each of the pool would have been."""
    explore = tap.rules.explore if best is not None and len(pool) > 1 else 0.0
    chances = [explore / len(pool) + (1 - explore) * (place == best) for place in pool]
    if best is None:
        return None, [0.0 for _ in pool]
    drawn = lot(tap.rules.seed, tap.visitor, SLOTS[slot].value, str(len(tap.taken)))
    if drawn >= explore:
        return best, chances
    return pool[int(drawn / explore * len(pool))], chances


def _pairing(tap: _Tap, judge: Judge, slot: int, place: int, chance: float) -> Pairing:
    other = tap.others[place]
    return Pairing(
        *pair(tap.visitor, other),
        SLOTS[slot],
        judge.seeker(tap.visitor, other, SLOTS[slot]),
        _in_range(tap.scores[slot, place]),
        chance,
        Origin.TAP,
    )


def _something_left(tap: _Tap, hopes: Hopes) -> bool:
    """Say whether a slot is open for which somebody is here, or could come."""
    return tap.capacity > 0 and any(
        room > 0
        and (any(place not in tap.taken for place in tap.order[slot]) or hopes.best(tap.visitor, slot) > 0)
        for slot, room in enumerate(tap.room)
    )


def _in_range(score: float) -> float:
    """Return a judge's number as a plain one: a rounding above 1 would not pass the wire."""
    return min(1.0, float(score))
