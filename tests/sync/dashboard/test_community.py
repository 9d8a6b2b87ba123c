"""The page of the community: who may see it, what it says, and what it keeps to itself."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest

from community.events import Answer, Answered, CheckedIn, Met
from community.ids import MemberId
from sync.dashboard.roles import Role
from sync.store import briefs, directory
from sync.store.briefs import Mark, Marked
from tests.sync.dashboard.house import Browser, House
from tests.sync.dashboard.test_accounts import member_of
from tests.sync.dashboard.test_introductions import ADA, BOB, EVE, put

PAGE, MAP = "/community", "/community/map"
WEEK = timedelta(days=7)


@pytest.fixture
def browser(house):
    browser = Browser(house)
    browser.set_up()
    return browser


def meet(house: House, one: str, other: str, *, ago: timedelta = timedelta()) -> None:
    """Let two people meet by badge."""
    house.happen(Met(MemberId(one), MemberId(other)), house.clock.at() - ago)


def names(answer) -> list[str]:
    return sorted(dot[0] for dot in answer.json["dots"])


def test_nobody_sees_it_without_logging_in(house):
    assert Browser(house).get(PAGE).status == 303
    assert Browser(house).get(MAP).status == 303


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_it_is_for_hosts(house, browser, role):
    other = member_of(house, browser, role, "sacha")
    assert [other.get(path).status for path in (PAGE, MAP)] == [403, 403]


def test_a_quiet_place_says_so(browser):
    text = browser.get(PAGE).text
    assert "No meetings to draw yet." in text
    assert "Meetings without you: too few to say." in text
    assert browser.get(MAP).json == {"dots": [], "links": []}


def test_the_table_says_what_the_picture_shows(house, browser):
    for name in ("Ada", "Bob", "Eve"):
        put(house, name)
    meet(house, "ada", "bob")
    meet(house, "ada", "eve")
    drawn = browser.get(MAP).json
    by_place = [dot[0] for dot in drawn["dots"]]
    pairs = {
        frozenset((by_place[a], by_place[b]))
        for a, b in zip(drawn["links"][::2], drawn["links"][1::2], strict=True)
    }
    assert pairs == {frozenset(("Ada", "Bob")), frozenset(("Ada", "Eve"))}
    text = browser.get(PAGE).text
    assert '<a href="/members/ada">Ada</a>' in text
    assert "Bob, Eve" in text
    assert "People: 3. Pairs who met: 2." in text


def test_what_somebody_said_on_leaving_is_not_drawn(house, browser):
    put(house, "Ada")
    put(house, "Bob")
    house.happen(Answered(ADA, BOB, Answer.MET))
    assert browser.get(MAP).json["dots"] == []


def test_what_a_host_noted_is_drawn(house, browser):
    put(house, "Ada")
    put(house, "Bob")
    day = house.clock.shown.date()
    marked = Marked("pair:ada:bob", day, Mark.INTRODUCED, day + timedelta(days=90), "camille", 1)
    house.database.write_now(lambda c: briefs.put(c, marked))
    assert names(browser.get(MAP)) == ["Ada", "Bob"]


def test_time_company_and_language_choose_what_is_shown(house, browser):
    put(house, "Ada", company="Acme", languages=("fr",))
    put(house, "Bob", company="Both & Sons", languages=("fr", "en"))
    put(house, "Eve", company="ACME", languages=("es",))
    put(house, "Zoe", languages=("fr",))
    meet(house, "ada", "bob", ago=8 * WEEK)
    meet(house, "eve", "zoe")
    assert names(browser.get(MAP)) == ["Ada", "Bob", "Eve", "Zoe"]
    assert names(browser.get(f"{MAP}?time=30")) == ["Eve", "Zoe"]
    assert names(browser.get(f"{MAP}?time=all&company=both+%26+sons")) == ["Ada", "Bob"]
    assert names(browser.get(f"{MAP}?company=Acme&time=30")) == ["Eve", "Zoe"]
    assert names(browser.get(f"{MAP}?language=es")) == ["Eve", "Zoe"]
    assert names(browser.get(f"{MAP}?language=xx")) == []
    assert names(browser.get(f"{MAP}?time=soon")) == ["Ada", "Bob", "Eve", "Zoe"]
    text = browser.get(f"{PAGE}?language=es&time=30").text
    assert '<option value="es" selected>Spanish</option>' in text
    assert "Both &amp; Sons" in text
    assert "language=es" in text
    assert text.count("Acme") + text.count("ACME") == 1


def test_who_hides_from_hosts_is_a_dot_and_nothing_else(house, browser):
    put(house, "Ada", company="Acme")
    put(house, "Kim", hosts=False, company="Secret works", languages=("ja",), host=True)
    put(house, "Lou", hosts=False, company="Secret works", languages=("ja",))
    meet(house, "ada", "kim")
    meet(house, "kim", "lou")
    everything = [browser.get(MAP).text, browser.get(PAGE).text]
    for text in everything:
        for word in ("Kim", "kim", "Lou", "lou", "Secret", "ja", "Japanese"):
            assert f'"{word}"' not in text
            assert f">{word}<" not in text
        assert "Secret" not in text
    assert sorted(json.loads(everything[0])["dots"])[:2] == [[""], [""]]
    assert "1 who is not named here" in everything[1]
    for wish in ("company=Secret+works", "language=ja"):
        assert browser.get(f"{MAP}?{wish}").json["dots"] == []
    assert names(browser.get(f"{MAP}?company=Acme")) == ["", "Ada"]


def test_a_dot_without_a_name_has_another_place_in_each_answer(house, browser):
    put(house, "Ada")
    for number in range(9):
        put(house, f"Kim{number}", hosts=False)
        meet(house, "ada", f"kim{number}")
    orders = {tuple(dot[0] for dot in browser.get(MAP).json["dots"]) for _ in range(40)}
    assert len(orders) > 1


def test_who_met_nobody_and_who_was_erased_are_not_there(house, browser):
    for name in ("Ada", "Bob", "Eve"):
        put(house, name)
        house.happen(CheckedIn(MemberId(name.lower())))
    meet(house, "ada", "bob")
    assert names(browser.get(MAP)) == ["Ada", "Bob"]
    house.database.write_now(lambda c: directory.remove_member(c, EVE))
    put(house, "Ada", hosts=False)
    assert names(browser.get(MAP)) == ["", "Bob"], "who begins to hide does so at once"
    house.database.write_now(lambda c: directory.remove_member(c, BOB))
    assert browser.get(MAP).json["dots"] == []
    house.clock.move(timedelta(minutes=2))
    assert browser.get(MAP).json["dots"] == []


def test_a_long_table_comes_in_pages_and_finds_a_name(house, browser):
    for number in range(50):
        put(house, f"Person {number:02}")
    for number in range(1, 50):
        meet(house, "person 00", f"person {number:02}")
    text = browser.get(PAGE).text
    assert "Page 1 of 2" in text
    assert ">Person 39</a>" in text
    assert ">Person 40</a>" not in text
    assert ">Person 40</a>" in browser.get(f"{PAGE}?page=2").text
    assert ">Person 49</a>" in browser.get(f"{PAGE}?page=99").text
    found = browser.get(f"{PAGE}?who=pers+41").text
    assert found.count('scope="row"><a') == 1
    assert ">Person 41</a>" in found
    assert "Nobody of that name" in browser.get(f"{PAGE}?who=zoe").text


def test_the_measures_are_told_in_plain_words(house, browser):
    people = [put(house, f"P{number}", languages=("fr" if number % 2 else "en",)) for number in range(6)]
    put(house, "Hugo", host=True)
    for days in (3, 2, 1):
        for who in people:
            house.happen(CheckedIn(who), house.clock.at() - timedelta(days=days, hours=1))
        for one, other in pairwise(people):
            meet(house, one, other, ago=timedelta(days=days))
    meet(house, people[0], "hugo", ago=timedelta(days=1))
    text = browser.get(PAGE).text
    assert "About 9 of ten meetings came about without you." in text
    assert "16 meetings in all." in text
    assert "Of 6 regulars, 6 met two people or fewer." in text
    assert "Nearly everybody who comes regularly is linked to the others." in text
    assert "On 3 days people met while you were away." in text
    assert "Nearly every meeting bridged two languages." in text
    assert "About 0 of ten newcomers" not in text
    browser.post("/language", {"form_token": browser.form_token(PAGE), "language": "fr", "back": PAGE})
    assert "Environ 9 rencontres sur dix se sont faites sans vous." in browser.get(PAGE).text


def test_one_reading_serves_whoever_looks_within_a_minute(house, browser):
    put(house, "Ada")
    put(house, "Bob")
    assert names(browser.get(MAP)) == []
    meet(house, "ada", "bob")
    assert names(browser.get(MAP)) == []
    house.clock.move(timedelta(minutes=1))
    assert names(browser.get(MAP)) == ["Ada", "Bob"]
