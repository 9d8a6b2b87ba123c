"""What introductions are decided from, as long as the day and the people are the same.

Pure.  Making it takes milliseconds for hundreds of members and seconds for thousands: it is made beside the
event loop, and a tap only looks things up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from community.ids import MemberId
from community.introductions.dayplan import per_slot_of
from community.introductions.ground import Ground
from community.introductions.matchmaker import Matchmaker
from community.introductions.pairing import Pair, PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.planner import Hopes, PlanRules, asked_less
from kiosk.core.directory import Directory

OFTEN = 2
"""Visits on one weekday in eight weeks from which on somebody usually comes that day; as on the hub."""


@dataclass(frozen=True, slots=True, eq=False)
class Lore:
    """What is known for one day.  Lives until the day, or what it was made from, changes."""

    day: date
    directory: Directory
    """As it was when this was made."""
    ground: Ground
    past: Past
    """The days before."""
    matchmaker: Matchmaker
    hopes: Hopes
    rules: PlanRules

    def holds(self, directory: Directory, day: date) -> bool:
        """Say whether nothing that matters here is different in a directory, on a day."""
        mine = self.directory
        if directory is mine:
            return day == self.day
        return (
            self._same_ground(directory, day)
            and mine.past == directory.past
            and mine.weights == directory.weights
            and mine.space.shown_a_day == directory.space.shown_a_day
        )

    def ground_for(self, directory: Directory, day: date) -> Ground | None:
        """Return the ground if it is still true of a directory, on a day."""
        return self.ground if self._same_ground(directory, day) else None

    def _same_ground(self, directory: Directory, day: date) -> bool:
        mine = self.directory
        return (
            day == self.day
            and mine.members == directory.members
            and mine.words == directory.words
            and mine.text == directory.text
        )


def lore_of(
    directory: Directory, day: date, seed: str, earlier: Mapping[Pair, PairPast], before: Lore | None = None
) -> Lore:
    """Make the lore of a day.

    Args:
        directory: What the hub said.
        day: The space's day.
        seed: The space's name: what chance is drawn from, together with the day.
        earlier: What this kiosk's own log says of the days before, should the hub not know yet.
        before: The lore so far; what is still true of it is taken over.
    """
    ground = before.ground_for(directory, day) if before is not None else None
    if ground is None:
        ground = Ground.of(directory.members.values(), directory.words, directory.text, day)
    past = Past.of(_with_earlier(directory.past, earlier))
    weights = directory.weights
    matchmaker = Matchmaker.of(directory.members.values(), ground, past, day, weights=weights)
    cap = directory.space.shown_a_day
    rules = PlanRules(
        cap=cap,
        per_slot=per_slot_of(cap),
        explore=weights.explore,
        seed=f"{seed} {day.isoformat()}",
        caps=asked_less({m: person.unanswered for m, person in directory.past.items()}, cap),
    )
    regulars = [
        member.id
        for member in directory.members.values()
        if member.may_be_introduced and past.weekdays(member.id)[day.weekday()] >= OFTEN
    ]
    return Lore(day, directory, ground, past, matchmaker, Hopes(matchmaker, regulars, rules.seed), rules)


def _with_earlier(
    people: Mapping[MemberId, PersonPast], earlier: Mapping[Pair, PairPast]
) -> tuple[PersonPast, ...]:
    """Return the past of everybody, with what this kiosk's own log adds."""
    own: dict[MemberId, list[PairPast]] = {}
    for (first, _second), between in earlier.items():
        own.setdefault(first, []).append(between)
    known = {**{member: PersonPast(member) for member in own}, **people}
    return tuple(
        msgspec.structs.replace(person, pairs=(*person.pairs, *own[member])) if member in own else person
        for member, person in known.items()
    )
