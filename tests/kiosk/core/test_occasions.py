"""A sentence for one day only: never twice a day, never to count an absence, never to single somebody out."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from community.clock import Hours
from community.events import CheckedIn, CheckedOut
from community.introductions.pairing import PersonPast
from kiosk.core.attendance import NEVER, Attendance, Days
from kiosk.core.occasions import KNOWS_ITS_PEOPLE, NEW_FOR, STILL, WEEKS_AWAY, coming_of, occasion_of
from kiosk.core.sentences import Words
from tests.fakes.community import AMINA, LEA
from tests.kiosk.core.comings import (
    A_MONTH,
    A_YEAR,
    BACK,
    COMINGS,
    FIRST,
    FOUR_YEARS,
    SECOND,
    THIRD,
    TODAY,
    USUAL,
    coming,
    past,
)

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def said(catalogues: Mapping[str, Words]):
    """What is said in French to somebody who comes in."""

    def said(who, *, host: str = "", people: int = 2) -> str:
        return occasion_of(catalogues["fr"], who, host=host, people=people).line

    return said


def test_a_first_visit_says_who_is_there_to_be_met_and_how_to_leave(catalogues: Mapping[str, Words]):
    found = occasion_of(catalogues["fr"], FIRST, host="Camille", people=2)
    assert (
        found.line
        == "Bienvenue\N{NARROW NO-BREAK SPACE}! Camille est là pour toi. En partant, badge deux fois."
    )
    assert found.meet == "Deux personnes seront heureuses de te rencontrer"
    found = occasion_of(catalogues["en"], FIRST, host="", people=2)
    assert found.line == "Welcome to the house! On your way out, tap twice."


@pytest.mark.parametrize(("people", "word"), [(0, ""), (1, "Une personne"), (3, "Trois personnes")])
def test_a_first_visit_never_says_that_nobody_is_there(
    catalogues: Mapping[str, Words], people: int, word: str
):
    found = occasion_of(catalogues["fr"], FIRST, host="", people=people)
    assert word in found.meet
    assert "faire visiter" in found.alone


def test_the_next_two_visits_are_lighter_and_the_fourth_is_usual(said):
    assert "Quel plaisir" in said(SECOND)
    assert "comme chez toi" in said(THIRD)
    assert said(coming(TODAY - timedelta(days=9), before=past(3))) == ""
    assert said(USUAL) == ""


def test_what_the_hub_has_not_counted_yet_this_door_has(said):
    days = Days(TODAY, TODAY - timedelta(days=1), 2, 1)
    assert said(coming(TODAY - timedelta(days=1), days=days)) == said(SECOND)


def test_a_second_arrival_of_a_day_says_nothing_of_it(said):
    for each in COMINGS:
        again = Days(each.day, each.days.before, each.days.count, 2)
        assert said(coming(each.joined, days=again, before=each.past)) == ""


def test_who_was_a_member_before_foyer_came_is_not_welcomed_as_new(said):
    assert said(coming(TODAY - NEW_FOR - timedelta(days=8))) == ""
    assert said(coming(None)) == "", "a house that begins cannot tell who is new"
    assert said(coming(None, known_for=KNOWS_ITS_PEOPLE)) == said(FIRST)


def test_a_month_and_each_year_are_thanked_for(said):
    assert "mois" in said(A_MONTH)
    assert said(A_YEAR).startswith("1 an")
    assert said(FOUR_YEARS).startswith("4 ans")


def test_an_anniversary_waits_for_the_first_visit_of_its_week_and_no_longer(said):
    joined = date(2025, 11, 18)
    missed = Days(TODAY, date(2025, 11, 17), 40, 1)
    assert "1 an" in said(coming(joined, days=missed, before=past(90)))
    told = Days(TODAY, date(2026, 11, 19), 40, 1)
    assert said(coming(joined, days=told, before=past(90))) == "", "it was told yesterday"
    late = TODAY - STILL
    assert said(coming(date(2025, late.month, late.day), days=missed, before=past(90))) == ""


@pytest.mark.parametrize(
    ("joined", "day"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 12, 30), date(2026, 12, 31)),
        (date(2025, 12, 30), date(2027, 1, 2)),
        (date(2026, 10, 31), date(2026, 11, 30)),
    ],
)
def test_an_anniversary_of_a_short_month_or_over_the_new_year_is_not_lost(said, joined: date, day: date):
    who = coming(joined, days=Days(day, None, 20, 1), before=past(90), day=day)
    assert "parmi nous" in said(who)


def test_nobody_has_an_anniversary_before_they_joined(said):
    assert said(coming(TODAY + timedelta(days=3), before=past(5))) == ""


def test_a_return_is_a_joy_and_never_counted(said):
    assert said(BACK) == "Quelle joie de te revoir."
    seen_here = Days(TODAY, TODAY - timedelta(weeks=WEEKS_AWAY - 1), 30, 1)
    assert said(coming(BACK.joined, days=seen_here, before=BACK.past)) == ""
    long_ago = Days(TODAY, TODAY - timedelta(weeks=WEEKS_AWAY), 30, 1)
    assert said(coming(BACK.joined, days=long_ago, before=BACK.past)) == said(BACK)


def test_attendance_counts_days_not_taps(hours: Hours):
    attendance = Attendance(hours)
    assert attendance.of(LEA.id) is NEVER
    for at, event in (
        (NOON - timedelta(days=3), CheckedIn(LEA.id)),
        (NOON - timedelta(hours=2), CheckedIn(LEA.id)),
        (NOON - timedelta(hours=1), CheckedOut(LEA.id)),
        (NOON, CheckedIn(LEA.id)),
        (NOON, CheckedIn(AMINA.id)),
    ):
        attendance.add(at, event)
    assert attendance.of(LEA.id) == Days(TODAY, TODAY - timedelta(days=3), 2, 2)


def test_what_is_known_of_somebody_s_days_comes_from_both_logs(hours: Hours):
    attendance = Attendance(hours)
    attendance.add(NOON, CheckedIn(LEA.id))
    regular = PersonPast(AMINA.id, days=44)
    assert coming_of(LEA, attendance, {AMINA.id: regular}, NOON).known_for == 44
    assert coming_of(LEA, attendance, {}, NOON).known_for == 0
    dated = msgspec.structs.replace(LEA, joined=TODAY)
    found = coming_of(dated, attendance, {LEA.id: past(7)}, NOON)
    assert (found.joined, found.past.days, found.days.count, found.known_for) == (TODAY, 7, 1, 0)
