"""Some weeks of a made-up past, so that the demo's community has a history: visits and meetings.

Pure but for the chance that is handed in.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from community.events import CheckedIn, CheckedOut, Event, Met
from community.ids import MemberId
from foyer.village.people import Villager

WEEKS = 4
COMES = 0.85
"""How likely somebody comes on a usual day."""
FORGETS = 0.15
"""How likely somebody leaves without saying so."""
MEETS = 0.25
"""How likely an arrival leads to a recorded meeting that day."""
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


def _day(
    people: Sequence[Villager], day: date, zone: tzinfo, chance: random.Random
) -> list[tuple[datetime, Event]]:
    events: list[tuple[datetime, Event]] = []
    here: list[tuple[int, MemberId, datetime]] = []
    for place, person in enumerate(people):
        if person.badge and day.weekday() in person.weekdays and chance.random() < COMES:
            arrived = datetime.combine(day, time(8, 30), zone) + timedelta(
                minutes=chance.triangular(0, 240, 40)
            )
            events.append((arrived, CheckedIn(person.id)))
            if chance.random() > FORGETS:
                left = arrived + timedelta(minutes=chance.uniform(120, 400))
                events.append((left, CheckedOut(person.id)))
            here.append((place, person.id, arrived))
    for place, member_id, arrived in here:
        near = [
            (other, since)
            for other_place, other, since in here
            if other != member_id and abs(other_place - place) <= NEIGHBOURS
        ]
        if near and chance.random() < MEETS:
            other, since = chance.choice(near)
            events.append(
                (max(arrived, since) + timedelta(minutes=chance.uniform(5, 60)), Met(member_id, other))
            )
    return events
