"""The stretch of time a receipt is for: a month, a quarter or a year.

Pure.  In an address one is written `2026-11`, `2026-Q4` or `2026`.
"""

import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(?P<year>20\d{2})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])))?", re.ASCII)

YEAR, QUARTER, MONTH = 12, 3, 1
"""Months in each."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, one after the other, in one year."""

    year: int
    month: int
    """The first, 1 to 12."""
    months: int
    """`MONTH`, `QUARTER` or `YEAR`."""

    @property
    def written(self) -> str:
        """As it stands in an address."""
        match self.months:
            case 12:
                return f"{self.year}"
            case 3:
                return f"{self.year}-Q{self.quarter}"
            case _:
                return f"{self.year}-{self.month:02}"

    @property
    def quarter(self) -> int:
        """In which quarter of its year it begins, 1 to 4."""
        return (self.month - 1) // QUARTER + 1

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def names(self) -> frozenset[str]:
        """Its months, as ISO writes them."""
        return frozenset(f"{self.year}-{month:02}" for month in range(self.month, self.month + self.months))

    def holds(self, day: date) -> bool:
        """Say whether a day is in it."""
        return day.year == self.year and self.month <= day.month < self.month + self.months

    def moved(self, by: int) -> "Span":
        """Return the span of the same length so many steps later, or earlier where negative."""
        months = self.year * 12 + self.month - 1 + by * self.months
        return Span(months // 12, months % 12 + 1, self.months)


def span_of(day: date, months: int) -> Span:
    """Return the span of a length that a day is in."""
    return Span(day.year, (day.month - 1) // months * months + 1, months)


def parse(text: str) -> Span | None:
    """Return the span that is written, or `None` if it is none of ours."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"])
    if found["month"]:
        return Span(year, int(found["month"]), MONTH)
    if found["quarter"]:
        return Span(year, int(found["quarter"]) * QUARTER - 2, QUARTER)
    return Span(year, 1, YEAR)
