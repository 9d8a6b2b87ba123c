"""What the uplink and the ingest do with a log, step by step and without a line: for state machines.

The real courier, the real logs of both sides; whoever calls carries the messages.
"""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from community.ids import KioskId
from community.wire.codec import decode, encode
from community.wire.messages import Cursor, EventBatch
from kiosk.core.courier import Ask, Courier
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.bootstrap import MIGRATIONS
from sync.store import log as hub_log
from sync.store.batches import read_batch
from sync.store.cursors import Asked
from sync.store.log import Arrived

STEP_S = 100.0
"""More than every time-out: whoever waits, waits no longer."""


class Sender:
    """One kiosk's side."""

    def __init__(self, log: Log, runner: asyncio.Runner, now_s: float) -> None:
        self.log, self.runner = log, runner
        self.courier = Courier(log.spans, log.acknowledged, log.oldest)
        self.courier.connected(now_s)

    def says(self, now_s: float, *, limit: int = 3, messages: int = 4) -> list[bytes]:
        """What it sends now: so many messages of so many events at most."""
        self._look()
        self.courier.overdue(now_s)
        said: list[bytes] = []
        while len(said) < messages and (wanted := self.courier.next()) is not None:
            span = wanted.span
            oldest = span.number(min(max(self.log.oldest, span.after + 1), span.upto + 1))
            if isinstance(wanted, Ask):
                said.append(encode(EventBatch(span.epoch, (), oldest, wanted.number)))
                self.courier.asked(now_s)
            else:
                rows = [r for r in self._run(self.log.after(wanted.after, limit)) if r[0] <= wanted.upto]
                raws = tuple(msgspec.Raw(raw) for _, raw in rows)
                said.append(encode(EventBatch(span.epoch, raws, oldest)))
                self.courier.published(rows[-1][0] if rows else wanted.upto, now_s)
        return said

    def hears(self, payload: bytes, now_s: float) -> None:
        """Take one of the hub's cursors."""
        cursor = decode(payload, Cursor)
        assert isinstance(cursor, Cursor)
        self._look()
        here = self.log.spans[-1]
        mine = ""
        if cursor.epoch == here.epoch and 0 < cursor.at == here.number(here.place(cursor.at)):
            mine = self._run(self.log.content(here.place(cursor.at)))
        fork = self.courier.heard(cursor, mine, now_s)
        if fork is not None:
            self._run(self.log.begin_epoch(fork.number))
            self._look()
            self.courier.forked(now_s)

    def _look(self) -> None:
        self.courier.spans, self.courier.oldest = self.log.spans, self.log.oldest

    def _run(self, work: Any) -> Any:
        return self.runner.run(work)


def taken_in(hub: Database, kiosk: KioskId, payload: bytes, received_us: int = 1) -> list[bytes]:
    """Let a hub take in a batch; return its cursors."""
    items = read_batch(kiosk, payload)
    arrived = [item for item in items if isinstance(item, Arrived)]
    asked = [item for item in items if isinstance(item, Asked)]
    done = hub.write_now(lambda c: hub_log.append(c, arrived, (), received_us, asked))
    return [encode(cursor) for _, cursor in done.cursors]


def brought(sender: Sender, hub: Database, kiosk: KioskId, now_s: float, received_us: int = 1) -> None:
    """Bring a whole log to a hub over a line that loses nothing."""
    sender.courier.connected(now_s)
    for _ in range(400):
        now_s += STEP_S
        for payload in sender.says(now_s, limit=100):
            for cursor in taken_in(hub, kiosk, payload, received_us):
                sender.hears(cursor, now_s)
        if sender.courier.acknowledged == sender.log.last and not sender.courier.searching:
            return
    raise AssertionError("the log never came to the hub")


def blank_databases(folder: Path) -> Path:
    """Make an empty `kiosk.db` and `hub.db` in a folder, and return it."""
    open_database(folder / "kiosk.db").close()
    hub = Database(open_engine(f"sqlite:///{folder}/hub.db"))
    upgrade(hub, MIGRATIONS)
    hub.close()
    return folder
