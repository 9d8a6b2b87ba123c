"""The day's plan as it stands: who is to be shown whom, who was, and what is settled.

Pure, and immutable.  The hub owns the plan; a kiosk that is cut off goes on alone and the two are joined
again by `reconcile`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from community.ids import MemberId
from community.introductions.lots import lot
from community.introductions.pairing import Pair, Pairing
from community.introductions.rules import PlanRules
from community.introductions.slots import Slot

_SLOTS = tuple(Slot)

_UNREAD: Mapping[MemberId, tuple[Pairing, ...]] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """One day's pairings; a pair stands in it once."""

    pairings: tuple[Pairing, ...] = ()
    shown: frozenset[Pair] = frozenset()
    """Pairs of whom one was shown the other already: they count against the caps of both, whoever left."""
    closed: frozenset[Pair] = frozenset()
    """Pairs who met or answered today: they are not shown again today, and leave their slot free."""
    _of: Mapping[MemberId, tuple[Pairing, ...]] = field(
        default_factory=lambda: _UNREAD, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self._of is not _UNREAD:
            return
        once: dict[Pair, Pairing] = {}
        found: dict[MemberId, list[Pairing]] = {}
        for pairing in self.pairings:
            if once.setdefault(pairing.pair, pairing) is pairing:
                found.setdefault(pairing.first, []).append(pairing)
                found.setdefault(pairing.second, []).append(pairing)
        object.__setattr__(self, "pairings", tuple(once.values()))
        object.__setattr__(self, "_of", {member: tuple(some) for member, some in found.items()})

    def of(self, member: MemberId) -> tuple[Pairing, ...]:
        """Return one person's pairings, in the order in which they came."""
        return self._of.get(member, ())

    def has(self, pair: Pair) -> bool:
        """Say whether two people are in the plan together."""
        return any(pairing.pair == pair for pairing in self.of(pair[0]))

    def load(self, member: MemberId, present: Collection[MemberId] | None = None) -> int:
        """Return how many pairings count against one person's cap.

        Args:
            member: Who.
            present: Who is present: a pairing with somebody who left before either was shown the other
                counts no more.  Everybody if `None`.
        """
        return sum(
            present is None or pairing.other(member) in present or pairing.pair in self.shown
            for pairing in self.of(member)
        )

    def shown_load(self, member: MemberId) -> int:
        """Return how many of one person's pairings were shown to either of the two."""
        return sum(pairing.pair in self.shown for pairing in self.of(member))

    def open_in(self, member: MemberId, slot: Slot, present: Collection[MemberId] | None = None) -> int:
        """Return how many of one person's pairings of a slot are not settled, with people who are present."""
        return sum(
            pairing.slot is slot
            and pairing.pair not in self.closed
            and (present is None or pairing.other(member) in present)
            for pairing in self.of(member)
        )

    def with_(self, *pairings: Pairing) -> "Plan":
        """Return the plan with more pairings; a pair that stands in it already stays as it is."""
        new: dict[Pair, Pairing] = {}
        found = dict(self._of)
        for pairing in pairings:
            if not self.has(pairing.pair) and new.setdefault(pairing.pair, pairing) is pairing:
                for one in pairing.pair:
                    found[one] = (*found.get(one, ()), pairing)
        return replace(self, pairings=(*self.pairings, *new.values()), _of=found) if new else self

    def with_shown(self, pairs: Iterable[Pair]) -> "Plan":
        """Return the plan with these pairs shown."""
        return replace(self, shown=self.shown.union(pairs))

    def with_closed(self, pairs: Iterable[Pair]) -> "Plan":
        """Return the plan with these pairs settled."""
        return replace(self, closed=self.closed.union(pairs))


def reconcile(hub: Plan, kiosk: Plan, shown: Collection[Pair], rules: PlanRules) -> Plan:
    """Join two plans of one day that went on apart.

    Pairs that were shown stay, whatever the caps; of the others the better stay while both people have room.
    What is better is told inside a slot: by the share of the slot's other pairings that score less.

    Args:
        hub: One plan.
        kiosk: The other; which is which makes no difference.
        shown: Pairs known to have been shown, besides those the plans know of.
        rules: The caps, and the seed from which is drawn which of equal pairs stays.

    Returns:
        The same for the same pairings in any order; joined again with either, it stays as it is unless that
        brings back what went.
    """
    seen = hub.shown | kiosk.shown | frozenset(shown)
    closed = hub.closed | kiosk.closed
    once: dict[Pair, Pairing] = {}
    for pairing in sorted((*hub.pairings, *kiosk.pairings), key=_facts):
        once.setdefault(pairing.pair, pairing)
    standing = _standing(once.values())
    loads: Counter[MemberId] = Counter()
    rooms: Counter[tuple[MemberId, Slot]] = Counter()
    kept = []
    for pairing in sorted(
        once.values(),
        key=lambda p: (
            p.pair not in seen,
            -standing[p.pair],
            _SLOTS.index(p.slot),
            lot(rules.seed, *p.pair),
        ),
    ):
        both = pairing.pair
        if both not in seen and any(
            loads[one] >= rules.cap_of(one)
            or (both not in closed and rooms[one, pairing.slot] >= rules.per_slot)
            for one in both
        ):
            continue
        kept.append(pairing)
        loads.update(both)
        if both not in closed:
            rooms.update((one, pairing.slot) for one in both)
    return Plan(tuple(sorted(kept, key=_facts)), seen, closed)


def _standing(pairings: Iterable[Pairing]) -> dict[Pair, float]:
    """Return for each pair the share of its slot's pairings that score less."""
    by_slot: dict[Slot, list[Pairing]] = {}
    for pairing in pairings:
        by_slot.setdefault(pairing.slot, []).append(pairing)
    return {
        pairing.pair: sum(other.score < pairing.score for other in some) / len(some)
        for some in by_slot.values()
        for pairing in some
    }


def _facts(pairing: Pairing) -> tuple[Pair, int, float, str, float, str]:
    """Return an order that knows no plan: for one pair, the earlier slot and the higher score first."""
    return (
        pairing.pair,
        _SLOTS.index(pairing.slot),
        -pairing.score,
        pairing.seeks or "",
        -pairing.chance,
        pairing.origin.value,
    )
