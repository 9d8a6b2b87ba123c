"""What hosts do leaves a trace: who, what, when, on which opaque id; never a name or a password."""

from datetime import timedelta

from sqlalchemy import select

from community.badges import BadgeKey
from sync.store import deeds as store
from sync.store.deeds import Deed
from sync.store.schema import deeds
from tests.sync.dashboard.house import LOGIN, PASSWORD, Browser

BADGE = BadgeKey(1, b"a secret of the space, 32 bytes.").hash(bytes.fromhex("04a1b2c3d4e5f6"))


def kept(house):
    return [
        (done.deed, done.host, done.subject)
        for done in house.database.read_now(lambda c: store.latest(c, 99))
    ][::-1]


def test_ways_in_and_out_are_kept(house, host):
    other = Browser(house)
    other.log_in(password="not the password")
    other.log_in()
    host.post("/logout", {"form_token": host.form_token("/")})
    other.post("/logout-everywhere", {"form_token": other.form_token("/")})
    assert kept(house) == [
        (Deed.FIRST_HOST, LOGIN, ""),
        (Deed.LOGIN_REFUSED, LOGIN, ""),
        (Deed.LOGGED_IN, LOGIN, ""),
        (Deed.LOGGED_OUT, LOGIN, ""),
        (Deed.LOGGED_OUT_EVERYWHERE, LOGIN, ""),
    ]


def test_what_is_typed_as_a_login_is_not_kept_if_it_is_none(house, host):
    Browser(house).log_in(login=PASSWORD, password="x")
    assert PASSWORD not in str(kept(house))


def test_changes_of_members_and_badges_are_kept_without_a_name(house, host):
    house.member("m1", "Élise")
    token = host.form_token("/")
    host.post("/badges/link", {"form_token": token, "badge": BADGE, "member": "Élise"})
    form = {"form_token": token, "member": "m1", "badge": BADGE, "seen": "active"}
    host.post("/members", {**form, "change": "lost"})
    host.post("/members", {**form, "change": "erased"})
    assert kept(house)[1:] == [
        (Deed.BADGE_LINKED, LOGIN, "m1"),
        (Deed.BADGE_LOST, LOGIN, BADGE),
        (Deed.MEMBER_ERASED, LOGIN, "m1"),
    ]
    rows = house.database.read_now(lambda c: c.execute(select(deeds)).all())
    assert "Élise" not in str(rows)


def test_a_year_later_it_is_forgotten(house, host):
    house.clock.move(timedelta(days=366))
    Browser(house).log_in()
    at_us = int(house.clock.at().timestamp() * 1_000_000)
    assert house.database.write_now(lambda c: store.forget(c, at_us)) == 1
    assert [deed for deed, _, _ in kept(house)] == [Deed.LOGGED_IN]
