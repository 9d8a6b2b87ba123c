"""Guests on the page "Now": who waits, for whom, and a host who says that they were met."""

from datetime import timedelta

from community.clock import Stamp
from community.events import CheckedIn, GuestCame, Record
from community.guests import GuestWords, seal_of
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import encode
from sync.store import deeds, log
from sync.store.deeds import Deed
from tests.sync.dashboard.house import Browser, House


def comes(house: House, asked: str, name: str = "", member: str | None = None, seq: int = 900) -> None:
    """Let a guest come to the door."""
    words = GuestWords(seq, asked, name, "salt")
    at_us = int(house.clock.at().timestamp() * 1_000_000)
    event = GuestCame(None if member is None else MemberId(member), seal_of(words))
    record = Record(seq, Stamp(at_us, "b", 1, synced=True), event)
    arrived = log.Arrived(KioskId("door"), Epoch("e1"), record, encode(record), words)
    new = house.database.write_now(lambda c: log.append(c, [arrived], [], at_us)).new
    house.on_loop(lambda: (house.presence.add(new, house.clock.at()), house.live.changed()))


def part(page: str) -> str:
    return page.partition('id="guests"')[2].partition("</section>")[0]


def test_a_guest_is_shown_with_whom_they_come_to_see(house, host):
    assert "<h2" not in part(host.get("/").text)
    elise = house.member("m1", "Élise")
    comes(house, "elise", "Bruno", "m1")
    said = part(host.get("/").text)
    assert "Bruno" in said
    assert "Comes to see Élise, who is not here now." in said
    house.happen(CheckedIn(elise))
    assert "Comes to see Élise, who is here." in part(host.get("/").text)


def test_of_who_hides_from_hosts_only_what_was_typed_is_shown(house, host):
    house.member("m2", "Ombeline", hosts=False)
    comes(house, "ombe", member="m2")
    comes(house, "nobody <b>", seq=901)
    said = part(host.get("/").text)
    assert "Ombeline" not in said
    assert "typed: “ombe”" in said
    assert "&lt;b&gt;" in said
    assert "2 guests are waiting" in said


def test_met_takes_them_off_for_everybody_and_is_on_record(house, host):
    comes(house, "elise", "Bruno")
    page = host.get("/")
    fields = {"form_token": page.form_token, "kiosk": "door", "epoch": "e1", "seq": "900"}
    assert host.post("/guests/met", fields).status == 303
    assert "Bruno" not in host.get("/").text
    assert host.post("/guests/met", fields).status == 303
    done = house.database.read_now(lambda c: deeds.latest(c, 5))
    assert [(d.deed, d.subject) for d in done if d.deed is Deed.GUEST_MET] == [(Deed.GUEST_MET, "door/900")]
    assert "met a guest" in host.get("/record").text


def test_a_script_gets_the_part_alone(house, host):
    comes(house, "elise", "Bruno")
    comes(house, "paul", "Anna", seq=901)
    token = host.get("/").form_token
    fields = {"form_token": token, "kiosk": "door", "epoch": "e1", "seq": "900"}
    answer = host.post("/guests/met", fields, hx_request="true")
    assert answer.text.startswith('<hx-partial hx-target="#guests"')
    assert "Anna" in answer.text
    assert "Bruno" not in answer.text


def test_what_is_no_guest_changes_nothing(house, host):
    comes(house, "elise", "Bruno")
    token = host.get("/").form_token
    for seq in ("901", "x", "", "9" * 40, "²"):
        assert (
            host.post("/guests/met", {"form_token": token, "kiosk": "door", "epoch": "e1", "seq": seq}).status
            == 303
        )
    assert "Bruno" in host.get("/").text


def test_a_stranger_can_say_nothing(house, host):
    comes(house, "elise", "Bruno")
    stranger = Browser(house)
    assert stranger.post("/guests/met", {"kiosk": "door", "epoch": "e1", "seq": "900"}).status in {303, 403}
    assert "Bruno" in host.get("/").text


def test_yesterdays_guest_is_not_shown(house, host):
    comes(house, "elise", "Bruno")
    house.clock.move(timedelta(days=1))
    host.log_in()
    assert "Bruno" not in part(host.get("/").text)


def test_it_is_told_in_french_too(house, host):
    comes(house, "elise", "Bruno")
    host.post("/language", {"form_token": host.get("/").form_token, "language": "fr", "back": "/"})
    assert "Quelqu’un attend" in host.get("/").text
