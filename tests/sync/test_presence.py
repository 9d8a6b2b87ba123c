"""Presence is a fold: the same events give the same answer however they come."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from community.clock import Hours
from community.events import CheckedIn, CheckedOut, CheckOutUndone, Met, MoodChosen
from community.ids import MemberId
from community.members import Mood
from sync.presence import KEPT, Presence
from tests.sync.samples import DOOR, NOON, stored

HOURS = Hours(ZoneInfo("Europe/Paris"), time(20))
ADA, BOB = MemberId("ada"), MemberId("bob")
MINUTE = timedelta(minutes=1)


def names(presence: Presence, at=NOON):
    return [visit.member_id for visit in presence.present(at)]


def test_who_checked_in_is_present_until_they_leave():
    presence = Presence(HOURS)
    presence.load([stored(1, CheckedIn(ADA), NOON - MINUTE), stored(2, CheckedIn(BOB), NOON)], NOON)
    assert names(presence) == [ADA, BOB]
    presence.add([stored(3, CheckedOut(ADA), NOON + MINUTE)], NOON + MINUTE)
    assert names(presence, NOON + MINUTE) == [BOB]
    assert names(presence, NOON + timedelta(hours=9)) == []


def test_the_version_grows_with_each_change_and_only_then():
    presence = Presence(HOURS)
    presence.load([], NOON)
    loaded = presence.version
    event = stored(1, CheckedIn(ADA), NOON)
    presence.add([event], NOON)
    assert presence.version > loaded
    grown = presence.version
    presence.add([event], NOON)
    presence.add([], NOON)
    assert presence.version == grown


def test_what_comes_late_is_put_where_it_belongs():
    presence = Presence(HOURS)
    presence.load([stored(2, CheckedOut(ADA), NOON)], NOON)
    presence.add([stored(3, Met(ADA, BOB), NOON + MINUTE)], NOON + MINUTE)
    presence.add([stored(1, CheckedIn(ADA), NOON - MINUTE)], NOON + MINUTE)
    assert names(presence) == []
    assert [type(event).__name__ for _, _, event, _ in presence.today(NOON)] == [
        "Met",
        "CheckedOut",
        "CheckedIn",
    ]


def test_the_timeline_holds_the_spaces_day_newest_first():
    presence = Presence(HOURS)
    yesterday = NOON - timedelta(days=1)
    presence.load([stored(1, CheckedIn(ADA), yesterday), stored(2, CheckedIn(BOB), NOON)], NOON)
    assert presence.today(NOON) == ((NOON, DOOR, CheckedIn(BOB), False),)
    assert presence.today(yesterday) == ((yesterday, DOOR, CheckedIn(ADA), False),)


WRONG = NOON - timedelta(days=400)


def test_one_good_clock_corrects_the_whole_boot():
    presence = Presence(HOURS)
    presence.load([stored(1, CheckedIn(ADA), WRONG, received=NOON, up_s=10, synced=False)], NOON)
    presence.add([stored(2, CheckedIn(BOB), NOON, up_s=70, synced=True)], NOON)
    assert names(presence) == [ADA, BOB]
    assert presence.present(NOON)[0].arrived == NOON - MINUTE
    assert not any(happened.uncertain for happened in presence.today(NOON))


def test_a_boot_that_never_had_a_good_clock_is_placed_at_the_receipt_and_said_to_be_uncertain():
    presence = Presence(HOURS)
    presence.load([stored(1, CheckedIn(ADA), WRONG, received=NOON, up_s=10, synced=False)], NOON)
    assert [(visit.member_id, visit.arrived) for visit in presence.present(NOON)] == [(ADA, NOON)]
    assert presence.today(NOON) == ((NOON, DOOR, CheckedIn(ADA), True),)


def test_within_such_a_boot_what_came_between_is_kept_and_the_quickest_receipt_says_most():
    presence = Presence(HOURS)
    presence.load(
        [
            stored(1, CheckedIn(ADA), WRONG, received=NOON, up_s=10, synced=False),
            stored(2, CheckedIn(BOB), WRONG, received=NOON, up_s=70, synced=False),
        ],
        NOON,
    )
    assert [visit.arrived for visit in presence.present(NOON)] == [NOON - MINUTE, NOON]
    quick = stored(3, MoodChosen(BOB, Mood.OPEN), WRONG, received=NOON + MINUTE, up_s=190, synced=False)
    presence.add([quick], NOON + MINUTE)
    assert [visit.arrived for visit in presence.present(NOON)] == [NOON - 2 * MINUTE, NOON - MINUTE]


def test_another_boot_of_the_same_kiosk_corrects_nothing():
    presence = Presence(HOURS)
    dark = stored(1, CheckedIn(ADA), WRONG, received=NOON, boot="b0", up_s=10, synced=False)
    presence.load([dark, stored(2, CheckedIn(BOB), NOON)], NOON)
    assert [happened.uncertain for happened in presence.today(NOON)] == [False, True]


def test_nothing_happened_after_it_was_received():
    presence = Presence(HOURS)
    ahead = stored(1, CheckedIn(ADA), NOON + timedelta(days=900), received=NOON, synced=False)
    presence.load([ahead], NOON)
    assert presence.present(NOON)[0].arrived == NOON


def test_what_is_too_old_to_matter_is_forgotten():
    presence = Presence(HOURS)
    presence.load([stored(1, CheckedIn(ADA), NOON - KEPT - MINUTE)], NOON)
    assert presence.today(NOON - KEPT - MINUTE) == ()
    presence.add([stored(2, CheckedIn(BOB), NOON)], NOON)
    presence.add([stored(3, CheckedOut(BOB), NOON + KEPT * 2)], NOON + KEPT * 2)
    assert presence.today(NOON) == ()


EVENTS = st.lists(
    st.tuples(
        st.sampled_from([CheckedIn, CheckedOut, CheckOutUndone, lambda m: MoodChosen(m, Mood.OPEN)]),
        st.sampled_from([ADA, BOB]),
        st.integers(-30 * 60, 0),
        st.sampled_from(["b1", "b2"]),
        st.booleans(),
    ),
    max_size=15,
)


@given(EVENTS, st.randoms(use_true_random=False), st.data())
def test_any_order_and_any_chunks_give_what_one_load_gives(events, chance, data):
    log = [
        stored(n, make(who), NOON + m * MINUTE, boot=boot, synced=synced)
        for n, (make, who, m, boot, synced) in enumerate(events, 1)
    ]
    once = Presence(HOURS)
    once.load(log, NOON)
    shuffled = log[:]
    chance.shuffle(shuffled)
    cut = data.draw(st.integers(0, len(log)))
    bit_by_bit = Presence(HOURS)
    bit_by_bit.load(shuffled[:cut], NOON)
    for item in shuffled[cut:]:
        bit_by_bit.add([item, *shuffled[:1]] if cut else [item], NOON)
    assert bit_by_bit.present(NOON) == once.present(NOON)
    assert bit_by_bit.today(NOON) == once.today(NOON)
