"""Some weeks of a made-up past, so that the demo's community has a history: visits, introductions, meetings.

Pure but for the chance that is handed in.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from community.events import (
    Answer,
    Answered,
    CheckedIn,
    CheckedOut,
    Event,
    FoundUseful,
    Introduced,
    Met,
    Shown,
)
from community.ids import MemberId
from community.introductions.slots import Slot
from foyer.village.people import Villager

WEEKS = 4
COMES = 0.85
"""How likely somebody comes on a usual day."""
FORGETS = 0.15
"""How likely somebody leaves without saying so."""
MEETS = 0.25
"""How likely an arrival leads to a recorded meeting that day."""
PASSES = 0.1
"""How likely an arrival leads to an introduction that comes to nothing."""
SAYS = 0.4
"""How likely somebody who leaves says what came of it."""
USEFUL = 0.85
"""How likely it was useful to have met."""
REFUSES = 0.08
"""How likely somebody who says that they did not meet would rather not."""
NEIGHBOURS = 12
"""With how many others each of them tends to meet: communities have corners."""


def past(
    people: Sequence[Villager], today: date, zone: tzinfo, chance: random.Random
) -> list[tuple[datetime, Event]]:
    """Return the visits and meetings of the weeks before `today`, oldest first (aware, UTC order)."""
    events: list[tuple[datetime, Event]] = []
    for days_ago in range(WEEKS * 7, 0, -1):
        day = today - timedelta(days=days_ago)
        events += _day(people, day, zone, chance)
    return sorted(events, key=lambda entry: entry[0])


def morning(
    people: Sequence[Villager], now: datetime, count: int, chance: random.Random
) -> list[tuple[datetime, Event]]:
    """Return arrivals of the last three hours, so that the demo does not begin in an empty room."""
    coming = chance.sample([p for p in people if p.badge], count)
    moments = sorted(now - timedelta(minutes=chance.uniform(4, 180)) for _ in coming)
    return [(at, CheckedIn(person.id)) for at, person in zip(moments, coming, strict=True)]


@dataclass(frozen=True, slots=True)
class _Stay:
    """One person's day."""

    place: int
    """In the list of people: who stand close know each other sooner."""
    member_id: MemberId
    arrived: datetime
    left: datetime


def _day(
    people: Sequence[Villager], day: date, zone: tzinfo, chance: random.Random
) -> list[tuple[datetime, Event]]:
    events: list[tuple[datetime, Event]] = []
    here: list[_Stay] = []
    for place, person in enumerate(people):
        if person.badge and day.weekday() in person.weekdays and chance.random() < COMES:
            arrived = datetime.combine(day, time(8, 30), zone) + timedelta(
                minutes=chance.triangular(0, 240, 40)
            )
            left = arrived + timedelta(minutes=chance.uniform(120, 400))
            events.append((arrived, CheckedIn(person.id)))
            if chance.random() > FORGETS:
                events.append((left, CheckedOut(person.id)))
            here.append(_Stay(place, person.id, arrived, left))
    for stay in here:
        near = [other for other in here if other is not stay and abs(other.place - stay.place) <= NEIGHBOURS]
        drawn = chance.random()
        if near and drawn < MEETS + PASSES:
            events += _introduced(stay, chance.choice(near), chance, met=drawn < MEETS)
    return events


def _introduced(
    stay: _Stay, other: _Stay, chance: random.Random, *, met: bool
) -> list[tuple[datetime, Event]]:
    """Return what happened between two people on a day: they were shown each other, and perhaps they met."""
    slot = chance.choice(tuple(Slot))
    together = max(stay.arrived, other.arrived)
    events: list[tuple[datetime, Event]] = [
        (together, Introduced(stay.member_id, (Shown(other.member_id, slot),))),
        (together + timedelta(minutes=1), Introduced(other.member_id, (Shown(stay.member_id, slot),))),
    ]
    if met:
        when = together + timedelta(minutes=chance.uniform(5, 60))
        events.append((when, Met(stay.member_id, other.member_id)))
    for one, another in ((stay, other), (other, stay)):
        if chance.random() >= SAYS:
            continue
        if met:
            useful = chance.random() < USEFUL
            events.append((one.left, FoundUseful(one.member_id, another.member_id, useful)))
        else:
            answer = Answer.RATHER_NOT if chance.random() < REFUSES else Answer.NOT_TODAY
            events.append((one.left, Answered(one.member_id, another.member_id, answer)))
    return events
