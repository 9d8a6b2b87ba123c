"""From what becomes true to what arrives: a real database, a real process that sends, real services."""

import asyncio
import logging

import pytest

from community.events import Answer, Answered, CheckedOut, MoodChosen
from community.ids import Epoch, MemberId
from community.members import Mood, Visibility
from sync.notices import service
from sync.notices.letters import finish
from sync.store import deeds, directory, log, notices
from sync.store import notice_outbox as outbox_store
from sync.store.deeds import Deed
from sync.store.notice_schema import outbox
from sync.store.sweeps import sweep
from sync.store.tries import Outcome
from tests.fakes.notices import DOOR, Teller
from tests.fakes.waiting import LIMIT_S

LEA, YUKI = MemberId("lea"), MemberId("yuki")
LEA_AT, YUKI_AT = "lea@example.org", "yuki@example.org"


@pytest.fixture
def teller(tmp_path):
    teller = Teller(tmp_path)
    yield teller
    teller.database.close()


@pytest.fixture
def two(teller: Teller, mail):
    """Léa and Yuki, who are told by e-mail, and each asked for the other."""
    teller.channel(mail.address, mail=True)
    teller.member("lea", "Léa", LEA_AT, languages=("fr",))
    teller.member("yuki", "Yuki", YUKI_AT, languages=("ja", "en"))
    teller.wish("lea", "yuki")
    teller.wish("yuki", "lea")
    return teller


async def test_two_who_asked_for_each_other_are_told_once_when_both_are_in(two: Teller, mail, caplog):
    caplog.set_level(logging.DEBUG)
    two.arrive("lea")
    await two.tell()
    assert mail.mails == []
    two.arrive("yuki")
    await two.tell()
    assert sorted(mail.to) == [LEA_AT, YUKI_AT]
    texts = dict(zip(mail.to, map(mail.text, range(2)), strict=True))
    assert texts[LEA_AT].startswith("Yuki est là\n")
    assert texts[YUKI_AT].startswith("Léa is in\n")
    assert two.wishes() == set()
    two.happen(CheckedOut(YUKI))
    two.pass_time(minutes=30)
    two.arrive("yuki")
    await two.tell()
    assert len(mail.mails) == 2
    said = "\n".join(each.getMessage() for each in caplog.records if each.name.startswith("sync"))
    assert not any(secret in said for secret in ("Léa", "Yuki", "lea", "yuki", "example.org", "est là"))


async def test_whoever_asks_in_vain_and_whoever_is_asked_for_hear_nothing(two: Teller, mail):
    two.database.write_now(lambda c: notices.take_back(c, YUKI, LEA))
    two.arrive("lea", "yuki")
    await two.tell()
    assert two.rows() == []
    assert two.wishes() == {("lea", "yuki")}
    two.member("yuki", "Yuki", YUKI_AT, found=True)
    await two.tell()
    assert mail.to == [LEA_AT]


async def test_heads_down_keeps_the_wish_for_another_hour(two: Teller, mail):
    two.arrive("lea", "yuki")
    two.happen(MoodChosen(YUKI, Mood.HEADS_DOWN))
    await two.tell()
    assert two.rows() == []
    two.happen(MoodChosen(YUKI, Mood.OPEN))
    await two.tell()
    assert len(mail.mails) == 2


async def test_who_would_rather_not_is_never_told_of_and_no_wish_shows_it(two: Teller, mail):
    two.happen(Answered(YUKI, LEA, Answer.RATHER_NOT))
    two.arrive("lea", "yuki")
    await two.tell()
    assert two.rows() == []
    assert two.wishes() == {("lea", "yuki"), ("yuki", "lea")}


async def test_what_is_no_longer_so_when_it_could_be_sent_is_not_told_and_the_wish_waits(two: Teller, mail):
    two.arrive("lea", "yuki")
    await two.notices.look()
    two.member("yuki", "Yuki", YUKI_AT, visibility=Visibility())
    await two.tell()
    assert mail.mails == []
    assert two.rows() == [("both_in", "untrue", 1)] * 2
    assert two.wishes() == {("lea", "yuki"), ("yuki", "lea")}


async def test_at_night_a_wish_waits_and_a_guest_does_not(two: Teller, mail):
    two.pass_time(hours=10.4)  # eight in the evening
    two.arrive("lea", "yuki")
    two.guest("lea")
    await two.tell()
    assert two.rows() == [("guest", "sent", 1)]
    assert mail.to == [LEA_AT]
    assert mail.text().startswith("Quelqu’un est là pour un rendez-vous")
    assert "Ada" not in mail.text()


async def test_a_guest_is_told_of_once_and_not_an_hour_later(two: Teller, mail):
    two.guest("lea")
    await two.tell()
    await two.tell()
    assert mail.to == [LEA_AT]
    two.member("paul", "Paul")
    two.guest("paul")
    two.pass_time(hours=2)
    two.member("paul", "Paul", "paul@example.org")
    await two.tell()
    assert mail.to == [LEA_AT]
    two.member("lea", "Léa", LEA_AT, guests=False)
    two.guest("lea")
    await two.tell()
    assert mail.to == [LEA_AT]


def changed(two: Teller, host: str = "camille", subject: str = "lea") -> None:
    at_us = two.clock.now_us()
    two.database.write_now(lambda c: deeds.note(c, at_us, Deed.MEMBER_CHANGED, host, subject))


async def test_a_member_hears_once_a_day_that_hosts_changed_something_and_never_what(two: Teller, mail):
    changed(two, host="")  # she herself
    changed(two, subject="nobody")
    await two.tell()
    assert two.rows() == []
    changed(two)
    changed(two)
    for _ in range(2):
        await two.tell()
        two.pass_time(minutes=2)
    assert mail.to == [LEA_AT]
    assert mail.text().startswith("Les hôtes de ")
    assert "camille" not in mail.text()
    changed(two)
    await two.tell()
    assert len(mail.mails) == 1
    two.pass_time(hours=12)  # the next day's night: nothing that can wait
    await two.tell()
    assert len(mail.mails) == 1
    two.pass_time(hours=11)
    for _ in range(2):
        await two.tell()
        two.pass_time(minutes=2)
    assert mail.to == [LEA_AT, LEA_AT]
    two.pass_time(hours=24)
    await two.tell()
    assert len(mail.mails) == 2


async def test_hosts_hear_of_a_trouble_once_until_it_is_over(teller: Teller, web):
    teller.channel(web.at(), "silent", "disk")
    teller.channel(web.at("other"), "quarantine")
    teller.kiosk(online=False)
    teller.pass_time(minutes=6)
    for _ in range(3):
        await teller.tell()
        teller.pass_time(minutes=1)
    assert [came["title"] for came in web.came] == ["The kiosk door is silent"]
    teller.kiosk()
    await teller.tell()
    teller.kiosk(online=False, disk=95)
    teller.pass_time(minutes=6)
    await teller.tell()
    teller.pass_time(minutes=1)
    await teller.tell()
    assert [came["title"] for came in web.came][1:] == [
        "The disk of the kiosk door is nearly full",
        "The kiosk door is silent",
    ]
    strange = [log.Strange(DOOR, Epoch("e"), 1, "no idea", b"x")]
    teller.database.write_now(lambda c: log.append(c, [], strange, 1))
    teller.pass_time(minutes=1)
    await teller.tell()
    assert web.came[-1]["title"] == "Something could not be understood"


async def test_a_trouble_that_is_over_before_it_could_be_told_is_not_told(teller: Teller, web):
    teller.channel(web.at(), "disk")
    teller.kiosk(disk=95)
    await teller.notices.look()
    teller.kiosk(disk=10)
    teller.pass_time(minutes=1)
    await teller.tell()
    assert teller.rows() == [("disk", "untrue", 1)]
    assert web.came == []


async def test_a_refusal_is_tried_again_later_and_later_and_given_up_after_a_day(teller: Teller, web, caplog):
    teller.channel(web.at("no"), "disk")
    teller.kiosk(disk=95)
    for tries in (1, 2):
        await teller.tell()
        assert teller.rows() == [("disk", "refused", tries)]
        await teller.tell()  # not at once
        assert teller.rows() == [("disk", "refused", tries)]
        teller.pass_time(seconds=30 * tries)
    teller.pass_time(hours=23.99)
    await teller.tell()
    teller.pass_time(hours=2)
    await teller.tell()
    assert teller.rows() == [("disk", "refused", 3)]
    assert "a notice (disk) was not sent (refused): it is given up" in caplog.text


async def test_a_service_that_hangs_holds_up_nobody(
    teller: Teller, web, mail, monkeypatch: pytest.MonkeyPatch
):
    teller.channel(f"{web.at('slow')}?rto=60", "disk")
    teller.kiosk(disk=95)
    await teller.notices.look()
    await teller.notices.send_due()
    assert await asyncio.to_thread(web.was_asked.wait, LIMIT_S)
    teller.channel(mail.address, mail=True)
    teller.member("lea", "Léa", LEA_AT)
    teller.guest("lea")
    await teller.notices.look()
    await teller.notices.send_due()
    async with asyncio.timeout(LIMIT_S):
        while ("guest", "sent", 1) not in teller.rows():
            await asyncio.wait(set(teller.notices._sending), timeout=0.05)
    assert ("disk", "", 0) in teller.rows()
    web.over.set()
    await teller.notices.sent()


async def test_without_a_channel_for_mail_it_waits_for_one(teller: Teller, mail):
    teller.member("lea", "Léa", LEA_AT)
    teller.guest("lea")
    await teller.tell()
    assert teller.rows() == [("guest", "no_mail", 1)]
    teller.channel(mail.address, mail=True)
    teller.pass_time(minutes=1)
    await teller.tell()
    assert mail.to == [LEA_AT]


async def test_an_address_that_is_not_shown_to_be_theirs_gets_a_code_and_nothing_else(two: Teller, mail):
    reach = notices.Reach(LEA_AT, code="012345")
    two.database.write_now(lambda c: notices.set_reach(c, LEA, reach))
    two.database.write_now(lambda c: outbox_store.put(c, "confirm", "confirm", 10**18, member_id=LEA))
    two.database.write_now(lambda c: c.execute(outbox.update().values(next_us=0)))
    two.database.write_now(lambda c: notices.set_reach(c, YUKI, notices.Reach(YUKI_AT, found=True)))
    two.arrive("lea", "yuki")
    two.guest("lea")
    await two.tell()
    assert sorted(mail.to) == [LEA_AT, YUKI_AT]
    assert "012345" in mail.text(mail.to.index(LEA_AT))
    assert "Yuki" not in mail.text(mail.to.index(LEA_AT))
    assert two.wishes() == {("lea", "yuki")}


async def test_an_erased_member_leaves_nothing_and_is_told_nothing(two: Teller, mail):
    two.arrive("lea", "yuki")
    await two.notices.look()
    two.database.write_now(lambda c: directory.remove_member(c, YUKI))
    await two.tell()
    assert mail.mails == []
    assert two.rows() == []
    assert two.wishes() == set()
    assert YUKI not in two.database.read_now(notices.every_reach)


async def test_an_erasure_between_reading_and_writing_brings_no_wish_back(two: Teller, mail):
    two.arrive("lea", "yuki")
    await two.notices.look()
    rows = two.database.read_now(lambda c: outbox_store.due(c, 10**18, 9))
    assert {each.kind for each in rows} == {"both_in"}
    two.database.write_now(lambda c: directory.remove_member(c, YUKI))
    for row in rows:
        two.database.write_now(lambda c, row=row: finish(c, row, Outcome.UNTRUE, row.made_us))
    assert two.wishes() == set()


async def test_a_hub_that_was_killed_in_between_sends_what_it_had_kept_with_the_same_key(teller: Teller, web):
    teller.channel(web.at(), "disk")
    teller.kiosk(disk=95)
    web.hangs = True
    running = asyncio.create_task(teller.notices.run())
    assert await asyncio.to_thread(web.was_asked.wait, LIMIT_S)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert teller.rows() == [("disk", "", 0)]
    web.hangs = False
    teller.notices = teller.made()
    await teller.tell()
    await teller.tell()
    assert [came["title"] for came in web.came] == ["The disk of the kiosk door is nearly full"]
    assert len(web.keys[0]) == 32


async def test_it_runs_by_itself_and_stops_with_the_hub(teller: Teller, web, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "GAP_S", 0.01)
    teller.channel(web.at(), "disk")
    running = asyncio.create_task(teller.notices.run())
    teller.kiosk(disk=95)
    teller.pass_time(minutes=1)
    teller.live.changed()
    async with asyncio.timeout(LIMIT_S):
        while ("disk", "sent", 1) not in teller.rows():
            await asyncio.wait({running}, timeout=0.05)
    teller.live.close()
    await running


async def test_a_wish_ends_after_ninety_days_and_what_was_told_is_forgotten_after_a_week(two: Teller, mail):
    two.guest("lea")
    await two.tell()
    two.pass_time(days=8)
    two.database.write_now(lambda c: sweep(c, two.clock.at().date(), two.clock.at()))
    assert two.database.read_now(lambda c: c.execute(outbox.select()).all()) == []
    assert two.wishes()
    two.pass_time(days=83)
    two.database.write_now(lambda c: sweep(c, two.clock.at().date(), two.clock.at()))
    assert two.wishes() == set()
