"""What the doors say to each other, and when: nobody is told too often, nobody is forgotten."""

import pytest

from community.ids import Epoch, KioskId
from community.wire.messages import MOST_STANDS, DoorEvents, DoorsHeard, DoorStand
from kiosk.core.lineage import Span
from kiosk.core.rounds import AGAIN_S, SAY_S, Rounds

HERE, STREET, GARDEN = KioskId("here"), KioskId("street"), KioskId("garden")
EPOCH, OLD, RUN = Epoch("e"), Epoch("old"), Epoch("run")
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
