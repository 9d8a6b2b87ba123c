"""The page "Now", as hosts get it."""

import logging
from datetime import timedelta

import pytest

from community.badges import BadgeKey, BadgeStatus, short_code
from community.events import (
    BeamCounted,
    CheckedIn,
    RefusedBadgeTapped,
    UnknownBadgeTapped,
    UnprovenBadgeTapped,
)
from community.ids import Epoch, KioskId
from community.proofs import ProofFault
from community.wire.messages import BridgeHealth, Status
from sync.store import log, secure_badges
from tests.sync.dashboard.house import LOGIN, MORNING, Browser


def test_who_is_in_is_named_with_the_time_of_their_arrival(house, host):
    elise = house.member("m1", "Élise", trade="film editor")
    house.happen(CheckedIn(elise), MORNING)
    page = host.get("/").text
    assert "Élise" in page
    assert "film editor" in page
    assert ">9:42</time>" in page


def test_times_of_a_boot_without_a_good_clock_are_said_to_be_uncertain(house, host):
    house.happen(CheckedIn(house.member("m1", "Élise")), synced=False)
    page = host.get("/").text
    assert page.count("about <time") == 2
    assert ">9:42</time>" in page


def test_an_unknown_badge_tapped_with_a_bad_clock_is_placed_by_the_rest_of_its_boot(house, host):
    for number, boot in enumerate(["known before", "known after", "dark"]):
        badge = BadgeKey(1, bytes(32)).hash(bytes([4, 1, 2, number]))
        if boot == "known before":
            house.happen(CheckedIn(house.member("m1", "Élise")), boot=boot)
        house.clock.move(timedelta(minutes=1))
        house.happen(UnknownBadgeTapped(badge), boot=boot, synced=False)
        if boot == "known after":
            house.happen(CheckedIn(house.member("m1", "Élise")), boot=boot)
    badges = host.get("/").text.partition('id="badges"')[2].partition("</section>")[0]
    assert [said for said in ("about 9:45", "· 9:44", "· 9:43") if said in badges] == [
        "about 9:45",
        "· 9:44",
        "· 9:43",
    ]


def test_who_hides_from_hosts_is_only_counted(house, host):
    house.happen(CheckedIn(house.member("m1", "Élise")), MORNING)
    house.happen(CheckedIn(house.member("m2", "Ombeline", hosts=False)), MORNING)
    page = host.get("/").text.partition("<datalist")[0]
    assert "and 1 other" in page
    assert "Ombeline" not in page
    assert host.get("/api/present").json == {"present": 2, "members": ["m1"]}


def test_without_a_login_there_is_only_the_way_to_it(house):
    stranger = Browser(house)
    assert stranger.get("/").headers["location"] == "/login"
    assert stranger.get("/api/present").status == 401
    assert stranger.get("/live").status == 401
    assert stranger.get("/health").json["ok"] is True


BADGE = BadgeKey(1, b"a secret of the space, 32 bytes.").hash(bytes.fromhex("04a1b2c3d4e5f6"))


def link(browser, badge, member, **headers):
    fields = {"form_token": browser.form_token("/"), "badge": badge, "member": member}
    return browser.post("/badges/link", fields, **headers)


def test_an_unknown_badge_waits_under_the_code_the_door_shows(house, host):
    house.happen(UnknownBadgeTapped(BADGE))
    assert short_code(BADGE) in host.get("/").text


def test_an_unknown_badge_nobody_claims_is_forgotten_after_a_week(house, host):
    house.happen(UnknownBadgeTapped(BADGE))
    house.clock.move(timedelta(hours=10))
    assert "yesterday" not in host.get("/").text
    house.clock.move(timedelta(hours=11))
    host.log_in()
    assert "yesterday, 9:42" in host.get("/").text
    house.clock.move(timedelta(days=7))
    host.log_in()
    assert short_code(BADGE) not in host.get("/").text


def test_linking_a_badge_makes_it_its_member_s(house, host):
    elise = house.member("m1", "Élise")
    house.happen(UnknownBadgeTapped(BADGE))
    answer = link(host, BADGE, "élise ")
    assert answer.headers["location"] == "/?notice=linked"
    (badge,) = house.database.read_now(secure_badges.all_badges)
    assert (badge.hash, badge.member_id) == (BADGE, elise)
    assert "No badge is waiting" in host.get("/").text


def test_a_badge_somebody_else_has_just_linked_is_not_taken_away(house, host):
    house.member("m1", "Élise")
    house.member("m2", "Paul")
    house.happen(UnknownBadgeTapped(BADGE))
    house.link(BADGE, "m2")
    answer = link(host, BADGE, "Élise", hx_request="true")
    assert "already belongs to another member" in answer.text
    (badge,) = house.database.read_now(secure_badges.all_badges)
    assert badge.member_id == "m2"


@pytest.mark.parametrize(("badge", "member"), [(BADGE, "Nobody"), (BADGE, ""), ("k1:nonsense", "Élise")])
def test_what_cannot_be_linked_is_said_and_changes_nothing(house, host, badge, member):
    house.member("m1", "Élise")
    answer = link(host, badge, member, hx_request="true")
    assert "No member has exactly this name" in answer.text
    assert house.database.read_now(secure_badges.all_badges) == ()


def test_a_lost_badge_is_told_with_its_owner(house, host):
    house.link(BADGE, house.member("m1", "Élise"))
    house.happen(RefusedBadgeTapped(BADGE, BadgeStatus.LOST))
    page = host.get("/").text
    assert "Lost badge used" in page
    assert "Élise · 9:42 · door" in " ".join(page.split())


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ProofFault.MISSING, "a number without its proof"),
        (ProofFault.FORGED, "its proof is wrong"),
        (ProofFault.REPLAYED, "it showed what was shown before"),
        (ProofFault.WRONG_KEY, "a key that is not used here"),
    ],
)
def test_what_may_be_a_copy_of_a_badge_is_told_to_hosts(house, host, fault, words):
    house.link(BADGE, house.member("m1", "Élise"))
    house.happen(UnprovenBadgeTapped(BADGE, fault))
    page = " ".join(host.get("/").text.split())
    assert words in page
    assert "Élise · 9:42 · door" in page


def test_kiosks_say_how_they_are(house, host):
    house.kiosk("door", Status(online=True, reader="lost", waiting=3))
    house.kiosk("garden", Status(online=False, disk_percent=83))
    page = host.get("/").text
    assert "the badge reader is unplugged or stuck" in page
    assert "3 events on their way" in page
    assert "not answering" in page
    assert "its disk is 83 % full" in page


def test_the_sensors_at_the_door_say_how_they_are(house, host):
    house.kiosk("door", Status(online=True, bridge=BridgeHealth("ready", "1.2.0")))
    assert "sensors at the door ready" in host.get("/").text
    silent = BridgeHealth("ready", "1.2.0", silent=("beam", "presence.ld2410", "<i>"))
    house.kiosk("door", Status(online=True, bridge=silent))
    page = host.get("/").text
    assert "the radar at the door says nothing" in page
    assert "the beam at the door says nothing" in page
    assert "<i>" not in page
    house.kiosk("door", Status(online=True, bridge=BridgeHealth("lost", fault="mute")))
    assert "the microcontroller at the door does not answer" in host.get("/").text
    assert "the microcontroller at the door does not answer" in host.get("/kiosks").text
    house.kiosk("door", Status(online=True))
    assert "the microcontroller" not in host.get("/").text


def test_hosts_see_about_how_many_more_people_than_badges_came(house, host):
    house.happen(CheckedIn(house.member("m1", "Élise")))
    house.happen(BeamCounted(9, 900))
    assert "more people than badges" not in host.get("/").text, "under three nothing is said"
    house.happen(BeamCounted(15, 900))
    page = " ".join(host.get("/").text.split())
    assert "About 7 more people than badges today." in page
    assert "The beam counted 24 passages, taken as three a person; badges that came in: 1." in page


def test_what_could_not_be_read_is_counted(house, host):
    strange = log.Strange(KioskId("door"), Epoch("e1"), 7, "not JSON", b"{")
    house.database.write_now(lambda c: log.append(c, [], [strange], 1))
    assert "1 message could not be understood" in host.get("/").text


def test_names_are_text_never_html(house, host):
    house.happen(CheckedIn(house.member("m1", "<img src=x onerror=alert(1)>", trade="<i>&")))
    page = host.get("/").text
    assert "<img src=x" not in page
    assert "<i>&" not in page


def test_no_name_and_no_badge_stands_in_the_log(house, host, caplog):
    caplog.set_level(logging.DEBUG)
    house.happen(CheckedIn(house.member("m1", "Élise")))
    house.happen(UnknownBadgeTapped(BADGE))
    host.get("/")
    link(host, BADGE, "Élise")
    Browser(house).log_in(password="not the password")
    assert "Élise" not in caplog.text
    assert BADGE not in caplog.text
    assert LOGIN not in caplog.text
    assert "not the password" not in caplog.text


def test_a_database_that_cannot_be_read_is_said_kindly(house, host):
    house.database.write_now(lambda c: c.exec_driver_sql("ALTER TABLE members RENAME TO elsewhere"))
    answer = host.get("/")
    assert answer.status == 503
    assert "the kiosks keep everything" in answer.text
    assert house.on_loop(lambda: house.live.watching) == 0


def test_an_address_that_is_not_there_is_said_kindly(house, host):
    assert host.get("/nothing").status == 404
    assert "There is nothing here" in host.get("/nothing").text


def test_the_language_a_host_chose_is_kept_for_the_next_login(house, host):
    host.post("/language", {"form_token": host.form_token("/"), "language": "fr"})
    assert 'lang="fr"' in host.get("/").text
    host.log_in()
    assert 'lang="fr"' in host.get("/").text
    host.post("/language", {"form_token": host.form_token("/"), "language": "xx"})
    assert 'lang="fr"' in host.get("/").text


def test_a_disk_that_fills_up_is_told_before_it_is_full(house, host, monkeypatch):
    monkeypatch.setattr("sync.dashboard.sections.used_percent", lambda _folder: 79)
    assert "disk is" not in host.get("/").text
    monkeypatch.setattr("sync.dashboard.sections.used_percent", lambda _folder: 80)
    assert "The hub’s disk is 80 % full" in host.get("/").text
