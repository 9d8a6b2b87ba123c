"""The matchmaker: scores, slot by slot, and what is said."""

from dataclasses import astuple
from datetime import timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.ids import MemberId
from community.introductions import matchmaker as module
from community.introductions.acceptance import FEATURES
from community.introductions.filters import TABLE_BARS, barred_slots, bars
from community.introductions.introduction import Introduction
from community.introductions.judge import SLOTS, TableJudge
from community.introductions.matchmaker import Matchmaker
from community.introductions.pairing import PairPast, PersonPast, pair
from community.introductions.past import Past
from community.introductions.reasons import (
    BothLike,
    CatchUp,
    KnowsThePlace,
    NewHere,
    OpenToChat,
    SharedLanguage,
    TheyAsk,
    TheyKnow,
    TheyNeed,
    TheyOffer,
)
from community.introductions.slots import Slot
from community.introductions.weights import Weights
from community.members import Intent, Member, Mood, Visibility
from tests.community.introductions.people import TODAY, ground_of, items_of, matchmaker_of
from tests.community.samples import willing

ANN = willing("m-ann", needs=("un site web",), offers=("traduction allemand",))
BOB = willing("m-bob", offers=("un site web",))
CAT = willing("m-cat", needs=("traduction allemand", "conseil fiscal"))
DAN = willing("m-dan", trade="conseil fiscal", intents=(Intent.ADVISE,))
LONG_AGO = TODAY - timedelta(days=400)
LATELY = TODAY - timedelta(days=3)


def scores(judge: Matchmaker, one: Member, other: Member) -> dict[Slot, float]:
    return dict(zip(SLOTS, judge.row(one.id, [other.id])[:, 0].tolist(), strict=True))


def slots(judge: Matchmaker, one: Member, other: Member) -> set[Slot]:
    return {slot for slot, score in scores(judge, one, other).items() if score > 0}


def reasons(judge: Matchmaker, one: Member, other: Member, slot: Slot):
    found = judge.introduction(one.id, other.id, slot), judge.introduction(other.id, one.id, slot)
    return tuple(each and each.reason for each in found)


def with_past(**what: object) -> Past:
    return Past.of([PersonPast(ANN.id, pairs=(PairPast(BOB.id, **what),))])  # type: ignore[arg-type]  # as given


def judge_of(*members: Member, **what) -> TableJudge:
    return matchmaker_of(*members, **what)


def test_a_need_that_is_offered_makes_partners_seen_from_both_sides():
    judge = matchmaker_of(ANN, BOB)
    assert slots(judge, ANN, BOB) == {Slot.PARTNER}
    assert reasons(judge, ANN, BOB, Slot.PARTNER) == (
        TheyOffer("un site web", "un site web"),
        TheyNeed("un site web", "un site web"),
    )
    assert judge.seeker(ANN.id, BOB.id, Slot.PARTNER) == judge.seeker(BOB.id, ANN.id, Slot.PARTNER) == ANN.id


def test_where_each_answers_the_other_both_are_told_both():
    judge = matchmaker_of(msgspec.structs.replace(ANN, offers=("photo mariage",)),
                          msgspec.structs.replace(BOB, needs=("photo mariage",)))  # fmt: skip
    mine, theirs = (
        judge.introduction(ANN.id, BOB.id, Slot.PARTNER),
        judge.introduction(BOB.id, ANN.id, Slot.PARTNER),
    )
    assert mine is not None
    assert theirs is not None
    assert (mine.reason, mine.for_them) == (
        TheyOffer("un site web", "un site web"),
        TheyNeed("photo mariage", "photo mariage"),
    )
    assert (theirs.reason, theirs.for_them) == (
        TheyOffer("photo mariage", "photo mariage"),
        TheyNeed("un site web", "un site web"),
    )
    assert judge.seeker(ANN.id, BOB.id, Slot.PARTNER) is None


def test_a_question_is_brought_to_who_advises():
    judge = matchmaker_of(CAT, DAN)
    assert slots(judge, CAT, DAN) == {Slot.ADVICE}
    assert reasons(judge, CAT, DAN, Slot.ADVICE) == (
        TheyKnow("conseil fiscal", "conseil fiscal"),
        TheyAsk("conseil fiscal", "conseil fiscal"),
    )
    assert judge.seeker(DAN.id, CAT.id, Slot.ADVICE) == CAT.id


def test_advice_from_who_has_been_here_longer_counts_a_little_more():
    new, old = (
        scores(
            matchmaker_of(
                msgspec.structs.replace(CAT, joined=TODAY - timedelta(days=40)),
                msgspec.structs.replace(DAN, joined=TODAY - timedelta(days=age)),
            ),
            CAT,
            DAN,
        )
        for age in (30, 2000)
    )
    assert 0 < new[Slot.ADVICE] < old[Slot.ADVICE] <= 1


def test_colleagues_are_no_partners_and_who_wants_no_business_is_none():
    same = [msgspec.structs.replace(member, company="Atelier") for member in (ANN, BOB)]
    assert slots(matchmaker_of(*same), ANN, BOB) == set()
    private = msgspec.structs.replace(BOB, intents=(Intent.COMPANY,))
    assert slots(matchmaker_of(ANN, private), ANN, BOB) == set()


JAZZ = willing("m-jazz", interests=("jazz", "vélo"))
CLUB = willing("m-club", interests=("Jazz",))


def test_an_interest_in_common_makes_neighbours():
    judge = matchmaker_of(JAZZ, CLUB)
    assert slots(judge, JAZZ, CLUB) == {Slot.NEIGHBOUR}
    assert reasons(judge, JAZZ, CLUB, Slot.NEIGHBOUR) == (BothLike("jazz", "Jazz"), BothLike("Jazz", "jazz"))
    assert judge.seeker(JAZZ.id, CLUB.id, Slot.NEIGHBOUR) is None


OLD = willing("m-old", joined=LONG_AGO)
NEW = willing("m-new", joined=TODAY - timedelta(days=2))
MIDDLE = willing("m-middle", joined=TODAY - timedelta(days=50))


def test_who_is_new_is_welcomed_by_who_knows_the_place():
    judge = matchmaker_of(OLD, NEW, MIDDLE)
    assert NEW.joined is not None
    assert reasons(judge, OLD, NEW, Slot.NEIGHBOUR) == (NewHere(NEW.joined), KnowsThePlace(LONG_AGO))
    assert slots(judge, NEW, MIDDLE) == set(), "nothing true could be said to the newcomer"
    assert slots(judge, OLD, MIDDLE) == set()


def test_two_who_are_new_are_both_told_so():
    other = willing("m-newer", joined=TODAY)
    assert reasons(matchmaker_of(NEW, other), NEW, other, Slot.NEIGHBOUR) == (
        NewHere(TODAY),
        NewHere(TODAY - timedelta(days=2)),
    )


def test_who_is_open_to_a_chat_is_named_to_others():
    judge = matchmaker_of(OLD, MIDDLE, NEW, moods={MIDDLE.id: Mood.OPEN, OLD.id: Mood.HELLO})
    assert reasons(judge, OLD, MIDDLE, Slot.NEIGHBOUR) == (OpenToChat(), KnowsThePlace(LONG_AGO))
    assert reasons(judge, NEW, MIDDLE, Slot.NEIGHBOUR)[0] == OpenToChat()


def test_an_uncommon_language_is_something_in_common():
    speakers = [willing(f"m-pt{n}", languages=("en", "pt")) for n in range(2)]
    judge = matchmaker_of(*speakers, *(willing(f"m-{n}", languages=("en",)) for n in range(9)))
    assert reasons(judge, *speakers, Slot.NEIGHBOUR) == (SharedLanguage("pt"), SharedLanguage("pt"))


def test_people_who_met_a_good_while_ago_catch_up_and_are_nothing_else():
    judge = matchmaker_of(ANN, BOB, past=with_past(met=LONG_AGO))
    assert slots(judge, ANN, BOB) == {Slot.NEIGHBOUR}
    assert reasons(judge, ANN, BOB, Slot.NEIGHBOUR) == (CatchUp(LONG_AGO), CatchUp(LONG_AGO))


@pytest.mark.parametrize(
    "past",
    [{"met": LATELY}, {"shown": LATELY, "times": 1}, {"barred": True}, {"met": LONG_AGO, "barred": True}],
)
def test_what_lies_between_two_can_bar_every_slot(past):
    chatty = dict.fromkeys((ANN.id, BOB.id), Mood.OPEN)
    assert slots(matchmaker_of(ANN, BOB, moods=chatty), ANN, BOB) == {Slot.PARTNER, Slot.NEIGHBOUR}
    assert slots(matchmaker_of(ANN, BOB, moods=chatty, past=with_past(**past)), ANN, BOB) == set()


def test_a_pair_shown_before_counts_less_and_a_second_look_today_nothing_less():
    before = scores(matchmaker_of(ANN, BOB), ANN, BOB)[Slot.PARTNER]
    rested = with_past(shown=TODAY - timedelta(days=20), times=1)
    assert 0 < scores(matchmaker_of(ANN, BOB, past=rested), ANN, BOB)[Slot.PARTNER] < before
    today = Past().with_today(TODAY, shown=[(ANN.id, BOB.id)])
    assert scores(matchmaker_of(ANN, BOB, past=today), ANN, BOB)[Slot.PARTNER] == before


def test_the_less_connected_and_the_newly_come_are_lifted():
    def neighbour(**what: object) -> float:
        past = Past.of([PersonPast(JAZZ.id, **what), PersonPast(CLUB.id, ties=9, days=99)])  # type: ignore[arg-type]  # as given
        return scores(matchmaker_of(JAZZ, CLUB, past=past), JAZZ, CLUB)[Slot.NEIGHBOUR]

    assert neighbour(ties=3, days=99) == neighbour(ties=8, days=99)
    assert neighbour(ties=2, days=99) > neighbour(ties=3, days=99)
    assert neighbour(ties=0, days=99) > neighbour(ties=1, days=99)
    assert neighbour(ties=3, days=1) > neighbour(ties=3, days=20)


def test_a_bridge_counts_more_than_people_in_common():
    third = willing("m-third")
    ours, theirs = pair(JAZZ.id, third.id), pair(CLUB.id, third.id)
    friends = Past().with_today(TODAY, met=[ours, theirs])
    strangers = Past().with_today(TODAY, met=[ours, pair(CLUB.id, "m-else")])
    everybody = (JAZZ, CLUB, third, willing("m-else"))
    near, far = (
        scores(matchmaker_of(*everybody, past=past), JAZZ, CLUB)[Slot.NEIGHBOUR]
        for past in (friends, strangers)
    )
    assert near < far
    colleagues = [msgspec.structs.replace(member, company="Atelier") for member in (JAZZ, CLUB)]
    assert (
        scores(matchmaker_of(*colleagues), JAZZ, CLUB)[Slot.NEIGHBOUR]
        < scores(matchmaker_of(JAZZ, CLUB), JAZZ, CLUB)[Slot.NEIGHBOUR]
    )


def test_no_weights_take_a_true_reason_away():
    cold = Weights(common_ground=-50, lift=-50, newcomer=-50, bridge=-50, open_to_chat=-50, overlap=-50)
    assert slots(matchmaker_of(JAZZ, CLUB, weights=cold), JAZZ, CLUB) <= {Slot.NEIGHBOUR}


def test_a_member_who_changed_since_is_quoted_no_more():
    ground = ground_of(ANN, BOB, JAZZ, CLUB)
    changed = msgspec.structs.replace(BOB, offers=("autre chose",))
    judge = Matchmaker.of(
        (ANN, changed, JAZZ, CLUB), ground, Past(), TODAY, {BOB.id: Mood.OPEN, ANN.id: Mood.OPEN}
    )
    assert judge.introduction(ANN.id, BOB.id, Slot.PARTNER) is None
    assert judge.introduction(ANN.id, BOB.id, Slot.NEIGHBOUR) == Introduction(
        BOB.id, Slot.NEIGHBOUR, OpenToChat(), scores(judge, ANN, BOB)[Slot.NEIGHBOUR]
    )
    silent = msgspec.structs.replace(CLUB, interests=())
    judge = Matchmaker.of((JAZZ, silent), ground, Past(), TODAY, {CLUB.id: Mood.OPEN, JAZZ.id: Mood.OPEN})
    assert reasons(judge, JAZZ, CLUB, Slot.NEIGHBOUR) == (OpenToChat(), OpenToChat())


def test_who_is_not_known_is_nobody():
    judge = judge_of(ANN, BOB)
    gone = MemberId("m-gone")
    assert not judge.row(gone, [ANN.id, BOB.id]).any()
    assert judge.row(ANN.id, [gone, BOB.id])[0].astype(bool).tolist() == [False, True]
    assert judge.table([gone, ANN.id, BOB.id])[0].astype(bool).tolist() == [
        [False, False, False],
        [False, False, True],
        [False, True, False],
    ]
    assert judge.seeker(gone, ANN.id, Slot.PARTNER) is None
    assert judge.barred(gone, [ANN.id]).tolist() == [True]
    assert judge.barred(ANN.id, [gone, BOB.id]).tolist() == [True, False]
    assert not matchmaker_of(ANN).features(gone, [ANN.id]).any()
    assert matchmaker_of(ANN).introduction(ANN.id, gone, Slot.PARTNER) is None
    assert matchmaker_of(ANN).introduction(gone, ANN.id, Slot.PARTNER) is None


def test_nobody_at_all_is_no_trouble():
    judge = matchmaker_of()
    assert judge.row(ANN.id, []).shape == (3, 0)
    assert judge.table([]).shape == (3, 0, 0)
    assert judge.table([ANN.id]).shape == (3, 1, 1)


def test_another_moment_of_the_day_keeps_what_did_not_change():
    past = Past()
    morning = matchmaker_of(ANN, BOB, past=past)
    noon = morning.then(moods={BOB.id: Mood.HEADS_DOWN})
    assert slots(morning, ANN, BOB) == {Slot.PARTNER}
    assert slots(noon, ANN, BOB) == set()
    evening = noon.then(moods={}, past=past.with_today(TODAY, met=[(ANN.id, BOB.id)]))
    assert slots(evening, ANN, BOB) == set()
    assert evening.crowd is morning.crowd
    late = evening.then(past=past, weights=Weights(intercept=-9))
    assert 0 < scores(late, ANN, BOB)[Slot.PARTNER] < scores(morning, ANN, BOB)[Slot.PARTNER]


def test_features_are_those_the_acceptance_rests_on():
    past = Past.of([PersonPast(who, weekdays=(4, 0, 0, 0, 0, 0, 0)) for who in (ANN.id, BOB.id)])
    found = matchmaker_of(ANN, BOB, CAT, past=past).features(ANN.id, [BOB.id, "m-gone", CAT.id])
    assert found.shape == (3, len(FEATURES))
    named = dict(zip(FEATURES, found[0], strict=True))
    assert named["answers_me"] > 0.5
    assert (named["i_answer"], named["same_language"], named["overlap"]) == (0, 1, 1)
    assert not found[1].any()
    assert dict(zip(FEATURES, found[2], strict=True))["i_answer"] > 0.5


def test_a_large_table_is_worked_out_in_parts(monkeypatch):
    people = [m.id for m in (ANN, BOB, CAT, DAN, JAZZ, CLUB)]
    judge = matchmaker_of(ANN, BOB, CAT, DAN, JAZZ, CLUB)
    whole = judge.table(people)
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 4)
    assert np.array_equal(judge.table(people), whole)


def test_what_was_worked_out_is_looked_up_and_never_too_much_is_kept(monkeypatch):
    monkeypatch.setattr(module, "ROWS_KEPT", 2)
    people = [m.id for m in (ANN, BOB, CAT, DAN)]
    plain, judge = matchmaker_of(ANN, BOB, CAT, DAN), matchmaker_of(ANN, BOB, CAT, DAN)
    for one in people:
        judge.row(one, [other for other in people if other != BOB.id])
        for other in people:
            for slot in Slot:
                assert judge.introduction(one, other, slot) == plain.introduction(one, other, slot)


ITEM = st.sampled_from(["site web", "un site web rapide", "photo", "jazz", "Jazz", "", "🍷 مرحبا"])
ITEMS = st.lists(ITEM, max_size=3).map(tuple)
NAMES = [MemberId(f"m-{letter}") for letter in "abcdef"]
DAYS = st.sampled_from([None, TODAY, LATELY, TODAY - timedelta(days=20), LONG_AGO])


@st.composite
def rooms(draw) -> Matchmaker:
    """Draw any room: people of every kind, any past, any mood."""
    people = [
        willing(
            name,
            needs=draw(ITEMS),
            offers=draw(ITEMS),
            interests=draw(ITEMS),
            ask_about=draw(ITEMS),
            trade=draw(ITEM),
            company=draw(st.sampled_from(["", "Atelier", "atelier"])),
            languages=draw(st.sampled_from([("fr",), ("en",), ("fr", "en"), ("EN", "pt")])),
            intents=tuple(draw(st.sets(st.sampled_from(Intent)))),
            avoid=tuple(draw(st.sets(st.sampled_from(NAMES), max_size=1))),
            avoid_topics=tuple(draw(st.sets(st.sampled_from(["photo", "jazz"]), max_size=1))),
            visibility=Visibility(members=draw(st.booleans()) or draw(st.booleans())),
            joined=draw(DAYS),
        )
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True))
    ]
    counts = st.integers(0, 5)
    past = Past.of(
        PersonPast(
            name,
            tuple(draw(st.lists(counts, max_size=7))),
            draw(counts),
            draw(counts),
            draw(counts),
            draw(counts),
            draw(counts),
            draw(counts),
            pairs=tuple(
                PairPast(other, draw(DAYS), draw(DAYS), draw(counts), barred=draw(st.integers(0, 9)) == 0)
                for other in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
            ),
        )
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True))
    )
    moods = draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([None, *Mood])))
    return matchmaker_of(*people, past=past, moods=moods)


@given(rooms())
def test_scores_are_the_same_from_both_sides_and_in_the_table(judge: Matchmaker):
    table = judge.table(NAMES)
    assert ((table >= 0) & (table <= 1)).all()
    assert np.array_equal(table, table.transpose(0, 2, 1))
    for place, name in enumerate(NAMES):
        assert np.array_equal(judge.row(name, NAMES), table[:, place])
        assert not table[:, place, place].any()


@given(rooms())
def test_no_barred_pair_is_ever_scored(judge: Matchmaker):
    members = {member.id: member for member in judge.crowd.members}
    for one in NAMES:
        found_at_table = judge.barred(one, NAMES)
        for other, at_table in zip(NAMES, found_at_table, strict=True):
            past = judge.standing.past.pair(one, other)
            found = bars(members.get(one), members.get(other), judge.moods, past, TODAY)
            assert at_table == bool(TABLE_BARS & set(found))
            for slot, score in zip(SLOTS, judge.row(one, [other])[:, 0], strict=True):
                assert not (slot in barred_slots(found) and score), (found, slot)


@given(rooms())
def test_whatever_scores_has_something_true_to_say_to_both_and_quotes_the_right_one(judge: Matchmaker):
    members = {member.id: member for member in judge.crowd.members}
    for one in NAMES:
        for other in NAMES:
            for slot, score in zip(SLOTS, judge.row(one, [other])[:, 0], strict=True):
                found = judge.introduction(one, other, slot)
                assert (found is not None) == (score > 0)
                if found is None:
                    continue
                assert (found.member_id, found.slot, found.score) == (other, slot, score)
                both = members[one], members[other]
                assert all(member.may_be_introduced for member in both)
                assert is_true(judge, found.reason, *both)
                for text in quoted(found.reason) | quoted(found.for_them):
                    assert any(text in items_of(member) for member in both)
                    assert not any(topic in text.casefold() for m in both for topic in m.avoid_topics)


def is_true(judge: Matchmaker, reason, reader: Member, other: Member) -> bool:
    """Say whether a reason is true of these two, and each quotation is the right one's."""
    match reason:
        case TheyOffer(need=need, offer=offer):
            return need in reader.needs and offer in other.offers
        case TheyNeed(need=need, offer=offer):
            return need in other.needs and offer in reader.offers
        case TheyKnow(need=need, knows=knows):
            return need in reader.needs and knows in items_of(other)
        case TheyAsk(need=need, knows=knows):
            return need in other.needs and knows in items_of(reader)
        case BothLike(interest=mine, their_words=theirs):
            return mine in reader.interests and theirs in other.interests
        case NewHere(joined=joined) | KnowsThePlace(joined=joined):
            return joined == other.joined
        case CatchUp(met=met):
            return met <= TODAY - timedelta(days=30)
        case OpenToChat():
            return judge.moods[other.id] is Mood.OPEN
        case SharedLanguage(language=code):
            return all(code in {spoken.casefold() for spoken in m.languages} for m in (reader, other))
        case _:
            return False


def quoted(reason) -> set[str]:
    """Return what a reason quotes of what people wrote."""
    if not isinstance(reason, TheyOffer | TheyNeed | TheyKnow | TheyAsk | BothLike):
        return set()
    return set(astuple(reason))


@given(rooms(), st.sampled_from(Slot))
def test_a_seeker_is_one_of_the_two_and_the_same_from_both_sides(judge: Matchmaker, slot: Slot):
    for one in NAMES:
        for other in NAMES:
            seeker = judge.seeker(one, other, slot)
            assert seeker in (one, other, None)
            assert seeker == judge.seeker(other, one, slot)
            assert seeker == seeker_by_terms(judge, one, other, slot)


def seeker_by_terms(judge: Matchmaker, one: MemberId, other: MemberId, slot: Slot) -> MemberId | None:
    """Say who seeks from everything the pair's scores rest on."""
    terms = judge.terms(one, other)
    if terms is None or slot is Slot.NEIGHBOUR:
        return None
    both = (
        (terms.my_need, terms.their_need)
        if slot is Slot.PARTNER
        else (terms.my_question, terms.their_question)
    )
    mine, theirs = (float(side[0, 0]) for side in both)
    if abs(mine - theirs) < module.ALIKE:
        return None
    return one if mine > theirs else other


@given(rooms())
def test_an_introduction_is_the_same_whether_its_row_was_asked_for_or_not(judge: Matchmaker):
    again = judge.then()
    for one in NAMES:
        again.row(one, NAMES)
        for other in NAMES:
            for slot in Slot:
                assert again.introduction(one, other, slot) == judge.introduction(one, other, slot)


@given(st.text(max_size=6000), st.text(), st.text())
def test_any_text_is_taken(need: str, offer: str, company: str):
    one = willing("m-a", needs=(need, "x" * 5000), offers=(offer,), interests=(need,), company=company)
    other = willing("m-b", needs=(offer,), offers=(need,), interests=(need + " ",), trade=need)
    judge = matchmaker_of(one, other, willing("m-empty"))
    for slot in Slot:
        found = judge.introduction(one.id, other.id, slot)
        assert found is None or quoted(found.reason) <= {need, offer, need + " "}
