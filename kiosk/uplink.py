"""Send the log to the hub, and bring the hub's feed home.

A shell around the line: everything it must remember is in the log and the stored directory.
What may have happened to a batch when no answer comes, and what each case leads to:

===================================== ==================================================
what happened                         what follows
===================================== ==================================================
it never left, or the broker lost it  no cursor: sent again from the cursor; stored once
the hub got it and died before commit no cursor: sent again; stored once
the hub committed, its answer is lost sent again; the primary key makes it nothing; the
                                      hub answers with the same cursor
the hub was restored from a backup    its cursor goes back: sent again from there
===================================== ==================================================

So sending again is always right, and only the hub's cursor says that something arrived.
"""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from community.ids import KioskId, SpaceId
from community.wire.codec import Unreadable, decode, encode
from community.wire.messages import (
    LARGEST_BATCH,
    LARGEST_BATCH_BYTES,
    Cursor,
    EventBatch,
    FeedHave,
    FeedItem,
    FeedPage,
    Status,
)
from community.wire.topics import Word, hub_topic, kiosk_topic, parse
from kiosk.core.pages import Pages
from kiosk.core.troubles import HubState
from kiosk.store.directory import DirectoryStore
from kiosk.store.log import Log
from plumbing.clock import Clock
from plumbing.errors import DatabaseError
from plumbing.mqtt import Broker, Callbacks, Line, Will

log = logging.getLogger(__name__)

WINDOW = 4_000
"""Events sent but not acknowledged, at most: bounds what a resend repeats."""

RESEND_S = 3.0
"""Seconds without progress after which everything from the cursor on is sent again."""

KEEP_CURSOR_S = 0.5
"""The cursor is written at most this often: losing it costs a resend, and each write a sync."""

STATUS_S = 60.0
"""Seconds between two statuses, each with a question about the feed, when nothing changes."""

SETTLED_S = 1.0
"""Seconds after which a status that spoke of waiting events is said again once none waits."""


class Uplink:
    """The conversation of one kiosk with its hub."""

    def __init__(
        self,
        broker: Broker,
        space: SpaceId,
        kiosk: KioskId,
        *,
        events: Log,
        directory: DirectoryStore,
        clock: Clock,
        program: str,
        on_directory: Callable[[tuple[FeedItem, ...]], None],
        on_hub: Callable[[HubState], None],
    ) -> None:
        """`on_directory` gets the whole feed after each change, `on_hub` each change of `HubState`."""
        self._space, self._kiosk = space, kiosk
        self._events, self._directory, self._clock = events, directory, clock
        self._program = program
        self._on_directory, self._on_hub = on_directory, on_hub
        self._wake = asyncio.Event()
        self._inbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._sent = events.acknowledged
        self._acknowledged = events.acknowledged
        self._kept = events.acknowledged
        self._progress_s = clock.now_s()
        self._kept_s = clock.now_s()
        self._status_s = 0.0
        self._said_waiting = 0
        self._hub_online = False
        self._pages = Pages()
        self._reader = ""
        self._said: HubState | None = None
        self._line_down_said = False
        offline = encode(Status(online=False, boot=clock.boot, program=program))
        self._line = Line(
            broker,
            f"foyer-kiosk-{space}-{kiosk}",
            filters=(
                kiosk_topic(space, kiosk, Word.CURSOR),
                kiosk_topic(space, kiosk, Word.FEED),
                hub_topic(space),
            ),
            will=Will(kiosk_topic(space, kiosk, Word.STATUS), offline),
            callbacks=Callbacks(self._heard, self._connected, self._lost),
        )

    def nudge(self) -> None:
        """Say that the log has grown."""
        self._wake.set()

    def reader_is(self, state: str) -> None:
        """Tell the hub how the badge reader does: `ready` or `lost`."""
        self._reader = state
        self._status_s = 0.0
        self._wake.set()

    async def run(self) -> None:
        """Talk until cancelled."""
        self._line.start()
        self._tell()
        try:
            while True:
                await self._step()
        finally:
            self._say_status(online=False)
            await self._line.stop()

    async def _step(self) -> None:
        self._wake.clear()
        try:
            while not self._inbox.empty():
                await self._answer(*self._inbox.get_nowait())
            await self._send()
            await self._keep_cursor()
        except DatabaseError as error:
            log.warning("the uplink waits: %s", error)
        self._tell()
        try:
            # Not `wait_for`: before Python 3.12 it may swallow the cancellation that ends us.
            async with asyncio.timeout(self._wait_s()):
                await self._wake.wait()
        except TimeoutError:
            if self._line.up and self._sent > self._acknowledged and self._stuck():
                log.debug("no cursor for %s s: sending again from %s", RESEND_S, self._acknowledged)
                self._sent = self._acknowledged
                self._progress_s = self._clock.now_s()

    def _stuck(self) -> bool:
        return self._clock.now_s() - self._progress_s >= RESEND_S

    def _wait_s(self) -> float:
        now_s = self._clock.now_s()
        waits = [max(0.0, self._status_due_s()) if self._line.up else STATUS_S]
        if self._kept != self._acknowledged:
            waits.append(self._kept_s + KEEP_CURSOR_S - now_s)
        if self._sent > self._acknowledged:
            waits.append(self._progress_s + RESEND_S - now_s)
        return max(0.01, min(waits))

    def _status_due_s(self) -> float:
        """Return in how many seconds the hub should hear our status again; 0 or less for now."""
        settled = self._said_waiting > 0 and self._waiting() == 0
        return self._status_s + (SETTLED_S if settled else STATUS_S) - self._clock.now_s()

    async def _send(self) -> None:
        if not self._line.up:
            return
        if self._status_due_s() <= 0:
            self._say_status(online=True)
            # A page that came while the disk was full is gone, and the hub thinks we have it.
            self._publish(Word.HAVE, FeedHave(self._directory.revision))
        while self._sent < self._events.last and self._sent - self._acknowledged < WINDOW:
            rows = await self._events.after(self._sent, LARGEST_BATCH)
            batch: list[tuple[int, bytes]] = []
            size = 0
            for seq, raw in rows:
                size += len(raw)
                if batch and size > LARGEST_BATCH_BYTES:
                    break
                batch.append((seq, raw))
            if not batch:
                return
            message = EventBatch(self._events.epoch, tuple(msgspec.Raw(raw) for _, raw in batch))
            if not self._publish(Word.EVENTS, message):
                return
            if self._sent == self._acknowledged:
                self._progress_s = self._clock.now_s()
            self._sent = batch[-1][0]

    async def _keep_cursor(self) -> None:
        now_s = self._clock.now_s()
        if self._kept != self._acknowledged and now_s - self._kept_s >= KEEP_CURSOR_S:
            self._kept, self._kept_s = self._acknowledged, now_s
            await self._events.acknowledge(self._kept)

    async def _answer(self, topic: str, payload: bytes) -> None:
        if topic == hub_topic(self._space):
            self._hub_said(decode(payload, Status))
            return
        parsed = parse(topic)
        match parsed.word if parsed is not None else None:
            case Word.CURSOR:
                self._cursor_said(decode(payload, Cursor))
            case Word.FEED:
                await self._feed_said(decode(payload, FeedPage))
            case _:
                log.debug("a message on a topic that is not ours to hear")

    def _hub_said(self, status: Status | Unreadable) -> None:
        if isinstance(status, Unreadable):
            log.warning("the hub's status cannot be read: %s", status.reason)
            return
        came_back = status.online and not self._hub_online
        self._hub_online = status.online
        if came_back:
            self._sent = self._acknowledged
        if status.online and (came_back or status.revision > self._directory.revision):
            self._publish(Word.HAVE, FeedHave(self._directory.revision))

    def _cursor_said(self, cursor: Cursor | Unreadable) -> None:
        if isinstance(cursor, Unreadable):
            log.warning("the hub's cursor cannot be read: %s", cursor.reason)
            return
        if cursor.epoch != self._events.epoch:
            return
        upto = min(cursor.upto, self._events.last)
        if upto < cursor.upto:
            log.warning("the hub has event %s, this log ends at %s", cursor.upto, self._events.last)
        if upto < self._acknowledged:
            log.warning("the hub went back from event %s to %s: sending again", self._acknowledged, upto)
            self._sent = upto
        if upto != self._acknowledged:
            self._progress_s = self._clock.now_s()
        self._acknowledged = upto
        self._sent = max(self._sent, upto)

    async def _feed_said(self, page: FeedPage | Unreadable) -> None:
        if isinstance(page, Unreadable):
            log.warning("a page of the hub's feed cannot be read: %s", page.reason)
            return
        if page.since not in {0, self._directory.revision}:
            return
        items = self._pages.add(page)
        if items is None:
            return
        stored = await self._directory.swap(
            items, since=page.since, upto=page.upto, digest=self._pages.digest
        )
        if stored is None:
            log.warning("the feed from %s to %s does not add up: asking for all of it", page.since, page.upto)
            if page.since != 0:
                self._publish(Word.HAVE, FeedHave(0))
            return
        self._on_directory(stored)

    def _publish(self, word: Word, message: msgspec.Struct, *, retain: bool = False) -> bool:
        topic = kiosk_topic(self._space, self._kiosk, word)
        return self._line.publish(topic, encode(message), retain=retain)

    def _say_status(self, *, online: bool) -> None:
        status = Status(
            online=online,
            boot=self._clock.boot,
            program=self._program,
            reader=self._reader,
            waiting=self._waiting(),
            revision=self._directory.revision,
        )
        if self._publish(Word.STATUS, status, retain=True):
            self._status_s = self._clock.now_s()
            self._said_waiting = status.waiting

    def _waiting(self) -> int:
        return self._events.last - self._acknowledged

    def _tell(self) -> None:
        state = HubState(self._line.up and self._hub_online, self._waiting())
        if state != self._said:
            self._said = state
            self._on_hub(state)

    # Called by the line, on the event loop.

    def _heard(self, topic: str, payload: bytes) -> None:
        self._inbox.put_nowait((topic, payload))
        self._wake.set()

    def _connected(self) -> None:
        log.info("the line to the broker is up")
        self._line_down_said = False
        self._sent = self._acknowledged
        self._progress_s = self._clock.now_s()
        self._say_status(online=True)
        self._publish(Word.HAVE, FeedHave(self._directory.revision))
        self._wake.set()

    def _lost(self, reason: str) -> None:
        log.log(logging.DEBUG if self._line_down_said else logging.WARNING, "the line is down: %s", reason)
        self._line_down_said = True
        self._hub_online = False
        self._wake.set()
