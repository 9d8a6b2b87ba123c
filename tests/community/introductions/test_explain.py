"""Explanations: everything that was weighed for one pair, and it adds up to the score."""

import math
from datetime import timedelta

import msgspec
import pytest

from community.introductions.explain import Place, explain
from community.introductions.filters import Bar
from community.introductions.judge import SLOTS
from community.introductions.matchmaker import CATCHING_UP
from community.introductions.pairing import PairPast, PersonPast
from community.introductions.past import Past
from community.introductions.reasons import TheyNeed, TheyOffer
from community.introductions.slots import Slot
from community.members import Intent, Mood
from tests.community.introductions.people import TODAY, matchmaker_of
from tests.community.samples import willing

ANN = willing("m-ann", needs=("un site web",), interests=("jazz",))
BOB = willing("m-bob", offers=("un site web",), interests=("jazz",), intents=(Intent.ADVISE, Intent.BUSINESS))
MET = Past.of([PersonPast(ANN.id, pairs=(PairPast(BOB.id, met=TODAY - timedelta(days=60)),))])


def case_of(explanation, slot: Slot):
    return explanation.slots[SLOTS.index(slot)]


def part(case) -> float:
    if case.slot is Slot.NEIGHBOUR:
        return 1 - math.exp(-sum(term.counts for term in case.terms))
    return max(term.counts for term in case.terms)


@pytest.mark.parametrize("past", [Past(), MET])
def test_what_was_weighed_adds_up_to_the_score(past: Past):
    found = explain(matchmaker_of(ANN, BOB, past=past), ANN.id, BOB.id)
    for case in found.slots:
        expected = 0.0 if case.barred else part(case) * math.prod(value for _, value in case.factors)
        assert case.score == pytest.approx(expected, abs=1e-6)
    assert [case.score > 0 for case in found.slots] == [past is not MET, past is not MET, True]


def test_catching_up_counts_half():
    found = explain(matchmaker_of(ANN, BOB, past=MET), ANN.id, BOB.id)
    assert dict(case_of(found, Slot.NEIGHBOUR).factors)["first_meeting"] == CATCHING_UP
    assert case_of(found, Slot.PARTNER).barred == (Bar.MET,)
    assert found.bars == (Bar.MET,)


def test_both_sides_acceptance_is_told_term_by_term():
    found = explain(matchmaker_of(ANN, BOB), ANN.id, BOB.id)
    for side in (found.acceptance_of_one, found.acceptance_of_other):
        assert side is not None
        assert side.terms[0].name == "intercept"
        logit = sum(term.counts for term in side.terms)
        assert side.probability == pytest.approx(1 / (1 + math.exp(-logit)))
    assert found.acceptance_of_one.probability > found.acceptance_of_other.probability


def test_both_introductions_are_shown_as_they_would_be_read():
    case = case_of(explain(matchmaker_of(ANN, BOB), ANN.id, BOB.id), Slot.PARTNER)
    assert case.for_one is not None
    assert case.for_other is not None
    assert case.for_one.reason == TheyOffer("un site web", "un site web")
    assert case.for_other.reason == TheyNeed("un site web", "un site web")


def test_every_bar_is_told_with_the_slots_it_closes():
    avoided = msgspec.structs.replace(BOB, avoid=(ANN.id,), company="Atelier")
    colleague = msgspec.structs.replace(ANN, company="Atelier")
    found = explain(matchmaker_of(colleague, avoided, moods={BOB.id: Mood.HEADS_DOWN}), ANN.id, BOB.id)
    assert found.bars == (Bar.HEADS_DOWN, Bar.AVOIDED, Bar.SAME_COMPANY)
    assert case_of(found, Slot.PARTNER).barred == found.bars
    assert case_of(found, Slot.ADVICE).barred == (Bar.HEADS_DOWN, Bar.AVOIDED)
    assert all(case.for_one is None and case.score == 0 for case in found.slots)


def test_who_is_not_known_is_said_to_be_unknown():
    found = explain(matchmaker_of(ANN), ANN.id, BOB.id)
    assert found.bars == (Bar.UNKNOWN,)
    assert found.slots == ()
    assert found.acceptance_of_one is None


def test_the_plan_adds_where_the_pair_stands():
    place = Place(rank=2, out_of=7, threshold=0.3)
    found = explain(matchmaker_of(ANN, BOB), ANN.id, BOB.id, {(Slot.PARTNER, BOB.id): place})
    assert case_of(found, Slot.PARTNER).place_of_other == place
    assert case_of(found, Slot.PARTNER).place_of_one is None
