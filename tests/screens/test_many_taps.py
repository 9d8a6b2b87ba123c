"""Thousands of taps on a kiosk that really draws: memory stays level, and in a rush everybody is greeted."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from time import monotonic

import msgspec
import pytest

from community.badges import Badge, BadgeKey
from community.events import CheckedIn
from community.ids import KioskId, SpaceId
from community.members import Space
from community.wire.codec import digest_of, encode
from community.wire.messages import FeedItem
from foyer.benchpeople import MODEL, made_up
from hardware.reader import Tap, Technology
from hardware.uid import Uid
from hardware.virtual.cards import Ntag213
from hardware.virtual.port import BRISK, VirtualPn532
from kiosk.bootstrap import Kiosk
from kiosk.core.views import Greeting, View
from kiosk.observers import Observers
from kiosk.settings import KioskSettings, ReaderSettings
from kiosk.store.directory import DirectoryStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.places import BrokerSettings, SpaceSettings
from plumbing.secrets import load_or_make
from tests.fakes.programs import LIMIT_S
from tests.fakes.witness import kiosk_on_screen

TAPS = int(os.environ.get("SOAK_TAPS", "600"))
RUSH = int(os.environ.get("RUSH_ARRIVALS", "20"))

WARM = 300
"""Taps after which fonts, caches and the day's memory are filled."""

GAPS_S = (6.0, 12.0)
"""Seconds between two taps: with the shorter, people meet and leave; with the longer, they read a card."""

PEOPLE = 60

NOWHERE = 9
"""A port at which no broker listens: what the kiosk does without a network."""

OBJECTS_A_TAP = 15.0
"""More live objects for each tap, at most: who met whom and was shown to whom today is remembered."""

GROWN_MB = 16.0
"""What resident memory may grow by, at most, however many taps: that memory, and what allocators keep."""


async def furnish(folder: Path) -> list[bytes]:
    """Write a directory of `PEOPLE` into a kiosk's database; return the numbers of their badges."""
    key = BadgeKey(1, load_or_make(folder / "badge.key"))
    uids = [b"\x04\xd0" + number.to_bytes(5, "big") for number in range(PEOPLE)]
    space = Space("Le Nook", closing="04:00", plan_at="04:00")
    bodies: list[tuple[str, str, msgspec.Struct]] = [("space", "space", space), ("text", "text", MODEL)]
    for uid, one in zip(uids, made_up(PEOPLE, date(2026, 11, 1), Random(1)), strict=True):  # noqa: S311 - people, not secrets
        hashed = key.hash(uid)
        bodies += [("member", one.member.id, one.member), ("words", one.member.id, one.words)]
        bodies += [("past", one.member.id, one.past), ("badge", hashed, Badge(hashed, one.member.id))]
    items = [FeedItem(kind, name, 1, msgspec.Raw(encode(body))) for kind, name, body in bodies]
    database = open_database(folder / "kiosk.db")
    try:
        await DirectoryStore(database).swap(items, since=0, upto=1, digest=digest_of(items))
    finally:
        database.close()
    return uids


class Drawing:
    """A kiosk without a reader, and the number of views it has painted."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.painted = 0
        self._changed = asyncio.Event()
        self._read_s = monotonic()

    def paint(self, _view: View) -> None:
        self.painted += 1
        self._changed.set()

    async def more_than(self, painted: int) -> None:
        """Wait until more views than so many are painted."""
        async with asyncio.timeout(LIMIT_S):
            while self.painted <= painted:
                self._changed.clear()
                await self._changed.wait()

    async def tap(self, uid: bytes, after_s: float) -> None:
        """Hold a badge to the reader, so long after the last one; wait for its view."""
        painted, taps = self.painted, self.kiosk._taps
        assert taps is not None
        self._read_s += after_s
        taps.tap(Tap(Uid(uid), self._read_s, Technology.TYPE_2))
        await self.more_than(painted)


@asynccontextmanager
async def drawing_kiosk(folder: Path) -> AsyncIterator[Drawing]:
    """A running kiosk that draws into 120x33 cells and has no reader."""
    settings = KioskSettings(
        id=KioskId("front-door"),
        space=SpaceSettings(SpaceId("nook"), closing="04:00"),
        data_folder=str(folder),
        badge_key_file=str(folder / "badge.key"),
        reader=ReaderSettings("none"),
        broker=BrokerSettings(port=NOWHERE),
    )
    seen: list[Drawing] = []
    kiosk = Kiosk(settings, Observers(painted=lambda view, _words: seen[0].paint(view)))
    seen.append(Drawing(kiosk))
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(kiosk.run_on_screen(stop, without_terminal=(120, 33)))
        try:
            await seen[0].more_than(0)
            yield seen[0]
        finally:
            stop.set()


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def live_objects() -> int:
    gc.collect()
    return len(gc.get_objects())


@pytest.mark.timeout(max(180, TAPS))
async def test_taps_by_the_hundred_leave_memory_level(tmp_path: Path, counts: list[str]):
    uids = await furnish(tmp_path)
    chance = Random(2)  # noqa: S311 - who taps next, nothing secret
    async with drawing_kiosk(tmp_path) as drawing:
        for _ in range(WARM):
            await drawing.tap(chance.choice(uids), chance.choice(GAPS_S))
        objects, memory_mb, began_s = live_objects(), resident_mb(), monotonic()
        for _ in range(TAPS - WARM):
            await drawing.tap(chance.choice(uids), chance.choice(GAPS_S))
        took_s = monotonic() - began_s
        more, grown_mb = live_objects() - objects, resident_mb() - memory_mb
        painted = drawing.painted
    measured = max(1, TAPS - WARM)
    counts.append(
        f"{TAPS} taps, {painted} views drawn, {took_s / measured * 1_000:.0f} ms each; since tap {WARM}: "
        f"{more:+} live objects, {grown_mb:+.1f} MB, {memory_mb:.0f} MB before"
    )
    assert painted >= TAPS
    assert more / measured < OBJECTS_A_TAP
    assert grown_mb < GROWN_MB


@pytest.mark.timeout(480)
async def test_in_a_rush_everybody_is_noted_and_greeted_and_the_last_badge_has_the_screen(
    tmp_path: Path, counts: list[str]
):
    uids = (await furnish(tmp_path))[:RUSH]
    virtual = VirtualPn532(timing=BRISK)
    virtual.start()
    try:
        async with kiosk_on_screen(
            tmp_path, virtual, broker_port=NOWHERE, badge_key=tmp_path / "badge.key"
        ) as witness:
            await witness.ready()
            began_s = monotonic()
            traces, on_screen = [], []
            for uid in uids:
                painted = len(witness.painted)
                traces.append(await witness.tap(virtual, Ntag213(uid)))
                await witness.until(lambda painted=painted: len(witness.painted) > painted)
                on_screen.append(witness.painted[-1][0])
            took_s = monotonic() - began_s
    finally:
        await asyncio.to_thread(virtual.stop)
    assert [trace.outcome for trace in traces] == ["Arrived"] * RUSH
    assert len({trace.member for trace in traces}) == RUSH
    assert all(isinstance(view, Greeting) for view in on_screen), "somebody had to wait for the screen"
    names = [view.headline.split()[-1] for view in on_screen]
    assert len(set(names)) == RUSH, "somebody was greeted twice, or not at all"
    for before, view in pairwise(on_screen):
        assert view.small is not None, "the one before was erased"
        assert view.small.name.split()[-1] == before.headline.split()[-1]
    database = open_database(tmp_path / "kiosk.db")
    try:
        arrived = [record for record in Log(database).since(0) if isinstance(record.event, CheckedIn)]
    finally:
        database.close()
    assert len(arrived) == RUSH
    counts.append(f"{RUSH} arrivals in {took_s:.1f} s, each greeted ({RUSH / took_s * 60:.0f} a minute)")
