"""One arrival for each sentence of the day there is."""

from datetime import date, timedelta

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from kiosk.core.attendance import Days
from kiosk.core.occasions import WEEKS_AWAY, Coming

TODAY = date(2026, 11, 20)
WHO = MemberId("lea")


def past(days: int = 0, *, lately: bool = True) -> PersonPast:
    """What the hub knows; `lately` is within the weeks that it counts."""
    return PersonPast(WHO, weekdays=(0, 0, 0, 0, int(lately and days > 0), 0, 0), days=days)


def coming(
    joined: date | None = TODAY,
    *,
    days: Days | None = None,
    before: PersonPast | None = None,
    known_for: int = 0,
    day: date = TODAY,
) -> Coming:
    """Somebody who has just come in, by default for the first time."""
    return Coming(day, joined, days or Days(day, None, 1, 1), before or past(), known_for)


FIRST = coming()
SECOND = coming(TODAY - timedelta(days=3), before=past(1))
THIRD = coming(TODAY - timedelta(days=3), before=past(2))
A_MONTH = coming(date(2026, 10, 20), before=past(9))
A_YEAR = coming(date(2025, 11, 20), before=past(90))
FOUR_YEARS = coming(date(2022, 11, 20), before=past(90))
BACK = coming(TODAY - timedelta(weeks=5 * WEEKS_AWAY), before=past(30, lately=False))
USUAL = coming(date(2025, 3, 3), before=past(90))
COMINGS = (FIRST, SECOND, THIRD, A_MONTH, A_YEAR, FOUR_YEARS, BACK, USUAL)
