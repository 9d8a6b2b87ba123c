"""The other doors: what is told of one, and when what they tell happened, whatever the clocks say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
import pytest

from community.clock import Stamp
from community.events import CheckedIn, CheckedOut, Event, Record, UnknownBadgeTapped
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import decode_record
from community.wire.messages import LARGEST_BATCH, LATELY_US, DoorEvents
from kiosk.core.elsewhere import (
    Heard,
    Lately,
    content_of,
    dated,
    in_order,
    redates,
    tellings,
)
from tests.contract.messages import BADGE

HERE, STREET, GARDEN = KioskId("here"), KioskId("street"), KioskId("garden")
RUN = Epoch("run")
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


def test_the_same_event_under_another_number_is_the_same():
    record = Record(7, stamp(), CheckedIn(ANA))
    assert content_of(record) == content_of(msgspec.structs.replace(record, seq=1))
    assert content_of(record) != content_of(msgspec.structs.replace(record, event=CheckedOut(ANA)))
