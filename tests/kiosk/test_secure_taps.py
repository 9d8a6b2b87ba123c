"""A badge that cannot be copied at the door: the chip's real answers, the kiosk's real log and counters."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from community.badges import Badge, BadgeStatus
from community.events import BadgeProved, CardOpened, CheckedIn, RefusedBadgeTapped, UnprovenBadgeTapped
from community.ids import Epoch, KioskId
from community.members import Space
from community.proofs import Level, ProofFault
from community.wire.codec import digest_of, encode
from community.wire.messages import DoorEvent, DoorEvents, FeedItem
from hardware.errors import CardLifted
from hardware.reader import Proof, Tap, Technology
from hardware.uid import Uid
from hardware.virtual.ntag424 import Ntag424
from kiosk.bootstrap import LANGUAGES, LOCALE
from kiosk.core.inbox import Trace
from kiosk.core.views import (
    Greeting,
    HoldStill,
    Lobby,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    UnknownBadge,
)
from kiosk.host import Hosting
from kiosk.proofs import Proofs
from kiosk.store import counters
from kiosk.store.directory import DirectoryStore
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.host_choices import HostChoices
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from kiosk.store.tries import TriesStore
from kiosk.taps import Taps
from plumbing import words
from plumbing.clock import Clock
from plumbing.database import Database
from tests.fakes.community import AMINA, EVERYBODY, KEY, LEA, badge_of, uid_of
from tests.fakes.screens import FakeScreen
from tests.fakes.secure_badges import chip_of, secret_of, secure_items, with_secure
from tests.fakes.waiting import Seen
from tests.kiosk.test_taps import SPACE, items

SECURE = with_secure(items(*EVERYBODY), *secure_items(LEA))
BADGE = badge_of(LEA)


@dataclass
class Message:
    """What a chip said at one read, for saying it again."""

    proof: Proof | None
    uid: Uid


class Door:
    """Running taps, and a reader that asks chips as the real one does."""

    def __init__(self, database: Database, feed: tuple[FeedItem, ...]) -> None:
        self.database, self.log = database, Log(database)
        self.elsewhere = ElsewhereStore(database, KioskId("here"))
        self.directory = DirectoryStore(database)
        self.screen, self.traces, self.proofs = FakeScreen(lambda _view: None), Seen[Trace](), Proofs(KEY)
        self._now_s = 1_000.0
        self.taps = Taps(
            clock=Clock(),
            key=KEY,
            events=self.log,
            elsewhere=self.elsewhere,
            tries=TriesStore(database),
            hosting=Hosting(HostChoices(database)),
            items=feed,
            catalogues=words.load("kiosk", LOCALE, LANGUAGES),
            screen=self.screen,
            fallback=Space("From the settings"),
            on_committed=lambda: None,
            on_trace=self.traces.add,
            proofs=self.proofs,
        )

    def read(self, chip: Ntag424) -> Message:
        """Lay a chip on the reader."""
        uid = Uid(chip.shown_number())
        chip.field_off()
        return Message(self.proofs.prove(uid, chip.command), uid)

    async def tap(self, message: Message, after_s: float = 60.0) -> Trace:
        self._now_s += after_s
        self.taps.tap(Tap(message.uid, self._now_s, Technology.ISO_DEP, message.proof))
        return (await self.traces.count(len(self.traces.all) + 1))[-1]

    async def tap_chip(self, chip: Ntag424, after_s: float = 60.0) -> Trace:
        return await self.tap(self.read(chip), after_s)

    @property
    def counted(self) -> int:
        return self.database.read_now(lambda c: counters.counted(c, BADGE))

    def events(self) -> list[object]:
        return [record.event for record in self.log.since(0)]


@asynccontextmanager
async def running(file: Path, feed: tuple[FeedItem, ...] = SECURE) -> AsyncIterator[Door]:
    database = open_database(file)
    door = Door(database, feed)
    task = asyncio.create_task(door.taps.run())
    try:
        await door.screen.shows(Lobby)
        yield door
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        database.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path / "kiosk.db") as made:
        yield made


async def test_a_genuine_badge_is_greeted_and_its_message_is_spent_in_the_same_commit(door: Door):
    trace = await door.tap_chip(chip_of(LEA))
    assert (trace.outcome, trace.member, trace.seqs) == ("Arrived", LEA.id, (1, 2))
    assert isinstance(door.screen.last, Greeting)
    assert door.events() == [BadgeProved(BADGE, 2), CheckedIn(LEA.id)]
    assert door.counted == 2


async def test_what_was_said_once_is_refused_and_nothing_of_it_is_noted(door: Door):
    message = door.read(chip_of(LEA))
    await door.tap(message)
    trace = await door.tap(message)
    assert (trace.outcome, trace.member) == ("NotProven", None)
    view = door.screen.last
    assert isinstance(view, RefusedBadge)
    assert LEA.name not in repr(view)
    assert door.events()[2:] == [UnprovenBadgeTapped(BADGE, ProofFault.REPLAYED)]
    assert door.counted == 2


async def test_a_counter_that_goes_back_is_refused(door: Door):
    chip = chip_of(LEA)
    earlier, later = door.read(chip), door.read(chip)
    assert (await door.tap(later)).outcome == "Arrived"
    assert (await door.tap(earlier)).outcome == "NotProven"
    assert (await door.tap_chip(chip)).outcome == "OwnCard"


async def test_a_message_read_within_the_quiet_period_is_spent_too(door: Door):
    chip = chip_of(LEA)
    await door.tap_chip(chip)
    again = door.read(chip)
    assert (await door.tap(again, after_s=2)).outcome == "SameTap"
    assert isinstance(door.screen.last, Greeting)
    assert door.counted == 3
    assert (await door.tap(again)).outcome == "NotProven"


async def test_a_replay_within_the_quiet_period_is_refused_at_once(door: Door):
    message = door.read(chip_of(LEA))
    await door.tap(message)
    assert (await door.tap(message, after_s=2)).outcome == "NotProven"


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (lambda _door: Message(None, Uid(uid_of(LEA))), ProofFault.MISSING),
        (lambda door: door.read(Ntag424(uid_of(LEA))), ProofFault.WRONG_KEY),
        (lambda door: door.read(forged()), ProofFault.FORGED),
    ],
)
async def test_a_copy_is_refused_in_words(door: Door, card, fault: ProofFault):
    trace = await door.tap(card(door))
    assert trace.outcome == "NotProven"
    assert isinstance(door.screen.last, RefusedBadge)
    assert door.events() == [UnprovenBadgeTapped(BADGE, fault)]
    assert (await door.tap_chip(chip_of(LEA))).outcome == "Arrived", "the real one works at once"


def forged() -> Ntag424:
    """A chip with the number and every key but the badge's own."""
    chip = chip_of(LEA)
    chip.keys[3] = (b"guessed, no luck", 1)
    return chip


async def test_every_fault_is_said_in_words_of_its_own(door: Door):
    said = set()
    for card in (Message(None, Uid(uid_of(LEA))), door.read(Ntag424(uid_of(LEA))), door.read(forged())):
        await door.tap(card)
        assert isinstance(door.screen.last, RefusedBadge)
        said.add(door.screen.last.lines)
    assert len(said) == 3


async def test_a_badge_lifted_too_soon_is_told_to_hold_still_and_is_no_tap(door: Door):
    chip = chip_of(LEA)

    def lifted(_command: bytes) -> bytes:
        raise CardLifted

    with pytest.raises(CardLifted):
        door.proofs.prove(Uid(uid_of(LEA)), lifted)
    door.taps.cut()
    assert isinstance(await door.screen.shows(HoldStill), HoldStill)
    assert (door.traces.all, door.log.count()) == ([], 0)
    assert (await door.tap_chip(chip)).outcome == "Arrived"


async def test_a_card_somebody_reads_is_not_hidden_by_a_badge_lifted_too_soon(door: Door):
    await door.tap_chip(chip_of(LEA))
    door.taps.cut()
    assert isinstance(door.screen.last, Greeting)


async def test_a_lost_badge_is_refused_and_its_message_is_spent(tmp_path: Path):
    lost = Badge(BADGE, LEA.id, BadgeStatus.LOST, Level.SUN, 1)
    closed = FeedItem("badge", BADGE, 3, msgspec.Raw(encode(lost)))
    async with running(tmp_path / "kiosk.db", with_secure(SECURE, closed)) as door:
        assert (await door.tap_chip(chip_of(LEA))).outcome == "Refused"
        assert door.events() == [BadgeProved(BADGE, 2), RefusedBadgeTapped(BADGE, BadgeStatus.LOST)]


async def test_a_badge_nobody_is_linked_to_is_new_here_and_asked_nothing(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(AMINA)) as door:
        message = door.read(chip_of(LEA))
        assert message.proof is None
        assert (await door.tap(message)).outcome == "Unknown"
        assert isinstance(door.screen.last, UnknownBadge)


@pytest.mark.parametrize("where", ["badge", "space"])
async def test_mutual_authentication_leaves_nothing_to_replay_and_a_message_is_not_enough(
    tmp_path: Path, where: str
):
    of_badge = Level.MUTUAL if where == "badge" else Level.SUN
    asks = msgspec.structs.replace(SPACE, badge_level=Level.MUTUAL) if where == "space" else SPACE
    feed = with_secure(items(*EVERYBODY, space=asks), *secure_items(LEA, of_badge))
    async with running(tmp_path / "kiosk.db") as weaker:
        message = weaker.read(chip_of(LEA))
    async with running(tmp_path / "other.db", feed) as door:
        assert (await door.tap(message)).outcome == "NotProven"
        assert (await door.tap_chip(chip_of(LEA))).outcome == "Arrived"
        assert door.events() == [UnprovenBadgeTapped(BADGE, ProofFault.MISSING), CheckedIn(LEA.id)]


async def test_a_space_that_asks_for_proofs_refuses_plain_badges(tmp_path: Path):
    asks = msgspec.structs.replace(SPACE, badge_level=Level.SUN)
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY, space=asks)) as door:
        assert (await door.tap(Message(None, Uid(uid_of(LEA))))).outcome == "NotProven"


async def test_a_badge_that_hides_its_number_is_its_members_and_a_phone_is_still_a_phone(tmp_path: Path):
    feed = with_secure(items(*EVERYBODY), *secure_items(LEA, hides=True))
    async with running(tmp_path / "kiosk.db", feed) as door:
        assert (await door.tap_chip(chip_of(LEA, hide=True))).outcome == "Arrived"
        phone = Uid(b"\x08abc")
        message = Message(door.proofs.prove(phone, lambda _command: b"\x6a\x82"), phone)
        assert (await door.tap(message)).outcome == "CannotLink"
        assert isinstance(door.screen.last, RandomBadge)


async def test_after_a_restart_nothing_said_before_is_believed(tmp_path: Path):
    chip = chip_of(LEA)
    async with running(tmp_path / "kiosk.db") as door:
        message = door.read(chip)
        await door.tap(message)
    async with running(tmp_path / "kiosk.db") as door:
        assert (await door.tap(message)).outcome == "NotProven"
        assert (await door.tap_chip(chip)).outcome == "OwnCard"


async def test_what_another_door_heard_is_spent_here_too(tmp_path: Path):
    chip = chip_of(LEA)
    async with running(tmp_path / "there.db") as there:
        message = there.read(chip)
        await there.tap(message)
        told = tuple(DoorEvent(1_000_000, msgspec.Raw(encode(record))) for record in there.log.since(0))
    async with running(tmp_path / "here.db") as door:
        said = DoorEvents(KioskId("there"), Epoch("e1"), 0, 2, told)
        new = await door.elsewhere.take(said, Clock().stamp())
        assert new
        door.taps.heard_elsewhere(new)
        assert (await door.tap(message)).outcome == "NotProven"
        assert door.events() == [UnprovenBadgeTapped(BADGE, ProofFault.REPLAYED)]
        assert (await door.tap_chip(chip)).outcome == "OwnCard", "the other door let them in"
        assert door.events()[1:] == [BadgeProved(BADGE, 3), CardOpened(LEA.id)]


@pytest.mark.parametrize("who", ["the feed", "what the hub has of this door"])
async def test_a_kiosk_restored_from_an_old_copy_learns_what_was_spent_since(tmp_path: Path, who: str):
    chip = chip_of(LEA)
    async with running(tmp_path / "kiosk.db") as door:
        await door.tap_chip(chip)
    shutil.copy(tmp_path / "kiosk.db", tmp_path / "copy.db")  # closed: all of it is in the one file
    async with running(tmp_path / "kiosk.db") as door:
        since = door.read(chip)
        await door.tap(since)
        records = [msgspec.Raw(encode(record)) for record in door.log.since(0)[2:]]
    async with running(tmp_path / "copy.db") as door:
        if who == "the feed":
            feed = with_secure(SECURE, *secure_items(LEA, counter=3))
            assert await door.directory.swap(feed, since=0, upto=9, digest=digest_of(feed))
        else:
            told = tuple(DoorEvent(1_000_000, record) for record in records)
            await door.elsewhere.take(DoorEvents(KioskId("here"), Epoch("e1"), 2, 4, told), Clock().stamp())
        assert (await door.tap(since)).outcome == "NotProven"
        assert (await door.tap_chip(chip)).outcome == "OwnCard"


async def test_no_key_outlives_being_shut_out(door: Door):
    door.taps.directory_is(SECURE)  # on its way when the word comes
    door.taps.shut_out()
    await door.screen.shows(TroubleScreen, 2)  # said at once, and drawn anew with what was on its way
    assert door.proofs.prove(Uid(uid_of(LEA)), chip_of(LEA).command) is None
    assert secret_of(LEA).sun.hex() not in repr(vars(door.proofs))


async def test_badges_without_keys_are_not_asked_beside_those_that_have_some(door: Door):
    asked: list[bytes] = []
    assert door.proofs.prove(Uid(uid_of(AMINA)), lambda command: asked.append(command) or b"") is None
    assert asked == []


async def test_keys_that_come_with_a_new_feed_are_used_at_once(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as door:
        assert (await door.tap(Message(None, Uid(uid_of(LEA))))).outcome == "Arrived"
        door.taps.directory_is(SECURE)
        assert (await door.tap(Message(None, Uid(uid_of(LEA))))).outcome == "NotProven"
        assert (await door.tap_chip(chip_of(LEA))).outcome == "OwnCard"


async def test_neither_key_nor_full_number_stands_in_traces_or_in_the_log(door: Door, caplog):
    for message in (door.read(chip_of(LEA)), door.read(forged())):
        await door.tap(message)
    said = (repr(door.traces.all) + caplog.text + repr(door.events()) + repr(door.proofs.prove)).lower()
    for secret in (secret_of(LEA).sun, secret_of(LEA).mutual, uid_of(LEA)):
        assert secret.hex() not in said
