"""Two doors' conversation on a made-up line: who is believed, and how they find out what is missing."""

import logging
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from community.clock import Stamp
from community.events import CheckedIn, Event, Record
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import encode
from community.wire.messages import LATELY_US, DoorEvent, DoorEvents, DoorsHeard, DoorStand
from community.wire.topics import Word
from kiosk import elsewhere as module
from kiosk.core.elsewhere import Heard
from kiosk.core.rounds import AGAIN_S, SAY_S
from kiosk.elsewhere import Elsewhere
from kiosk.store import elsewhere as store_module
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import Clock

STREET, GARDEN = KioskId("street"), KioskId("garden")
ANA, BEN = MemberId("ana"), MemberId("ben")
Said = tuple[KioskId, Word, bytes]


class Set(Clock):
    """Clocks that stand still until a test moves them."""

    def __init__(self) -> None:
        self.s = 0.0

    def now_s(self) -> float:
        return self.s

    def stamp(self) -> Stamp:
        us = int(self.s * 1_000_000)
        return Stamp(1_772_697_600_000_000 + us, "b", us, synced=True)


class Door:
    """One door's part, with its real log."""

    def __init__(self, folder: Path, name: KioskId, clock: Set, line: list[Said]) -> None:
        self.name, self.clock, self.line = name, clock, line
        self.up = True
        self.database = open_database(folder / f"{name}.db")
        self.log = Log(self.database)
        self.store = ElsewhereStore(self.database, name)
        self.new: list[Heard] = []
        self.part = Elsewhere(name, events=self.log, store=self.store, clock=clock, on_heard=self.new.extend)
        self.part.connected()

    async def write(self, *events: Event) -> None:
        await self.log.append([(self.clock.stamp(), event) for event in events])

    async def speak(self) -> list[Said]:
        before = len(self.line)
        await self.part.speak(self._publish)
        return self.line[before:]

    def _publish(self, word: Word, message: msgspec.Struct) -> bool:
        if self.up:
            self.line.append((self.name, word, encode(message)))
        return self.up

    def held(self) -> list[Event]:
        return [event.record.event for event in self.store.held]


class Street:
    """Two doors and the line between them."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.line = Set(), list[Said]()
        self.one = Door(folder, STREET, self.clock, self.line)
        self.other = Door(folder, GARDEN, self.clock, self.line)

    async def talk(self) -> None:
        """Let both speak and hear until nobody has anything to say."""
        while True:
            self.clock.s += AGAIN_S
            said = [*await self.one.speak(), *await self.other.speak()]
            if not said:
                return
            for message in said:
                for door in (self.one, self.other):
                    await door.part.hear(*message)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    made = Street(tmp_path)
    with ExitStack() as stack:
        for door in (made.one, made.other):
            stack.callback(door.database.close)
        yield made


async def test_what_was_written_before_they_met_is_asked_for_and_told(street: Street):
    await street.one.write(CheckedIn(ANA))
    await street.other.write(CheckedIn(BEN))
    await street.talk()
    assert (street.one.held(), street.other.held()) == ([CheckedIn(BEN)], [CheckedIn(ANA)])
    assert [event.record.event for event in street.other.new] == [CheckedIn(ANA)]


async def test_what_is_written_is_told_in_one_message_and_not_again(street: Street):
    await street.talk()
    await street.one.write(CheckedIn(ANA))
    (message,) = await street.one.speak()
    assert message[1] is Word.TOLD
    assert await street.one.speak() == []
    await street.talk()
    assert street.other.held() == [], "the message was lost, and nobody knows yet"
    street.clock.s += SAY_S
    await street.talk()
    assert street.other.held() == [CheckedIn(ANA)]


async def test_on_a_line_that_is_down_nothing_counts_as_said(street: Street):
    await street.talk()
    street.one.up = False
    await street.one.write(CheckedIn(ANA))
    assert await street.one.speak() == []
    street.one.up = True
    assert [word for _, word, _ in await street.one.speak()] == [Word.TOLD]


async def test_the_hub_that_comes_back_is_told_what_is_known(street: Street):
    await street.talk()
    assert street.one.part.due_s() > AGAIN_S
    street.one.part.ask()
    assert street.one.part.due_s() <= AGAIN_S
    street.clock.s += AGAIN_S
    assert [word for _, word, _ in await street.one.speak()] == [Word.HEARD]


def telling(kiosk: KioskId) -> bytes:
    record = Record(1, Stamp(1, "b", 1, synced=True), CheckedIn(MemberId("m")))
    return encode(DoorEvents(kiosk, Epoch("e"), 0, 1, (DoorEvent(0, msgspec.Raw(encode(record))),)))


async def test_a_door_is_believed_about_itself_only(street: Street, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            await street.one.part.hear(GARDEN, Word.TOLD, telling(KioskId("attic")))
            await street.one.part.hear(GARDEN, Word.TOLD, telling(STREET))
    assert street.one.held() == []
    levels = [record.levelno for record in caplog.records if "speaks for another" in record.message]
    assert levels == [logging.WARNING, logging.DEBUG, logging.DEBUG, logging.DEBUG]
    await street.one.part.hear(GARDEN, Word.TOLD, telling(GARDEN))
    assert street.one.held() == [CheckedIn(MemberId("m"))]


async def test_what_the_hub_passes_on_is_believed_on_this_kiosk_s_own_topic_only(street: Street):
    await street.one.part.hear(GARDEN, Word.PASSED, telling(KioskId("attic")))
    assert street.one.held() == []
    await street.one.part.hear(STREET, Word.PASSED, telling(KioskId("attic")))
    assert len(street.one.held()) == 1


async def test_its_own_word_that_comes_back_says_nothing_new(street: Street):
    await street.one.write(CheckedIn(ANA))
    for message in await street.one.speak():
        await street.one.part.hear(*message)
    assert street.one.held() == []
    assert await street.one.speak() == []


async def test_the_hub_gives_back_what_an_earlier_life_of_this_kiosk_wrote(street: Street):
    await street.one.write(CheckedIn(ANA))
    epoch = street.one.log.epoch
    await street.one.part.hear(STREET, Word.PASSED, telling(STREET))
    assert street.one.held() == [CheckedIn(MemberId("m"))]
    *_, said = await street.one.speak()
    passed = msgspec.json.decode(said[2], type=DoorsHeard).passed
    assert set(passed) == {DoorStand(STREET, epoch, 1), DoorStand(STREET, Epoch("e"), 1)}


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"[]", b'{"v":2}', b'{"kiosk":"A/b","count":"e"}'])
async def test_what_cannot_be_read_is_said_once_and_left_alone(
    street: Street, payload: bytes, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            await street.one.part.hear(GARDEN, Word.TOLD, payload)
    assert caplog.text.count("cannot be read") == 1
    assert street.one.held() == []


async def test_complaints_are_remembered_up_to_a_number(street: Street, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_COMPLAINTS", 1)
    for name in ("a", "b", "c"):
        await street.one.part.hear(KioskId(name), Word.TOLD, b"")
    assert len(street.one.part._complained) == 1


async def test_a_door_that_says_more_than_there_is_room_for_is_left_to_the_hub(
    street: Street, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(store_module, "MOST_HELD", 0)
    with caplog.at_level(logging.WARNING):
        await street.one.part.hear(GARDEN, Word.TOLD, telling(GARDEN))
    assert "more than there is room for" in caplog.text
    assert street.one.held() == []


async def test_what_is_of_another_day_is_forgotten(street: Street, caplog: pytest.LogCaptureFixture):
    await street.one.part.hear(GARDEN, Word.TOLD, telling(GARDEN))
    await street.one.part.let_go()
    assert len(street.one.held()) == 1
    street.clock.s += LATELY_US / 1_000_000 + 1
    with caplog.at_level(logging.INFO):
        await street.one.part.let_go()
    assert street.one.held() == []
    assert "1 events of other doors are of another day" in caplog.text
    await street.one.part.forget_erased()
