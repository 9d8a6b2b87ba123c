"""The needs board: whatever people chose, nobody stands on it with more than the rules allow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions.pairing import DayPlan
from community.introductions.today import Today
from community.introductions.vectors import item_key, pack
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors
from community.members import Intent, Member, Mood, Visibility
from sync.dashboard.rendering import Pages
from sync.introductions.judges import Judges
from sync.introductions.room import Room
from sync.introductions.wanted import (
    AWAY_AT_MOST,
    HELPERS_AT_MOST,
    Named,
    NeedsBoard,
    Offered,
    Wanted,
    board_of,
    needs_board,
)
from tests.sync.introductions.house import MODEL, PARIS

DAY = date(2026, 11, 23)
NAMES = ("Amina", "Bruno", "Chloé", "Dario", "Elena")
THINGS = ("law", "logo", "bread")
"""What anybody may look for and offer; each need is the owner's alone by the word after it."""

PAGES = Pages(PARIS)


@dataclass(frozen=True)
class Someone:
    """One person, as they chose to be."""

    member: Member
    mood: Mood | None
    inside: bool


def room_of(*members: Member) -> Room:
    return Room(
        day=DAY,
        members={member.id: member for member in members},
        people={},
        model=MODEL,
        vectors={member.id: by_first_word(member) for member in members},
        weights=Weights(),
        plan=DayPlan(DAY, ()),
        tables=(),
    )


def by_first_word(member: Member) -> ItemVectors:
    """Return vectors by which items are alike that begin with the same thing, and no others."""
    found = {}
    for item in (*member.needs, *member.offers):
        thing = item.partition(" ")[0]
        vector = np.zeros(32, np.float32)
        vector[THINGS.index(thing) if thing in THINGS else sum(thing.encode()) % 29 + 3] = 1.0
        found[item_key(item)] = pack(vector)
    return ItemVectors("test", found)


def person(name: str, needs=(), offers=(), *, hosts=True, lobby=True, **more) -> Member:
    return Member(
        MemberId(f"id-{name.lower()}"),
        name,
        needs=tuple(needs),
        offers=tuple(offers),
        visibility=Visibility(lobby=lobby, members=True, hosts=hosts),
        **{"introductions": True, "intents": (Intent.BUSINESS, Intent.ADVISE), **more},
    )


def board(*members: Member, moods: Mapping[str, Mood | None] | None = None) -> NeedsBoard:
    """Return the board with everybody in, or those of whom the mood is said."""
    inside = {member.id: None for member in members} if moods is None else moods
    inside = {MemberId(one if one.startswith("id-") else f"id-{one}"): mood for one, mood in inside.items()}
    return board_of(room_of(*members), Today(), inside, Judges())


mostly = st.sampled_from([True, True, True, False])
"""Else hardly any two of five people could be introduced at all."""


@st.composite
def someone(draw: st.DrawFn, name: str) -> Someone:
    own = name.lower()
    others = [other for other in NAMES if other != name]
    hosts = draw(mostly)
    needs = [f"{draw(st.sampled_from(THINGS))} {own}need{n}" for n in range(draw(st.integers(0, 2)))]
    if not hosts and draw(st.booleans()):
        needs.append(f"tea with {draw(st.sampled_from(NAMES))} {own}tea")
    ends = tuple(draw(st.sampled_from([None, DAY, DAY - timedelta(days=1)])) for _ in needs)
    member = Member(
        MemberId(f"id-{own}"),
        name,
        needs=tuple(needs),
        needs_until=ends,
        offers=tuple(f"{thing} {own}offer" for thing in draw(st.lists(st.sampled_from(THINGS), max_size=2))),
        visibility=Visibility(draw(mostly), draw(mostly), hosts),
        introductions=draw(mostly),
        intents=(Intent.BUSINESS, Intent.ADVISE),
        avoid=tuple(MemberId(f"id-{other.lower()}") for other in others if not draw(mostly)),
    )
    return Someone(member, draw(st.sampled_from([None, *Mood])), draw(mostly))


everybody = st.tuples(*(someone(name) for name in NAMES))


def may_stand(one: Someone, need: str, until: date | None, inside: frozenset[str]) -> bool:
    """Say whether a need may stand on the board at all: the rule, said once more and otherwise."""
    member, here = one.member, one.inside
    if (until is not None and until < DAY) or (here and one.mood is Mood.HEADS_DOWN):
        return False
    agreed = member.introductions and member.visibility.members
    if member.visibility.hosts:
        came_for_it = here and one.mood is Mood.LOOKING and member.open_needs(DAY)[0] == need
        return agreed or came_for_it
    named = {word for word in re.findall(r"\w+", need) if word in NAMES}
    return here and agreed and member.visibility.lobby and not named & inside


@settings(max_examples=300, deadline=None)
@given(everybody)
def test_nobody_stands_there_with_more_than_they_let_hosts_or_the_lobby_know(people: tuple[Someone, ...]):
    moods = {one.member.id: one.mood for one in people if one.inside}
    inside = frozenset(one.member.name for one in people if one.inside)
    known = {one.member.id: one for one in people}
    found = board_of(room_of(*(one.member for one in people)), Today(), moods, Judges())
    page = PAGES.render("needs_lines.html", "en", board=found, tables=(), agenda=None)
    without_quotes = re.sub(r"tea with \w+", "tea", page)
    for one in people:
        member = one.member
        may_be_named = member.visibility.hosts and not (one.inside and one.mood is Mood.HEADS_DOWN)
        assert may_be_named or member.name not in without_quotes
        assert may_be_named or member.id not in page
        ends = zip(member.needs, member.needs_until, strict=True)
        for need, until in ends:
            assert (need in page) == may_stand(one, need, until, inside), (need, one)
        shares = one.inside and one.mood is not Mood.HEADS_DOWN and member.may_be_introduced
        shares = shares and (member.visibility.hosts or member.visibility.lobby)
        assert all((offer in page) == shares for offer in member.offers)
    for line in (*found.here, *found.away):
        assert line.who is not None or (line.until is None and not line.helpers)
        for helper in line.helpers:
            other = known[helper.member_id]
            assert line.who is not None
            assert other.inside
            assert other.mood is not Mood.HEADS_DOWN
            assert other.member.visibility.hosts
            assert other.member.may_be_introduced
            assert not other.member.avoids(known[line.who.member_id].member)
            assert other.member.id != line.who.member_id


def test_two_needs_of_somebody_without_a_name_cannot_be_told_to_be_one_person_s():
    found = board(
        person("Kim", ["zebra", "apple"], ["cello", "viola"], hosts=False),
        person("Lou", ["mango"], ["drum"], hosts=False),
    )
    assert found.here == tuple(Wanted(text, None, None) for text in ("apple", "mango", "zebra"))
    assert found.offers == tuple(Offered((text,), None) for text in ("cello", "drum", "viola"))


def test_what_two_without_a_name_say_alike_stands_there_once():
    found = board(person("Kim", ["Logo"], hosts=False), person("Lou", ["logo!"], hosts=False))
    assert [line.text for line in found.here] == ["Logo"]


def test_helpers_are_the_best_first_and_never_many():
    seeker = person("Ada", ["law"])
    lawyers = [person(f"Law{letter}", ["logo"], ["law"]) for letter in "abcde"]
    (line,) = board(seeker, *lawyers).here[:1]
    assert line.who == Named(seeker.id, "Ada")
    assert [helper.name for helper in line.helpers] == ["Lawa", "Lawb", "Lawc"]
    assert len(line.helpers) == HELPERS_AT_MOST


def test_who_met_already_needs_no_help_to_meet():
    ada, bob = person("Ada", ["law"]), person("Bob", [], ["law"])
    room = room_of(ada, bob)
    moods = dict.fromkeys((ada.id, bob.id))
    met = Today(met=frozenset({(ada.id, bob.id)}))
    assert board_of(room, Today(), moods, Judges()).here[0].helpers == (Named(bob.id, "Bob"),)
    assert board_of(room, met, moods, Judges()).here[0].helpers == ()


def test_what_ends_soonest_comes_first():
    ends = (None, DAY + timedelta(days=5), DAY)
    found = board(person("Ada", ["some day", "this week", "tonight"], needs_until=ends))
    assert [line.text for line in found.here] == ["tonight", "this week", "some day"]


def test_a_need_said_twice_shows_the_end_that_still_holds():
    found = board(person("Ada", ["law", "law"], needs_until=(DAY, DAY - timedelta(days=1))))
    assert [(line.text, line.until) for line in found.here] == [("law", DAY)]


def test_of_those_who_are_not_in_first_comes_what_somebody_could_help_with():
    away = [person(f"Away{n}", ["bread"]) for n in range(AWAY_AT_MOST + 3)]
    last = person("Zoé", ["law"])
    lawyer = person("Bob", [], ["law"])
    found = board(*away, last, lawyer, moods={"bob": None})
    assert found.away[0].who == Named(last.id, "Zoé")
    assert found.away[0].helpers == (Named(lawyer.id, "Bob"),)
    assert (len(found.away), found.away_more) == (AWAY_AT_MOST, 4)


def test_a_visitor_s_id_that_is_nobody_s_is_passed_over():
    assert needs_board({}, {MemberId("gone"): None}, {}, DAY).is_empty
