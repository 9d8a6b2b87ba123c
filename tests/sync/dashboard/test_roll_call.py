"""The roll call: everybody, those who hide too, and who looked."""

from datetime import timedelta

import pytest

from community.events import CheckedIn, CheckedOut
from community.ids import MemberId
from community.members import Member, Visibility
from sync.store import deeds, directory
from sync.store.deeds import Deed
from tests.sync.dashboard.house import LOGIN, Browser

PAGE = "/roll-call"
HIDDEN = Visibility(lobby=False, members=False, hosts=False)


@pytest.fixture
def browser(house):
    browser = Browser(house)
    browser.set_up()
    return browser


@pytest.fixture
def people(house):
    for who, name in (("lea", "Léa"), ("elodie", "Élodie"), ("kim", "Kim"), ("zoe", "Zoé")):
        member = Member(MemberId(who), name, visibility=HIDDEN if who == "kim" else Visibility())
        house.database.write_now(lambda c, member=member: directory.put_member(c, member))
        if who != "zoe":
            house.happen(CheckedIn(member.id))


def opened(house):
    done = house.database.read_now(lambda c: deeds.latest(c, 50))
    return [deed.host for deed in done if deed.deed is Deed.ROLL_CALL]


def call(browser: Browser) -> str:
    return browser.post(PAGE, {"form_token": browser.form_token(PAGE)}).text


def test_nobody_sees_it_without_logging_in(house, people):
    assert Browser(house).get(PAGE).status == 303
    assert Browser(house).post(PAGE, {}).status in {303, 403}
    assert opened(house) == []


def test_nobody_is_named_before_it_is_opened(house, browser, people):
    answer = browser.get(PAGE)
    assert "Open the roll call" in answer.text
    assert "Kim" not in answer.text
    assert "Léa" not in answer.text
    assert opened(house) == []


def test_everybody_who_is_in_is_named_in_order_and_who_looked_is_kept(house, browser, people):
    text = call(browser)
    places = [text.index(f"<b>{name}</b>") for name in ("Élodie", "Kim", "Léa")]
    assert places == sorted(places)
    assert "Zoé" not in text
    assert "3 people whose badges are in" in text
    assert opened(house) == [LOGIN]


def test_who_left_is_not_looked_for(house, browser, people):
    house.clock.move(timedelta(minutes=5))
    house.happen(CheckedOut(MemberId("kim")))
    assert "Kim" not in call(browser)


def test_an_empty_house_says_so(browser):
    assert "No badge is in." in call(browser)


def test_somebody_erased_since_is_still_counted(house, browser, people):
    house.database.write_now(lambda c: directory.remove_member(c, MemberId("kim")))
    text = call(browser)
    assert "Kim" not in text
    assert "3 people whose badges are in" in text
    assert "somebody who was erased" in text


def test_a_browser_does_not_keep_it(browser, people):
    answer = browser.post(PAGE, {"form_token": browser.form_token(PAGE)})
    assert answer.headers["cache-control"] == "no-store"


def test_a_post_without_our_form_opens_nothing(house, browser, people):
    assert browser.post(PAGE, {"form_token": "0" * 64}).status == 403
    assert opened(house) == []
