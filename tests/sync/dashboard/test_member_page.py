"""The page of one member, and that of all badges: what hosts do there, and what kiosks hear of it."""

from datetime import timedelta

import pytest

from community.badges import BadgeKey, BadgeStatus, short_code
from community.events import UnknownBadgeTapped
from community.members import Comfort
from community.pins import MemberPin
from community.proofs import Level
from plumbing.pins import is_right
from sync.store import cards, deeds, directory, feed, secure_badges
from sync.store.deeds import Deed
from sync.store.feed import Kind
from tests.sync.dashboard.house import BADGE_KEY, LOGIN, Browser

BADGE = BadgeKey(1, b"a secret of the space, 32 bytes.").hash(bytes.fromhex("04a1b2c3d4e5f6"))
OTHER = BadgeKey(1, b"a secret of the space, 32 bytes.").hash(bytes.fromhex("04a1b2c3d4e5f7"))
CODE = short_code(BADGE)


@pytest.fixture
def elise(house):
    member = house.member("m1", "Élise")
    house.member("m2", "Nora")
    house.link(BADGE, member)
    return member


def send(host, do="", member="m1", **fields):
    """Send a form of a member's page, and return the page that follows."""
    path = f"/members/{member}"
    answer = host.post(path, {"form_token": host.form_token(path), "do": do, **fields})
    return host.get(answer.headers["location"]) if answer.status == 303 else answer


def badge(house, which=BADGE):
    found = house.database.read_now(secure_badges.all_badges)
    return next((each for each in found if each.hash == which), None)


def done(house):
    found = house.database.read_now(lambda c: deeds.latest(c, 99))
    return [(each.deed, each.host, each.subject) for each in found]


def test_everything_about_a_badge_stands_on_its_member_s_page(house, host, elise):
    page = host.get("/members/m1").text
    assert "Élise" in page
    assert CODE in page
    assert "number only" in page
    assert 'href="/members/m1"' in host.get("/members").text


def test_nobody_s_page_is_not_found(host):
    assert host.get("/members/nobody").status == 404


@pytest.mark.parametrize(("do", "status"), [("lost", BadgeStatus.LOST), ("revoked", BadgeStatus.REVOKED)])
def test_a_badge_is_lost_or_revoked_and_works_again(house, host, elise, do, status):
    assert "Please see the host" in send(host, do, badge=BADGE).text
    assert badge(house).status is status
    assert "works again" in send(host, "active", badge=BADGE).text
    assert badge(house).status is BadgeStatus.ACTIVE


def test_a_badge_is_handed_over_in_one_step_and_its_old_owner_can_read_it(house, host, elise):
    send(host, "lost", badge=BADGE)
    page = send(host, "hand", badge=BADGE, to="m2").text
    assert "was handed over to Nora" in page
    assert (badge(house).member_id, badge(house).status) == ("m2", BadgeStatus.ACTIVE)
    assert CODE in host.get("/members/m2").text
    assert done(house)[0] == (Deed.BADGE_HANDED_OVER, LOGIN, BADGE)
    send(host, "hand", member="m2", badge=BADGE, to="m1")
    assert "was handed over to Élise" in host.get("/members/m2").text
    assert "was handed over" not in host.get("/members/m1").text


def test_what_is_no_longer_so_is_not_done(house, host, elise):
    for fields in ({"badge": BADGE, "to": "nobody"}, {"badge": BADGE, "to": "m1"}):
        assert "no longer here" in send(host, "hand", **fields).text
    house.database.write_now(lambda c: cards.hand_over(c, BADGE, "m1", "m2", 1))
    for do in ("lost", "hand", "rename", "level", "unlink"):
        assert "has changed meanwhile" in send(host, do, badge=BADGE, to="m2", level="pin").text
    assert "has changed meanwhile" in send(host, "lost", badge="nonsense").text
    assert "has changed meanwhile" in send(host, "nonsense", member="m2", badge=BADGE).text
    assert "has changed meanwhile" in send(host, "link", badge=BADGE).text
    assert badge(house).member_id == "m2"
    assert [deed for deed, *_ in done(house)] == [Deed.FIRST_HOST]


def test_a_label_is_the_host_s_own_and_finds_the_badge(house, host, elise):
    assert "blue key ring" in send(host, "rename", badge=BADGE, label="  blue  key ring ").text
    found = host.post("/members", {"form_token": host.form_token("/members"), "typed": "blue"}).text
    assert "Élise" in found
    assert "Nora" not in found
    send(host, "lost", badge=BADGE)
    send(host, "active", badge=BADGE)
    assert "blue key ring" in host.get("/members/m1").text


def test_a_badge_may_ask_for_a_pin_and_keeps_it_when_other_things_change(house, host, elise):
    send(host, "level", badge=BADGE, level="pin")
    assert badge(house).level is Level.PIN
    send(host, "lost", badge=BADGE)
    send(host, "active", badge=BADGE)
    house.link(BADGE, elise)
    assert badge(house).level is Level.PIN
    assert "has changed meanwhile" in send(host, "level", badge=BADGE, level="mutual").text


def test_another_badge_is_linked_from_those_that_wait(house, host, elise):
    house.happen(UnknownBadgeTapped(OTHER))
    assert short_code(OTHER) in host.get("/members/m1").text
    send(host, "link", badge=OTHER)
    assert badge(house, OTHER).member_id == "m1"
    send(host, "unlink", badge=OTHER)
    assert badge(house, OTHER) is None


def pin_of(house):
    return house.database.read_now(lambda c: feed.find(c, Kind.PIN, "m1", MemberPin))


def test_a_pin_goes_to_the_kiosks_as_a_hash_only(house, host, elise):
    page = send(host, "pin", pin="7394", again="7394")
    assert "has a new PIN" in page.text
    assert is_right(BADGE_KEY, pin_of(house), "7394")
    everything = house.database.read_now(lambda c: c.exec_driver_sql("SELECT body FROM feed").scalars().all())
    assert not any("7394" in body for body in everything if body and "argon2" in body)
    assert done(house)[0] == (Deed.PIN_SET, LOGIN, "m1")
    assert "There is a PIN" in host.get("/members/m1").text
    assert "has no PIN any more" in send(host, "no-pin").text
    assert pin_of(house) is None
    send(host, "no-pin")


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("1234", "1234", "Digits in a row"),
        ("0000", "0000", "over and over"),
        ("2580", "2580", "one of those"),
        ("739", "739", "4 digits or more"),
        ("739482615", "739482615", "8 digits or fewer"),
        ("73a4", "73a4", "digits only"),
        ("7394", "7395", "not the same"),
    ],
)
def test_a_weak_or_mistyped_pin_is_refused_in_words(house, host, elise, pin, again, said):
    answer = send(host, "pin", pin=pin, again=again)
    assert said in answer.text
    assert f'value="{pin}"' not in answer.text
    assert pin_of(house) is None


def test_a_pin_for_nobody_is_not_kept(house, host, elise):
    token = host.form_token("/members/m1")
    house.database.write_now(lambda c: directory.remove_member(c, "m1"))
    answer = host.post("/members/m1", {"form_token": token, "do": "pin", "pin": "7394", "again": "7394"})
    assert answer.status == 303
    assert host.get(answer.headers["location"]).status == 404
    assert pin_of(house) is None


def test_who_is_erased_leaves_neither_pin_nor_handover(house, host, elise):
    send(host, "pin", pin="7394", again="7394")
    send(host, "hand", badge=BADGE, to="m2")
    house.database.write_now(lambda c: directory.remove_member(c, "m1"))
    assert pin_of(house) is None
    assert house.database.read_now(lambda c: cards.given_away(c, "m1")) == ()
    send(host, "hand", member="m2", badge=BADGE, to="m2")


def test_after_a_year_nobody_is_told_whose_a_badge_was(house, host, elise):
    send(host, "hand", badge=BADGE, to="m2")
    house.clock.move(timedelta(days=366))
    host.log_in()
    send(host, "hand", member="m2", badge=BADGE, to="m1")
    assert "was handed over" not in host.get("/members/m1").text


def test_the_space_s_level_is_told_to_every_kiosk_and_kept(house, host, elise):
    page = host.get("/badges")
    assert "Members with a PIN: 0 of 2" in page.text
    answer = host.post("/badges/level", {"form_token": page.form_token, "level": "pin", "sure": "pin"})
    assert host.get(answer.headers["location"]).status == 200
    assert house.database.read_now(cards.least_level) is Level.PIN
    space = house.database.read_now(lambda c: feed.items_since(c, 0))
    assert any(item.kind == "space" and b'"pin"' in bytes(item.body or b"") for item in space)
    card = host.get("/members/m1").text
    assert "asks every badge for more" in card
    assert "number only ·" not in card.casefold()
    host.post("/badges/level", {"form_token": page.form_token, "level": "nonsense"})
    assert house.database.read_now(cards.least_level) is Level.PIN
    assert done(house)[0] == (Deed.SPACE_LEVEL, LOGIN, "pin")


@pytest.mark.parametrize("level", ["pin", "sun", "mutual"])
def test_a_level_that_would_keep_badges_out_is_asked_for_once_more(house, host, elise, level: str):
    page = host.get("/badges")
    answer = host.post("/badges/level", {"form_token": page.form_token, "level": level})
    assert house.database.read_now(cards.least_level) is Level.UID
    asking = host.get(answer.headers["location"]).text
    assert "1 badge that works now would be refused at the door" in asking
    assert ("no PIN yet" in asking) is (level == "pin")
    host.post("/badges/level", {"form_token": page.form_token, "level": level, "sure": level})
    assert house.database.read_now(cards.least_level) is Level(level)
    host.post("/badges/level", {"form_token": page.form_token, "level": "uid"})
    assert house.database.read_now(cards.least_level) is Level.UID
    assert "would be refused" not in host.get("/badges?sure=nonsense").text


def test_labels_come_as_a_file_and_it_is_kept_who_made_them(house, host, elise):
    token = host.form_token("/badges")
    import http.client
    from urllib.parse import urlencode

    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "origin": host.origin,
        "sec-fetch-site": "same-origin",
        "cookie": "; ".join(f"{name}={value}" for name, value in host.cookies.items()),
    }
    line.request("POST", "/badges/labels", urlencode({"form_token": token}), headers)
    answer = line.getresponse()
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.read().startswith(b"%PDF")
    line.close()
    assert done(house)[0] == (Deed.LABELS_PRINTED, LOGIN, "")


def test_the_pages_speak_french(house, elise):
    browser = Browser(house, language="fr")
    browser.set_up()
    assert "Remettre" in browser.get("/members/m1").text
    assert "Étiquettes" in browser.get("/badges").text


def test_a_page_of_a_member_is_for_hosts_only(house, elise):
    assert Browser(house).get("/members/m1").status in {303, 401, 403}


def test_how_screens_suit_a_member_is_changed_and_kept(house, host, elise):
    page = send(host, "comfort", large_text="yes", stays_s="90")
    assert "screens suit Élise so" in page.text
    assert 'value="90" selected' in page.text
    known = house.database.read_now(lambda c: directory.member_of(c, elise))
    assert known.comfort == Comfort(large_text=True, stays_s=90)
    assert done(house)[0] == (Deed.MEMBER_COMFORT, LOGIN, "m1")
    send(host, "comfort", stays_s="soon")
    assert house.database.read_now(lambda c: directory.member_of(c, elise)) == known


def test_the_comfort_of_nobody_is_not_changed(host, elise):
    form = {"form_token": host.form_token("/members/m1"), "do": "comfort", "stays_s": "90"}
    assert host.post("/members/nobody", form).headers["location"].endswith("said=nobody")
