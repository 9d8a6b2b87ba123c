"""Whatever people do, and whatever the hub says meanwhile: no view names anybody who does not want it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from community.ids import MemberId, TableId
from community.introductions.pairing import DayPlan, Origin, Pairing, pair
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.members import Member, Mood
from community.outcomes import Left
from kiosk.core.directory import Directory
from kiosk.core.views import Farewell, Greeting, Lobby, View
from kiosk.core.views import OwnCard as OwnCardView
from tests.fakes.community import EVERYBODY, HIDDEN_ONE, LEA, NAMED, YUKI, directory_of, taught
from tests.fakes.rooms import NOON, PARIS, TODAY, House

COFFEE = TableId("t-1")
AVOIDED = msgspec.structs.replace(
    YUKI, id=MemberId("avoided"), name="Xavier Évité", avoid=(LEA.id,), joined=None
)
PEOPLE = (*EVERYBODY, AVOIDED)
CHANGES = {
    "hide": {"visibility": HIDDEN_ONE.visibility},
    "show": {"visibility": NAMED},
    "refuse": {"introductions": False},
    "agree": {"introductions": True},
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.5, 2.0, 6.0, 10.0, 40.0, 600.0]),
        st.one_of(
            st.tuples(st.just("tap"), st.sampled_from(PEOPLE)),
            st.tuples(st.just("mood"), st.sampled_from(Mood)),
            st.tuples(st.just("say"), st.integers(0, 2)),
            st.tuples(st.sampled_from(["seat", "undo", "clear", "lobby", "lore"]), st.none()),
            st.tuples(st.sampled_from(sorted(CHANGES)), st.sampled_from(PEOPLE)),
            st.tuples(st.sampled_from(["erase", "again"]), st.sampled_from(PEOPLE)),
        ),
    ),
    max_size=25,
)


def current(members: Mapping[MemberId, Member]) -> Directory:
    """A feed with these members, a plan of everybody with everybody, and a table for all."""
    who = tuple(members.values())
    pairings = tuple(
        Pairing(*pair(one.id, other.id), Slot.NEIGHBOUR, origin=Origin.PLAN)
        for one in PEOPLE
        for other in PEOPLE
        if one.id < other.id
    )
    invited = tuple(person.id for person in PEOPLE)
    table = Table(COFFEE, Occasion.COFFEE, NOON + timedelta(minutes=30), "près de la fenêtre", invited)
    directory = directory_of(*who) if who else Directory()
    return replace(directory, plans={TODAY: DayPlan(TODAY, pairings)}, tables={COFFEE: table})


def do(house: House, deed: str, what: object, members: dict[MemberId, Member]) -> None:  # noqa: C901 - one case a deed
    """Let one thing happen."""
    match deed, what:
        case "tap", Member(id=member_id) if member_id in members:
            house.tap(members[member_id], after_s=0)
        case "mood", Mood():
            house.choose(what)
        case "say", int():
            house.say(what)
        case "seat", _:
            house.seat()
        case "undo", _:
            house.undo()
        case "clear", _:
            house.desk = house.desk.screen_cleared()
            house.room.cleared()
        case "lobby", _:
            house.lobby()
        case "lore", _:
            taught(house.room, PARIS, house.at)
        case "erase", Member():
            members.pop(what.id, None)
            house.learn(current(members), lore=False)
        case "again", Member():
            members[what.id] = what
            house.learn(current(members), lore=False)
        case change, Member(id=member_id) if change in CHANGES and member_id in members:
            members[member_id] = msgspec.structs.replace(members[member_id], **CHANGES[change])
            house.learn(current(members), lore=False)
        case _:
            pass


@settings(deadline=None, max_examples=60)
@given(STEPS)
@example([(0.5, ("tap", LEA)), (0.5, ("tap", AVOIDED))])
def test_nobody_hidden_avoided_or_heads_down_is_ever_named(steps: list):
    members = {member.id: member for member in PEOPLE}
    house = House.of(current(members))
    for gap_s, (deed, what) in steps:
        house.wait(gap_s)
        house.views.clear()
        reader = what.id if deed == "tap" else house.desk.faced
        do(house, deed, what, members)
        for view in house.views:
            named = [person for person in PEOPLE if person.name in said(view)]
            assert [p.id for p in named if not may_stand_on(view, p, house, members, reader)] == []


def may_stand_on(
    view: View, person: Member, house: House, members: Mapping[MemberId, Member], reader: MemberId | None
) -> bool:
    """Say whether a view may name somebody: to themselves always, to others as they wish it now."""
    known = members.get(person.id)
    if known is None:
        return False
    roster = house.room._roster
    here = person.id in roster.guests(house.at) and roster.mood(person.id, house.at) is not Mood.HEADS_DOWN
    asked = house.desk.asked.outcome if house.desk.asked is not None else None
    match view:
        case Lobby():
            return known.visibility.lobby and here
        case Greeting() | OwnCardView():
            avoided = {reader, person.id} == {LEA.id, AVOIDED.id}
            return person.id == reader or (known.visibility.members and here and not avoided)
        case Farewell():
            # Who leaves, and those it asks about.
            left = isinstance(asked, Left) and asked.member_id == person.id
            return left or known.visibility.members
        case _:
            # A notice of a meeting names the two who laid their badges one after the other.
            return True


def said(view: View) -> str:
    """Everything a view says."""
    return msgspec.json.encode(view).decode()
