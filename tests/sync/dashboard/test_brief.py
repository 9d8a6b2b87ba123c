"""The page of the brief: what a host does about a line, and what is left of it."""

from datetime import timedelta

import pytest

from community.events import CheckedIn
from community.ids import MemberId
from community.introductions.pairing import DayPlan, Pairing
from community.introductions.slots import Slot
from sync.store import briefs, directory, introductions
from tests.sync.dashboard.house import Browser, House
from tests.sync.dashboard.test_introductions import ADA, BOB, put

PAGE = "/brief"


@pytest.fixture
def browser(house):
    browser = Browser(house)
    browser.set_up()
    return browser


def does(browser: Browser, **fields: str):
    assert browser.post(PAGE, {"form_token": browser.form_token(PAGE), **fields}).status == 303
    return browser.get(PAGE).text


def test_nobody_sees_it_without_logging_in(house):
    assert Browser(house).get(PAGE).status == 303
    assert Browser(house).post(PAGE, {"line": "new:ada"}).status in {303, 403}


def test_a_quiet_day_says_so(browser):
    assert "they manage by themselves" in browser.get(PAGE).text


def test_a_newcomer_is_greeted_once_and_the_greeting_can_be_taken_back(house, browser):
    put(house, "Ada")
    text = browser.get(PAGE).text
    assert "first visit" in text
    assert "I said hello" in text
    text = does(browser, line="new:ada", mark="visited")
    assert "camille saw to it." in text
    assert "I said hello" not in text
    assert "I said hello" in does(browser, back="new:ada")
    house.clock.move(timedelta(days=1))
    browser.log_in()
    house.happen(CheckedIn(ADA))
    assert "I said hello" in browser.get(PAGE).text


def test_two_people_are_introduced_by_the_host(house, browser):
    put(house, "Ada", needs=("logo",), offers=("law",))
    put(house, "Bob", needs=("law",), offers=("bread",))
    day = house.clock.shown.date()
    pairing = Pairing(ADA, BOB, Slot.PARTNER, BOB)
    house.database.write_now(lambda c: introductions.put_plan(c, DayPlan(day, (pairing,))))
    assert "Say hello, and introduce: Bob." in browser.get(PAGE).text
    for newcomer in (ADA, BOB):
        does(browser, line=f"new:{newcomer}", mark="visited")
    house.clock.move(timedelta(minutes=1))
    marks = house.database.read_now(lambda c: briefs.holding(c, day))
    assert {mark.host for mark in marks.values()} == {"camille"}


def test_a_line_that_is_no_longer_there_changes_nothing(house, browser):
    for fields in ({"line": "new:nobody", "mark": "visited"}, {"line": "x" * 500}, {"back": "new:ada"}, {}):
        does(browser, **fields)
    assert house.database.read_now(lambda c: briefs.holding(c, house.clock.shown.date())) == {}


def test_somebody_who_is_erased_leaves_no_mark(house, browser):
    put(house, "Ada")
    put(house, "Adam")
    does(browser, line="new:ada", mark="visited")
    does(browser, line="new:adam", mark="visited")
    house.database.write_now(lambda c: directory.remove_member(c, MemberId("ada")))
    assert set(house.database.read_now(lambda c: briefs.holding(c, house.clock.shown.date()))) == {"new:adam"}


def test_marks_are_kept_as_long_as_taps_are(house: House, browser):
    put(house, "Ada")
    does(browser, line="new:ada", mark="not_now")
    day = house.clock.shown.date()
    last = day + briefs.KEPT
    assert house.database.write_now(lambda c: briefs.sweep(c, last)) == 0
    assert house.database.write_now(lambda c: briefs.sweep(c, last + timedelta(days=1))) == 1
    assert house.database.read_now(lambda c: briefs.holding(c, day)) == {}


def test_it_is_told_in_french(house, browser):
    put(house, "Ada")
    browser.post("/language", {"form_token": browser.form_token(PAGE), "language": "fr", "back": PAGE})
    text = browser.get(PAGE).text
    assert "Brief du jour" in text
    assert "première visite" in text
    assert "J’ai dit bonjour" in text
