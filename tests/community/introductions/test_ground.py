"""The ground: what answers what among the members."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions import comparison
from community.introductions.ground import Ground
from community.introductions.sides import Kind
from community.introductions.wording import ItemVectors, TextModel
from community.members import Intent, Visibility
from tests.community.introductions.people import TODAY, WORDS, ground_of, vectors_of
from tests.community.samples import willing

ANN = willing("m-ann", needs=("un site web", "traduction allemand"), interests=("Céramique", "jazz"))
BOB = willing("m-bob", offers=("site web rapide", "photo"), interests=("céramique ", "course"))
EVE = willing("m-eve", offers=("traduction allemand",), interests=("jazz moderne",), trade="traduction")
THREE = (ANN, BOB, EVE)


def entry(ground: Ground, kind: Kind, one, other) -> float:
    rows = np.array([ground.index[one.id]]), np.array([ground.index[other.id]])
    return float(ground.links[kind].table.block(*rows)[0, 0])


def whole(ground: Ground) -> dict:
    """Return all entries by people and items, whatever the order of the members."""
    found = {}
    for kind in Kind:
        for one in ground.members:
            for other in ground.members:
                items = ground.items(kind, one.id, other.id)
                if items is not None:
                    found[kind, one.id, other.id] = items, round(entry(ground, kind, one, other), 3)
    return found


def test_a_need_is_answered_by_an_offer_and_not_the_other_way_round():
    ground = ground_of(*THREE)
    assert ground.items(Kind.OFFER, ANN.id, BOB.id) == ("un site web", "site web rapide")
    assert ground.items(Kind.OFFER, ANN.id, EVE.id) == ("traduction allemand", "traduction allemand")
    assert ground.items(Kind.OFFER, BOB.id, ANN.id) is None
    assert entry(ground, Kind.OFFER, ANN, EVE) > entry(ground, Kind.OFFER, ANN, BOB) > 0.5


def test_who_answers_somebody_is_told_the_surest_first():
    ground = ground_of(*THREE)
    assert ground.answers(Kind.OFFER, ANN.id) == (
        (EVE.id, "traduction allemand"),
        (BOB.id, "un site web"),
    )
    assert ground.answers(Kind.OFFER, BOB.id) == ()
    assert ground.answers(Kind.OFFER, "m-nobody") == ()


def test_what_is_not_likely_enough_is_no_answer():
    ground = ground_of(ANN, willing("m-x", offers=("un site de rencontres au soleil",)))
    assert ground.items(Kind.OFFER, ANN.id, "m-x") is None


def test_two_answers_are_surer_than_one():
    both = willing("m-both", offers=("site web rapide", "traduction allemand"))
    ground = ground_of(*THREE, both)
    assert entry(ground, Kind.OFFER, ANN, both) > entry(ground, Kind.OFFER, ANN, EVE)


def test_knowledge_is_asked_only_of_the_willing():
    advises = msgspec.structs.replace(EVE, id="m-advises", intents=(Intent.ADVISE,))
    asked = willing("m-asked", ask_about=("traduction allemand",))
    ground = ground_of(ANN, EVE, advises, asked)
    assert ground.items(Kind.KNOWLEDGE, ANN.id, EVE.id) is None
    assert ground.items(Kind.KNOWLEDGE, ANN.id, "m-advises") == ("traduction allemand", "traduction allemand")
    assert ground.items(Kind.KNOWLEDGE, ANN.id, "m-asked") == ("traduction allemand", "traduction allemand")


def test_interests_are_common_ground_from_both_sides():
    ground = ground_of(*THREE)
    assert ground.items(Kind.INTEREST, ANN.id, BOB.id) == ("Céramique", "céramique ")
    assert ground.items(Kind.INTEREST, BOB.id, ANN.id) == ("céramique ", "Céramique")
    assert ground.items(Kind.INTEREST, ANN.id, EVE.id) == ("jazz", "jazz moderne")
    assert entry(ground, Kind.INTEREST, ANN, BOB) == entry(ground, Kind.INTEREST, BOB, ANN)
    assert entry(ground, Kind.INTEREST, ANN, BOB) > entry(ground, Kind.INTEREST, ANN, EVE) > 0


def test_the_same_words_are_common_ground_without_any_vectors():
    ground = Ground.of(THREE, {}, TextModel(), TODAY)
    assert set(whole(ground)) == {(Kind.INTEREST, ANN.id, BOB.id), (Kind.INTEREST, BOB.id, ANN.id)}


def test_vectors_of_another_model_are_left_out():
    other = {who: ItemVectors("another", vectors.vectors) for who, vectors in vectors_of(THREE).items()}
    assert Kind.OFFER not in {kind for kind, *_ in whole(Ground.of(THREE, other, WORDS, TODAY))}


def test_the_vectors_of_one_member_serve_all_who_wrote_the_same():
    vectors = vectors_of((ANN, EVE))
    twin = willing("m-twin", offers=EVE.offers)
    ground = Ground.of((twin, ANN, EVE), vectors, WORDS, TODAY)
    assert ground.items(Kind.OFFER, ANN.id, twin.id) == ("traduction allemand", "traduction allemand")


@pytest.mark.parametrize(
    "model",
    [
        TextModel(WORDS.name, WORDS.size),
        TextModel(WORDS.name, WORDS.size, slope=0.0, least=0.5),
        TextModel(WORDS.name, WORDS.size, slope=-1.0, least=0.5),
        TextModel(WORDS.name, WORDS.size, slope=float("nan"), least=0.5),
        TextModel(WORDS.name, 7, -4.0, 8.0, 0.5, 0.6),
        TextModel(WORDS.name, -1, -4.0, 8.0, 0.5, 0.6),
    ],
)
def test_a_model_that_says_nothing_finds_the_same_words_only(model: TextModel):
    ground = Ground.of(THREE, vectors_of(THREE), model, TODAY)
    assert set(whole(ground)) == {(Kind.INTEREST, ANN.id, BOB.id), (Kind.INTEREST, BOB.id, ANN.id)}


def test_a_model_that_lets_everything_pass_still_needs_some_likeness():
    ground = ground_of(*THREE, model=TextModel(WORDS.name, WORDS.size, least=0.0, least_alike=-1.0))
    assert ground.items(Kind.OFFER, ANN.id, BOB.id) is not None
    assert all(entry(ground, kind, *(ground.members[ground.index[who]] for who in two)) > 0
               for kind, *two in whole(ground))  # fmt: skip
    assert ground.items(Kind.INTEREST, BOB.id, EVE.id) is None


def test_needs_that_ended_are_answered_by_nobody():
    ended = msgspec.structs.replace(ANN, needs_until=(None, TODAY - timedelta(days=1)))
    ground = ground_of(ended, BOB, EVE)
    assert ground.items(Kind.OFFER, ANN.id, EVE.id) is None
    assert ground.items(Kind.OFFER, ANN.id, BOB.id) is not None


@pytest.mark.parametrize(
    ("avoider", "kinds"),
    [
        (msgspec.structs.replace(ANN, avoid_topics=("Allemand",)), {(Kind.OFFER, ANN.id, EVE.id)}),
        (msgspec.structs.replace(EVE, avoid_topics=("allemand",)), {(Kind.OFFER, ANN.id, EVE.id)}),
        (
            msgspec.structs.replace(BOB, avoid_topics=("ceramique",)),
            {(Kind.INTEREST, ANN.id, BOB.id), (Kind.INTEREST, BOB.id, ANN.id)},
        ),
    ],
)
def test_nobody_is_approached_with_a_word_they_would_not_hear(avoider, kinds):
    before = set(whole(ground_of(*THREE)))
    after = set(whole(ground_of(*(avoider if m.id == avoider.id else m for m in THREE))))
    assert after == before - kinds


def test_who_may_not_be_introduced_is_not_there():
    hidden = willing("m-hidden", offers=("site web",), visibility=Visibility())
    silent = msgspec.structs.replace(BOB, id="m-silent", introductions=False)
    ground = ground_of(ANN, hidden, silent)
    assert ground.members == (ANN,)
    assert ground.items(Kind.OFFER, ANN.id, hidden.id) is None
    assert ground.items(Kind.OFFER, hidden.id, ANN.id) is None


def test_blank_items_are_nothing():
    ground = ground_of(willing("m-a", interests=("", "  ")), willing("m-b", interests=("  ", "")))
    assert not whole(ground)


def test_who_pastes_a_hundred_items_is_read_in_part():
    many = willing("m-many", offers=(*(f"rien {n}" for n in range(comparison.MOST_ITEMS)), "site web"))
    assert ground_of(ANN, many).items(Kind.OFFER, ANN.id, many.id) is None


def test_the_ground_describes_people_as_they_were():
    ground = ground_of(*THREE)
    assert ground.describes(ANN, TODAY)
    assert ground.describes(ANN, TODAY + timedelta(days=3))
    assert ground.describes(msgspec.structs.replace(ANN, place="by the window"), TODAY)
    assert not ground.describes(msgspec.structs.replace(ANN, needs=("un site web",)), TODAY)
    assert not ground.describes(msgspec.structs.replace(ANN, avoid_topics=("jazz",)), TODAY)
    assert not ground.describes(msgspec.structs.replace(ANN, introductions=False), TODAY)
    assert not ground.describes(willing("m-new"), TODAY)


def test_a_need_that_ends_tonight_is_not_described_tomorrow():
    ending = msgspec.structs.replace(ANN, needs_until=(TODAY,))
    ground = ground_of(ending, BOB)
    assert ground.describes(ending, TODAY)
    assert not ground.describes(ending, TODAY + timedelta(days=1))


def test_blocks_change_nothing(monkeypatch):
    crowd = [
        willing(f"m-{n}", needs=(f"site web {n % 7}", "photo"), offers=(f"site web {n % 5}", f"jazz {n}"))
        for n in range(40)
    ]
    at_once = whole(ground_of(*crowd))
    monkeypatch.setattr(comparison, "ROWS_AT_ONCE", 3)
    assert whole(ground_of(*crowd)) == at_once


def test_too_many_pairs_leave_the_most_alike(monkeypatch):
    everybody = whole(ground_of(*THREE))
    monkeypatch.setattr(comparison, "MOST_PAIRS", 1)
    few = whole(ground_of(*THREE))
    assert (Kind.OFFER, ANN.id, EVE.id) in few
    assert set(few) < set(everybody)


def test_a_large_community_keeps_a_shortlist(monkeypatch):
    monkeypatch.setattr(comparison, "ENTRIES", 0)
    monkeypatch.setattr(comparison, "SHORTLIST", 2)
    crowd = [willing(f"m-{n}", needs=("site web",), offers=("site web",)) for n in range(9)]
    ground = ground_of(*crowd)
    assert np.diff(ground.links[Kind.OFFER].table.starts).tolist() == [2] * 9


ITEM = st.sampled_from(
    [
        "site web",
        "un site web rapide",
        "photo de mariage",
        "photo",
        "jazz",
        "Jazz",
        "jazz moderne",
        "",
        "🍷 مرحبا",
    ]
)
PEOPLE = st.builds(
    lambda name, needs, offers, interests, topics, shown: willing(
        f"m-{name}",
        needs=tuple(needs),
        offers=tuple(offers),
        interests=tuple(interests),
        ask_about=tuple(offers),
        avoid_topics=tuple(topics),
        visibility=Visibility(members=shown),
    ),
    st.sampled_from("abcdef"),
    st.lists(ITEM, max_size=3),
    st.lists(ITEM, max_size=3),
    st.lists(ITEM, max_size=3),
    st.lists(st.sampled_from(["photo", "jazz", "🍷"]), max_size=1),
    st.booleans(),
)
GROUP = st.lists(PEOPLE, max_size=6, unique_by=lambda member: member.id)


@given(GROUP, GROUP, st.sets(st.sampled_from("abcdef")))
def test_a_ground_brought_up_to_date_is_the_ground_made_anew(before, changed, gone):
    after = [*changed, *(m for m in before if m.id not in {other.id for other in changed})]
    after = [member for member in after if member.id.removeprefix("m-") not in gone]
    made_anew = ground_of(*after)
    updated = ground_of(*before).updated(after, vectors_of(after), WORDS, TODAY)
    assert set(updated.index) == set(made_anew.index)
    assert whole(updated) == whole(made_anew)


def test_who_stays_and_who_leaves_is_seen():
    assert whole(ground_of(*THREE).updated((EVE, ANN), vectors_of(THREE), WORDS, TODAY)) == whole(
        ground_of(EVE, ANN)
    )


def test_a_ground_nobody_changed_in_is_kept_for_another_day():
    before = ground_of(*THREE)
    tomorrow = TODAY + timedelta(days=1)
    after = before.updated(reversed(THREE), vectors_of(THREE), WORDS, tomorrow)
    assert after.links is before.links
    assert after.day == tomorrow
    assert whole(after) == whole(before)


def test_new_vectors_of_the_same_words_are_taken_in():
    before = Ground.of(THREE, vectors_of((ANN, BOB)), WORDS, TODAY)
    assert before.items(Kind.OFFER, ANN.id, EVE.id) is not None, "Ann's words serve Eve's"
    without = Ground.of(THREE, {}, WORDS, TODAY)
    after = without.updated(THREE, vectors_of(THREE), WORDS, TODAY)
    assert whole(after) == whole(ground_of(*THREE))


def test_the_order_in_which_members_are_told_makes_no_difference_even_to_full_shortlists(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("community.introductions.ground.longest_list", lambda _size: 2)
    seeks = [willing(f"m-{number}", needs=("un site web",)) for number in range(4)]
    offers = [willing(f"m-{number}", offers=("un site web",)) for number in range(4, 9)]
    assert whole(ground_of(*seeks, *offers)) == whole(ground_of(*reversed(offers), *seeks))


def test_another_model_begins_anew():
    before = Ground.of(THREE, {}, TextModel("another"), TODAY)
    assert whole(before.updated(THREE, vectors_of(THREE), WORDS, TODAY)) == whole(ground_of(*THREE))


@given(GROUP)
def test_no_entry_names_who_is_hidden_or_holds_an_unwelcome_word(group):
    ground = ground_of(*group)
    known = {member.id: member for member in group}
    for (_kind, one, other), (items, strength) in whole(ground).items():
        both = known[one], known[other]
        assert one != other
        assert all(member.may_be_introduced for member in both)
        assert not any(
            topic in item.casefold() for member in both for topic in member.avoid_topics for item in items
        )
        assert 0 < strength <= 1


@given(st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=2))
def test_any_text_finds_its_like(needs, offers, topics):
    one = willing("m-one", needs=tuple(needs), interests=tuple(offers), avoid_topics=tuple(topics))
    other = willing("m-other", offers=tuple(offers), interests=tuple(needs))
    for items, _strength in whole(ground_of(one, other)).values():
        assert all(item in (*needs, *offers) for item in items)
