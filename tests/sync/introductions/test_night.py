"""What answers become over night: outcomes, lessons, and the day's weights."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    Event,
    Introduced,
    Met,
    Shown,
    Weighed,
)
from community.ids import MemberId
from community.introductions.learning import LEAST_OUTCOMES, Outcome
from community.introductions.slots import Slot
from community.introductions.weights import Weights
from plumbing.database import Database
from sync.introductions.answers import LEAST_CHANCE, Said, answers
from sync.introductions.learned import Learned, read_learned
from sync.settings import IntroductionsSettings
from sync.store import directory, introductions, outcomes
from sync.store.feed import Kind
from sync.store.outcomes import Answer as Kept
from tests.sync.introductions.house import HOURS, House, person

ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = NOON.date()


def shown(one: MemberId, other: MemberId, chance: float = 0.5, weights: str = "steady") -> Introduced:
    weighed = (Weighed(other, Slot.PARTNER, 0.4, chance),)
    return Introduced(one, (Shown(other, Slot.PARTNER),), weighed, weights)


def said(*events: tuple[float, Event]) -> dict:
    return answers([(NOON + timedelta(days=days), event) for days, event in events], HOURS)


def test_a_meeting_is_the_yes_of_both_with_the_chance_of_having_been_shown():
    found = said((0, shown(ADA, BOB)), (0, Met(BOB, ADA)))
    assert set(found[DAY]) == {Said(ADA, BOB, True, 0.5, "steady"), Said(BOB, ADA, True, 0.5, "steady")}


def test_rather_not_is_one_no_and_silence_and_not_today_are_nothing():
    assert said((0, shown(ADA, BOB)), (0, Answered(ADA, BOB, Answer.RATHER_NOT))) == {
        DAY: (Said(ADA, BOB, False, 0.5, "steady"),)
    }
    assert said((0, shown(ADA, BOB)), (0, Answered(ADA, BOB, Answer.NOT_TODAY))) == {}
    assert said((0, shown(ADA, BOB))) == {}


def test_who_was_never_shown_to_each_other_teaches_nothing():
    assert said((0, Met(ADA, BOB)), (0, Answered(ADA, EVE, Answer.RATHER_NOT))) == {}


def test_what_somebody_says_for_themselves_weighs_more_than_what_the_other_said():
    rather_not, met = Answered(ADA, BOB, Answer.RATHER_NOT), Answered(BOB, ADA, Answer.MET)
    for first, second in ((rather_not, met), (met, rather_not)):
        found = said((0, shown(ADA, BOB)), (0, first), (0, second))
        assert {one.member: one.yes for one in found[DAY]} == {ADA: False, BOB: True}


@pytest.mark.parametrize("met", [Met(ADA, BOB), Answered(ADA, BOB, Answer.MET)])
def test_of_two_things_somebody_says_on_one_day_the_last_one_holds(met: Event):
    rather_not = Answered(ADA, BOB, Answer.RATHER_NOT)
    after = said((0, shown(ADA, BOB)), (0, met), (0, rather_not))
    assert {one.member: one.yes for one in after[DAY]} == {ADA: False, BOB: True}
    before = said((0, shown(ADA, BOB)), (0, rather_not), (0, met))
    assert {one.member: one.yes for one in before[DAY]} == {ADA: True, BOB: True}


def test_what_was_taken_back_teaches_nothing():
    events = [(0, shown(ADA, BOB)), (0, Answered(ADA, BOB, Answer.RATHER_NOT)), (0, AnswerUndone(ADA, BOB))]
    assert said(*events) == {}


def test_a_meeting_long_after_is_no_outcome_of_the_introduction():
    assert said((0, shown(ADA, BOB)), (11, Met(ADA, BOB))) == {}
    assert len(said((0, shown(ADA, BOB)), (9, Met(ADA, BOB)))) == 1


def test_an_introduction_that_happened_was_not_impossible():
    found = said((0, shown(ADA, BOB, chance=0.0)), (0, Met(ADA, BOB)))
    assert all(one.chance == LEAST_CHANCE for one in found[DAY])


async def test_answers_are_kept_with_what_the_two_had_in_common_that_day(database: Database):
    house = House(database, person("Ada", needs="logo"), person("Bob", offers="logo"))
    house.arrive("ada", "bob")
    house.tell(shown(ADA, BOB), Met(ADA, BOB))
    await house.service.look()
    assert database.read_now(outcomes.count) == 0
    await house.later(hours=24)
    first, second = database.read_now(outcomes.everything)
    assert (first.features[0], first.features[1]) == pytest.approx((1.0, 0.0), abs=0.01)
    assert (second.features[0], second.features[1]) == pytest.approx((0.0, 1.0), abs=0.01)
    assert first.yes
    assert first.chance == 0.5
    assert database.read_now(read_learned) == Learned(house.plan.day, 2)
    await house.later(hours=24)
    assert database.read_now(outcomes.count) == 2


async def test_an_erased_member_takes_their_answers_with_them(database: Database):
    house = House(database, person("Ada", needs="logo"), person("Bob", offers="logo"))
    house.arrive("ada", "bob")
    house.tell(shown(ADA, BOB), Met(ADA, BOB))
    await house.service.look()
    await house.later(hours=24)
    database.write_now(lambda c: directory.remove_member(c, BOB))
    await house.later(hours=24)
    assert database.read_now(outcomes.count) == 0


def many(database: Database, number: int) -> None:
    """Keep answers that say: a need that is answered brings a yes, and nothing else does."""
    rows = [
        Kept(
            MemberId(f"m{i}"),
            ADA,
            DAY - timedelta(days=30),
            Outcome((float(i % 2), 0, 0, 0, 0, 0, 0), yes=bool(i % 2)),
            "steady",
        )
        for i in range(number)
    ]
    database.write_now(lambda c: outcomes.keep(c, DAY - timedelta(days=30), rows))


@pytest.mark.parametrize(
    ("learning", "number", "moved"),
    [(True, LEAST_OUTCOMES, True), (False, LEAST_OUTCOMES, False), (True, LEAST_OUTCOMES - 1, False)],
)
async def test_weights_move_only_when_switched_on_and_after_enough_answers(
    sqlite: Database, learning, number, moved
):
    many(sqlite, number)
    house = House(sqlite, person("Ada"), settings=IntroductionsSettings(learning=learning))
    await house.service.look()
    weights = sqlite.read_now(introductions.weights)
    learned = sqlite.read_now(read_learned)
    assert (weights != Weights()) is moved
    assert learned.answers == number
    assert learned.on is learning
    assert bool(learned.lessons) is (number >= LEAST_OUTCOMES)
    if moved:
        assert weights.explore >= 0.05
        assert weights.name == learned.setting
        assert {"answers_me"} <= {one.feature for one in learned.lessons if one.sure > 0.8}


async def test_the_same_morning_draws_the_same_weights(sqlite: Database):
    many(sqlite, LEAST_OUTCOMES)
    drawn = set()
    for _ in range(2):
        house = House(sqlite, person("Ada"), settings=IntroductionsSettings(learning=True))
        await house.service.look()
        drawn.add(msgspec.json.encode(sqlite.read_now(introductions.weights)))
    assert len(drawn) == 1


async def test_switched_off_again_the_fixed_weights_are_back(sqlite: Database):
    many(sqlite, LEAST_OUTCOMES)
    await House(sqlite, person("Ada"), settings=IntroductionsSettings(learning=True)).service.look()
    house = House(sqlite, person("Ada"))
    await house.service.look()
    assert house.feed(Kind.WEIGHTS) == {}
