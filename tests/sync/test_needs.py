"""Until when a need holds, from the way people write it."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.needs import MONTHS, Need, read_need

TODAY = date(2026, 11, 22)
"""A Sunday."""
END = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("written", "text", "until"),
    [
        ("un·e juriste (jusqu'au 2026-11-30)", "un·e juriste", END),
        ("un·e juriste (jusqu’au 30 novembre)", "un·e juriste", END),
        ("une juriste (fin du mois)", "une juriste", END),
        ("une juriste (jusqu'à la fin du mois)", "une juriste", END),
        ("une juriste, jusqu'à fin décembre", "une juriste", date(2026, 12, 31)),
        ("une juriste (fin déc.)", "une juriste", date(2026, 12, 31)),
        ("une juriste (jusqu'au 1er décembre)", "une juriste", date(2026, 12, 1)),
        ("une juriste (fin d’août)", "une juriste", date(2027, 8, 31)),
        ("une juriste (fin d'année)", "une juriste", date(2026, 12, 31)),
        ("une juriste (30/11/2026)", "une juriste", END),
        ("a lawyer (until 2026-11-30)", "a lawyer", END),
        ("a lawyer until 30 Nov 2026", "a lawyer", END),
        ("a lawyer (until November 30, 2026)", "a lawyer", END),
        ("a lawyer (end of month)", "a lawyer", END),
        ("a lawyer – by the end of the month", "a lawyer", END),
        ("a lawyer (this week)", "a lawyer", TODAY),
        ("a lawyer [end of January]", "a lawyer", date(2027, 1, 31)),
        ("a lawyer (until 2025-01-31)", "a lawyer", date(2025, 1, 31)),
        ("עורך דין (until 2026-11-30)", "עורך דין", END),
        ("🙂 a hand → 2026-11-30", "🙂 a hand", END),
        ("İstanbul: a guide until 2026-12-01", "İstanbul: a guide", date(2026, 12, 1)),
    ],
)
def test_an_end_is_read_and_taken_from_the_words(written: str, text: str, until: date):
    assert read_need(written, TODAY) == Need(text, until)


@pytest.mark.parametrize(
    "written",
    [
        "a home until my flat is ready",
        "un logo (couleur)",
        "a stand by the window",
        "(fin du mois)",
        "a lawyer until 31 February",
        "endive (endive)",
        "",
        "🙂",
        "x" * 5_000,
    ],
)
def test_words_that_only_look_like_an_end_are_left_as_they_stand(written: str):
    assert read_need(written, TODAY) == Need(written)


@pytest.mark.parametrize(
    "written",
    [
        "a lawyer (until Friday)",
        "a lawyer (until 02/03/2026)",
        "une juriste (jusqu'au 31 février)",
        "x (until)",
    ],
)
def test_an_end_in_brackets_that_cannot_be_read_is_told_with_the_cure(written: str):
    with pytest.raises(ValueError, match="year-month-day") as caught:
        read_need(written, TODAY)
    assert "lawyer" not in str(caught.value)


@given(st.text(max_size=300), st.dates(min_value=date(2000, 1, 1), max_value=date(2200, 1, 1)))
def test_whatever_is_written_is_a_need_or_one_sentence(written: str, today: date):
    with contextlib.suppress(ValueError):
        need = read_need(written.strip(), today)
        assert need.until is None or need.text


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_written_in_full_is_that_day(day: date):
    assert read_need(f"x (until {day.isoformat()})", TODAY) == Need("x", day)


@given(st.sampled_from(sorted(MONTHS)), st.integers(1, 28))
def test_a_day_without_a_year_is_the_next_one(month: str, number: int):
    until = read_need(f"x (jusqu'au {number} {month})", TODAY).until
    assert until is not None
    assert 0 <= (until - TODAY).days < 366
