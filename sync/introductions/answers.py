"""What came of introductions: the story's answers, each with how it came about.

Pure.  A yes is a meeting, by badge or as one of the two said, and counts for both; "rather not" is the only
no.  What somebody says for themselves, the last time they do, weighs more than what the other one said.
Silence, and "not today", are missing data and never come here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from community.clock import Hours
from community.events import Answer, Answered, Event, Introduced, Met
from community.ids import MemberId
from sync.introductions.history import Moment
from sync.introductions.past import told

REMEMBERED = timedelta(days=10)
"""How long after an introduction a meeting still counts as its outcome."""

LEAST_CHANCE = 0.001
"""An introduction that did happen was not impossible, whatever a kiosk wrote."""


@dataclass(frozen=True, slots=True)
class Said:
    """One person's yes or no about another they were shown."""

    member: MemberId
    other: MemberId
    yes: bool
    chance: float
    """The probability with which the two were shown to each other; above 0."""
    weights: str
    """The name of the setting that scored them."""


@dataclass(frozen=True, slots=True)
class _Shown:
    when: date
    chance: float
    weights: str


def answers(story: Iterable[Moment], hours: Hours) -> dict[date, tuple[Said, ...]]:
    """Return what was said, by the day on which it was said.

    Args:
        story: What happened, oldest first, with who was weighed.
        hours: Tells the space's days.
    """
    shown: dict[tuple[MemberId, MemberId], _Shown] = {}
    found: dict[date, dict[tuple[MemberId, MemberId], Said]] = {}
    themselves: set[tuple[date, MemberId, MemberId]] = set()

    def say(member: MemberId, other: MemberId, when: date, *, yes: bool, own: bool) -> None:
        how = shown.get((member, other)) or shown.get((other, member))
        if how is None or when - how.when > REMEMBERED:
            return
        if own:
            themselves.add((when, member, other))
        elif (when, member, other) in themselves:
            return
        found.setdefault(when, {})[member, other] = Said(member, other, yes, how.chance, how.weights)

    for when, event in told(story, hours):
        if isinstance(event, Introduced):
            chances = {(one.member, one.slot): one.chance for one in event.weighed}
            for one in event.shown:
                chance = max(chances.get((one.member, one.slot), 1.0), LEAST_CHANCE)
                shown[event.member, one.member] = _Shown(when, chance, event.weights)
        for member, other, yes, own in _sayings(event):
            say(member, other, when, yes=yes, own=own)
    return {when: tuple(said.values()) for when, said in sorted(found.items())}


def _sayings(event: Event) -> tuple[tuple[MemberId, MemberId, bool, bool], ...]:
    """Return who says what of whom: member, other, whether it is a yes, whether it is their own word."""
    match event:
        case Met(first=one, second=other) if one != other:
            return ((one, other, True, True), (other, one, True, True))
        case Answered(member=one, other=other, answer=Answer.MET) if one != other:
            return ((one, other, True, True), (other, one, True, False))
        case Answered(member=one, other=other, answer=Answer.RATHER_NOT) if one != other:
            return ((one, other, False, True),)
        case _:
            return ()
