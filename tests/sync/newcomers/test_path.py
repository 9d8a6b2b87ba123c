"""Who is on the newcomers' path, and the one thing to do next for each."""

from datetime import date, timedelta

import pytest

from community.ids import MemberId
from community.members import Member, Mood, Visibility
from sync.newcomers.path import Buddy, Candidate, Coming, Next, candidates, newcomers

DAY = date(2026, 11, 23)
ADA, BOB, EVE, KIM = (MemberId(name) for name in ("ada", "bob", "eve", "kim"))


def member(member_id: MemberId, **more) -> Member:
    return Member(member_id, member_id.title(), **more)


def came(*ago: int, visits: int | None = None, met: int = 0) -> Coming:
    days = frozenset(DAY - timedelta(days=each) for each in ago)
    return Coming(days, len(days) if visits is None else visits, met)


def path(known: Coming | None, *, inside: bool = True, buddy: Buddy | None = None, meet=(), **facts):
    return newcomers(
        [member(ADA, **facts)],
        {} if known is None else {ADA: known},
        [ADA] if inside else [],
        {ADA: meet},
        {} if buddy is None else {ADA: buddy},
        DAY,
    )


@pytest.mark.parametrize(
    ("known", "joined", "on_path"),
    [
        (came(0), None, True),
        (came(30), None, True),
        (came(31, 0), None, False),
        (came(0, visits=40), None, False),
        (came(0), DAY - timedelta(days=90), True),
        (came(0), DAY - timedelta(days=91), False),
        (None, DAY - timedelta(days=30), True),
        (None, DAY - timedelta(days=31), False),
        (None, DAY + timedelta(days=1), False),
        (None, None, False),
    ],
)
def test_somebody_is_new_for_thirty_days(known, joined, on_path):
    assert bool(path(known, joined=joined)) is on_path


def test_who_looks_after_the_place_and_who_hides_from_hosts_is_not_on_it():
    assert path(came(0), host=True) == ()
    assert path(came(0), visibility=Visibility(hosts=False)) == ()


IN, OUT = True, False
CARES = Buddy(BOB, "Bob", is_in=True)


@pytest.mark.parametrize(
    ("known", "inside", "buddy", "step"),
    [
        (None, OUT, None, Next.INVITE),
        (came(0), IN, None, Next.INTRODUCE),
        (came(0, met=1), IN, CARES, Next.INTRODUCE),
        (came(0, met=2), IN, None, Next.BUDDY),
        (came(0, met=2), IN, CARES, Next.NOTHING),
        (came(0, met=2), OUT, None, Next.RETURN),
        (came(4, 0), IN, CARES, Next.INTRODUCE),
        (came(4, 0, met=1), IN, None, Next.BUDDY),
        (came(4, 0), OUT, None, Next.RETURN),
        (came(8, 4, 0), IN, None, Next.MEETING),
        (came(8, 4, 2), OUT, None, Next.MEETING),
        (came(8, 4, 0, met=1), IN, None, Next.BUDDY),
        (came(8, 4, 1, met=1), OUT, None, Next.NOTHING),
        (came(9, 8, 4, 0, met=1), IN, None, Next.NOTHING),
    ],
)
def test_each_newcomer_has_one_next_step(known, inside, buddy, step):
    (one,) = path(known, inside=inside, buddy=buddy, joined=DAY)
    assert one.next is step
    assert one.buddy is buddy


def test_who_is_in_comes_first_then_the_latest_to_begin():
    coming = {ADA: came(9), BOB: came(3), EVE: came(5, 0), KIM: came(3)}
    found = newcomers([member(one) for one in (ADA, BOB, EVE, KIM)], coming, [EVE], {EVE: ("Zoé",)}, {}, DAY)
    assert [one.member_id for one in found] == [EVE, BOB, KIM, ADA]
    assert found[0].meet == ("Zoé",)


def test_who_offered_to_welcome_is_named_first_then_who_shares_a_language():
    ada = member(ADA, languages=("fr",))
    members = {
        ADA: ada,
        BOB: member(BOB, languages=("en",)),
        EVE: member(EVE, languages=("fr",)),
        KIM: member(KIM, languages=("de",)),
    }
    moods = dict.fromkeys(members)
    found = candidates(ada, members, moods, {KIM}, set(members))
    assert found == (Candidate(KIM, "Kim", True), Candidate(EVE, "Eve", False), Candidate(BOB, "Bob", False))


def test_who_is_heads_down_new_hidden_or_not_a_member_is_not_asked():
    ada = member(ADA)
    hidden = member(EVE, visibility=Visibility(hosts=False))
    members = {ADA: ada, BOB: member(BOB), EVE: hidden, KIM: member(KIM)}
    moods = {ADA: None, BOB: Mood.HEADS_DOWN, EVE: None, KIM: None, MemberId("gone"): None}
    assert candidates(ada, members, moods, (), {ADA, BOB, EVE}) == ()


def test_whom_somebody_would_rather_not_meet_is_not_left_out_for_the_list_would_say_so():
    ada = member(ADA, avoid=(BOB,))
    members = {ADA: ada, BOB: member(BOB), EVE: member(EVE)}
    found = candidates(ada, members, dict.fromkeys(members), (), set(members))
    assert [one.member_id for one in found] == [EVE, BOB]
