"""What `foyer bench ingest` measures: a broker, a hub in a process of its own, bare programs beside them."""

import asyncio
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from community.ids import SpaceId
from foyer.errors import BenchError
from foyer.hubprocess import HubProcess, HubRunning
from sync.broker import EmbeddedBroker

SPACE = SpaceId("bench")

START_S = 20.0
"""Seconds a broker may take to listen."""

QUIET_S = 0.03
"""Processor time in a second below which a hub has nothing left to do."""

LONGEST_S = 600.0
"""Seconds a measurement may take."""

WIRE = Path(__file__).parent.parent / "bench" / "wire.py"
"""Bare paho on both ends; not part of the wheel."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is."""

    folder: Path
    broker: str
    """Its name."""
    broker_port: int
    protocol: str
    """Of MQTT, the one the hub speaks here: 5, or 3.1.1 with a broker that has no other."""
    settings: Path
    """The hub's."""
    database: str
    token: str


@asynccontextmanager
async def place(folder: Path, database: str, *, mosquitto: bool) -> AsyncIterator[Place]:
    """Start a broker and write the hub's settings.

    Args:
        folder: Empty; everything goes there.
        database: The hub's; empty for SQLite in the folder.
        mosquitto: Debian's Mosquitto; else the broker that ships with Foyer.

    Raises:
        BenchError: There is no Mosquitto, or it does not start.
    """
    async with AsyncExitStack() as stack:
        broker = _mosquitto(folder) if mosquitto else _embedded()
        port = await stack.enter_async_context(broker)
        settings = folder / "hub.toml"
        made = Place(
            folder=folder,
            broker="mosquitto" if mosquitto else "amqtt",
            broker_port=port,
            protocol="5" if mosquitto else "3.1.1",
            settings=settings,
            database=database or f"sqlite:///{folder}/hub.db",
            token=secrets.token_urlsafe(16),
        )
        settings.write_text(
            f'database = "{made.database}"\nbadge_key_file = "{folder}/badge.key"\n'
            f'[space]\nid = "{SPACE}"\nclosing = "04:00"\n[broker]\nport = {port}\n[dashboard]\nport = 0\n'
            "[retention]\ntaps_days = 400\n",  # what is sent here is of the last year
            encoding="utf-8",
        )
        yield made


class Hub:
    """The measured hub."""

    def __init__(self, where: Place) -> None:
        self._process = HubProcess(where.settings, demo_token=where.token, log=where.folder / "hub.log")
        self.running: HubRunning | None = None

    async def __aenter__(self) -> Self:
        """Start it, and let it finish what it does once: what members wrote is compared."""
        self.running = await self._process.start()
        before_s = -1.0
        while self.cpu_s - before_s > QUIET_S:
            before_s = self.cpu_s
            await asyncio.sleep(1.0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop it."""
        await self._process.stop()

    @property
    def dashboard_port(self) -> int:
        """Where its pages are."""
        if self.running is None:
            raise BenchError("the hub was not started")
        return self.running.dashboard_port

    @property
    def rss_mb(self) -> float:
        """Its resident memory, with that of the process that reads texts while there is one."""
        return sum(_pages(pid) for pid in self._processes()) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @property
    def cpu_s(self) -> float:
        """The processor time it has used, and those it started."""
        return sum(_ticks(pid) for pid in self._processes()) / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> list[str]:
        """Return its process id and those of its children."""
        tasks = Path(f"/proc/{self._process.pid}/task").glob("*/children")
        return [str(self._process.pid), *(pid for task in tasks for pid in task.read_text().split())]


def _pages(pid: str) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except FileNotFoundError:  # it has ended
        return 0


def _ticks(pid: str) -> int:
    """Return what a process has used, with its children that have ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return 0
    return sum(map(int, stat.rpartition(")")[2].split()[11:15]))


class Bare:
    """One of the bare programs of `bench/wire.py`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def say(self) -> dict[str, Any]:
        """Return its next line.

        Raises:
            BenchError: It ended, or says nothing.
        """
        if self._process.stdout is None:
            raise BenchError("a child has no output")
        try:
            async with asyncio.timeout(LONGEST_S):
                line = await self._process.stdout.readline()
        except TimeoutError as error:
            raise BenchError(f"a child said nothing for {LONGEST_S:.0f} s") from error
        if not line:
            raise BenchError("a child ended early")
        return dict(json.loads(line))

    def begin(self) -> None:
        """Let it begin."""
        if self._process.stdin is not None:
            self._process.stdin.write(b"\n")


@asynccontextmanager
async def bare(*arguments: object) -> AsyncIterator[Bare]:
    """Run a bare program until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(WIRE),
        *map(str, arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=WIRE.parent.parent,
        env={**os.environ, "PYTHONPATH": str(WIRE.parent.parent)},
    )
    child = Bare(process)
    try:
        await child.say()
        yield child
    finally:
        if process.stdin is not None:
            process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def _embedded() -> AsyncIterator[int]:
    broker = EmbeddedBroker()
    await broker.start()
    try:
        yield broker.port
    finally:
        await broker.stop()


@asynccontextmanager
async def _mosquitto(folder: Path) -> AsyncIterator[int]:
    program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        raise BenchError("Mosquitto is not installed: apt install mosquitto, or measure with --broker amqtt")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n",
        encoding="utf-8",
    )
    process = await asyncio.create_subprocess_exec(
        program, "-c", str(settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await _listening(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _listening(port: int) -> None:
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise BenchError("the broker does not answer")
