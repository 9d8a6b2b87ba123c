"""A door that is cut off and the hub decide alike: the same facts, the same plan, chance and all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from community.events import CheckedIn
from community.ids import MemberId, SpaceId
from community.introductions.pairing import DayPlan, Pairing, PersonPast
from community.introductions.today import Today
from community.introductions.weights import Weights
from community.members import Member, Visibility
from kiosk.core.directory import Directory
from sync.introductions import plan
from sync.introductions.judges import Judges
from sync.introductions.room import Room
from tests.fakes.community import TEXT, directory_of
from tests.fakes.rooms import NOON, TODAY, House


def alike(number: int) -> Member:
    """Return one of many who are all worth the same to one another."""
    return Member(
        MemberId(f"m-{number:02}"),
        f"Somebody {number}",
        interests=("céramique",),
        visibility=Visibility(lobby=True, members=True),
        introductions=True,
    )


EVERYBODY = [alike(number) for number in range(14)]


def by_the_door(directory: Directory, days: int) -> tuple[Pairing, ...]:
    """Return what a kiosk plans alone, with everybody present."""
    at = NOON + timedelta(days=days)
    house = House.of(directory)
    house.at = at
    house.learn(directory, lore=True)
    house.add(*(CheckedIn(member) for member in directory.members))
    planning = house.room.planning(at)
    assert planning is not None
    return planning.pairings()


def by_the_hub(directory: Directory, days: int) -> tuple[Pairing, ...]:
    """Return what the hub plans; it was told of the members in another order."""
    day = TODAY + timedelta(days=days)
    room = Room(
        day=day,
        members=dict(reversed(directory.members.items())),
        people=directory.past,
        model=TEXT,
        vectors=dict(reversed(directory.words.items())),
        weights=Weights(),
        plan=DayPlan(day),
        tables=(),
    )
    rules = room.rules(SpaceId("le-nook"), directory.space.shown_a_day)
    today = Today()
    judge = Judges().judge(room, today, {})
    return plan.completed(plan.joined(room.plan, today, rules), judge, room.members.keys(), rules).pairings


@pytest.mark.parametrize("quiet", [0, 9])
def test_where_everybody_is_worth_the_same_the_door_and_the_hub_draw_the_same(quiet: int):
    silent = PersonPast(EVERYBODY[3].id, unanswered=quiet)
    directory = replace(directory_of(*EVERYBODY), past={silent.member: silent})
    plans = [by_the_door(directory, days) for days in range(3)]
    assert plans == [by_the_hub(directory, days) for days in range(3)]
    assert len({frozenset(pairing.pair for pairing in made) for made in plans}) > 1, "each day draws anew"
    assert all(made for made in plans)
