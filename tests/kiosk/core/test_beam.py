"""Bodies are gathered into one number a quarter of an hour, and none is lost or counted twice."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.beam import GATHER_S, Beam, Gathered


def test_nobody_is_nothing_to_write():
    beam = Beam()
    assert beam.due_s(0.0) is None
    assert beam.gathered(1e6) is None


def test_bodies_are_written_a_quarter_of_an_hour_after_the_first():
    beam = Beam()
    beam.passed(100.0)
    beam.passed(160.0)
    assert beam.due_s(160.0) == GATHER_S - 60.0
    assert beam.due_s(100.0 + GATHER_S) == 0.0
    gathered = beam.gathered(100.0 + GATHER_S)
    assert gathered == Gathered(2, round(GATHER_S))
    beam.noted(gathered, 100.0 + GATHER_S)
    assert beam.due_s(2e3) is None
    beam.passed(2e3)
    assert beam.due_s(2e3) == GATHER_S


def test_what_could_not_be_written_is_written_a_quarter_later_with_the_others():
    beam = Beam()
    beam.passed(0.0)
    assert beam.gathered(GATHER_S) == Gathered(1, 900)
    beam.passed(GATHER_S + 1)
    assert beam.due_s(GATHER_S + 1) == GATHER_S - 1
    assert beam.gathered(2 * GATHER_S) == Gathered(2, 1800)


def test_who_comes_while_it_is_written_counts_next_time():
    beam = Beam()
    beam.passed(0.0)
    first = beam.gathered(GATHER_S)
    assert first is not None
    beam.passed(GATHER_S + 0.1)
    beam.noted(first, GATHER_S + 0.2)
    assert beam.count == 1
    assert beam.due_s(GATHER_S + 0.2) == GATHER_S


@given(st.lists(st.tuples(st.sampled_from("pgx"), st.floats(0, 2_000)), max_size=60))
def test_every_body_is_written_once_whatever_fails(steps):
    beam, now_s, bodies, written = Beam(), 0.0, 0, 0
    for what, wait_s in steps:
        now_s += wait_s
        if what == "p":
            beam.passed(now_s)
            bodies += 1
        elif (gathered := beam.gathered(now_s)) is not None and what == "g":
            beam.noted(gathered, now_s)
            written += gathered.count
    assert written + beam.count == bodies
