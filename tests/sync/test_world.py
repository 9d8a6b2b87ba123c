"""The world: whom it may name, what is open, for every state of everything that counts."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.clock import Hours
from community.events import CheckedIn, VisitCorrected
from community.ids import HUB, KioskId, MemberId
from community.members import Member, Mood, Visibility
from community.visits import Visit
from sync.presence import Happened
from sync.views.world import Seen, seen

HOURS = Hours(ZoneInfo("Europe/Paris"))
MORNING = datetime(2026, 11, 23, 8, 42, tzinfo=UTC)
FRONT, BACK = KioskId("front"), KioskId("back")
OPEN_TO_ALL = Visibility(lobby=True, members=True, hosts=True)


@st.composite
def people(draw):
    """Somebody who is in, and everything that counts."""
    visibility = Visibility(lobby=draw(st.booleans()), members=draw(st.booleans()), hosts=draw(st.booleans()))
    return {
        "visibility": visibility,
        "mood": draw(st.none() | st.sampled_from(Mood)),
        "yes": draw(st.booleans()),
        "uncertain": draw(st.booleans()),
        "known": draw(st.booleans()),
        "door": draw(st.sampled_from([FRONT, BACK])),
    }


def at_once(everybody, doors, at=MORNING) -> Seen:
    """What the world sees of these people, who all came an hour ago."""
    ids = [MemberId(f"m{number}") for number in range(len(everybody))]
    came = at - timedelta(hours=1)
    known = {
        one: Member(one, f"First{one} Last{one}", visibility=who["visibility"])
        for one, who in zip(ids, everybody, strict=True)
        if who["known"]
    }
    visits = [Visit(one, came, mood=who["mood"]) for one, who in zip(ids, everybody, strict=True)]
    happened = [
        Happened(came, who["door"], CheckedIn(one), uncertain=who["uncertain"])
        for one, who in zip(ids, everybody, strict=True)
    ]
    yes = {one for one, who in zip(ids, everybody, strict=True) if who["yes"]}
    return seen(visits, happened, known, yes, doors, HOURS, at)


@given(st.lists(people(), max_size=6), st.sets(st.sampled_from([FRONT, BACK])))
def test_everybody_is_counted_and_only_who_said_yes_to_all_is_named(everybody, doors):
    got = at_once(everybody, doors)
    assert got.present == len(everybody)
    heard = {who["door"] for who in everybody} <= doors
    expected = [
        f"Firstm{number}"
        for number, who in enumerate(everybody)
        if heard
        and who["known"]
        and who["yes"]
        and who["visibility"] == OPEN_TO_ALL
        and not who["uncertain"]
        and who["mood"] is not Mood.HEADS_DOWN
    ]
    assert got.names == tuple(expected)


@pytest.mark.parametrize(
    ("lobby", "members", "hosts", "yes", "mood"),
    [
        *itertools.product((True, False), (True, False), (True, False), (True, False), (None, *Mood)),
    ],
)
def test_each_state_by_itself(lobby, members, hosts, yes, mood):
    who = {
        "visibility": Visibility(lobby=lobby, members=members, hosts=hosts),
        "mood": mood,
        "yes": yes,
        "uncertain": False,
        "known": True,
        "door": FRONT,
    }
    named = at_once([who], {FRONT}).names == ("Firstm0",)
    assert named == (lobby and members and hosts and yes and mood is not Mood.HEADS_DOWN)


def test_names_are_in_the_order_of_the_alphabet_and_not_of_arrival():
    known, visits, happened = {}, [], []
    for minute, name in enumerate(["Zoé", "amina", "Léa"]):
        member = Member(MemberId(name), f"{name} X", visibility=OPEN_TO_ALL)
        came = MORNING + timedelta(minutes=minute)
        known[member.id] = member
        visits.append(Visit(member.id, came))
        happened.append(Happened(came, FRONT, CheckedIn(member.id)))
    got = seen(visits, happened, known, known.keys(), {FRONT}, HOURS, MORNING + timedelta(hours=1))
    assert got.names == ("amina", "Léa", "Zoé")


WHO = {
    "visibility": Visibility(),
    "mood": None,
    "yes": False,
    "uncertain": False,
    "known": True,
    "door": FRONT,
}


@pytest.mark.parametrize(
    ("people", "doors", "at", "is_open"),
    [
        ([], {FRONT}, MORNING, False),
        ([WHO], {FRONT}, MORNING, True),
        ([WHO], set(), MORNING, None),
        ([], set(), MORNING, None),
        ([WHO], {BACK}, MORNING, True),
        ([WHO], {FRONT}, datetime(2026, 11, 23, 18, 59, tzinfo=UTC), True),
        ([WHO], {FRONT}, datetime(2026, 11, 23, 19, 0, tzinfo=UTC), False),
        ([WHO], {FRONT}, datetime(2026, 11, 24, 0, 30, tzinfo=UTC), False),
        ([WHO], {FRONT}, datetime(2026, 11, 24, 5, 0, tzinfo=UTC), True),
    ],
    ids="nobody somebody not-heard empty-not-heard other-door before-closing closing night early".split(),
)
def test_it_is_open_while_somebody_is_in_before_closing_time(people, doors, at, is_open):
    assert at_once(people, doors, at).is_open is is_open


def test_what_a_host_put_right_closes_no_door_and_names_nobody_by_itself():
    ada, bob = (Member(MemberId(name), name.title(), visibility=OPEN_TO_ALL) for name in ("ada", "bob"))
    known = {ada.id: ada, bob.id: bob}
    happened = [
        Happened(MORNING, FRONT, CheckedIn(ada.id)),
        Happened(MORNING, HUB, VisitCorrected(bob.id, round(MORNING.timestamp()) * 1_000_000)),
    ]
    visits = [Visit(ada.id, MORNING), Visit(bob.id, MORNING)]
    got = seen(visits, happened, known, known.keys(), {FRONT}, HOURS, MORNING + timedelta(hours=1))
    assert (got.present, got.names) == (2, ("Ada",))
