"""What came of introductions: the story's answers, each with how it came about.

Pure.  A yes is a meeting, by badge or as one of the two said, and counts for both; "rather not" is the only
no.  Silence, and "not today", are missing data and never come here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from community.clock import Hours
from community.events import Answer, Answered, Introduced, Met
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

    def say(member: MemberId, other: MemberId, when: date, *, yes: bool) -> None:
        how = shown.get((member, other)) or shown.get((other, member))
        if how is not None and when - how.when <= REMEMBERED:
            today = found.setdefault(when, {})
            before = today.get((member, other))
            if before is None or yes or not before.yes:
                today[member, other] = Said(member, other, yes, how.chance, how.weights)

    for when, event in told(story, hours):
        match event:
            case Introduced(member=member, shown=people, weighed=weighed, weights=weights):
                chances = {(one.member, one.slot): one.chance for one in weighed}
                for one in people:
                    chance = max(chances.get((one.member, one.slot), 1.0), LEAST_CHANCE)
                    shown[member, one.member] = _Shown(when, chance, weights)
            case Met(first=first, second=second) if first != second:
                say(first, second, when, yes=True)
                say(second, first, when, yes=True)
            case Answered(member=member, other=other, answer=Answer.MET) if member != other:
                say(member, other, when, yes=True)
                say(other, member, when, yes=True)
            case Answered(member=member, other=other, answer=Answer.RATHER_NOT) if member != other:
                say(member, other, when, yes=False)
            case _:
                pass
    return {when: tuple(said.values()) for when, said in sorted(found.items())}
