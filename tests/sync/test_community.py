"""Who met whom as hosts may see it: the picture and the rows, as rules."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions.pairing import pair
from community.members import Member, Visibility
from community.together.life import Arranged, Meeting
from sync.views.community import (
    NAMES_AT_MOST,
    ROWS_AT_MOST,
    Choices,
    Dot,
    Row,
    Wish,
    choices,
    found,
    map_of,
    open_ties,
    pages_of,
    rows_of,
)

DAY = date(2026, 11, 23)
ADA, BOB, EVE, KIM = (MemberId(name) for name in ("ada", "bob", "eve", "kim"))
COMPANIES = ("", "Acme", "Blue")
LANGUAGES = ("fr", "en", "ja")


def member(who: MemberId, *, hosts: bool = True, **more) -> Member:
    return Member(who, who.title(), visibility=Visibility(hosts=hosts), **more)


def test_only_what_was_said_in_the_open_is_a_tie_and_its_last_day_counts():
    some = [
        Meeting((ADA, BOB), DAY, Arranged.SCREEN, is_open=True),
        Meeting((ADA, EVE), DAY, Arranged.HOST, is_open=False),
        Meeting((BOB, EVE), DAY, Arranged.HOST, is_open=True),
    ]
    older = {(ADA, BOB): DAY - timedelta(days=200), (ADA, KIM): DAY - timedelta(days=100)}
    assert open_ties(some, older) == {(ADA, BOB): DAY, (ADA, KIM): older[ADA, KIM], (BOB, EVE): DAY}
    assert open_ties(some, {(BOB, EVE): DAY + timedelta(days=1)})[BOB, EVE] == DAY + timedelta(days=1)


@pytest.mark.parametrize(("ago", "shown"), [(29, 2), (30, 0)])
def test_thirty_days_are_today_and_the_twenty_nine_before(ago, shown):
    known = {who: member(who) for who in (ADA, BOB)}
    ties = {(ADA, BOB): DAY - timedelta(days=ago), (ADA, MemberId("gone")): DAY}
    drawn = map_of(ties, known, Wish(30), DAY, lambda _: None)
    assert len(drawn.dots) == shown


def test_choices_are_what_named_people_say_of_themselves():
    known = {
        ADA: member(ADA, company="Acme", languages=("fr", "en")),
        BOB: member(BOB, company=" acme "),
        EVE: member(EVE, company=" "),
        KIM: member(KIM, hosts=False, company="Blue", languages=("ja",)),
    }
    assert choices(known) == Choices((" acme ",), ("en", "fr"))


def test_named_people_stand_by_name_and_the_others_by_what_they_show():
    known = {who: member(who) for who in (BOB, ADA)} | {
        who: member(who, hosts=False, host=True) for who in (EVE, KIM)
    }
    ties = dict.fromkeys([(ADA, BOB), (ADA, EVE), (ADA, KIM), (BOB, KIM), (EVE, KIM)], DAY)
    rows = rows_of(map_of(ties, known, Wish(), DAY, lambda people: people.reverse()))
    assert [(row.dot.name, [one.name for one in row.met], row.others) for row in rows] == [
        ("Ada", ["Bob"], 2),
        ("Bob", ["Ada"], 1),
        ("", ["Ada", "Bob"], 1),
        ("", ["Ada"], 1),
    ]
    assert not any(row.dot.host for row in rows)


def test_a_name_is_found_by_the_beginning_of_its_words():
    rows = [Row(Dot(MemberId(name), name), (), 1) for name in ("Élodie Martin", "Eve Marsh", "Bob")]
    assert [row.dot.name for row in found(rows, "e mar")] == ["Élodie Martin", "Eve Marsh"]
    assert [row.dot.name for row in found(rows, "elo")] == ["Élodie Martin"]
    assert len(found(rows, " ")) == len(rows)


def test_pages_hold_so_many_rows_and_so_many_names():
    dots = [Dot(MemberId(f"m{n}"), f"M{n}") for n in range(NAMES_AT_MOST + 1)]
    short = [Row(dot, (), 1) for dot in dots[: ROWS_AT_MOST + 1]]
    assert [len(page) for page in pages_of(short)] == [ROWS_AT_MOST, 1]
    long = [Row(dot, tuple(dots), 0) for dot in dots[:2]]
    assert [len(page) for page in pages_of(long)] == [1, 1]
    assert pages_of([]) == ((),)


facts = st.tuples(st.sampled_from(COMPANIES), st.sampled_from(LANGUAGES))


@given(
    st.lists(st.tuples(st.booleans(), facts, facts, st.booleans()), min_size=2, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 100)), max_size=12),
    st.builds(
        Wish, st.sampled_from((None, 30, 90)), st.sampled_from(COMPANIES), st.sampled_from(("", *LANGUAGES))
    ),
)
def test_nothing_that_hidden_people_say_of_themselves_changes_anything(people, met, wish):
    """The same people and meetings, but everything else of those who hide from hosts is other."""
    ids = [MemberId(f"m{number}") for number in range(len(people))]
    ties = {
        pair(ids[one], ids[other]): DAY - timedelta(days=ago)
        for one, other, ago in met
        if one != other and max(one, other) < len(ids)
    }

    def drawn(which: int):
        known = {}
        for who, (hidden, first, second, host) in zip(ids, people, strict=True):
            company, language = (first, second)[which] if hidden else first
            known[who] = member(
                who,
                hosts=not hidden,
                company=company,
                languages=(language,),
                host=host != (which == 1 and hidden),
            )
        shown = map_of(ties, known, wish, DAY, lambda _: None)
        return shown, rows_of(shown), choices(known)

    assert drawn(0) == drawn(1)
    shown = drawn(0)[0]
    hidden = {who for who, (is_hidden, *_) in zip(ids, people, strict=True) if is_hidden}
    assert not {dot.member_id for dot in shown.dots} & hidden
    assert all(not dot.name and not dot.host for dot in shown.dots if not dot.is_named)
    assert {place for link in shown.links for place in link} == set(range(len(shown.dots)))
