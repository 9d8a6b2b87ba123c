"""Choose whom a member who has just tapped should meet, among the people present.

Pure.  Hard filters first, then one score per slot, then the slots are filled without
replacement.  The same room always gives the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from community.ids import MemberId
from community.introductions.fit import Fit
from community.introductions.introduction import Introduction
from community.introductions.pairing import pair
from community.introductions.reasons import BothLike, NewHere, Reason, TheyKnow, TheyNeed, TheyOffer
from community.introductions.slots import Slot
from community.members import Member, Mood

LEAST_FIT = 0.34
"""Fit below which nothing is given as a reason: about one telling word in three shared."""

LEAST_COVERAGE = 0.5
"""How much of a need a trade or interest must speak of to count as knowing about it: "ceramics" is
no advice on "photos of my ceramics for spring"."""

SHOWN_A_DAY = 3
"""How often one person is suggested to others in a day: popular people have work to do too."""

REST_DAYS = 10
"""Days before a pair that was shown is shown again."""

NEW_FOR_DAYS = 21
"""Days for which somebody counts as new here."""

NEW_HERE_SCORE = 0.3
"""A newcomer as neighbour stands below a full shared interest and above a faint one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody present now."""

    member: Member
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened between people before; empty on a first day."""

    last_shown: Mapping[tuple[MemberId, MemberId], date] = field(default_factory=dict)
    """The last day a pair was shown, keyed by `pair()`."""
    met: frozenset[tuple[MemberId, MemberId]] = frozenset()
    """Pairs who have met, as `pair()`."""
    shown_today: Mapping[MemberId, int] = field(default_factory=dict)
    """How often each member was suggested to somebody today."""


def introduce(
    visitor: Member,
    present: Sequence[Candidate],
    history: History,
    today: date,
    fit: Fit | None = None,
) -> tuple[Introduction, ...]:
    """Choose whom to introduce to a member who has just tapped.

    Args:
        visitor: Who tapped.
        present: Everyone now present, in any order; the visitor may be among them.
        history: What was shown and who met before.
        today: The space's day.
        fit: `fit_of` everybody who belongs here, kept between taps; made from the people present
            if `None`.

    Returns:
        At most one introduction a slot, in the order partner, advice, neighbour; empty if
        nobody fits, or the visitor did not agree to introductions or is not named to members: both
        people of a pair are shown each other, or neither.  Ties go to the person
        suggested less often today, then to the smaller id.
    """
    if not visitor.may_be_introduced:
        return ()
    fit = fit or fit_of((visitor, *(c.member for c in present)))
    mine, languages = _items(visitor), frozenset(visitor.languages)
    candidates = [
        c.member
        for c in present
        if (fit.touches(mine, _items(c.member)) or _is_new(c.member, today))
        and not languages.isdisjoint(c.member.languages)
        and _may_meet(visitor, c, history, today)
    ]
    chosen: list[Introduction] = []
    taken: set[MemberId] = set()
    for slot in Slot:
        found = _best(slot, visitor, (c for c in candidates if c.id not in taken), fit, history, today)
        if found is not None:
            chosen.append(found)
            taken.add(found.member_id)
    return tuple(chosen)


def fit_of(members: Iterable[Member]) -> Fit:
    """Return the measure tuned to everything these members say of themselves."""
    return Fit(item for member in members for item in _items(member))


def _may_meet(visitor: Member, candidate: Candidate, history: History, today: date) -> bool:
    """Say whether every hard filter but that of a common language lets the two be introduced."""
    other = candidate.member
    between = pair(visitor.id, other.id)
    shown = history.last_shown.get(between)
    return (
        other.id != visitor.id
        and other.may_be_introduced
        and candidate.mood is not Mood.HEADS_DOWN
        and between not in history.met
        and history.shown_today.get(other.id, 0) < SHOWN_A_DAY
        and (shown is None or shown == today or (today - shown).days > REST_DAYS)
    )


def _best(
    slot: Slot, visitor: Member, candidates: Iterable[Member], fit: Fit, history: History, today: date
) -> Introduction | None:
    scored = (
        Introduction(other.id, slot, reason, score)
        for other in candidates
        for score, reason in _reasons(slot, visitor, other, fit, today)
    )
    return min(
        scored,
        key=lambda i: (-round(i.score, 6), history.shown_today.get(i.member_id, 0), i.member_id),
        default=None,
    )


def _reasons(
    slot: Slot, visitor: Member, other: Member, fit: Fit, today: date
) -> Iterable[tuple[float, Reason]]:
    """Yield every reason of one slot that is true of these two, with its score in 0..1."""
    if slot is not Slot.NEIGHBOUR and not fit.touches(visitor.needs + visitor.offers, _items(other)):
        return
    match slot:
        case Slot.PARTNER:
            if visitor.company and visitor.company == other.company:
                return
            for score, need, offer in _fits(fit, visitor.needs, other.offers):
                yield score, TheyOffer(need, offer)
            for score, need, offer in _fits(fit, other.needs, visitor.offers):
                yield score, TheyNeed(need, offer)
        case Slot.ADVICE:
            known = (*other.interests, other.trade) if other.trade else other.interests
            yield from _known(fit, visitor.needs, known)
        case Slot.NEIGHBOUR:
            yield from _common_ground(visitor, other, fit, today)
        case _:
            assert_never(slot)


def _common_ground(
    visitor: Member, other: Member, fit: Fit, today: date
) -> Iterable[tuple[float, BothLike | NewHere]]:
    if fit.touches(visitor.interests, other.interests):
        for score, mine, theirs in _fits(fit, visitor.interests, other.interests):
            yield score, BothLike(mine, theirs)
    if other.joined is not None and _is_new(other, today):
        yield NEW_HERE_SCORE, NewHere(other.joined)


def _is_new(member: Member, today: date) -> bool:
    return member.joined is not None and 0 <= (today - member.joined).days <= NEW_FOR_DAYS


def _fits(fit: Fit, ours: Iterable[str], theirs: Sequence[str]) -> Iterable[tuple[float, str, str]]:
    for one in ours:
        for other in theirs:
            score = fit.between(one, other)
            if score >= LEAST_FIT:
                yield score, one, other


def _known(fit: Fit, needs: Iterable[str], known: Sequence[str]) -> Iterable[tuple[float, TheyKnow]]:
    for need in needs:
        for knows in known:
            score = fit.coverage(need, by=knows)
            if score >= LEAST_COVERAGE:
                yield score, TheyKnow(need, knows)


def _items(member: Member) -> tuple[str, ...]:
    return (*member.needs, *member.offers, *member.interests, member.trade)
