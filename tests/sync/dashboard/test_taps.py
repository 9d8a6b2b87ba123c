"""Failed taps as one list to work through: a line for each badge or PIN, each with what to do."""

import re
from datetime import timedelta

import pytest

from community.badges import BadgeKey, BadgeStatus, short_code
from community.events import (
    CheckedIn,
    PinRefused,
    RefusedBadgeTapped,
    UnknownBadgeTapped,
    UnprovenBadgeTapped,
)
from community.ids import MemberId
from community.proofs import ProofFault
from sync.store import deeds, directory, failed_taps
from tests.sync.dashboard.house import Browser, House

PAGE = "/taps"
NEW, LOST, COPY, FOREIGN = (BadgeKey(1, bytes(32)).hash(bytes([4, 1, 2, number])) for number in range(4))
ADA = MemberId("ada")


@pytest.fixture
def door(house: House) -> House:
    """A bad day at the door."""
    house.member("ada", "Ada")
    house.member("eve", "Eve", hosts=False)
    house.link(LOST, ADA)
    for event in (
        RefusedBadgeTapped(LOST, BadgeStatus.LOST),
        UnprovenBadgeTapped(COPY, ProofFault.REPLAYED),
        UnprovenBadgeTapped(FOREIGN, ProofFault.WRONG_KEY),
        PinRefused(ADA),
        PinRefused(ADA, waits=True),
        PinRefused(MemberId("eve")),
        CheckedIn(ADA),
        UnknownBadgeTapped(NEW),
        UnknownBadgeTapped(NEW),
    ):
        house.happen(event)
        house.clock.move(timedelta(minutes=1))
    return house


def lines(text: str) -> list[str]:
    return re.findall(r"<li>\s*<p class=\"two\"><b>([^<]*)</b>", text)


def does(browser: Browser, **fields: str) -> str:
    page = browser.get(PAGE)
    if "upto" not in fields:
        line = page.text.partition(
            f'name="subject" value="{fields["subject"]}"><input type="hidden" name="upto"'
        )[2]
        fields["upto"] = (re.findall(r'value="(\d+)"', line) or ["0"])[0]
    answer = browser.post(PAGE, {"form_token": page.form_token, **fields})
    if answer.status == 422:
        return answer.text
    assert answer.status == 303
    return browser.get(answer.headers["location"]).text


def test_a_door_where_everything_went_well_says_so(host):
    assert "Every tap came to something" in host.get(PAGE).text
    assert Browser(host._house).get(PAGE).status == 303


def test_each_badge_and_each_pin_is_one_line_the_newest_first(door, host):
    text = host.get(PAGE).text
    assert lines(text) == [
        "A badge that is nobody’s yet",
        "A wrong PIN",
        "Many wrong PINs: the next had to wait",
        "A badge with a key that is not used here",
        "Perhaps a copy of a badge",
        "Lost badge used",
    ]
    assert text.count("2 times") == 2
    assert short_code(NEW) in text
    assert "Eve" not in text.partition("<datalist")[0]
    assert 'href="/members/ada"' in text


def test_no_number_of_a_badge_is_in_full_on_the_page(door, host):
    assert not re.search(r"(?<![0-9a-f:])04010200(?![0-9a-f])", host.get(PAGE).text.casefold())


def test_a_badge_is_linked_from_the_list(door, host):
    assert f"Badge {short_code(NEW)} now opens for Ada" in does(host, subject=NEW, do="link", member="Ada")
    assert lines(host.get(PAGE).text)[0] == "A wrong PIN"
    done = door.database.read_now(lambda c: deeds.latest(c, 1))[0]
    assert (done.deed.value, done.subject) == ("badge-linked", NEW)
    assert "Nothing was changed" in does(host, subject=LOST, do="link", member="Ada")


def undo(browser: Browser) -> str:
    answer = browser.post(PAGE, {"form_token": browser.form_token(PAGE), "do": "undo"})
    return browser.get(answer.headers["location"]).text


def test_a_link_and_a_line_taken_off_are_undone_once_and_with_a_trace(door, host):
    first = lines(host.get(PAGE).text)
    does(host, subject=NEW, do="link", member="Ada")
    assert "Undone:" in undo(host)
    assert lines(host.get(PAGE).text) == first
    subject = failed_taps.PIN + ADA
    assert "Undo" in does(host, subject=subject, do="away")
    assert "Undone:" in undo(host)
    assert lines(host.get(PAGE).text) == first
    done = [(each.deed.value, each.subject) for each in door.database.read_now(lambda c: deeds.latest(c, 4))]
    assert done == [
        ("tap-brought-back", "ada"),
        ("tap-seen-to", "ada"),
        ("badge-unlinked", NEW),
        ("badge-linked", NEW),
    ]
    assert "Nothing was changed" in undo(host)


def test_what_was_changed_since_is_not_undone(door, host):
    does(host, subject=NEW, do="link", member="Ada")
    door.database.write_now(lambda c: directory.unlink(c, NEW))
    assert "Nothing was changed" in undo(host)
    subject = failed_taps.PIN + ADA
    does(host, subject=subject, do="away")
    door.database.write_now(lambda c: failed_taps.see_to(c, subject, 1, "robin"))
    assert "Nothing was changed" in undo(host)


def test_a_name_that_is_none_stays_typed_at_its_badge(door, host):
    text = does(host, subject=NEW, do="link", member="Adda")
    assert "no member has that name" in text
    assert text.count('value="Adda" aria-invalid="true" aria-describedby="problem" autofocus') == 1


def test_a_line_is_put_away_with_a_trace_and_comes_back_when_it_happens_again(door, host):
    subject = failed_taps.PIN + ADA
    assert "Off the list:" in does(host, subject=subject, do="away")
    assert "Many wrong PINs: the next had to wait" not in lines(host.get(PAGE).text)
    done = door.database.read_now(lambda c: deeds.latest(c, 1))[0]
    assert (done.deed.value, done.host, done.subject) == ("tap-seen-to", "camille", "ada")
    door.clock.move(timedelta(minutes=1))
    door.happen(PinRefused(ADA))
    assert lines(host.get(PAGE).text)[0] == "A wrong PIN"


def test_what_was_tapped_again_meanwhile_is_not_put_away_unseen(door, host):
    assert "tapped again, or another host was quicker" in does(host, subject=NEW, do="away", upto="1")
    assert "tapped again, or another host was quicker" in does(host, subject="k1:00", do="away")
    assert len(lines(host.get(PAGE).text)) == 6


def test_after_a_week_nobody_waits_any_more_and_marks_go_as_taps_do(door, host):
    for subject in (NEW, LOST, failed_taps.PIN + ADA):
        does(host, subject=subject, do="away")
    door.database.write_now(lambda c: directory.remove_member(c, ADA))
    assert set(door.database.read_now(failed_taps.seen_to)) == {NEW}
    now_us = int((door.clock.at() + failed_taps.KEPT).timestamp() * 1_000_000)
    assert door.database.write_now(lambda c: failed_taps.sweep(c, now_us)) == 1
    door.clock.move(timedelta(days=8))
    host.log_in()
    assert lines(host.get(PAGE).text) == []


def test_the_page_now_leads_to_it(door, host):
    assert 'href="/taps"' in host.get("/").text
