"""What is known of people and between people from before, ready to be asked pair by pair.

Pure.  `PersonPast` is how it travels; this is how it is read.  The hub knows the days before today; whoever
knows more of today (a kiosk's own log) lays it over with `with_today`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from community.ids import MemberId
from community.introductions.pairing import Pair, PairPast, PersonPast

_NOTHING: Mapping[MemberId, PairPast] = {}


@dataclass(frozen=True, slots=True)
class Past:
    """The past as it stands; empty on a first day.  Lives until the next feed, or until more is laid over."""

    people: Mapping[MemberId, PersonPast] = field(default_factory=dict)
    between: Mapping[MemberId, Mapping[MemberId, PairPast]] = field(default_factory=dict)
    """Everything between one person and others; each pair stands on both sides, one object for both."""
    base: "Past | None" = None
    """What today was laid over; what was computed of it holds for everybody but `changed`."""
    changed: frozenset[MemberId] = frozenset()

    @classmethod
    def of(cls, people: Iterable[PersonPast]) -> "Past":
        """Return the past these records tell; a pair that stands on both sides counts once."""
        known: dict[MemberId, PersonPast] = {}
        between: dict[MemberId, dict[MemberId, PairPast]] = {}
        for person in people:
            known[person.member] = person
            for found in person.pairs:
                if found.other != person.member:
                    mine = between.setdefault(person.member, {})
                    both = _joined(mine.get(found.other), found)
                    mine[found.other] = both
                    between.setdefault(found.other, {})[person.member] = both
        return cls(known, between)

    def with_today(
        self,
        day: date,
        *,
        met: Iterable[Pair] = (),
        shown: Iterable[Pair] = (),
        barred: Iterable[Pair] = (),
    ) -> "Past":
        """Return this past with what is known of today laid over it.

        Lay everything over the same past each time, never today over today: what was taken back is then
        simply left out.

        Args:
            day: Today.
            met: Pairs who met today.
            shown: Pairs who were shown to each other today.
            barred: Pairs of whom one would rather not.
        """
        people = dict(self.people)
        between: dict[MemberId, Mapping[MemberId, PairPast]] = dict(self.between)
        changed: set[MemberId] = set()

        def lay(one: MemberId, other: MemberId, news: PairPast) -> None:
            if one == other:
                return
            known = between.get(one, _NOTHING).get(other)
            both = _joined(known, news)
            for mine, theirs in ((one, other), (other, one)):
                changed.add(mine)
                between[mine] = {**between.get(mine, _NOTHING), theirs: both}
                if both.met is not None and (known is None or known.met is None):
                    person = people.get(mine, PersonPast(mine))
                    people[mine] = msgspec.structs.replace(person, ties=person.ties + 1)

        for one, other in met:
            lay(one, other, PairPast(other, met=day))
        for one, other in shown:
            lay(one, other, PairPast(other, shown=day))
        for one, other in barred:
            lay(one, other, PairPast(other, barred=True))
        return Past(people, between, base=self, changed=frozenset(changed))

    def person(self, member: MemberId) -> PersonPast:
        """Return what is known of one person; somebody never heard of has an empty past."""
        return self.people.get(member) or PersonPast(member)

    def around(self, member: MemberId) -> Mapping[MemberId, PairPast]:
        """Return everything known between one person and others, by the other's id."""
        return self.between.get(member, _NOTHING)

    def pair(self, one: MemberId, other: MemberId) -> PairPast:
        """Return what is known between two people; its `other` may be either of them."""
        return self.around(one).get(other) or PairPast(other)

    def met(self, one: MemberId, other: MemberId) -> date | None:
        """Return the last day two people met, or `None`."""
        return self.pair(one, other).met

    def shown(self, one: MemberId, other: MemberId) -> date | None:
        """Return the last day two people were shown to each other, or `None`."""
        return self.pair(one, other).shown

    def barred(self, one: MemberId, other: MemberId) -> bool:
        """Say whether one of the two would rather not meet the other."""
        return self.pair(one, other).barred

    def ties(self, member: MemberId) -> int:
        """Return how many different people somebody met, today's included."""
        return self.person(member).ties

    def weekdays(self, member: MemberId) -> tuple[int, ...]:
        """Return somebody's visits of the last eight weeks by weekday, Monday first; always seven numbers."""
        return (*self.person(member).weekdays, *([0] * 7))[:7]


def _joined(known: PairPast | None, news: PairPast) -> PairPast:
    """Return what two records of one pair say together."""
    if known is None:
        return news
    return PairPast(
        known.other,
        met=_later(known.met, news.met),
        shown=_later(known.shown, news.shown),
        times=max(known.times, news.times),
        barred=known.barred or news.barred,
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)
