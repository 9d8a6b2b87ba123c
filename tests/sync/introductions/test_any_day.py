"""Whatever happens on a day: nobody above the cap, erased, hidden or avoided is planned."""

from collections import Counter

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.events import (
    Answer,
    Answered,
    CheckedIn,
    CheckedOut,
    Introduced,
    Met,
    MoodChosen,
    Paired,
    Shown,
)
from community.ids import MemberId
from community.introductions.pairing import Pairing, pair
from community.introductions.slots import Slot
from community.members import Mood, Space, Visibility
from plumbing.database import Database
from sync.store import directory
from sync.store.feed import Kind
from tests.sync.conftest import empty
from tests.sync.introductions.house import House, person

NAMES = tuple("abcdefg")
CAP = 2
who = st.sampled_from(NAMES)
two = st.lists(who, min_size=2, max_size=2, unique=True).map(tuple)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("in"), who),
        st.tuples(st.just("out"), who),
        st.tuples(st.just("quiet"), who),
        st.tuples(st.just("hide"), who),
        st.tuples(st.just("erase"), who),
        st.tuples(st.just("avoid"), two),
        st.tuples(st.just("not"), two),
        st.tuples(st.just("met"), two),
        st.tuples(st.just("paired"), two),
        st.tuples(st.just("wait"), st.sampled_from([1, 40, 3_600])),
        st.tuples(st.just("restart"), st.none()),
    ),
    min_size=3,
    max_size=18,
)


def member(name: str):
    place = NAMES.index(name)
    return person(name, needs=f"w{place % 3} w{(place + 1) % 3}", offers=f"w{(place + 2) % 3} w{place % 3}")


class Told:
    """What was done so far, as a person watching would note it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.here = {name: member(name) for name in NAMES}
        self.away: set[tuple[str, str]] = set()
        """Pairs who must never be planned anew."""

    async def do(self, what: str, whom) -> None:  # noqa: C901 - one case a step
        house = self.house
        match what:
            case "in":
                house.tell(CheckedIn(MemberId(whom)))
            case "out":
                house.tell(CheckedOut(MemberId(whom)))
            case "quiet":
                house.tell(MoodChosen(MemberId(whom), Mood.HEADS_DOWN))
            case "hide" if whom in self.here:
                self.put(msgspec.structs.replace(self.here[whom], visibility=Visibility()))
            case "erase" if whom in self.here:
                del self.here[whom]
                house.database.write_now(lambda c: directory.remove_member(c, MemberId(whom)))
                house.service.directory_changed(0)
            case "avoid" if whom[0] in self.here:
                one = self.here[whom[0]]
                self.put(msgspec.structs.replace(one, avoid=(*one.avoid, MemberId(whom[1]))))
                self.away.add(pair(*whom))
            case "not":
                house.tell(Answered(*map(MemberId, whom), Answer.RATHER_NOT))
                self.away.add(pair(*whom))
            case "met":
                house.tell(Met(*map(MemberId, whom)))
            case "paired":
                both = Pairing(*pair(*whom), Slot.NEIGHBOUR)
                house.tell(Paired(both), Introduced(whom[0], (Shown(whom[1], Slot.NEIGHBOUR),)))
            case "wait":
                await house.later(seconds=whom)
            case "restart":
                again = House(house.database, at=house.clock.shown, space=Space(shown_a_day=CAP))
                again.seq, self.house = house.seq, again
            case _:
                pass

    def put(self, changed) -> None:
        self.here[changed.id] = changed
        self.house.put(changed)
        self.house.service.directory_changed(0)

    def check(self) -> None:
        plan = self.house.plan
        welcome = {one.id for one in self.here.values() if one.may_be_introduced}
        assert all({*pairing.pair} <= welcome for pairing in plan.pairings)
        assert len({pairing.pair for pairing in plan.pairings}) == len(plan.pairings)
        anew = [pairing for pairing in plan.pairings if pairing.origin.value == "plan"]
        loads = Counter(one for pairing in plan.pairings for one in pairing.pair)
        assert all(loads[one] <= CAP for pairing in anew for one in pairing.pair if not self.shown(one))
        for kind in (Kind.PLAN, Kind.PAST, Kind.TABLE):
            for body in self.house.feed(kind).values():
                gone = set(NAMES) - set(self.here)
                assert not any(f'"{name}"'.encode() in body for name in gone)

    def shown(self, one: str) -> bool:
        """Say whether a kiosk showed somebody on its own: that stays, whatever the cap."""
        today = self.house.presence.today(self.house.clock.shown)
        return any(
            isinstance(item.event, Introduced)
            and one in (item.event.member, *(s.member for s in item.event.shown))
            for item in today
        )


@given(steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_rules_hold_whatever_happens(sqlite: Database, happened):
    empty(sqlite)
    told = Told(House(sqlite, *map(member, NAMES), space=Space(shown_a_day=CAP)))
    before: set[tuple[str, str]] = set()
    for what, whom in [*happened, ("wait", 3 * 3_600), ("wait", 60), ("wait", 24 * 3_600)]:
        barred = set(told.away)
        await told.do(what, whom)
        await told.house.service.look()
        told.check()
        fresh = {p.pair for p in told.house.plan.pairings if p.origin.value == "plan"} - before
        assert not fresh & barred
        before = told.house.pairs
