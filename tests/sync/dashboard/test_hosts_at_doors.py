"""Administrators say on a member's page who looks after the place; what hosts did at doors is told."""

import pytest

from community.badges import short_code
from community.events import BadgeLinkAsked, RollCallOpened
from community.ids import MemberId
from sync.dashboard.roles import Role
from sync.store import cards, directory
from sync.store.deeds import Deed
from tests.sync.dashboard.house import LOGIN
from tests.sync.dashboard.test_accounts import member_of
from tests.sync.dashboard.test_member_page import BADGE, done, send


@pytest.fixture
def elise(house):
    return house.member("m1", "Élise")


def is_host(house, member="m1") -> bool:
    found = house.database.read_now(lambda c: directory.member_of(c, MemberId(member)))
    return found.host


def test_an_administrator_says_who_looks_after_the_place(house, host, elise):
    assert "like any other" in host.get("/members/m1").text
    page = send(host, "host").text
    assert "Élise looks after the place" in page
    assert "There is no PIN yet" in page
    assert is_host(house)
    assert "no longer looks after the place" in send(host, "no-host").text
    assert not is_host(house)
    assert done(house)[:2] == [(Deed.HOST_NO_MORE, LOGIN, "m1"), (Deed.HOST_NAMED, LOGIN, "m1")]
    assert "let a member look after the place" in host.get("/record").text


def test_what_hosts_did_at_the_doors_today_is_told(house, host, elise):
    camille = house.member("h1", "Camille")
    house.database.write_now(lambda c: cards.set_host(c, camille, host=True))
    house.happen(BadgeLinkAsked(BADGE, elise, camille))
    house.happen(RollCallOpened(camille))
    page = host.get("/").text
    assert f"Camille linked the badge {short_code(BADGE)} at the door: it is Élise’s" in page
    assert "Camille opened the roll call at" in page
    house.database.write_now(lambda c: directory.unlink(c, BADGE))
    house.happen(RollCallOpened(camille))
    assert f"Camille wanted to link the badge {short_code(BADGE)} to Élise at the door" in host.get("/").text
    assert "opened the roll call" in host.get("/record").text


def test_a_hidden_host_is_not_named(house, host):
    hidden = house.member("h2", "Hugo Caché", hosts=False)
    house.happen(RollCallOpened(hidden))
    page = host.get("/").text
    assert "A host opened the roll call" in page
    assert "Hugo Caché opened" not in page


def test_a_host_who_is_no_administrator_cannot(house, host, elise):
    other = member_of(house, host, Role.HOST, "nadia")
    assert "Looks after the place" not in other.get("/members/m1").text
    assert "Nothing was done" in send(other, "host").text
    assert not is_host(house)
