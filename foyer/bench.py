"""`foyer bench tap`: from the card entering the field to the greeting painted, beside the floor.

The floor is the least such a thing can be on this machine: the same read by bare nfcpy, one
SQLite commit with `synchronous=FULL`, and a Textual app that paints one label (`bench/floor.py`).
Both are child processes on the same virtual reader, taking turns, so the ratio holds on a noisy
machine where times do not.

The kiosk's people are made up, and present enough that almost everybody who taps is introduced to somebody.
"""

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from community.badges import Badge, BadgeKey
from community.clock import Stamp
from community.events import CheckedIn
from community.members import Space
from community.wire.codec import digest_of, encode
from community.wire.messages import FeedItem
from foyer.benchpeople import MODEL, made_up
from foyer.errors import BenchError
from hardware.virtual.cards import Ntag213
from hardware.virtual.port import VirtualPn532
from kiosk.store.directory import DirectoryStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import Clock
from plumbing.secrets import load_or_make

FLOOR = Path(__file__).parent.parent / "bench" / "floor.py"
SIZES = (60, 500, 5_000)
"""Members; a third of them are present."""

SETTLE_S = 0.35
"""Seconds between two taps, plus a random part so that taps fall anywhere between two polls."""

IDLE_S = 10.0
"""Seconds over which the kiosk's idle processor time is measured."""

READY_S = 300.0
"""Seconds a child may take before it is ready: what thousands wrote is compared first."""
PAINT_S = 20.0


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Milliseconds."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Row:
    """One size of community, beside the floor measured just before it."""

    members: int
    present: int
    taps: int
    floor: Quantiles
    """From the card in the field to the label painted."""
    kiosk: Quantiles
    """From the card in the field to the greeting painted."""
    after_uid: Quantiles
    """Of the kiosk, from the UID being known to the greeting painted."""
    committed: Quantiles
    """Of that, until the tap was on the disk."""
    floor_after_uid: Quantiles
    """Of the floor, from the UID being known to the label painted: one commit, one line of text."""
    ratio: float
    """Of the medians."""
    introduced: float
    """People shown on a greeting, on average."""
    cpu_ms: float
    """The kiosk's processor time a tap, without what it uses when idle."""
    rss_mb: float
    idle_cpu_percent: float


async def bench(*, taps: int, json_file: Path | None) -> None:
    """Measure, print a table, and write the figures.

    Raises:
        BenchError: A child did not start.
    """
    if not await asyncio.to_thread(FLOOR.exists):
        raise BenchError("the floor is measured from a checkout: bench/floor.py is not part of the wheel")
    chance = random.Random(1)  # noqa: S311 - which moment a card comes, nothing secret
    rows = []
    for members in SIZES:
        row = await _row(members, taps, chance)
        rows.append(row)
        print(_line(row), flush=True)
    if json_file is not None:
        text = json.dumps({"rows": [asdict(row) for row in rows]}, indent=2)
        await asyncio.to_thread(json_file.write_text, text + "\n", encoding="utf-8")


def _line(row: Row) -> str:
    return (
        f"{row.members:>5} members, {row.present:>4} present: floor p50 {row.floor.p50:6.1f} ms, "
        f"kiosk p50 {row.kiosk.p50:6.1f} p95 {row.kiosk.p95:6.1f} p99 {row.kiosk.p99:6.1f} ms, "
        f"ratio {row.ratio:.2f}; after the UID p50 {row.after_uid.p50:5.1f} p99 {row.after_uid.p99:5.1f} ms "
        f"(to the commit {row.committed.p50:.1f} and {row.committed.p99:.1f}; "
        f"the floor {row.floor_after_uid.p50:.1f} and {row.floor_after_uid.p99:.1f}), "
        f"{row.cpu_ms:.0f} ms of a processor; {row.introduced:.1f} introduced; "
        f"{row.rss_mb:.0f} MB, idle {row.idle_cpu_percent:.1f} % of a core"
    )


async def _row(members: int, taps: int, chance: random.Random) -> Row:
    with tempfile.TemporaryDirectory(prefix="foyer-bench-") as name:
        folder = Path(name)
        chip = VirtualPn532()
        chip.start()
        try:
            async with _running([str(FLOOR), str(chip.path), str(folder / "floor.db")]) as floor:
                bare = await _taps(floor, chip, _strangers(taps), chance)
            uids, present = await _furnish(folder, members, taps, chance)
            settings = _settings(folder, chip.path)
            async with _running(["-m", "foyer.benchkiosk", str(settings)]) as kiosk:
                began_s, used_s = time.monotonic(), kiosk.cpu_s()
                measured = await _taps(kiosk, chip, uids, chance)
                took_s, used_s = time.monotonic() - began_s, kiosk.cpu_s() - used_s
                rss_mb = kiosk.rss_mb()
                idle = await kiosk.idle_percent()
        finally:
            await asyncio.to_thread(chip.stop)
    kiosk_ms, floor_ms = [t.total_ms for t in measured], [t.total_ms for t in bare]
    return Row(
        members=members,
        present=present,
        taps=len(measured),
        floor=_quantiles(floor_ms),
        kiosk=_quantiles(kiosk_ms),
        after_uid=_quantiles([t.after_uid_ms for t in measured]),
        committed=_quantiles([t.committed_ms for t in measured]),
        floor_after_uid=_quantiles([t.after_uid_ms for t in bare]),
        ratio=round(statistics.median(kiosk_ms) / statistics.median(floor_ms), 3),
        introduced=round(statistics.fmean(t.introduced for t in measured), 2),
        cpu_ms=round((used_s - took_s * idle / 100) / len(measured) * 1_000, 1),
        rss_mb=round(rss_mb, 1),
        idle_cpu_percent=round(idle, 2),
    )


@dataclass(frozen=True, slots=True)
class _Timed:
    total_ms: float
    after_uid_ms: float
    committed_ms: float
    """0 for the floor."""
    introduced: int


class _Child:
    """A measured program that prints JSON lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def say(self, timeout_s: float) -> dict[str, Any]:
        """Return its next line."""
        if self._process.stdout is None:
            raise BenchError("a child has no output")
        try:
            async with asyncio.timeout(timeout_s):
                line = await self._process.stdout.readline()
        except TimeoutError as error:
            raise BenchError(f"a child said nothing for {timeout_s:.0f} s") from error
        if not line:
            raise BenchError("a child ended early")
        return dict(json.loads(line))

    def rss_mb(self) -> float:
        """Return its resident memory."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    async def idle_percent(self) -> float:
        """Return how much of one core it uses while nobody taps and the lobby is shown."""
        await asyncio.sleep(30.0)  # the last greeting goes away by itself
        before = self.cpu_s()
        await asyncio.sleep(IDLE_S)
        return (self.cpu_s() - before) / IDLE_S * 100

    def cpu_s(self) -> float:
        """Return the processor time it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def _running(arguments: Sequence[str]) -> AsyncIterator[_Child]:
    """Run a measured program; it is gone afterwards, whatever happened."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    child = _Child(process)
    try:
        if "ready" not in await child.say(READY_S):
            raise BenchError(f"{arguments[0]} did not say that it is ready")
        yield child
    finally:
        process.kill()
        await process.wait()


async def _taps(
    child: _Child, chip: VirtualPn532, uids: Sequence[bytes], chance: random.Random
) -> list[_Timed]:
    timed = []
    for uid in uids:
        await asyncio.sleep(SETTLE_S + chance.uniform(0, 0.1))
        began_s = time.monotonic()
        chip.present(Ntag213(uid))
        said = await child.say(PAINT_S)
        chip.lift()
        total_ms = (said["painted_s"] - began_s) * 1_000
        after_ms = (said["painted_s"] - said["read_s"]) * 1_000
        timed.append(_Timed(total_ms, after_ms, said.get("committed_ms", 0.0), said.get("introduced", 0)))
    return timed


def _strangers(count: int) -> list[bytes]:
    return [bytes([4]) + i.to_bytes(6, "big") for i in range(1, count + 1)]


async def _furnish(folder: Path, members: int, taps: int, chance: random.Random) -> tuple[list[bytes], int]:
    """Fill a kiosk's database; return badges of up to `taps` people who are not in, and how many are."""
    key = BadgeKey(1, load_or_make(folder / "badge.key"))
    stamp = Clock().stamp()
    space = Space(name="Le Nook", closing="04:00", plan_at="04:00")
    items = [_item("space", "space", 1, space), _item("text", "text", 1, MODEL)]
    uids = [bytes([4]) + (i + 1_000).to_bytes(6, "big") for i in range(members)]
    people = list(made_up(members, stamp.at.date(), chance))
    ids = [one.member.id for one in people]
    for uid, one in zip(uids, people, strict=True):
        hashed = key.hash(uid)
        items.append(_item("member", one.member.id, 1, one.member))
        items.append(_item("words", one.member.id, 1, one.words))
        items.append(_item("past", one.member.id, 1, one.past))
        items.append(_item("badge", hashed, 1, Badge(hashed, one.member.id)))
    database = open_database(folder / "kiosk.db")
    try:
        await DirectoryStore(database).swap(items, since=0, upto=1, digest=digest_of(items))
        present = members // 3
        entries = [(_before(stamp, minutes=i % 60), CheckedIn(ids[i])) for i in range(present)]
        await Log(database).append(entries)
    finally:
        database.close()
    return uids[present:][:taps], present


def _item(kind: str, key: str, revision: int, body: msgspec.Struct) -> FeedItem:
    return FeedItem(kind, key, revision, msgspec.Raw(encode(body)))


def _before(stamp: Stamp, *, minutes: int) -> Stamp:
    back_us = int(timedelta(minutes=minutes) / timedelta(microseconds=1))
    return msgspec.structs.replace(stamp, wall_us=stamp.wall_us - back_us)


def _settings(folder: Path, device: Path) -> Path:
    file = folder / "kiosk.toml"
    file.write_text(
        f'id = "bench"\ndata_folder = "{folder}"\nbadge_key_file = "{folder}/badge.key"\n'
        f'[space]\nid = "bench"\nclosing = "04:00"\n[reader]\ndevice = "pn532:{device}"\n'
        "[broker]\nport = 9\n",
        encoding="utf-8",
    )
    return file


def _quantiles(values: Sequence[float]) -> Quantiles:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return Quantiles(round(cuts[49], 2), round(cuts[94], 2), round(cuts[98], 2))
