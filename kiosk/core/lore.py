"""What introductions are decided from, as long as the day and the people are the same.

Pure.  Making it takes milliseconds for hundreds of members and many seconds for thousands: it is made beside
the event loop, and a tap only looks things up.  `first_lore` is there sooner, and knows less.  Of a changed
directory only who changed is compared anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import msgspec

from community.ids import MemberId
from community.introductions.ground import Ground
from community.introductions.matchmaker import Matchmaker
from community.introductions.pairing import Pair, PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.planner import Hopes, PlanRules
from community.introductions.rules import regulars, rules_of
from kiosk.core.directory import Directory


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
    compared: bool = True
    """Whether what people wrote was compared; until then nobody is shown what answers what."""

    def holds(self, directory: Directory, day: date) -> bool:
        """Say whether nothing that matters here is different in a directory, on a day."""
        mine = self.directory
        if directory is mine:
            return self.compared and day == self.day
        return (
            self.holds_people(directory, day)
            and mine.past == directory.past
            and mine.weights == directory.weights
            and mine.space.shown_a_day == directory.space.shown_a_day
        )

    def holds_people(self, directory: Directory, day: date) -> bool:
        """Say whether everybody was compared, and wrote the same, in a directory and on a day."""
        mine = self.directory
        return (
            self.compared
            and day == self.day
            and mine.members == directory.members
            and mine.words == directory.words
            and mine.text == directory.text
        )


def lore_of(
    directory: Directory, day: date, space: str, earlier: Mapping[Pair, PairPast], before: Lore | None = None
) -> Lore:
    """Make the lore of a day.

    Args:
        directory: What the hub said.
        day: The space's day.
        space: The space's id: what chance is drawn from, together with the day.
        earlier: What this kiosk's own log says of the days before, should the hub not know yet.
        before: The lore so far; what is still true of it is taken over.
    """
    ground = _ground_of(directory, day, before)
    past = Past.of(_with_earlier(directory.past, earlier))
    if before is not None and before.holds_people(directory, day):
        matchmaker = before.matchmaker.then(past=past, weights=directory.weights)
    else:
        matchmaker = Matchmaker.of(directory.members.values(), ground, past, day, weights=directory.weights)
    return _lore(directory, day, space, past, matchmaker)


def first_lore(directory: Directory, day: date, space: str, earlier: Mapping[Pair, PairPast]) -> Lore:
    """Make the lore of a day without comparing anything anybody wrote; the args are those of `lore_of`.

    Newcomers, who knows the place, an uncommon language, who is open to a chat: that is known at once.
    """
    ground = Ground.of((), {}, directory.text, day)
    past = Past.of(_with_earlier(directory.past, earlier))
    matchmaker = Matchmaker.of(directory.members.values(), ground, past, day, weights=directory.weights)
    return replace(_lore(directory, day, space, past, matchmaker), compared=False)


def _ground_of(directory: Directory, day: date, before: Lore | None) -> Ground:
    """Return the tables of a directory; of those before, only who changed is compared anew."""
    members, words = directory.members, directory.words
    if before is None or not before.compared:
        return Ground.of(members.values(), words, directory.text, day)
    if before.holds_people(directory, day):
        return before.ground
    return before.ground.updated(members.values(), words, directory.text, day)


def _lore(directory: Directory, day: date, space: str, past: Past, matchmaker: Matchmaker) -> Lore:
    rules = rules_of(space, day, directory.space.shown_a_day, directory.past, directory.weights)
    hopes = Hopes(matchmaker, regulars(directory.members.values(), past, day), rules.seed)
    return Lore(day, directory, matchmaker.crowd.ground, past, matchmaker, hopes, rules)


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
