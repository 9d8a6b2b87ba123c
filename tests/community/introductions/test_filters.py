"""Filters: every reason why two people may not be introduced."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.filters import (
    CATCH_UP_DAYS,
    LONG_REST_DAYS,
    OFTEN,
    REST_DAYS,
    SLOTS_BARRED,
    TABLE_BARS,
    Bar,
    barred_slots,
    bars,
    bars_between,
    is_resting,
    working_days,
)
from community.introductions.pairing import PairPast
from community.introductions.slots import Slot
from community.members import Intent, Mood, Visibility
from tests.community.introductions.people import TODAY
from tests.community.samples import BEN, willing

ANN = willing("m-ann", languages=("fr", "en"), company="Atelier", ask_about=("jazz",))
BOB = willing("m-bob", languages=("EN", "de"))
NOTHING = PairPast(BOB.id)


def between(one=ANN, other=BOB, past=NOTHING, **moods: Mood) -> tuple[Bar, ...]:
    return bars(one, other, {f"m-{name}": mood for name, mood in moods.items()}, past, TODAY)


def changed(member, **facts):
    return msgspec.structs.replace(member, **facts)


def test_nothing_bars_two_willing_people():
    assert between() == between(BOB, ANN) == ()


@pytest.mark.parametrize(
    ("bar", "other"),
    [
        (Bar.SELF, ANN),
        (Bar.UNKNOWN, None),
        (Bar.NOT_AGREED, changed(BOB, introductions=False)),
        (Bar.HIDDEN, changed(BOB, visibility=Visibility(lobby=True))),
        (Bar.NO_COMMON_LANGUAGE, changed(BOB, languages=("de",))),
        (Bar.AVOIDED, changed(BOB, avoid=(ANN.id,))),
        (Bar.SAME_COMPANY, changed(BOB, company=" ATELIER ")),
        (Bar.NOT_FOR_BUSINESS, changed(BOB, intents=(Intent.COMPANY,))),
    ],
)
def test_what_bars_from_one_side_bars_from_the_other(bar: Bar, other):
    expected = (Bar.SELF, Bar.SAME_COMPANY) if bar is Bar.SELF else (bar,)
    assert between(ANN, other) == between(other, ANN) == expected


def test_heads_down_bars_from_both_sides():
    assert between(bob=Mood.HEADS_DOWN) == between(ann=Mood.HEADS_DOWN) == (Bar.HEADS_DOWN,)
    assert between(bob=Mood.OPEN, ann=Mood.HELLO) == ()


def test_two_who_work_alone_are_not_of_one_company():
    assert Bar.SAME_COMPANY not in between(changed(ANN, company=""), BOB)


def test_somebody_must_be_glad_to_be_asked():
    assert between(changed(ANN, ask_about=()), BOB) == (Bar.NOBODY_TO_ASK,)
    assert between(changed(ANN, ask_about=()), changed(BOB, intents=(Intent.ADVISE, Intent.BUSINESS))) == ()


def test_every_bar_is_told_in_one_order():
    other = changed(BOB, introductions=False, avoid=(ANN.id,), languages=("de",))
    assert between(other=other, bob=Mood.HEADS_DOWN, past=PairPast(BOB.id, barred=True)) == (
        Bar.NOT_AGREED,
        Bar.HEADS_DOWN,
        Bar.NO_COMMON_LANGUAGE,
        Bar.AVOIDED,
        Bar.REFUSED,
    )


def test_a_refusal_ends_it():
    assert between(past=PairPast(BOB.id, barred=True)) == (Bar.REFUSED,)


@pytest.mark.parametrize(
    ("days_ago", "found"),
    [
        (0, (Bar.MET_LATELY, Bar.MET)),
        (CATCH_UP_DAYS - 1, (Bar.MET_LATELY, Bar.MET)),
        (CATCH_UP_DAYS, (Bar.MET,)),
    ],
)
def test_people_who_met_may_catch_up_a_month_later(days_ago: int, found):
    assert bars_between(PairPast(BOB.id, met=TODAY - timedelta(days=days_ago)), TODAY) == found
    assert Slot.NEIGHBOUR not in SLOTS_BARRED[Bar.MET]


TWO_WEEKS_AGO = TODAY - timedelta(days=14)


@pytest.mark.parametrize(
    ("past", "resting"),
    [
        (PairPast(BEN), False),
        (PairPast(BEN, shown=TODAY), False),
        (PairPast(BEN, shown=TODAY + timedelta(days=1)), False),
        (PairPast(BEN, shown=TODAY - timedelta(days=1), times=1), True),
        (PairPast(BEN, shown=TWO_WEEKS_AGO, times=1), True),
        (PairPast(BEN, shown=TWO_WEEKS_AGO - timedelta(days=1), times=1), False),
        (PairPast(BEN, shown=TWO_WEEKS_AGO - timedelta(days=1), times=OFTEN), True),
        (PairPast(BEN, shown=TODAY - timedelta(weeks=12), times=OFTEN), True),
        (PairPast(BEN, shown=TODAY - timedelta(weeks=12, days=1), times=OFTEN), False),
        (PairPast(BEN, shown=TWO_WEEKS_AGO, met=TWO_WEEKS_AGO), False),
        (PairPast(BEN, shown=TWO_WEEKS_AGO, met=TWO_WEEKS_AGO - timedelta(days=1)), True),
    ],
)
def test_a_pair_that_came_to_nothing_rests(past: PairPast, resting):
    assert is_resting(past, TODAY) == resting
    assert (Bar.RESTING in bars_between(past, TODAY)) == resting


def test_working_days_are_monday_to_friday():
    friday, monday = date(2026, 3, 6), date(2026, 3, 9)
    assert working_days(friday, friday) == 0
    assert working_days(friday, monday - timedelta(days=1)) == 0
    assert working_days(friday, monday) == 1
    assert (REST_DAYS, LONG_REST_DAYS) == (10, 60)


@given(st.dates(), st.integers(0, 400))
def test_working_days_are_counted_as_one_would(since: date, days: int):
    try:
        until = since + timedelta(days=days)
    except OverflowError:
        return
    every = (since + timedelta(days=n) for n in range(1, days + 1))
    assert working_days(since, until) == sum(day.weekday() < 5 for day in every)


def test_every_bar_closes_some_slot():
    assert set(SLOTS_BARRED) == set(Bar)
    assert all(SLOTS_BARRED.values())


def test_bars_close_their_slots_together():
    assert barred_slots([]) == frozenset()
    assert barred_slots([Bar.MET, Bar.MET_LATELY]) == frozenset(Slot)
    assert barred_slots([Bar.SAME_COMPANY, Bar.NOBODY_TO_ASK]) == {Slot.PARTNER, Slot.ADVICE}


def test_having_met_or_been_shown_bars_nobody_from_a_table():
    assert not TABLE_BARS & {Bar.MET, Bar.MET_LATELY, Bar.RESTING, Bar.SAME_COMPANY}
    assert {Bar.REFUSED, Bar.AVOIDED} <= TABLE_BARS
