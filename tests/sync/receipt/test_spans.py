"""Months, quarters and years of a receipt."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.receipt.spans import MONTH, QUARTER, YEAR, Span, parse, span_of

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
LENGTHS = st.sampled_from([MONTH, QUARTER, YEAR])


@given(DAYS, LENGTHS)
def test_a_day_is_in_its_span_and_what_is_written_is_read_again(day: date, months: int):
    span = span_of(day, months)
    assert span.holds(day)
    assert f"{day:%Y-%m}" in span.names
    assert len(span.names) == months
    assert parse(span.written) == span


@given(DAYS, LENGTHS)
def test_spans_follow_each_other_without_a_gap(day: date, months: int):
    span = span_of(day, months)
    last = span.moved(1).first - timedelta(days=1)
    assert span.holds(span.first)
    assert span.holds(last)
    assert not span.holds(last + timedelta(days=1))
    assert not span.holds(span.first - timedelta(days=1))
    assert span.moved(1).moved(-1) == span


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("2026-11", Span(2026, 11, MONTH)),
        ("2026-Q4", Span(2026, 10, QUARTER)),
        ("2026", Span(2026, 1, YEAR)),
        ("2026-13", None),
        ("2026-Q5", None),
        ("٢٠٢٦", None),
        ("1999", None),
        ("", None),
        ("2026-11-22", None),
    ],
)
def test_what_is_written_in_an_address(written: str, span: Span | None):
    assert parse(written) == span


def test_the_quarter_of_a_year():
    assert [span_of(date(2026, month, 1), QUARTER).quarter for month in (1, 3, 4, 12)] == [1, 1, 2, 4]
