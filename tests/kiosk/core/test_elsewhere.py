"""The other doors: what is told and asked, and when what they tell happened, whatever the clocks say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
import pytest

from community.clock import Stamp
from community.events import CheckedIn, CheckedOut, Event, Record, UnknownBadgeTapped
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import decode_record
from community.wire.messages import LARGEST_BATCH, LATELY_US, MOST_STANDS, DoorEvents, DoorsHeard, DoorStand
from kiosk.core.elsewhere import (
    AGAIN_S,
    SAY_S,
    Heard,
    Lately,
    Rounds,
    content_of,
    dated,
    in_order,
    redates,
    tellings,
)
from kiosk.core.lineage import Span
from tests.contract.messages import BADGE

HERE, STREET, GARDEN = KioskId("here"), KioskId("street"), KioskId("garden")
EPOCH, OLD, RUN = Epoch("e"), Epoch("old"), Epoch("run")
ANA, BEN = MemberId("ana"), MemberId("ben")
NINE_US = int(datetime(2026, 3, 5, 9, tzinfo=UTC).timestamp() * 1_000_000)
SECOND_US, HOUR_US = 1_000_000, 3_600_000_000


def stamp(after_us: int = 0, *, boot: str = "b", off_us: int = 0, synced: bool = True) -> Stamp:
    """A reading so long after nine, by a clock that is off."""
    return Stamp(NINE_US + after_us + off_us, boot, 10 * HOUR_US + after_us, synced)


def heard(
    event: Event,
    at: Stamp,
    when: Stamp,
    age_us: int,
    seq: int = 1,
    kiosk: KioskId = STREET,
    *,
    guess: bool = False,
) -> Heard:
    record = Record(seq, at, event)
    return Heard(kiosk, record, when, age_us, guess, content_of(record))


def at(after_us: int) -> datetime:
    return datetime.fromtimestamp(NINE_US / 1_000_000, UTC) + timedelta(microseconds=after_us)


# When things happened.


def test_where_both_clocks_are_good_an_event_s_time_is_what_its_own_door_says():
    one = heard(CheckedIn(ANA), stamp(0), stamp(SECOND_US, boot="h"), SECOND_US - 40)
    assert dated([one], [one], stamp(SECOND_US, boot="h")) == ((at(0), CheckedIn(ANA)),)


@pytest.mark.parametrize("off_us", [-HOUR_US, 5 * HOUR_US])
def test_where_the_other_clock_is_not_to_be_trusted_ages_tell(off_us: int):
    one = heard(CheckedIn(ANA), stamp(0, off_us=off_us, synced=False), stamp(SECOND_US, boot="h"), SECOND_US)
    assert dated([one], [one], stamp(SECOND_US, boot="h")) == ((at(0), CheckedIn(ANA)),)


def test_a_clock_that_says_it_is_good_and_is_hours_off_is_not_believed():
    one = heard(CheckedIn(ANA), stamp(0, off_us=2 * HOUR_US), stamp(SECOND_US, boot="h"), SECOND_US)
    assert dated([one], [one], stamp(SECOND_US, boot="h")) == ((at(0), CheckedIn(ANA)),)


def test_with_a_wrong_clock_here_everything_is_in_the_time_this_door_goes_by():
    wrong = stamp(SECOND_US, boot="h", off_us=-3 * HOUR_US, synced=False)
    one = heard(CheckedIn(ANA), stamp(0), wrong, SECOND_US)
    assert dated([one], [one], wrong) == ((at(-3 * HOUR_US), CheckedIn(ANA)),)


def test_once_the_clock_here_is_right_what_was_heard_before_is_too():
    wrong = stamp(SECOND_US, boot="h", off_us=-3 * HOUR_US, synced=False)
    one = heard(CheckedIn(ANA), stamp(0), wrong, SECOND_US)
    assert dated([one], [one], stamp(60 * SECOND_US, boot="h")) == ((at(0), CheckedIn(ANA)),)


def test_one_good_reading_of_a_boot_dates_all_of_it_to_the_same_moment_as_anywhere():
    early = heard(CheckedIn(ANA), stamp(0, off_us=-HOUR_US, synced=False), stamp(30, boot="h"), 0)
    late = heard(CheckedOut(ANA), stamp(SECOND_US), stamp(SECOND_US, boot="h"), 0, seq=2)
    now = stamp(SECOND_US, boot="h")
    for held in permutations([early, late]):
        assert dated(held, held, now) == ((at(0), CheckedIn(ANA)), (at(SECOND_US), CheckedOut(ANA)))
    assert dated([early, late], [late], now) == ((at(SECOND_US), CheckedOut(ANA)),)


def test_what_this_kiosk_wrote_in_this_boot_and_lost_is_dated_by_its_own_clock():
    lost = heard(CheckedIn(ANA), stamp(0, off_us=-HOUR_US, synced=False), stamp(HOUR_US), 0, kiosk=HERE)
    passed = msgspec.structs.replace(stamp(HOUR_US), wall_us=NINE_US + SECOND_US)
    assert dated([replace(lost, heard=passed)], [replace(lost, heard=passed)], stamp(HOUR_US)) == (
        (at(0), CheckedIn(ANA)),
    )


def test_a_guess_says_nothing_against_a_good_clock():
    when = stamp(HOUR_US, boot="h")
    guessed = heard(CheckedIn(ANA), stamp(0, synced=False), when, 0, guess=True)
    assert dated([guessed], [guessed], when) == ((at(HOUR_US), CheckedIn(ANA)),), "there is nothing better"
    good = heard(CheckedOut(ANA), stamp(SECOND_US), when, HOUR_US - SECOND_US, seq=2)
    assert dated([guessed, good], [guessed], when) == ((at(0), CheckedIn(ANA)),)


def test_the_first_good_reading_of_a_boot_dates_what_was_heard_of_it_anew():
    early = heard(CheckedIn(ANA), stamp(0, synced=False), stamp(1, boot="h"), 0)
    first = heard(CheckedIn(BEN), stamp(SECOND_US), stamp(SECOND_US, boot="h"), 0, seq=2)
    later = heard(CheckedOut(BEN), stamp(2 * SECOND_US), stamp(2 * SECOND_US, boot="h"), 0, seq=3)
    assert redates([early, first], [first])
    assert not redates([early, first, later], [later])
    assert not redates([early], [early])
    assert not redates([first, later], [later])


def test_the_age_of_what_happened_in_another_boot_without_a_good_clock_is_a_guess():
    events = [
        Lately(1, stamp(boot="before", synced=False), Record(1, stamp(boot="before"), CheckedIn(ANA))),
        Lately(2, stamp(synced=False), Record(2, stamp(), CheckedIn(BEN))),
        Lately(3, stamp(boot="before"), Record(3, stamp(), CheckedOut(BEN))),
    ]
    (told,) = tellings(HERE, RUN, events, 0, 3, stamp())
    assert [event.guess for event in told.events] == [True, False, False]


def test_two_doors_in_the_same_microsecond_have_one_order_whoever_was_heard_first():
    one = heard(CheckedIn(ANA), stamp(0), stamp(1), 0, kiosk=STREET)
    other = heard(CheckedIn(BEN), stamp(0), stamp(1), 0, kiosk=GARDEN)
    expected = ((at(0), CheckedIn(BEN)), (at(0), CheckedIn(ANA)))
    assert dated([one, other], [one, other], stamp(1)) == expected
    assert dated([other, one], [other, one], stamp(1)) == expected


def test_what_happened_here_keeps_its_order_even_if_the_clock_went_back_a_little():
    own = [Record(1, stamp(10), CheckedOut(ANA)), Record(2, stamp(0), CheckedIn(ANA))]
    told = ((at(5), CheckedIn(BEN)), (at(20), CheckedOut(BEN)))
    assert [event for _, event in in_order(own, told)] == [
        CheckedIn(BEN),
        CheckedOut(ANA),
        CheckedIn(ANA),
        CheckedOut(BEN),
    ]


# What is told.


def log(*events: tuple[int, Event], ago_us: int = 0) -> tuple[Lately, ...]:
    """A log's events by their places."""
    return tuple(Lately(p, stamp(-ago_us), Record(p, stamp(-ago_us), event)) for p, event in events)


def seqs(telling: DoorEvents) -> list[int]:
    records = [decode_record(bytes(event.record)) for event in telling.events]
    return [record.seq for record in records if isinstance(record, Record)]


def test_a_run_is_told_without_what_concerns_this_door_alone():
    events = log((4, CheckedIn(ANA)), (5, UnknownBadgeTapped(BADGE)), (6, CheckedOut(ANA)))
    (telling,) = tellings(HERE, RUN, events, 3, 6, stamp(SECOND_US))
    assert (telling.kiosk, telling.count, telling.after, telling.upto, telling.since) == (HERE, RUN, 3, 6, 0)
    assert seqs(telling) == [4, 6]
    assert [event.age_us for event in telling.events] == [SECOND_US, SECOND_US]


def test_where_nothing_concerns_the_others_they_hear_how_far_the_log_reaches():
    (telling,) = tellings(HERE, RUN, log((1, UnknownBadgeTapped(BADGE))), 0, 1, stamp())
    assert (telling.after, telling.upto, telling.events) == (0, 1, ())


def test_what_is_of_another_day_is_left_out_and_said_to_be():
    old = log((1, CheckedIn(ANA)), (2, CheckedOut(ANA)), ago_us=LATELY_US + 1)
    (telling,) = tellings(HERE, RUN, (*old, *log((3, CheckedIn(BEN)))), 0, 3, stamp())
    assert (telling.after, telling.upto, telling.since, seqs(telling)) == (2, 3, 2, [3])
    (telling,) = tellings(HERE, RUN, old, 0, 2, stamp())
    assert (telling.after, telling.upto, telling.since, telling.events) == (2, 2, 2, ())
    (telling,) = tellings(HERE, RUN, (), 0, 2, stamp())
    assert (telling.after, telling.upto, telling.since, telling.events) == (2, 2, 2, ()), "it was let go of"
    (telling,) = tellings(HERE, RUN, log((4, CheckedIn(BEN))), 3, 4, stamp(), begins=2)
    assert (telling.after, telling.since) == (3, 2)


def test_many_events_go_in_messages_that_join_on_to_each_other():
    events = log(*((place, CheckedIn(ANA)) for place in range(1, 2 * LARGEST_BATCH + 2)))
    told = tellings(HERE, RUN, events, 0, len(events), stamp())
    assert [len(telling.events) for telling in told] == [LARGEST_BATCH, LARGEST_BATCH, 1]
    assert [telling.after for telling in told] == [0, *(telling.upto for telling in told[:-1])]
    assert told[-1].upto == len(events)
    assert [seq for telling in told for seq in seqs(telling)] == list(range(1, len(events) + 1))


# What is said, and when.

LAST = 10


def rounds() -> Rounds:
    """Just connected at second 0 with ten events, everything said and told."""
    made = Rounds(HERE, RUN, 0)
    made.connected(LAST, 0)
    assert made.says(0)
    made.said(0)
    return made


def has(upto: int, kiosk: KioskId = HERE, count: Epoch = RUN) -> DoorStand:
    return DoorStand(kiosk, count, upto)


def telling(
    after: int, upto: int, *, since: int = 0, kiosk: KioskId = STREET, count: Epoch = RUN
) -> DoorEvents:
    return DoorEvents(kiosk, count, after, upto, (), since)


def test_what_is_written_is_told_at_once_and_once():
    made = rounds()
    assert made.tells_after(LAST, 1) is None
    assert made.tells_after(12, 1) == LAST
    made.has_told(LAST, 12, 1)
    assert made.tells_after(12, 1) is None


def test_what_is_known_is_said_again_after_a_while():
    made = rounds()
    assert made.due_s(1) == SAY_S - 1
    assert made.says(SAY_S)


def test_who_lacks_something_is_told_from_there_and_not_too_often():
    made = rounds()
    made.heard(STREET, DoorsHeard((has(4), has(0, STREET))), LAST, 1)
    made.heard(GARDEN, DoorsHeard((has(7),)), LAST, 1)
    assert made.due_s(1) == 0
    assert made.tells_after(LAST, 1) == 4
    made.has_told(4, LAST, 1)
    made.heard(GARDEN, DoorsHeard((has(7),)), LAST, 1)
    assert made.due_s(1) == AGAIN_S
    assert made.tells_after(LAST, 1) is None
    assert made.tells_after(LAST, 1 + AGAIN_S) == 7


def test_what_is_new_is_told_while_an_answer_waits():
    made = rounds()
    made.heard(STREET, DoorsHeard((has(4),)), LAST, 1)
    made.has_told(4, LAST, 1)
    made.heard(STREET, DoorsHeard((has(4),)), LAST, 1)
    assert made.tells_after(11, 1) == LAST
    made.has_told(LAST, 11, 1)
    assert made.tells_after(11, 1 + AGAIN_S) == 4


def test_who_has_heard_all_of_it_is_told_nothing():
    made = rounds()
    made.heard(STREET, DoorsHeard((has(LAST),)), LAST, 1)
    assert made.back_to is None


@pytest.mark.parametrize("said", [DoorsHeard(), DoorsHeard((has(99, count=Epoch("before")),))])
def test_who_has_heard_nothing_of_this_run_is_told_the_day(said: DoorsHeard):
    made = rounds()
    made.heard(STREET, said, LAST, 1)
    assert made.tells_after(LAST, 1) == 0
    made.has_told(0, LAST, 1)
    made.begins = 6
    made.heard(STREET, said, LAST, 9)
    assert made.tells_after(LAST, 9) == 6
    made.begins = LAST
    made.has_told(6, LAST, 9)
    made.heard(STREET, said, LAST, 20)
    assert made.back_to is None, "nothing here is of the day"


def test_a_door_is_followed_through_its_runs():
    made = rounds()
    made.takes(telling(0, 3), 1)
    made.takes(telling(3, 5), 1)
    made.takes(telling(0, 2), 1)
    assert made.word([Span(EPOCH, 0, LAST)]).told == (has(LAST), has(5, STREET))
    assert made.due_s(1) == SAY_S - 1
    made.takes(telling(8, 9, since=8, count=Epoch("next")), 1)
    assert made.heard_of[STREET] == has(9, STREET, Epoch("next"))
    made.takes(telling(11, 12, count=Epoch("next")), 1)
    assert (made.heard_of[STREET].upto, made.due_s(1)) == (9, 0), "a gap, and it is not asked about"


def test_whose_log_reaches_further_than_was_heard_is_asked_once():
    made = rounds()
    made.takes(telling(0, 6), 0.5)
    theirs = DoorsHeard((has(LAST), has(8, STREET)))
    made.heard(STREET, theirs, LAST, 0.5)
    assert made.due_s(0.5) == AGAIN_S - 0.5
    made.said(AGAIN_S)
    made.heard(STREET, theirs, LAST, 2)
    assert made.due_s(2) == SAY_S + AGAIN_S - 2, "it was asked, and the answer is on its way"
    made.heard(STREET, DoorsHeard((has(LAST), has(8, GARDEN))), LAST, 2)
    assert made.due_s(2) == SAY_S + AGAIN_S - 2, "a door was believed about another"
    made.heard(STREET, DoorsHeard((has(LAST), has(6, STREET))), LAST, 2)
    assert made.due_s(2) == SAY_S + AGAIN_S - 2, "it was heard as far as that"
    made.heard(STREET, DoorsHeard((has(LAST), has(1, STREET, Epoch("next")))), LAST, 2)
    assert made.due_s(2) == 0


def test_what_doors_say_of_themselves_is_bounded():
    made = rounds()
    for n in range(2 * MOST_STANDS):
        kiosk = KioskId(f"k{n}")
        made.heard(kiosk, DoorsHeard((has(1, kiosk),)), LAST, 1)
        made.takes(telling(0, 1, kiosk=kiosk), 1)
        made.takes_passed(telling(0, 1, kiosk=kiosk), [Span(EPOCH, 0, LAST)], 1)
    assert len(made._ends) == MOST_STANDS
    word = made.word([Span(EPOCH, 0, LAST)])
    assert (len(word.told), len(word.passed)) == (MOST_STANDS, MOST_STANDS)


def test_a_gap_asks_soon_and_a_connect_at_once():
    made = rounds()
    made.missing(0.25)
    assert made.due_s(0.25) == AGAIN_S - 0.25
    made.connected(LAST, 50)
    made.missing(50)
    assert made.due_s(50) == 0


def test_the_hub_is_told_what_it_has_passed_on_and_what_stands_in_the_log_here():
    made = rounds()
    spans = [Span(OLD, 0, 5), Span(EPOCH, 5, 9)]
    made.takes_passed(telling(0, 3, count=Epoch("theirs")), spans, 1)
    made.takes_passed(telling(5, 8, kiosk=HERE, count=OLD), spans, 1)
    made.takes_passed(telling(0, 2, kiosk=HERE, count=Epoch("lost")), spans, 1)
    assert set(made.word(spans).passed) == {
        has(8, count=OLD),
        has(4, count=EPOCH),
        has(3, STREET, Epoch("theirs")),
        has(2, count=Epoch("lost")),
    }
    assert made.due_s(1) == SAY_S - 1
    made.takes_passed(telling(4, 6, count=Epoch("theirs")), spans, 1)
    assert made.due_s(1) == 0, "a gap, and it is not asked about"


def test_of_the_present_epoch_the_hub_may_have_another_life_and_nothing_is_noted():
    made = rounds()
    spans = [Span(EPOCH, 0, 5)]
    made.takes_passed(telling(5, 9, kiosk=HERE, count=EPOCH), spans, 1)
    assert made.word(spans).passed == (has(5, count=EPOCH),)
    parted = [Span(EPOCH, 0, 2), Span(Epoch("new"), 2, 5)]
    assert made.word(parted).passed == (has(2, count=EPOCH), has(3, count=Epoch("new")))


def test_the_same_event_under_another_number_is_the_same():
    record = Record(7, stamp(), CheckedIn(ANA))
    assert content_of(record) == content_of(msgspec.structs.replace(record, seq=1))
    assert content_of(record) != content_of(msgspec.structs.replace(record, event=CheckedOut(ANA)))
