"""The identity of an event."""

from community.ids import Epoch, EventId, KioskId


def test_events_of_one_log_sort_in_the_order_of_the_log():
    first, second, tenth = (EventId(KioskId("door"), Epoch("e"), seq) for seq in (1, 2, 10))
    assert sorted([tenth, second, first]) == [first, second, tenth]


def test_the_same_number_of_another_life_is_another_event():
    assert EventId(KioskId("door"), Epoch("old"), 1) != EventId(KioskId("door"), Epoch("new"), 1)
