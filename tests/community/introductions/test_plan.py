"""The plan: whom to introduce to somebody who has just tapped."""

from dataclasses import astuple, replace
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.introductions.pairing import pair
from community.introductions.plan import (
    NEW_FOR_DAYS,
    NEW_HERE_SCORE,
    REST_DAYS,
    SHOWN_A_DAY,
    Candidate,
    History,
    fit_of,
    introduce,
)
from community.introductions.reasons import BothLike, NewHere, TheyKnow, TheyNeed, TheyOffer
from community.introductions.slots import Slot
from community.members import Member, Mood, Visibility
from tests.community.samples import willing

TODAY = date(2026, 3, 5)
NOTHING = History()

VISITOR = willing("m-v", needs=("un logo",), offers=("traduction allemand",), interests=("poterie",))
OFFERS = willing("m-offers", offers=("logo et charte",))
NEEDS = willing("m-needs", needs=("traduction en allemand",))
KNOWS = willing("m-knows", interests=("dessin de logo",))
TRADE = willing("m-trade", trade="Graphiste logo")
LIKES = willing("m-likes", interests=("la poterie",))
NEW = willing("m-new", joined=TODAY)


def room(*members: Member) -> list[Candidate]:
    """Return these members as people present, without a mood."""
    return [Candidate(member) for member in members]


def met_by(visitor: Member, *present: Member, history: History = NOTHING) -> set[MemberId]:
    """Return whom a visitor is introduced to."""
    return {i.member_id for i in introduce(visitor, room(*present), history, TODAY)}


# The slots and their reasons.


def test_a_need_meets_an_offer():
    (found,) = introduce(VISITOR, room(OFFERS), NOTHING, TODAY)
    assert found == Introduction(OFFERS.id, Slot.PARTNER, TheyOffer("un logo", "logo et charte"), 1.0)


def test_an_offer_meets_a_need():
    (found,) = introduce(VISITOR, room(NEEDS), NOTHING, TODAY)
    assert found.reason == TheyNeed("traduction en allemand", "traduction allemand")
    assert found.slot is Slot.PARTNER


@pytest.mark.parametrize(("other", "words"), [(KNOWS, "dessin de logo"), (TRADE, "Graphiste logo")])
def test_a_question_meets_an_interest_or_a_trade(other: Member, words: str):
    (found,) = introduce(VISITOR, room(other), NOTHING, TODAY)
    assert (found.slot, found.reason) == (Slot.ADVICE, TheyKnow("un logo", words))


def test_whoever_knows_less_than_half_of_a_question_is_no_advice():
    asks = willing("m-v", needs=("photos de mes céramiques pour le printemps",))
    assert met_by(asks, willing("m-knows", interests=("céramique",))) == set()
    assert met_by(asks, willing("m-knows", interests=("photos de céramique",))) == {"m-knows"}


def test_a_shared_interest_makes_neighbours():
    (found,) = introduce(VISITOR, room(LIKES), NOTHING, TODAY)
    assert (found.slot, found.reason) == (Slot.NEIGHBOUR, BothLike("poterie", "la poterie"))


@pytest.mark.parametrize(
    ("days", "new"), [(-1, False), (0, True), (NEW_FOR_DAYS, True), (NEW_FOR_DAYS + 1, False)]
)
def test_somebody_is_new_here_for_three_weeks(days: int, new: bool):  # noqa: FBT001 - a column of the table above
    joined = TODAY - timedelta(days=days)
    newcomer = msgspec.structs.replace(NEW, joined=joined)
    found = introduce(VISITOR, room(newcomer), NOTHING, TODAY)
    assert found == ((Introduction(NEW.id, Slot.NEIGHBOUR, NewHere(joined), NEW_HERE_SCORE),) if new else ())


def test_a_full_shared_interest_goes_before_being_new():
    found = introduce(VISITOR, room(NEW, LIKES), NOTHING, TODAY)
    assert [i.member_id for i in found] == [LIKES.id]


def test_a_faint_likeness_is_no_reason():
    one = willing("m-one", interests=("voile régate course large",))
    other = willing("m-other", interests=("voile cuisine jardin musique",))
    assert introduce(one, room(other), NOTHING, TODAY) == ()


def test_three_slots_are_filled_in_their_order():
    found = introduce(VISITOR, room(LIKES, KNOWS, OFFERS), NOTHING, TODAY)
    assert [(i.slot, i.member_id) for i in found] == [
        (Slot.PARTNER, OFFERS.id),
        (Slot.ADVICE, KNOWS.id),
        (Slot.NEIGHBOUR, LIKES.id),
    ]


def test_somebody_who_fits_two_slots_takes_one_place():
    both = willing("m-both", offers=("logo",), interests=("poterie",))
    found = introduce(VISITOR, room(both), NOTHING, TODAY)
    assert [i.slot for i in found] == [Slot.PARTNER]


def test_colleagues_are_no_partners_but_may_be_neighbours():
    visitor = msgspec.structs.replace(VISITOR, company="Atelier Nord")
    colleague = willing("m-c", offers=("logo",), interests=("poterie",), company="Atelier Nord")
    found = introduce(visitor, room(colleague), NOTHING, TODAY)
    assert [i.slot for i in found] == [Slot.NEIGHBOUR]


def test_two_who_work_alone_are_not_colleagues():
    assert VISITOR.company == OFFERS.company == ""
    assert met_by(VISITOR, OFFERS) == {OFFERS.id}


# The hard filters.


def test_a_visitor_who_did_not_agree_is_introduced_to_nobody():
    shy = msgspec.structs.replace(VISITOR, introductions=False)
    assert met_by(shy, OFFERS) == set()


def test_nobody_is_introduced_to_themselves():
    likes_itself = msgspec.structs.replace(VISITOR, offers=VISITOR.needs)
    assert met_by(likes_itself, likes_itself) == set()


@pytest.mark.parametrize(
    "hidden",
    [
        msgspec.structs.replace(OFFERS, introductions=False),
        msgspec.structs.replace(OFFERS, visibility=Visibility(lobby=True, members=False)),
    ],
)
def test_whoever_did_not_agree_or_is_hidden_from_members_is_not_suggested(hidden: Member):
    assert met_by(VISITOR, hidden) == set()


@pytest.mark.parametrize("mood", [*Mood, None])
def test_heads_down_is_never_suggested_and_every_other_mood_may_be(mood: Mood | None):
    found = introduce(VISITOR, [Candidate(OFFERS, mood)], NOTHING, TODAY)
    assert bool(found) is (mood is not Mood.HEADS_DOWN)


def test_two_without_a_common_language_are_not_introduced():
    visitor = msgspec.structs.replace(VISITOR, languages=("fr", "it"))
    assert met_by(visitor, msgspec.structs.replace(OFFERS, languages=("en", "de"))) == set()
    assert met_by(visitor, msgspec.structs.replace(OFFERS, languages=("en", "it"))) == {OFFERS.id}


def test_two_who_met_are_not_introduced_again():
    assert met_by(VISITOR, OFFERS, history=History(met=frozenset({pair(OFFERS.id, VISITOR.id)}))) == set()


@pytest.mark.parametrize(
    ("days_ago", "again"), [(0, True), (1, False), (REST_DAYS, False), (REST_DAYS + 1, True), (-1, False)]
)
def test_a_pair_shown_on_an_earlier_day_rests_and_one_shown_today_stays(
    days_ago: int,
    again: bool,  # noqa: FBT001 - a column of the table above
):
    history = History(last_shown={pair(VISITOR.id, OFFERS.id): TODAY - timedelta(days=days_ago)})
    assert bool(met_by(VISITOR, OFFERS, history=history)) is again


def test_nobody_is_suggested_more_often_than_the_day_allows():
    assert met_by(VISITOR, OFFERS, history=History(shown_today={OFFERS.id: SHOWN_A_DAY - 1})) == {OFFERS.id}
    assert met_by(VISITOR, OFFERS, history=History(shown_today={OFFERS.id: SHOWN_A_DAY})) == set()


# Ties.


def test_a_tie_goes_to_whoever_was_suggested_less_today_then_to_the_smaller_id():
    twins = [msgspec.structs.replace(OFFERS, id=MemberId(f"m-{letter}")) for letter in "cab"]
    assert met_by(VISITOR, *twins) == {"m-a"}
    assert met_by(VISITOR, *twins, history=History(shown_today={MemberId("m-a"): 1})) == {"m-b"}


def test_the_better_fit_goes_before_who_was_suggested_less_and_before_the_smaller_id():
    visitor = willing("m-v", needs=("un logo animé",))
    faint, full = willing("m-a", offers=("logo bois",)), willing("m-z", offers=("logo animé",))
    assert met_by(visitor, faint) == {"m-a"}
    assert met_by(visitor, faint, full, history=History(shown_today={full.id: 1})) == {"m-z"}


def test_a_measure_kept_between_taps_judges_by_everybody_who_belongs_here():
    present = (VISITOR, OFFERS, KNOWS, LIKES)
    in_the_room = introduce(VISITOR, room(*present), NOTHING, TODAY)
    assert introduce(VISITOR, room(*present), NOTHING, TODAY, fit_of(present)) == in_the_room
    everybody = fit_of([*present, *(willing(f"m-{n}", offers=("logo",)) for n in range(9))])
    asks = willing("m-v", needs=("logo animé",))
    offers = willing("m-o", offers=("logo bois",))
    (usual,) = introduce(asks, room(offers), NOTHING, TODAY)
    assert usual.score == pytest.approx(0.4, abs=0.05)
    assert introduce(asks, room(offers), NOTHING, TODAY, everybody) == ()


def test_a_pair_is_the_same_from_both_sides():
    assert pair(NEW.id, OFFERS.id) == pair(OFFERS.id, NEW.id) == ("m-new", "m-offers")
    assert pair(NEW.id, NEW.id) == ("m-new", "m-new")


# Any room.

TOPICS = st.sampled_from(["logo", "site web", "poterie", "traduction allemand", "compta", "vélo logo"])
TOPIC_LISTS = st.lists(TOPICS, max_size=2, unique=True)
IDS = [MemberId(f"m-{number}") for number in range(6)]
PAIRS = st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)).map(lambda two: pair(*two))


@st.composite
def members(draw: st.DrawFn, member_id: MemberId) -> Member:
    """Draw a member whose every item ends in their own id: whoever is quoted can be told."""
    needs, offers, interests = (
        tuple(f"{topic} {member_id}" for topic in draw(TOPIC_LISTS)) for _ in range(3)
    )
    return Member(
        member_id,
        f"secret name {member_id}",
        languages=tuple(draw(st.lists(st.sampled_from(["fr", "en", "de"]), min_size=1, unique=True))),
        trade=draw(st.sampled_from(["", f"logo {member_id}"])),
        company=draw(st.sampled_from(["", "Nord", "Sud"])),
        needs=needs,
        offers=offers,
        interests=interests,
        place=f"secret place {member_id}",
        visibility=Visibility(members=draw(st.sampled_from([True, True, False]))),
        introductions=draw(st.sampled_from([True, True, False])),
        joined=draw(st.sampled_from([None, TODAY, TODAY - timedelta(days=40)])),
    )


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Member, list[Candidate], History]:
    """Draw a visitor, the people present (the visitor among them) and their past."""
    present = [
        Candidate(draw(members(member_id)), draw(st.sampled_from([None, Mood.OPEN, Mood.HEADS_DOWN])))
        for member_id in IDS
    ]
    history = History(
        last_shown=draw(
            st.dictionaries(PAIRS, st.sampled_from([TODAY, TODAY - timedelta(days=3)]), max_size=3)
        ),
        met=draw(st.frozensets(PAIRS, max_size=3)),
        shown_today=draw(st.dictionaries(st.sampled_from(IDS), st.integers(0, SHOWN_A_DAY + 1))),
    )
    visitor = msgspec.structs.replace(present[0].member, introductions=True)
    return visitor, [replace(present[0], member=visitor), *present[1:]], history


@given(rooms())
def test_whoever_is_introduced_passes_every_filter(scene: tuple[Member, list[Candidate], History]):
    visitor, present, history = scene
    by_id = {candidate.member.id: candidate for candidate in present}
    for found in introduce(visitor, present, history, TODAY):
        other = by_id[found.member_id]
        assert other.member.id != visitor.id
        assert other.mood is not Mood.HEADS_DOWN
        assert other.member.introductions
        assert other.member.visibility.members
        assert set(other.member.languages) & set(visitor.languages)
        assert pair(visitor.id, other.member.id) not in history.met
        assert history.shown_today.get(other.member.id, 0) < SHOWN_A_DAY
        assert history.last_shown.get(pair(visitor.id, other.member.id), TODAY) == TODAY


@given(rooms())
def test_a_visitor_meets_at_most_one_person_a_slot_and_nobody_twice(
    scene: tuple[Member, list[Candidate], History],
):
    found = introduce(*scene[:2], scene[2], TODAY)
    slots = [i.slot for i in found]
    assert slots == [slot for slot in Slot if slot in slots]
    assert len({i.member_id for i in found}) == len(found)


@given(rooms(), st.randoms(use_true_random=False))
def test_the_same_room_in_any_order_gives_the_same_answer(
    scene: tuple[Member, list[Candidate], History], chance
):
    visitor, present, history = scene
    shuffled = chance.sample(present, len(present))
    assert introduce(visitor, present, history, TODAY) == introduce(visitor, shuffled, history, TODAY)


@given(rooms())
def test_a_reason_quotes_only_what_the_two_show_of_themselves(
    scene: tuple[Member, list[Candidate], History],
):
    visitor, present, history = scene
    by_id = {candidate.member.id: candidate.member for candidate in present}
    for found in introduce(visitor, present, history, TODAY):
        other = by_id[found.member_id]
        mine = {*visitor.needs, *visitor.offers, *visitor.interests}
        theirs = {*other.needs, *other.offers, *other.interests, other.trade, other.joined}
        assert set(astuple(found.reason)) <= mine | theirs
        match found.reason:
            case TheyOffer(need=need, offer=offer):
                assert (need in visitor.needs, offer in other.offers) == (True, True)
            case TheyNeed(need=need, offer=offer):
                assert (need in other.needs, offer in visitor.offers) == (True, True)
            case TheyKnow(need=need, knows=knows):
                assert (need in visitor.needs, knows in {*other.interests, other.trade}) == (True, True)
            case BothLike(interest=interest, their_words=words):
                assert (interest in visitor.interests, words in other.interests) == (True, True)
            case NewHere(joined=joined):
                assert joined == other.joined


@given(rooms())
def test_a_score_lies_in_0_to_1(scene: tuple[Member, list[Candidate], History]):
    assert all(0 < i.score <= 1 for i in introduce(*scene[:2], scene[2], TODAY))
