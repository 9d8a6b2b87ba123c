"""A kiosk without a door: the product's own log and uplink in a process of their own, written fast.

    python -m tests.fakes.scribe FOLDER --port 1883 --kiosk scribe-1 --every-ms 20

`--every-ms 0` writes nothing and only sends.  Otherwise it appends up to `MOST` events at a time and
prints one line for each commit, only after it, as the screen would show a greeting:
`{"epoch": …, "first": …, "content": [hash, …]}`.  `Scribe` runs it.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from community.events import CardOpened
from community.ids import KioskId, MemberId, SpaceId
from community.wire.codec import content_hash, encode
from kiosk.elsewhere import Elsewhere
from kiosk.store.directory import DirectoryStore
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from kiosk.uplink import Uplink
from plumbing import mqtt
from plumbing.clock import Clock
from plumbing.database import Database
from tests.fakes.programs import SPACE, Program, kiosk_rows, wait_until

MOST = 5
"""Events in one commit, at most."""

ROOT = Path(__file__).parents[2]


class Scribe(Program):
    """One scribe; start, kill, start again on the same folder."""

    def __init__(
        self,
        folder: Path,
        kiosk: str,
        port: int | None,
        *,
        every_ms: int = 20,
        synchronous: str = "",
        keepalive_s: int = mqtt.KEEPALIVE_S,
        said: Path | None = None,
    ) -> None:
        """Prepare it.

        Args:
            folder: Where its database lies.
            kiosk: Its name at the hub.
            port: The broker's; `None` for a log that is only written.
            every_ms: Milliseconds between two commits.
            synchronous: SQLite's setting, if it is to be another one than the product's.
            keepalive_s: The line's, in seconds.
            said: The folder of what it says, if that is another one.
        """
        folder.mkdir(exist_ok=True)
        super().__init__(kiosk, said or folder)
        self.kiosk = kiosk
        self.folder = folder
        self._arguments = [
            *(str(folder), "--kiosk", kiosk, "--every-ms", str(every_ms), "--keepalive", str(keepalive_s)),
            *(("--port", str(port)) if port is not None else ()),
            *(("--synchronous", synchronous) if synchronous else ()),
        ]

    @property
    def file(self) -> Path:
        return self.folder / "kiosk.db"

    def start(self, *, writing: bool = True) -> None:
        """Start it; `writes` waits until it does.  It may only send what it has written before."""
        with self.out.open("ab") as out, self.err.open("ab") as err:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.fakes.scribe", *self._arguments),
                    *(() if writing else ("--every-ms", "0")),
                ],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
            )

    def writes(self, commits: int = 1) -> None:
        """Wait until it has said so many commits more than now."""
        before = self._said_bytes().count(b"\n")

        def more() -> bool:
            assert self.alive, f"{self.kiosk} ended: {self.err.read_text()[-2000:]}"
            return self._said_bytes().count(b"\n") >= before + commits

        wait_until(more, f"{self.kiosk} to commit")

    def rows(self) -> dict[tuple[str, int], bytes]:
        return kiosk_rows(self.file)

    def committed(self) -> dict[tuple[str, int], str]:
        """Everything it said was committed, over all its lives: the content hash by epoch and number."""
        found = {}
        for line in self._said_bytes().split(b"\n")[:-1]:  # a line cut by a kill was not said
            said = json.loads(line)
            found.update({(said["epoch"], said["first"] + n): text for n, text in enumerate(said["content"])})
        return found

    def missing(self) -> list[tuple[str, int]]:
        """What it said was committed, and the log does not hold, byte for byte."""
        held = {place: content_hash(raw) for place, raw in self.rows().items()}
        return [place for place, content in self.committed().items() if held.get(place) != content]

    def _said_bytes(self) -> bytes:
        return self.out.read_bytes() if self.out.exists() else b""


def execute(database: Database, statement: str) -> None:
    """Run a statement outside every transaction, on the one connection that writes."""
    connection = database.engine.raw_connection()
    try:
        connection.driver_connection.execute(statement)
    finally:
        connection.close()


async def _write(log: Log, uplink: Uplink | None, clock: Clock, every_s: float) -> None:
    chance = random.Random(log.last)  # noqa: S311 - how many at a time
    while True:
        event = CardOpened(MemberId("m001"))
        records = await log.append([(clock.stamp(), event)] * chance.randint(1, MOST))
        content = [content_hash(encode(record)) for record in records]
        line = json.dumps({"epoch": log.epoch, "first": records[0].seq, "content": content})
        os.write(sys.stdout.fileno(), line.encode() + b"\n")
        if uplink is not None:
            uplink.nudge()
        await asyncio.sleep(every_s)


async def _run(options: argparse.Namespace) -> None:
    with closing(open_database(Path(options.folder) / "kiosk.db")) as database:
        if options.synchronous:
            execute(database, f"PRAGMA synchronous={options.synchronous}")
        log, clock, kiosk = Log(database), Clock(), KioskId(options.kiosk)
        uplink = None
        async with asyncio.TaskGroup() as group:
            if options.port is not None:
                uplink = Uplink(
                    mqtt.Broker(port=options.port),
                    SpaceId(SPACE),
                    kiosk,
                    events=log,
                    directory=DirectoryStore(database),
                    elsewhere=Elsewhere(
                        kiosk,
                        events=log,
                        store=ElsewhereStore(database, kiosk),
                        clock=clock,
                        on_heard=lambda _heard: None,
                    ),
                    clock=clock,
                    program="0",
                    on_directory=lambda _items: None,
                    on_hub=lambda _state: None,
                )
                group.create_task(uplink.run(), name="uplink")
            if options.every_ms:
                group.create_task(_write(log, uplink, clock, options.every_ms / 1_000), name="writing")


def main() -> None:
    """Write until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--kiosk", default="scribe")
    parser.add_argument("--port", type=int)
    parser.add_argument("--every-ms", type=int, default=20)
    parser.add_argument("--synchronous", default="")
    parser.add_argument("--keepalive", type=int, default=mqtt.KEEPALIVE_S)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    mqtt.KEEPALIVE_S = options.keepalive
    asyncio.run(_run(options))


if __name__ == "__main__":
    main()
