"""The needs board as hosts read it: who looks for what until when, and who of those present could help."""

import re
from datetime import date, timedelta

import pytest

from community.events import CheckedIn, CheckedOut, MoodChosen, TableAnswered
from community.ids import MemberId, TableId
from community.introductions.tables import Occasion, Table
from community.members import Mood
from sync.dashboard.roles import Role
from sync.store import introductions
from tests.sync.dashboard.house import MORNING, Browser
from tests.sync.dashboard.test_accounts import member_of
from tests.sync.dashboard.test_agenda import knows
from tests.sync.dashboard.test_introductions import ADA, BOB, KIM, put

PAGE = "/needs"
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def browser(house):
    browser = Browser(house)
    browser.set_up()
    return browser


def page(browser: Browser) -> str:
    """Return what the board says, without tags."""
    main = browser.get(PAGE).text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_nobody_sees_it_without_logging_in(house):
    assert Browser(house).get(PAGE).status == 303


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_it_is_for_hosts_only(house, browser, role):
    other = member_of(house, browser, role, "sacha")
    assert other.get(PAGE).status == 403


def test_an_empty_board_says_what_to_do(browser):
    assert "Ask whoever is in what they look for." in page(browser)


def test_a_need_stands_with_its_end_and_who_could_help(house, browser):
    put(house, "Ada", needs=("law",), needs_until=(FRIDAY,))
    put(house, "Bob", offers=("law",))
    text = page(browser)
    assert "law until Friday 27 Ada in, and could help Bob" in text
    assert "Offered, by people who are in law Bob" in text
    assert '<a href="/members/ada">Ada</a>' in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "until tonight"),
        (1, "until tomorrow"),
        (6, "until Sunday 29"),
        (7, "until Monday 30 November"),
        (400, "until 28 December 2027"),
    ],
)
def test_its_end_is_said_as_people_say_it(house, browser, days, said):
    put(house, "Ada", needs=("law",), needs_until=(house.clock.shown.date() + timedelta(days=days),))
    assert said in page(browser)


def test_what_ended_yesterday_is_gone(house, browser):
    put(house, "Ada", needs=("law", "logo"), needs_until=(date(2026, 11, 22), None))
    text = page(browser)
    assert "law" not in text
    assert "logo Ada" in text


def test_who_has_left_stands_below_and_may_be_helped_all_the_same(house, browser):
    put(house, "Ada", needs=("law",))
    put(house, "Bob", offers=("law",))
    house.clock.move(timedelta(minutes=1))
    house.happen(CheckedOut(ADA))
    assert re.search(
        "Wanted, by people who are not in .* law Ada in, and could help Bob Who stands here", page(browser)
    )
    house.happen(CheckedOut(BOB))
    assert page(browser).partition(" Who stands here")[0].endswith("law Ada")


def test_who_is_heads_down_is_left_in_peace(house, browser):
    put(house, "Ada", needs=("law",))
    put(house, "Bob", needs=("logo",), offers=("law",))
    house.happen(MoodChosen(BOB, Mood.HEADS_DOWN))
    text = page(browser)
    assert "law Ada" in text
    assert "logo" not in text
    assert "Bob" not in text


def test_who_came_to_look_for_something_comes_first(house, browser):
    put(house, "Ada", needs=("law",), needs_until=(FRIDAY,))
    put(house, "Bob", needs=("logo",))
    house.happen(MoodChosen(BOB, Mood.LOOKING))
    text = page(browser)
    assert text.index("logo looking today Bob") < text.index("law until Friday 27 Ada")


def test_who_hides_from_hosts_is_quoted_as_the_lobby_does_without_a_name_or_an_end(house, browser):
    put(
        house,
        "Kim",
        hosts=False,
        needs=("tea for Bob", "law"),
        needs_until=(FRIDAY, FRIDAY),
        offers=("bread",),
    )
    put(house, "Bob", offers=("law",))
    text = page(browser)
    assert "law somebody who prefers not to be named" in text
    assert "bread somebody who prefers not to be named" in text
    assert "Kim" not in text
    assert "kim" not in browser.get(PAGE).text
    assert "tea for" not in text, "it names somebody who is in"
    house.clock.move(timedelta(minutes=1))
    house.happen(CheckedOut(KIM))
    assert "bread" not in page(browser)


def test_who_does_not_want_to_be_introduced_is_quoted_only_on_a_day_of_looking(house, browser):
    house.member("eve", "Eve", needs=("law", "logo"))
    house.happen(CheckedIn(MemberId("eve")))
    assert "law" not in page(browser)
    house.happen(MoodChosen(MemberId("eve"), Mood.LOOKING))
    text = page(browser)
    assert "law looking today Eve" in text
    assert "logo" not in text


def test_who_would_rather_not_meet_somebody_is_not_named_to_help_them(house, browser):
    put(house, "Ada", needs=("law",), avoid=(BOB,))
    put(house, "Bob", offers=("law",))
    assert "could help" not in page(browser)


def test_the_part_that_changes_is_sent_alone_to_a_script(house, browser):
    put(house, "Ada", needs=("law",))
    part = browser.get(PAGE, hx_request="true").text
    assert "<html" not in part
    assert "law" in part


def test_what_is_typed_stays_text(house, browser):
    put(house, "Ada", needs=("<script>alert(1)</script>",))
    assert "<script>alert" not in browser.get(PAGE).text
    assert "&lt;script&gt;alert(1)" in browser.get(PAGE).text


def test_it_is_told_in_french_and_spanish(house, browser):
    put(house, "Ada", needs=("law",), needs_until=(FRIDAY,))
    for language, said in (("fr", "jusqu’au vendredi 27"), ("es", "hasta el viernes 27")):
        form = {"form_token": browser.form_token(PAGE), "language": language, "back": PAGE}
        assert browser.post("/language", form).headers["location"] == PAGE
        assert said in page(browser)


def test_the_moments_of_the_day_stand_on_the_board_too(house, browser):
    put(house, "Ada")
    put(house, "Eve", hosts=False)
    eve = MemberId("eve")
    lunch = Table(
        TableId("t1"), Occasion.LUNCH, MORNING + timedelta(hours=3), "Kitchen", (ADA, eve), (ADA, eve)
    )
    house.database.write_now(lambda c: introductions.put_tables(c, [lunch]))
    for guest in (ADA, eve):
        house.happen(TableAnswered(guest, TableId("t1"), coming=True))
    knows(house)
    text = page(browser).partition("Moments of the day")[2]
    assert "Lunch table 12:42 Kitchen Coming: Ada, one more who prefers not to be named" in text
    assert "Festival all day" in text
    assert "Eve" not in text
