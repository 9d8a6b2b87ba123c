"""Why two people are, or are not, introduced to each other: everything the matchmaker weighed, as data.

Pure.  For whoever runs the place, never for a screen at the door: it may say that somebody avoids somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from community.ids import MemberId
from community.introductions.acceptance import FEATURES, Features, cut
from community.introductions.filters import Bar, barred_slots, bars
from community.introductions.introduction import Introduction
from community.introductions.judge import SLOTS
from community.introductions.matchmaker import CATCHING_UP, Matchmaker
from community.introductions.moment import Terms
from community.introductions.slots import Slot
from community.introductions.sparse import Numbers


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was weighed."""

    name: str
    value: float
    weight: float

    @property
    def counts(self) -> float:
        """What it adds."""
        return self.value * self.weight


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How likely one of the two says yes to the other."""

    terms: tuple[Term, ...]
    """They add up to the logit; the intercept first."""
    probability: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pair stands for one of the two; filled in by whoever knows the plan."""

    rank: int
    """1 is the best of all they could be shown in this slot."""
    out_of: int
    threshold: float
    """The score from which on a pair is shown at a tap."""


@dataclass(frozen=True, slots=True)
class SlotCase:
    """What speaks for the pair in one slot."""

    slot: Slot
    score: float
    barred: tuple[Bar, ...]
    """The bars that close this slot."""
    terms: tuple[Term, ...]
    """What the slot's own part is made of: the greater of two directions, or for a neighbour a sum, of which
    1 - exp(-sum) counts."""
    factors: tuple[tuple[str, float], ...]
    """What that is multiplied with, by name."""
    for_one: Introduction | None
    """What the first of the two would read."""
    for_other: Introduction | None
    place_of_one: Place | None = None
    place_of_other: Place | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one pair."""

    one: MemberId
    other: MemberId
    bars: tuple[Bar, ...]
    acceptance_of_one: Acceptance | None = None
    """`None` if one of the two is no member."""
    acceptance_of_other: Acceptance | None = None
    slots: tuple[SlotCase, ...] = ()
    """In the order of the slots; empty if one of the two is no member."""


def explain(
    matchmaker: Matchmaker,
    one: MemberId,
    other: MemberId,
    places: Mapping[tuple[Slot, MemberId], Place] | None = None,
) -> Explanation:
    """Explain one pair.

    Args:
        matchmaker: As things stand.
        one: Either of the two.
        other: The other.
        places: What the planner knows: where the pair stands in a slot for each of the two.
    """
    crowd, past = matchmaker.crowd, matchmaker.standing.past
    index = crowd.index
    members = [crowd.members[index[who]] if who in index else None for who in (one, other)]
    found = bars(members[0], members[1], matchmaker.moods, past.pair(one, other), crowd.day)
    terms = matchmaker.terms(one, other)
    if terms is None:
        return Explanation(one, other, found)
    known = places or {}
    scores = matchmaker.row(one, [other])[:, 0]
    cases = tuple(
        SlotCase(
            slot,
            float(score),
            tuple(bar for bar in found if slot in barred_slots([bar])),
            _own_part(slot, matchmaker, terms),
            _factors(slot, terms),
            matchmaker.introduction(one, other, slot),
            matchmaker.introduction(other, one, slot),
            known.get((slot, one)),
            known.get((slot, other)),
        )
        for slot, score in zip(SLOTS, scores, strict=True)
    )
    return Explanation(
        one,
        other,
        found,
        _acceptance(matchmaker, terms.mine, terms.my_yes),
        _acceptance(matchmaker, terms.theirs, terms.their_yes),
        cases,
    )


def _acceptance(matchmaker: Matchmaker, features: Features, probability: Numbers) -> Acceptance:
    weights = matchmaker.weights
    values = features.stacked()[0, 0]
    terms = (
        Term("intercept", 1.0, cut(weights.intercept)),
        *(
            Term(name, float(value), cut(getattr(weights, name)))
            for name, value in zip(FEATURES, values, strict=True)
        ),
    )
    return Acceptance(terms, _number(probability))


def _own_part(slot: Slot, matchmaker: Matchmaker, terms: Terms) -> tuple[Term, ...]:
    match slot:
        case Slot.PARTNER:
            return (
                Term("answers_one", _number(terms.my_need), 1.0),
                Term("answers_other", _number(terms.their_need), 1.0),
            )
        case Slot.ADVICE:
            return (
                Term("advises_one", _number(terms.my_question), 1.0),
                Term("advises_other", _number(terms.their_question), 1.0),
            )
        case Slot.NEIGHBOUR:
            return tuple(
                Term(name, _number(values), cut(getattr(matchmaker.weights, name)))
                for name, values in terms.warmth.items()
            )
        case _:
            assert_never(slot)


def _factors(slot: Slot, terms: Terms) -> tuple[tuple[str, float], ...]:
    factors = (("reciprocal", _number(terms.reciprocal)), ("novelty", _number(terms.novelty)))
    if slot is Slot.NEIGHBOUR:
        again = 1.0 if terms.unmet[0, 0] else CATCHING_UP
        return (*factors, ("true_reason", float(terms.reason[0, 0])), ("first_meeting", again))
    return factors


def _number(values: Numbers) -> float:
    """Return the number of the one pair the terms are about."""
    return float(values[0, 0])
