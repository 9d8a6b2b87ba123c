"""What is sent when, and where two lives of a log part."""

from hypothesis import given
from hypothesis import strategies as st

from community.ids import Epoch
from community.wire.messages import Cursor
from kiosk.core.courier import RESEND_S, WINDOW, Ask, Courier, Fork, Run
from kiosk.core.lineage import Search, Span, epoch_after

ONE = Epoch("one")
TWO = Epoch("two")


def courier(upto: int = 5, acknowledged: int = 0, oldest: int = 1) -> Courier:
    made = Courier((Span(ONE, 0, upto),), acknowledged, oldest)
    made.connected(0.0)
    return made


def believed(upto: int = 5, acknowledged: int = 0) -> Courier:
    made = courier(upto, acknowledged)
    made.heard(Cursor(ONE, acknowledged), "", 0.0)
    return made


def test_it_asks_first_and_sends_once_it_is_told():
    one = courier()
    assert one.next() == Ask(Span(ONE, 0, 5), 0)
    one.asked(0.0)
    assert one.next() is None
    one.heard(Cursor(ONE, 2, at=2, content="x"), "x", 0.1)
    assert one.next() == Run(Span(ONE, 0, 5), 2, 5)


def test_nothing_is_sent_to_a_hub_that_does_not_answer_but_it_is_asked_again_and_again():
    one = courier()
    for second in range(0, 30, 3):
        assert isinstance(one.next(), Ask)
        one.asked(float(second))
        assert one.next() is None
        assert not one.overdue(second + RESEND_S)


def test_no_more_than_a_window_is_on_its_way():
    one = believed(WINDOW + 5)
    one.published(WINDOW, 0.0)
    assert one.next() is None
    one.heard(Cursor(ONE, 3), "", 1.0)
    assert one.next() == Run(Span(ONE, 0, WINDOW + 5), WINDOW, WINDOW + 5)


def test_waiting_doubles_while_nothing_is_answered_and_begins_anew_with_an_answer():
    one = believed()
    one.published(5, 0.0)
    assert not one.overdue(RESEND_S - 0.1)
    assert one.overdue(RESEND_S)
    one.published(5, RESEND_S)
    assert not one.overdue(2 * RESEND_S)
    assert one.overdue(3 * RESEND_S)
    one.heard(Cursor(ONE, 4), "", 30.0)
    one.published(5, 30.0)
    assert one.due_s(30.0) == RESEND_S


def test_a_hub_that_asks_is_sent_it_again_at_once():
    one = believed()
    one.published(5, 0.0)
    assert one.next() is None
    one.heard(Cursor(ONE, 2, again=True), "", 0.1)
    assert one.next() == Run(Span(ONE, 0, 5), 2, 5)
    assert not one.went_back


def test_a_former_epoch_is_finished_before_the_present_one_goes_on():
    one = Courier((Span(ONE, 0, 3), Span(TWO, 3, 5)), 5)
    one.connected(0.0)
    one.heard(Cursor(TWO, 2), "", 0.0)
    one.heard(Cursor(ONE, 1), "", 0.0)
    assert (one.acknowledged, one.went_back) == (1, True)
    assert one.next() == Run(Span(ONE, 0, 3), 1, 3)
    one.published(3, 0.0)
    assert one.next() == Run(Span(TWO, 3, 5), 3, 5)
    one.heard(Cursor(TWO, 2), "", 0.0)
    assert one.acknowledged == 1
    one.heard(Cursor(ONE, 3), "", 0.0)
    one.heard(Cursor(TWO, 2), "", 0.0)
    assert one.acknowledged == 5


def test_a_former_epoch_that_is_gone_is_not_waited_for():
    one = Courier((Span(ONE, 0, 3), Span(TWO, 3, 5)), 5, oldest=4)
    one.connected(0.0)
    one.heard(Cursor(ONE, 1), "", 0.0)
    assert one.acknowledged == 5


def test_a_cursor_of_a_life_we_do_not_know_says_nothing():
    one = believed()
    one.heard(Cursor(Epoch("three"), 5), "", 0.0)
    assert one.acknowledged == 0


def search(one: Courier, ours: list[str], hubs: list[str], first: Cursor) -> Fork | None:
    """Let a hub that holds `hubs` answer until it is clear what to do."""

    def heard(cursor: Cursor) -> Fork | None:
        mine = ours[cursor.at - 1] if 0 < cursor.at <= len(ours) else ""
        return one.heard(cursor, mine, 0.0)

    fork = heard(first)
    for _ in range(40):
        if fork is not None or not one.searching:
            return fork
        question = one.next()
        assert isinstance(question, Ask)
        one.asked(0.0)
        at = question.number or len(hubs)
        content = hubs[at - 1] if 0 < at <= len(hubs) else ""
        fork = heard(Cursor(ONE, len(hubs), at=at, content=content))
    raise AssertionError("the search does not end")


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_two_lives_of_a_log_part_exactly_where_they_differ(same: int, more: int, hubs: int, kept: int):
    ours = [f"s{n}" for n in range(same)] + [f"o{n}" for n in range(more)]
    theirs = [f"s{n}" for n in range(same)] + [f"h{n}" for n in range(hubs)]
    one = Courier((Span(ONE, 0, len(ours)),), 0, oldest=min(kept, same) + 1)
    one.connected(0.0)
    at = len(theirs)
    fork = search(one, ours, theirs, Cursor(ONE, at, at=at, content=theirs[-1] if theirs else ""))
    if hubs == 0:
        assert fork is None
        assert one.acknowledged == same
    else:
        assert fork == Fork(same)


@given(st.integers(0, 10), st.integers(0, 10), st.integers(0, 40))
def test_a_cursor_nobody_confirms_never_takes_an_event_away(hub: int, more: int, lie: int):
    ours = [f"s{n}" for n in range(hub + more)]
    one = Courier((Span(ONE, 0, len(ours)),), 0)
    one.connected(0.0)
    lied = Cursor(ONE, len(ours) + 1 + lie, at=len(ours) + 1 + lie, content="lie")
    if not ours:
        return  # an empty log has nothing to lose: it begins another epoch
    assert search(one, ours, ours[:hub], lied) is None
    assert one.acknowledged == hub


def test_what_the_hub_only_knows_as_a_gap_does_not_part_two_logs():
    left = Search(0, 8, whole=False).told(same=True)
    assert left == Search(4, 8, whole=False)
    one = Courier((Span(ONE, 0, 4),), 0)
    one.connected(0.0)
    one.heard(Cursor(ONE, 9), "", 0.0)
    one.asked(0.0)
    assert one.heard(Cursor(ONE, 9, at=4, content=""), "mine", 0.0) == Fork(4)


def test_an_epoch_is_always_named_the_same_for_the_same_events():
    assert epoch_after(ONE, 3, "abc") == epoch_after(ONE, 3, "abc")
    assert len({epoch_after(e, n, c) for e in (ONE, TWO) for n in (1, 2) for c in "ab"}) == 8
