"""Running taps on a real log, without a reader and with a screen that only remembers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

import msgspec

from community.events import Event
from community.ids import KioskId
from community.members import Member, Space
from community.wire.messages import FeedItem
from hardware.reader import Proof, Tap, Technology
from hardware.uid import Uid
from kiosk.bootstrap import LOCALE
from kiosk.core.inbox import Trace
from kiosk.core.views import Lobby, View
from kiosk.proofs import Proofs
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from kiosk.store.tries import TriesStore
from kiosk.taps import Taps
from plumbing import words
from plumbing.clock import Clock
from plumbing.database import Database
from tests.fakes.community import KEY, directory_of, uid_of
from tests.fakes.screens import FakeScreen
from tests.fakes.waiting import Seen

SPACE = Space("Le Nook", closing="04:00", plan_at="04:00")


def items(*members: Member, space: Space = SPACE) -> tuple[FeedItem, ...]:
    """A stored feed of members with a badge each."""

    def item(kind: str, key: str, body: object) -> FeedItem:
        return FeedItem(kind, key, 1, msgspec.Raw(msgspec.json.encode(body)))

    directory = directory_of(*members)
    return (
        *(item("member", member.id, member) for member in directory.members.values()),
        *(item("badge", badge.hash, badge) for badge in directory.badges.values()),
        *(item("words", member_id, words) for member_id, words in directory.words.items()),
        item("text", "text", directory.text),
        item("space", "space", space),
    )


class Door:
    """Running taps on a real log, with a screen that remembers how long the log was at each view."""

    def __init__(
        self,
        database: Database,
        feed: tuple[FeedItem, ...],
        clock: Clock | None = None,
        proofs: Proofs | None = None,
    ) -> None:
        self.database, self.log = database, Log(database)
        self.elsewhere = ElsewhereStore(database, KioskId("here"))
        self.written_when_shown: list[tuple[str, int]] = []
        self.screen = FakeScreen(self._shown)
        self.traces: Seen[Trace] = Seen()
        self.committed = 0
        self._now_s = 1_000.0
        self.taps = Taps(
            clock=clock or Clock(),
            key=KEY,
            events=self.log,
            elsewhere=self.elsewhere,
            tries=TriesStore(database),
            items=feed,
            catalogues=words.load("kiosk", LOCALE),
            screen=self.screen,
            fallback=Space("From the settings"),
            on_committed=self._committed,
            on_trace=self.traces.add,
            proofs=proofs,
        )

    def _shown(self, view: View) -> None:
        self.written_when_shown.append((type(view).__name__, self.log.count()))

    def _committed(self) -> None:
        self.committed += 1

    async def tap(self, uid: bytes, after_s: float = 60.0) -> Trace:
        """A badge is read `after_s` after the one before; return what it led to."""
        return await self.reads(Uid(uid), Technology.TYPE_2, None, after_s)

    async def reads(self, uid: Uid, technology: Technology, proof: Proof | None, after_s: float) -> Trace:
        """A card of any kind is read; return what it led to."""
        self._now_s += after_s
        self.taps.tap(Tap(uid, self._now_s, technology, proof))
        return (await self.traces.count(len(self.traces.all) + 1))[-1]

    async def tap_of(self, member: Member, after_s: float = 60.0) -> Trace:
        return await self.tap(uid_of(member), after_s)

    async def events(self, number: int) -> list[Event]:
        """The log's events once there are so many: the last one may follow its view."""
        async with asyncio.timeout(20):
            while self.log.count() < number:  # noqa: ASYNC110 - a file sets no event
                await asyncio.sleep(0.005)
        return [record.event for record in self.log.since(0)]


AnyDoor = TypeVar("AnyDoor", bound=Door)


@asynccontextmanager
async def running(file: Path, feed: tuple[FeedItem, ...], clock: Clock | None = None) -> AsyncIterator[Door]:
    """A door whose taps run."""
    with closing(open_database(file)) as database:
        async with open_for_taps(Door(database, feed, clock)) as door:
            yield door


@asynccontextmanager
async def open_for_taps(door: AnyDoor) -> AsyncIterator[AnyDoor]:
    """Run a door's taps from its first lobby on."""
    task = asyncio.create_task(door.taps.run())
    try:
        await door.screen.shows(Lobby)
        yield door
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
