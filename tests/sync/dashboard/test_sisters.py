"""Two hubs that are sisters: a member of one visits the other, with a letter and nothing else."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from community.badges import BadgeHash
from community.clock import Hours, us_of
from community.events import CheckedIn
from community.ids import MemberId
from community.members import Space, Visibility
from community.wire.messages import Erasure
from sync.dashboard.own_visits import told
from sync.newcomers.facts import read_facts
from sync.sisters import cards, letters
from sync.sisters.letters import Letter
from sync.sisters.taking import end_visits
from sync.store import deeds, directory, feed, retention, secure_badges, sisters, visitors
from sync.store.deeds import Deed
from sync.store.feed import Kind
from sync.store.retention import Job
from tests.sync.dashboard.house import LOGIN, PARIS, Answer, Browser, House
from tests.sync.dashboard.test_own_receipt import opened

LEA = MemberId("lea")
TICKS = dict.fromkeys(("languages", "needs", "offers", "interests", "ask_about"), "yes")


@dataclass
class Sisters:
    """Two houses that know one another."""

    home: House
    away: House
    host: Browser
    """The host of the one that is visited."""

    def letter(self, **ticks: str) -> str:
        """Let Léa write a letter on her page at home."""
        (there,) = self.home.database.read_now(sisters.every)
        page = opened(self.home, LEA, self._next())
        form = page.form_token("/me/visit")
        answer = page.post("/me/visit", {"form_token": form, "sister": there.id, **(ticks or TICKS)})
        assert answer.status == 200, answer.text
        found = re.search(r'id="letter" href="https://b\.example\.org/visit#([^"]+)"', answer.text)
        assert found, answer.text
        return found[1]

    def bring(self, letter: str, **more: str) -> Answer:
        """Bring a letter to the other space."""
        phone = Browser(self.away)
        return phone.post("/visit", {"form_token": phone.form_token("/visit"), "letter": letter, **more})

    def take(self, letter: str, **more: str) -> MemberId:
        """Bring it and say yes; return who came."""
        answer = self.bring(letter, do="take", **more)
        assert answer.status == 200, answer.text
        assert "The hosts here know of my visit" in answer.text
        (visitor,) = self.away.database.read_now(visitors.homes)
        return visitor

    def pass_days(self, days: int) -> None:
        """Let days pass in both houses, and the other let go of what is over."""
        for house in (self.home, self.away):
            house.clock.move(timedelta(days=days))
        self.let_go()

    def let_go(self) -> None:
        """Do what the hub does once a day."""
        at = self.away.clock.at()
        self.away.database.write_now(lambda c: end_visits(c, Hours(PARIS).day_of(at), us_of(at)))

    _nonce = 0

    def _next(self) -> int:
        self._nonce += 1
        return self._nonce


def befriend(one: House, other: House, name: str, address: str) -> None:
    """Let one house know another, as its administrator would."""
    card = cards.read(cards.write(name, address, other.sister_key))
    assert card is not None
    sister = sisters.Sister(card.id, card.name, card.address, card.key, 1, LOGIN)
    assert one.database.write_now(lambda c: sisters.put(c, sister))


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Sisters]:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    nook = Space(name="Le Nook", address="https://a.example.org")
    forge = Space(name="La Forge", address="https://b.example.org")
    with House(tmp_path / "a", space=nook) as home, House(tmp_path / "b", space=forge) as away:
        befriend(home, away, "La Forge", "https://b.example.org")
        befriend(away, home, "Le Nook", "https://a.example.org")
        home.member(
            LEA,
            "Léa Martin",
            languages=("fr", "en"),
            trade="illustratrice",
            needs=("un comptable", "un local"),
            needs_until=(None, home.clock.at().date() - timedelta(days=1)),
            offers=("un logo",),
            interests=("l’escalade",),
            ask_about=("la gravure",),
            avoid=(MemberId("tom"),),
            place="près du four",
        )
        host = Browser(away)
        assert host.set_up().status == 303
        yield Sisters(home, away, host)


def test_a_member_carries_what_they_ticked_and_nothing_else(houses):
    letter = houses.letter(languages="yes", offers="yes")
    shown = houses.bring(letter)
    assert shown.status == 200
    assert "My letter from Le Nook says" in shown.text
    assert "un logo" in shown.text
    for kept in ("un comptable", "escalade", "gravure", "illustratrice", "four", "tom"):
        assert kept not in shown.text
        assert kept.encode() not in letters.read(letter)[1].body
    assert not houses.away.database.read_now(directory.all_members)  # reading it is no yes
    visitor = houses.take(letter)
    (member,) = houses.away.database.read_now(directory.all_members)
    assert member.id == visitor != LEA
    assert (member.name, member.languages, member.offers) == ("Léa Martin", ("fr", "en"), ("un logo",))
    assert (member.needs, member.interests, member.ask_about, member.avoid) == ((), (), (), ())
    assert member.visibility == Visibility()
    assert not member.introductions
    done = houses.away.database.read_now(lambda c: deeds.latest(c, 9))
    assert [(each.host, each.subject) for each in done if each.deed is Deed.VISITOR_TAKEN] == [("", visitor)]


def test_a_letter_is_good_once(houses):
    letter = houses.letter()
    houses.take(letter)
    for again in (houses.bring(letter), houses.bring(letter, do="take")):
        assert again.status == 403
        assert "was used already" in again.text
    assert len(houses.away.database.read_now(directory.all_members)) == 1


def test_a_later_letter_takes_the_place_of_the_first_and_doubles_nobody(houses):
    first = houses.letter()
    visitor = houses.take(first, meet="yes")
    before = houses.away.database.read_now(lambda c: visitors.of(c, visitor))
    early = houses.letter()
    houses.pass_days(3)
    houses.home.member(LEA, "Léa M.", languages=("fr",), offers=("une affiche",))
    late = houses.letter()
    assert "I am known here already" in houses.bring(late).text
    assert houses.take(late) == visitor
    member = houses.away.database.read_now(lambda c: directory.member_of(c, visitor))
    assert (member.name, member.offers, member.needs) == ("Léa M.", ("une affiche",), ())
    assert member.may_be_introduced  # what they chose here stays
    after = houses.away.database.read_now(lambda c: visitors.of(c, visitor))
    assert after.until - before.until == timedelta(days=3)
    assert "a later one was" in html.unescape(houses.bring(early).text)


def test_needs_that_ended_stay_at_home(houses):
    assert "un local" not in houses.bring(houses.letter()).text


def test_letters_that_are_not_for_now_or_not_for_here_are_refused_in_words(houses):
    letter = houses.letter()
    assert "signed as it should be" not in houses.bring(letter).text
    text, _, _ = letter.partition(".")
    forged = letters.write(letters.read(letter)[0], houses.away.sister_key)
    assert "not signed as it should be" in houses.bring(forged).text
    assert "no letter, or a part of it is missing" in html.unescape(houses.bring(text).text)
    elsewhere = msgspec.structs.replace(letters.read(letter)[0], to="0" * 24)
    sent = houses.bring(letters.write(elsewhere, houses.home.sister_key))
    assert "is for another space" in sent.text
    houses.away.clock.move(timedelta(days=-2))
    assert "dated in the future" in houses.bring(letter).text
    houses.away.clock.move(timedelta(days=17))
    answer = houses.bring(letter, do="take")
    assert answer.status == 403
    assert "too old" in answer.text
    assert not houses.away.database.read_now(directory.all_members)


def test_what_no_profile_may_hold_is_taken_from_no_sister(houses):
    home, there = cards.id_of(houses.home.sister_key.public), cards.id_of(houses.away.sister_key.public)
    now_s = int(houses.away.clock.at().timestamp())
    for facts in ({"name": "\u202eeve"}, {"name": "x" * 61}, {"name": ""}, {"offers": ("y" * 121,)}):
        letter = Letter(home, there, "n" * 24, "v" * 32, now_s, now_s + 60, **{"name": "Eve", **facts})
        assert houses.bring(letters.write(letter, houses.home.sister_key)).status == 403


def test_a_sister_that_was_removed_is_believed_no_more_and_her_visitor_stays(houses):
    visitor, letter = houses.take(houses.letter()), houses.letter()
    token = houses.host.form_token("/sisters")
    home = cards.id_of(houses.home.sister_key.public)
    for said in ("removed", "gone"):
        answer = houses.host.post("/sisters", {"form_token": token, "do": "remove", "sister": home})
        assert answer.headers["location"] == f"/sisters?said={said}"
        assert houses.host.get(answer.headers["location"]).status == 200
    answer = houses.bring(letter)
    assert answer.status == 403
    assert "not known here" in answer.text
    assert houses.away.database.read_now(lambda c: directory.member_of(c, visitor)) is not None


def test_whoever_was_taken_in_has_their_own_page_and_can_erase_themselves(houses):
    phone, letter = Browser(houses.away), houses.letter()
    sent = {"letter": letter, "do": "take", "form_token": phone.form_token("/visit")}
    assert phone.post("/visit", sent).status == 200
    page = phone.get("/me?language=en")
    assert "I am visiting from Le Nook" in page.text
    assert "My own space writes my letters" in phone.get("/me/visit?language=en").text
    everything = phone.get("/me/everything.json").json
    assert everything["visiting_from"] == "Le Nook"
    assert everything["visiting_until"] == "2026-12-23"
    refused = phone.post("/me/visit", {"form_token": page.form_token, "sister": "x"})
    assert refused.status == 422
    answer = phone.post("/me", {"form_token": page.form_token, "do": "erase", "sure": "yes"})
    assert "You are erased" in answer.text
    assert not houses.away.database.read_now(directory.all_members)
    assert not houses.away.database.read_now(visitors.homes)
    newcomer = houses.take(houses.letter())  # who comes back comes as somebody else
    assert houses.away.database.read_now(lambda c: directory.is_erased(c, newcomer)) is False


def test_after_their_last_day_they_are_erased_everywhere(houses):
    visitor = houses.take(houses.letter())
    houses.away.link(BadgeHash("k1:" + "a" * 32), visitor)
    houses.pass_days(30)
    assert houses.away.database.read_now(lambda c: directory.member_of(c, visitor)) is not None
    houses.pass_days(1)
    assert houses.away.database.read_now(directory.all_members) == ()
    assert houses.away.database.read_now(secure_badges.all_badges) == ()
    assert houses.away.database.read_now(visitors.homes) == {}
    told_kiosks = houses.away.database.read_now(lambda c: feed.find(c, Kind.ERASED, visitor, Erasure))
    assert told_kiosks is not None
    assert houses.away.database.read_now(retention.runs)[Job.VISITORS].lately == 1
    done = houses.away.database.read_now(lambda c: deeds.latest(c, 9))
    assert Deed.VISIT_ENDED in {each.deed for each in done}


def test_hosts_see_from_where_somebody_visits(houses):
    visitor = houses.take(houses.letter())
    houses.away.happen(CheckedIn(visitor))
    assert "visiting from Le Nook" in houses.host.get("/").text
    assert "visiting from Le Nook" in houses.host.get("/brief").text
    assert "Léa Martin (Le Nook)" in houses.host.get("/").text  # to be chosen for a badge
    assert "Léa Martin (Le Nook)" in houses.host.get("/members").text
    assert "Visiting from Le Nook until 23 December 2026" in houses.host.get(f"/members/{visitor}").text


def test_who_visits_is_on_no_newcomers_path(houses):
    visitor = houses.take(houses.letter())
    houses.away.happen(CheckedIn(visitor))
    facts = houses.away.database.read_now(lambda c: read_facts(c, Hours(PARIS), houses.away.clock.at()))
    assert visitor not in facts.members
    assert "Léa Martin" not in houses.host.get("/newcomers").text


def test_nobody_but_an_administrator_sees_the_page_of_sisters(houses):
    assert Browser(houses.away).get("/sisters").status == 303
    houses.away.database.write_now(lambda c: c.exec_driver_sql("update hosts set role = 'host'"))
    assert houses.host.get("/sisters").status == 403


def test_a_card_is_looked_at_compared_and_only_then_believed(houses):
    home, host = houses.home, Browser(houses.home)
    host.set_up()
    (before,) = home.database.read_now(sisters.every)
    home.database.write_now(lambda c: sisters.remove(c, before.id))
    there = houses.host.get("/sisters").text
    card = re.search(r'id="own-card-text">([^<]+)<', there)[1]
    number = re.search(r'id="own-fingerprint">([^<]+)<', there)[1]
    token = host.form_token("/sisters")
    looked = host.post("/sisters", {"form_token": token, "do": "look", "card": card})
    assert re.search(r'id="fingerprint">([^<]+)<', looked.text)[1] == number
    assert home.database.read_now(sisters.every) == ()
    added = host.post("/sisters", {"form_token": token, "do": "add", "card": card})
    assert added.headers["location"] == "/sisters?said=added"
    (now,) = home.database.read_now(sisters.every)
    assert (now.id, now.name, now.address) == (before.id, "La Forge", "https://b.example.org")
    own = re.search(r'id="own-card-text">([^<]+)<', host.get("/sisters").text)[1]
    for wrong, said in ((card[:-9], "no card of a space"), (own, "our own card"), ("", "no card of a space")):
        answer = host.post("/sisters", {"form_token": token, "do": "add", "card": wrong})
        assert answer.status == 422
        assert said in answer.text
    assert "takes the place of the old one" in host.post("/sisters", {"form_token": token, "card": card}).text
    done = home.database.read_now(lambda c: deeds.latest(c, 9))
    assert [each.subject for each in done if each.deed is Deed.SISTER_ADDED] == [now.id]
    assert "added a sister space" in host.get("/record").text


def test_a_hub_without_an_address_has_no_card(house, host):
    assert "write “address” under [space]" in html.unescape(host.get("/sisters").text)
    assert "own-fingerprint" not in host.get("/sisters").text


def test_after_a_restore_no_letter_is_taken_before_an_administrator_looked(houses):
    early = houses.letter()
    restored_s = int(houses.away.clock.at().timestamp()) + 1
    houses.away.database.write_now(lambda c: sisters.restored(c, restored_s))
    assert "not known here" in houses.bring(early).text
    page = houses.host.get("/sisters")
    assert "came out of a backup" in page.text
    home = cards.id_of(houses.home.sister_key.public)
    answer = houses.host.post("/sisters", {"form_token": page.form_token, "do": "trust", "sister": home})
    assert answer.headers["location"] == "/sisters?said=trusted"
    assert "too old" in houses.bring(early).text  # it may have been used since the backup
    for house in (houses.home, houses.away):
        house.clock.move(timedelta(seconds=letters.SKEW_S))
    assert "too old" in houses.bring(houses.letter()).text  # her clock may be a day ahead: it may be as old
    for house in (houses.home, houses.away):
        house.clock.move(timedelta(seconds=1))
    houses.take(houses.letter())


def test_whoever_makes_letters_up_has_to_wait(houses):
    phone = Browser(houses.away)
    token = phone.form_token("/visit")
    answers = [phone.post("/visit", {"form_token": token, "letter": "x"}).status for _ in range(22)]
    assert answers[0] == 403
    assert answers[-1] == 429


def test_without_their_page_open_nobody_writes_a_letter(houses):
    assert Browser(houses.home).get("/me/visit").status == 403
    assert Browser(houses.home).post("/me/visit", {"sister": "x"}).status == 403


def test_without_a_sister_there_is_no_way_there(house):
    house.member("lea", "Léa", languages=("en",))
    page = opened(house, LEA)
    assert "/me/visit" not in page.get("/me").text
    assert "no sister space yet" in page.get("/me/visit").text


def test_what_can_be_told_stands_beside_its_tick(houses):
    member = houses.home.database.read_now(lambda c: directory.member_of(c, LEA))
    page = opened(houses.home, LEA).get("/me/visit").text
    for items in told(member, houses.home.clock.at().date()).values():
        for item in items:
            assert html.escape(item, quote=False) in page
    assert page.count("checked") == 1  # languages: nobody reads her name at home either
