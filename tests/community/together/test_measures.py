"""The measures of a community: what each says, and that it says nothing over fewer than five people."""

from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions.pairing import pair
from community.members import Member
from community.together.life import Arranged, Life, Meeting
from community.together.measures import SMALLEST, TENTHS, Measures, measure, tenths
from community.together.ties import largest_group, ties_of

LAST = date(2026, 11, 30)
FIRST = LAST - timedelta(days=89)
WHO = [MemberId(f"m{number}") for number in range(12)]
HOST = WHO[11]


def life_of(*meetings, people=WHO[:6], came=None, **more) -> Life:
    """Return a life in which everybody came on the last three days."""
    members = {who: Member(who, who, languages=("fr",)) for who in people}
    members.update(more.pop("members", {}))
    usual = {who: frozenset(LAST - timedelta(days=ago) for ago in range(3)) for who in members}
    return Life(members, usual if came is None else came, tuple(meetings), more.pop("useful", {}), **more)


def met(one: int, other: int, arranged=Arranged.THEMSELVES, ago: int = 0) -> Meeting:
    return Meeting(pair(WHO[one], WHO[other]), LAST - timedelta(days=ago), arranged, is_open=True)


def measured(*meetings, **more) -> Measures:
    return measure(life_of(*meetings, **more), FIRST, LAST)


def ring(count: int, *arranged: Arranged) -> list[Meeting]:
    return [met(n, (n + 1) % count, *arranged) for n in range(count)]


@pytest.mark.parametrize(("part", "of", "told"), [(0, 7, 0), (7, 7, 10), (1, 20, 1), (1, 21, 0), (2, 3, 7)])
def test_shares_are_told_in_tenths_and_half_is_up(part, of, told):
    assert tenths(part, of) == told


def test_nothing_happened_and_nothing_is_said():
    assert measured(people=()) == Measures(FIRST, LAST)


def test_the_share_of_meetings_that_no_host_arranged():
    some = [*ring(5), met(0, 2, Arranged.HOST), met(1, 3, Arranged.SCREEN), met(0, 1, ago=95)]
    told = measured(*some)
    assert (told.meetings, told.alone, told.suggested) == (7, tenths(6, 7), tenths(1, 7))


def test_four_people_who_met_are_too_few_to_say():
    told = measured(*ring(4))
    assert (told.meetings, told.alone, told.suggested, told.bridged) == (None, None, None, None)


def test_languages_are_bridged_by_meetings_between_two_first_languages():
    english = {who: Member(who, who, languages=("en", "fr")) for who in WHO[:1]}
    assert measured(*ring(5), members=english).bridged == tenths(2, 5)


def newcomers(count: int, *, joined: bool = True, ago: int = 40) -> dict:
    """Return members who began so many days ago, and came on that day and the next two."""
    begun = LAST - timedelta(days=ago)
    members = {who: Member(who, who, joined=begun if joined else None) for who in WHO[:count]}
    return {
        "members": members,
        "came": {who: frozenset(begun + timedelta(days=n) for n in range(3)) for who in members},
        "people": [],
    }


def test_newcomers_with_two_ties_within_thirty_days():
    some = [met(0, 1, ago=39), met(0, 2, ago=38), met(1, 2, ago=11), met(3, 4, ago=10), met(3, 0, ago=41)]
    told = measured(*some, **newcomers(5))
    # 0 met 1 and 2; 1 met 0 and 2; 2 met 0 and 1; 3 and 4 met too late, or before
    assert (told.newcomers, told.settled) == (5, tenths(3, 5))


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize(("ago", "counted"), [(29, 5), (28, None), (118, 5), (119, None)])
def test_newcomers_count_in_the_time_in_which_their_thirty_days_end(ago, counted, joined):
    assert measured(**newcomers(5, ago=ago, joined=joined)).newcomers == counted


def test_who_came_before_the_log_begins_and_hosts_are_no_newcomers():
    fresh = newcomers(6, joined=False)
    assert measured(**fresh, before=frozenset(WHO[:1])).newcomers == 5
    assert measured(**fresh, before=frozenset(WHO[:2])).newcomers is None
    hosts = {who: Member(who, who, host=True, joined=LAST - timedelta(days=40)) for who in WHO[:2]}
    assert measured(**{**fresh, "members": {**fresh["members"], **hosts}}).newcomers is None


def test_newcomers_of_whom_a_part_is_no_longer_told_are_left_out():
    assert measured(**newcomers(5), since=LAST - timedelta(days=40)).newcomers == 5
    assert measured(**newcomers(5), since=LAST - timedelta(days=39)).newcomers is None


def test_by_whom_newcomers_were_welcomed_is_their_first_meeting():
    some = [met(0, 1, Arranged.HOST, 39), met(2, 3, Arranged.SCREEN, 38), met(3, 4, Arranged.HOST, 37)]
    assert measured(*some, **newcomers(5)).welcomed == tenths(2, 5)
    assert measured(*some[:2], **newcomers(5)).welcomed is None


def test_people_who_met_few_are_a_number_and_only_from_five_on():
    told = measured(*ring(6))
    assert (told.regulars, told.few) == (6, 6)
    everybody = [met(one, other) for one, other in combinations(range(6), 2)]
    assert measured(*everybody).few is None
    assert measured(*ring(6), met(0, 2), met(0, 3)).few is None  # 1, 4 and 5 have two, the others three


def test_who_came_once_is_no_regular():
    once = {who: frozenset({LAST}) for who in WHO[:6]}
    told = measured(*ring(6), came=once)
    assert (told.regulars, told.few, told.whole) == (None, None, None)


def test_the_largest_group_with_hosts_and_without():
    star = [met(n, 11, Arranged.HOST) for n in range(6)]
    host = {HOST: Member(HOST, "Hugo", host=True)}
    told = measured(*star, met(0, 1), members=host)
    assert (told.regulars, told.whole, told.without_hosts) == (6, 10, tenths(2, 6))
    assert measured(*star[:0], met(0, 1)).without_hosts is None


def test_ties_are_not_told_where_a_part_of_them_is_gone():
    assert measured(*ring(6), since=FIRST).whole == TENTHS
    assert measured(*ring(6), since=FIRST + timedelta(days=1)).whole is None
    life = life_of(*ring(6), since=LAST - timedelta(days=74))
    assert measure(life, FIRST, LAST, looked_back_days=75).whole == TENTHS


def test_days_on_which_people_met_while_no_host_was_in():
    host = {HOST: Member(HOST, "Hugo", host=True)}
    days = [
        Meeting(meeting.pair, LAST - timedelta(days=5 + n), meeting.arranged, is_open=True)
        for n, meeting in enumerate(ring(5))
    ]
    assert measured(*days, members=host).away == 5
    assert measured(*ring(5), members=host).away == 0
    assert measured(days[0], members=host).away is None
    assert measured(*days).away is None
    assert measured(*days).hosts is False


def test_help_goes_both_ways_where_both_found_it_useful():
    useful = {(WHO[one], WHO[other]): (LAST, True) for one, other in [(0, 1), (1, 0), (2, 3), (4, 3)]}
    useful[WHO[3], WHO[2]] = (LAST, False)
    useful[WHO[3], WHO[4]] = (FIRST - timedelta(days=1), True)
    assert measured(useful=useful).mutual == tenths(1, 3)
    del useful[WHO[4], WHO[3]]
    assert measured(useful=useful).mutual is None


def test_a_chain_is_one_group_and_people_outside_do_not_join_it():
    assert largest_group(set(WHO[:5]), list(pairwise(WHO[:5]))) == 5
    assert largest_group({*WHO[:2], *WHO[3:5]}, list(pairwise(WHO[:5]))) == 2
    assert largest_group(set(), []) == 0
    assert ties_of(set(WHO[:3]), [(WHO[0], WHO[1]), (WHO[0], WHO[1]), (WHO[1], WHO[3])]) == {
        WHO[0]: 1,
        WHO[1]: 1,
        WHO[2]: 0,
    }


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(Arranged), st.integers(0, 120)))
)
def test_over_four_people_nothing_is_ever_said(drawn):
    meetings = [met(one, other, how, ago) for one, other, how, ago in drawn if one != other]
    useful = {meeting.pair: (meeting.day, True) for meeting in meetings}
    people = {who: Member(who, who, host=who == WHO[0]) for who in WHO[: SMALLEST - 1]}
    life = Life(people, life_of(people=WHO[: SMALLEST - 1]).came, tuple(meetings), useful)
    told = measure(life, FIRST, LAST)
    assert told in {Measures(FIRST, LAST, hosts=True), Measures(FIRST, LAST, hosts=True, away=0)}
