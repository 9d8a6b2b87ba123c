"""The brief of the day: who is named, for what, for how long, and who never is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.introductions.reasons import TheyOffer
from community.introductions.slots import Slot
from community.members import Member, Mood, Visibility
from community.visits import Visit
from sync.introductions.brief import AT_MOST, Away, Facts, Needed, New, Unmet, brief_of, mark
from sync.introductions.overview import PairLine
from sync.store.briefs import Mark

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))
REASON = TheyOffer("un logo", "des logos")


def member(member_id: MemberId, *, hosts: bool = True, **more) -> Member:
    more = {"introductions": True, **more}
    return Member(
        member_id, member_id.title(), visibility=Visibility(lobby=True, members=True, hosts=hosts), **more
    )


def facts(*members: Member, days=(), ties=(), came=None, marked=None) -> Facts:
    visits, met = dict(days), dict(ties)
    return Facts(
        members={one.id: one for one in members},
        pasts={
            one.id: PersonPast(one.id, days=visits.get(one.id, 30), ties=met.get(one.id, 3))
            for one in members
        },
        came={
            who: frozenset(DAY - timedelta(days=ago) for ago in agos) for who, agos in (came or {}).items()
        },
        marked=marked or {},
    )


def inside(*who: MemberId, mood: Mood | None = None) -> tuple[Visit, ...]:
    return tuple(Visit(one, NOW, mood=mood) for one in who)


def two(one: MemberId, other: MemberId, slot: Slot = Slot.PARTNER, *, met=False, reason=REASON) -> PairLine:
    return PairLine(one.title(), other.title(), slot, reason, met, (one, other), one)


def lines(known: Facts, visits=(), pairs=()):
    return brief_of(known, visits, pairs, DAY).lines


@pytest.mark.parametrize(("days", "visit"), [(0, 1), (1, 2), (2, 3)])
def test_somebody_is_new_for_three_visits_and_is_told_with_whom_they_could_meet(days, visit):
    known = facts(member(ADA), member(BOB), days={ADA: days}.items())
    assert lines(known, inside(ADA, BOB), [two(BOB, ADA)]) == (New("new:ada", "Ada", visit, ("Bob",)),)


def test_after_that_nobody_is_new_any_more():
    assert lines(facts(member(ADA), days={ADA: 3}.items()), inside(ADA)) == ()


def test_somebody_the_hub_never_saw_before_is_on_a_first_visit():
    known = Facts({ADA: member(ADA)}, {}, {}, {})
    assert lines(known, inside(ADA)) == (New("new:ada", "Ada", 1, ()),)


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"joined": DAY - timedelta(days=40)}, True),
        ({"joined": DAY - timedelta(days=91)}, False),
        ({}, False),
        ({"joined": DAY - timedelta(days=40), "introductions": False}, False),
    ],
)
def test_who_came_a_few_times_and_met_nobody_is_helped_if_they_wish_to_be_introduced(more, shown):
    known = facts(member(ADA, **more), days={ADA: 4}.items(), ties={ADA: 0}.items())
    assert lines(known, inside(ADA)) == ((Unmet("unmet:ada", "Ada", 5, ()),) if shown else ())


def test_two_who_could_help_each_other_are_named_while_both_are_in_and_free():
    known = facts(member(ADA), member(BOB))
    needed = (Needed("pair:ada:bob", "Ada", "Bob", REASON, Slot.PARTNER),)
    assert lines(known, inside(ADA, BOB), [two(ADA, BOB)]) == needed
    assert lines(known, inside(ADA), [two(ADA, BOB)]) == ()
    assert lines(known, inside(ADA, BOB, mood=Mood.HEADS_DOWN), [two(ADA, BOB)]) == ()
    assert lines(known, inside(ADA, BOB), [two(ADA, BOB, met=True)]) == ()
    assert lines(known, inside(ADA, BOB), [two(ADA, BOB, Slot.NEIGHBOUR)]) == ()
    assert lines(known, inside(ADA, BOB), [two(ADA, BOB, reason=None)]) == ()


def test_no_more_pairs_than_a_host_can_bring_together():
    pairs = [two(MemberId(f"a{n}"), MemberId(f"b{n}")) for n in range(9)]
    people = [who for pair in pairs for who in pair.pair]
    assert len(lines(facts(*map(member, people)), inside(*people), pairs)) == AT_MOST[Needed]


@pytest.mark.parametrize(
    ("agos", "line"),
    [
        ((22, 24, 29, 31, 36, 38, 43, 45, 50, 52), Away("away:ada", "Ada", 2, 3)),
        ((20, 22, 24, 29, 31, 36, 38, 43, 45, 50, 52), None),
        ((22, 29, 36, 43, 50, 57), None),
        ((57, 59, 64, 66, 71, 73, 78, 80, 85, 87), None),
        ((56, 58, 63, 65, 70, 72, 77, 79, 84, 86), Away("away:ada", "Ada", 2, 8)),
        ((0,), None),
    ],
    ids=["three weeks", "not yet", "came now and then", "long gone", "eight weeks", "only today"],
)
def test_who_came_often_and_has_not_for_some_weeks_is_asked_after(agos, line):
    assert lines(facts(member(ADA), came={ADA: agos})) == (() if line is None else (line,))


def test_nobody_who_is_in_is_away():
    came = {ADA: (22, 24, 29, 31, 36, 38, 43, 45, 50, 52)}
    assert lines(facts(member(ADA), came=came), inside(ADA)) == ()


def test_who_hides_from_hosts_is_in_no_line():
    came = {ADA: (22, 24, 29, 31, 36, 38, 43, 45, 50, 52)}
    hidden = member(ADA, hosts=False)
    assert lines(facts(hidden, came=came)) == ()
    assert lines(facts(hidden, days={ADA: 0}.items()), inside(ADA)) == ()
    assert lines(facts(), inside(ADA)) == ()


def test_a_line_that_was_seen_to_is_told_as_done_and_comes_back_in_its_time():
    first = facts(member(ADA), days={ADA: 0}.items())
    visited = mark("new:ada", Mark.VISITED, DAY, "camille", 5)
    later = mark("new:eve", Mark.NOT_NOW, DAY, "camille", 9)
    known = facts(
        member(ADA),
        member(EVE),
        days={ADA: 0, EVE: 0}.items(),
        marked={"new:ada": visited, "new:eve": later},
    )
    brief = brief_of(known, inside(ADA, EVE), (), DAY)
    assert brief.lines == ()
    assert [(each.line.key, each.marked) for each in brief.done] == [("new:eve", later), ("new:ada", visited)]
    assert visited.until == DAY
    assert (later.until - DAY).days == 13
    before = mark("new:ada", Mark.NOT_NOW, DAY - timedelta(days=2), "camille", 1)
    hidden = brief_of(Facts(first.members, first.pasts, {}, {"new:ada": before}), inside(ADA), (), DAY)
    assert (hidden.lines, hidden.done) == ((), ())
