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
this file was restored from a copy    the hub's cursor is of another life: what the hub
                                      does not have begins a new epoch
what the hub lacks was let go of      the batch says what is the oldest there is
===================================== ==================================================

So sending again is always right, and only the hub's cursor says that something arrived.
What to send when is `kiosk.core.courier`'s; this only carries it out.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import assert_never

import msgspec

from community.ids import KioskId, SpaceId
from community.wire.codec import Unreadable, decode, encode
from community.wire.messages import (
    LARGEST_BATCH,
    LARGEST_BATCH_BYTES,
    BridgeHealth,
    Cursor,
    EventBatch,
    FeedHave,
    FeedItem,
    FeedPage,
    Order,
    Status,
)
from community.wire.topics import (
    TO_DOORS,
    TO_KIOSK,
    TO_STRANGER,
    Word,
    all_kiosks,
    hub_topic,
    kiosk_topic,
    parse,
)
from kiosk.core.courier import Ask, Courier, Run
from kiosk.core.lineage import Span
from kiosk.core.troubles import HubState
from kiosk.elsewhere import Elsewhere
from kiosk.feed import Feed
from kiosk.papers import Papers
from kiosk.status import Wellbeing
from kiosk.store.directory import DirectoryStore
from kiosk.store.log import Log
from plumbing.clock import Clock
from plumbing.errors import DatabaseError
from plumbing.mqtt import Broker, Callbacks, Line, Will

log = logging.getLogger(__name__)

KEEP_CURSOR_S = 0.5
"""The cursor is written at most this often: losing it costs a resend, and each write a sync."""

STATUS_S = 60.0
"""Seconds between two statuses, each with a question about the feed, when nothing changes."""

LET_GO_S = 3_600.0
"""Seconds between two looks for events that are old and safe enough to be forgotten."""

NEVER_S = float("-inf")
"""When something that never was happened."""

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
        elsewhere: Elsewhere,
        clock: Clock,
        program: str,
        on_directory: Callable[[tuple[FeedItem, ...]], None],
        on_hub: Callable[[HubState], None],
        keep_days: int = 30,
        papers: Papers | None = None,
        disk_percent: Callable[[], int] = lambda: 0,
    ) -> None:
        """Prepare the conversation.

        Args:
            broker: Where the line leads.
            space: The space's name.
            kiosk: This kiosk's.
            events: The open log.
            directory: The stored feed.
            elsewhere: The conversation with the other doors, on the same line.
            clock: The machine's clocks.
            program: The program's version.
            on_directory: Gets the whole feed after each change.
            on_hub: Gets each change of `HubState`.
            keep_days: Days for which acknowledged events are kept.
            papers: With which the hub let it in; `None` for a kiosk it never let in.
            disk_percent: How full the disk of the log is, 0 to 100.
        """
        self._space, self._kiosk = space, kiosk
        self._events, self._clock = events, clock
        self._elsewhere, self._papers = elsewhere, papers
        self._wellbeing = Wellbeing(events, clock, program, disk_percent)
        self._on_hub = on_hub
        self._wake = asyncio.Event()
        self._inbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._courier = Courier(events.spans, events.acknowledged, events.oldest)
        self._courier.connected(clock.now_s())
        self._kept = events.acknowledged
        self._kept_s = clock.now_s()
        self._keep_us = keep_days * 86_400 * 1_000_000
        self._let_go_s = clock.now_s()
        self._status_s = NEVER_S
        self._said_waiting = 0
        self._hub_online = False
        self._feed = Feed(directory, self._ask_for_feed, elsewhere.forget_erased, on_directory)
        self._said: HubState | None = None
        self._line_down_said = False
        told = TO_STRANGER if papers is None else TO_KIOSK
        offline = encode(Status(online=False, boot=clock.boot, program=program))
        self._line = Line(
            broker,
            f"foyer-kiosk-{space}-{kiosk}",
            filters=(
                *(kiosk_topic(space, kiosk, word) for word in told),
                *(all_kiosks(space, word) for word in TO_DOORS),
                hub_topic(space),
            ),
            will=Will(kiosk_topic(space, kiosk, Word.STATUS), offline),
            callbacks=Callbacks(self._heard, self._connected, self._lost),
            clock_is_right=Clock().synchronised,
        )

    def nudge(self) -> None:
        """Say that the log has grown."""
        self._wake.set()

    def fares(self, reader: str, bridge: BridgeHealth | None) -> None:
        """Tell the hub how the badge reader and the door's microcontroller do, as in `Status`."""
        self._wellbeing.reader, self._wellbeing.bridge = reader, bridge
        self._status_s = NEVER_S
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
            await self._let_go()
        except DatabaseError as error:
            log.warning("the uplink waits: %s", error)
        self._tell()
        try:
            # Not `wait_for`: before Python 3.12 it may swallow the cancellation that ends us.
            async with asyncio.timeout(self._wait_s()):
                await self._wake.wait()
        except TimeoutError:
            if self._line.up and self._courier.overdue(self._clock.now_s()):
                log.debug("no cursor: sending again from place %s", self._courier.acknowledged)

    def _wait_s(self) -> float:
        now_s = self._clock.now_s()
        waits = [max(0.0, min(self._status_due_s(), self._elsewhere.due_s())) if self._line.up else STATUS_S]
        if self._kept != self._courier.acknowledged:
            waits.append(self._kept_s + KEEP_CURSOR_S - now_s)
        due_s = self._courier.due_s(now_s)
        if due_s is not None:
            waits.append(due_s if self._line.up else STATUS_S)
        return max(0.01, min(waits))

    def _status_due_s(self) -> float:
        """Return in how many seconds the hub should hear our status again; 0 or less for now."""
        settled = self._said_waiting > 0 and self._waiting() == 0
        return self._status_s + (SETTLED_S if settled else STATUS_S) - self._clock.now_s()

    async def _send(self) -> None:
        if not self._line.up:
            return
        if self._status_due_s() <= 0:
            with contextlib.suppress(
                DatabaseError
            ):  # whoever writes next complains; that we are here is said
                await self._wellbeing.look(self._courier.acknowledged)
            self._say_status(online=True)
            # A page that came while the disk was full is gone, and the hub thinks we have it.
            self._feed.ask()
        await self._elsewhere.speak(self._publish)
        self._look_at_log()
        while (wanted := self._courier.next()) is not None:
            match wanted:
                case Ask(span=span, number=number):
                    question = EventBatch(span.epoch, (), self._oldest_of(span), number)
                    if not self._publish(Word.EVENTS, question):
                        return
                    self._courier.asked(self._clock.now_s())
                case Run():
                    if not await self._send_run(wanted):
                        return
                case _:
                    assert_never(wanted)
            self._look_at_log()

    async def _send_run(self, run: Run) -> bool:
        """Send one batch of a run; `False` if the line did not take it."""
        rows = await self._events.after(run.after, LARGEST_BATCH)
        batch: list[tuple[int, bytes]] = []
        size = 0
        for place, raw in rows:
            size += len(raw)
            if place > run.upto or (batch and size > LARGEST_BATCH_BYTES):
                break
            batch.append((place, raw))
        events = tuple(msgspec.Raw(raw) for _, raw in batch)
        words = await self._events.words(run.span, [place for place, _ in batch])
        message = EventBatch(run.span.epoch, events, self._oldest_of(run.span), guests=words)
        if batch and self._papers is not None and batch[0][0] > run.span.after + 1:
            before = await self._events.content(batch[0][0] - 1)
            message = msgspec.structs.replace(message, before=before)
        if not self._publish(Word.EVENTS, message):
            return False
        # Nothing is left where everything was let go of: the batch then only says so.
        self._courier.published(batch[-1][0] if batch else run.upto, self._clock.now_s())
        return True

    def _oldest_of(self, span: Span) -> int:
        return span.number(min(max(self._events.oldest, span.after + 1), span.upto + 1))

    def _look_at_log(self) -> None:
        self._courier.spans, self._courier.oldest = self._events.spans, self._events.oldest

    async def _keep_cursor(self) -> None:
        now_s = self._clock.now_s()
        if self._kept != self._courier.acknowledged and now_s - self._kept_s >= KEEP_CURSOR_S:
            self._kept, self._kept_s = self._courier.acknowledged, now_s
            await self._events.acknowledge(self._kept)

    async def _let_go(self) -> None:
        """Forget, now and then, what is old and safe at the hub."""
        now_s = self._clock.now_s()
        if now_s < self._let_go_s or not self._clock.synchronised():
            return
        self._let_go_s = now_s + LET_GO_S
        gone = await self._events.let_go(self._clock.stamp().wall_us, self._keep_us)
        if gone:
            log.info("%s events are older than they are kept and safe at the hub: they are gone", gone)
        await self._elsewhere.let_go()

    async def _answer(self, topic: str, payload: bytes) -> None:
        if topic == hub_topic(self._space):
            self._hub_said(decode(payload, Status))
            return
        parsed = parse(topic)
        match parsed.word if parsed is not None else None:
            case Word.CURSOR:
                await self._cursor_said(decode(payload, Cursor))
            case Word.FEED:
                await self._feed.said(decode(payload, FeedPage))
            case Word.ORDER if self._papers is not None:
                self._papers.ordered(decode(payload, Order))
            case Word.TOLD | Word.HEARD | Word.PASSED as word if parsed is not None:
                await self._elsewhere.hear(parsed.kiosk, word, payload)
            case _:
                log.debug("a message on a topic that is not ours to hear")

    def _hub_said(self, status: Status | Unreadable) -> None:
        if isinstance(status, Unreadable):
            log.warning("the hub's status cannot be read: %s", status.reason)
            return
        came_back = status.online and not self._hub_online
        self._hub_online = status.online
        if came_back:
            self._status_s = NEVER_S  # it has only what the broker kept, which may be old
            self._courier.begin_again(self._clock.now_s())
            self._elsewhere.ask()
        if status.online and (came_back or status.revision > self._feed.revision):
            self._feed.ask()

    async def _cursor_said(self, cursor: Cursor | Unreadable) -> None:
        if isinstance(cursor, Unreadable):
            log.warning("the hub's cursor cannot be read: %s", cursor.reason)
            return
        self._look_at_log()
        here = self._events.spans[-1]
        ours = cursor.epoch == here.epoch
        if ours and here.place(cursor.upto) != here.after + cursor.upto and not self._courier.searching:
            end = here.number(here.upto)
            log.warning("the hub has event %s, this log ends at %s: asking which", cursor.upto, end)
        mine = ""
        if ours and 0 < cursor.at == here.number(here.place(cursor.at)):
            mine = await self._events.content(here.place(cursor.at))
        before = self._courier.acknowledged
        fork = self._courier.heard(cursor, mine, self._clock.now_s())
        if self._courier.went_back:
            after = self._courier.acknowledged
            log.warning("the hub went back from event %s to %s: sending again", before, after)
        if fork is not None:
            await self._begin_epoch(fork.number)

    async def _begin_epoch(self, fork: int) -> None:
        try:
            await self._events.begin_epoch(fork)
        except DatabaseError:
            self._courier.connected(self._clock.now_s())  # asks again, and comes here again
            raise
        log.warning(
            "this log was restored from an old copy: the hub has other events after number %s; "
            "what was written since has a new epoch",
            fork,
        )
        self._look_at_log()
        self._courier.forked(self._clock.now_s())

    def _ask_for_feed(self, have: FeedHave) -> None:
        self._publish(Word.HAVE, have)

    def _publish(self, word: Word, message: msgspec.Struct, *, retain: bool = False) -> bool:
        topic = kiosk_topic(self._space, self._kiosk, word)
        if self._papers is not None and isinstance(message, EventBatch):
            message = self._papers.seal(message)
        return self._line.publish(topic, encode(message), retain=retain)

    def _say_status(self, *, online: bool) -> None:
        status = self._wellbeing.status(
            online=online,
            acknowledged=self._courier.acknowledged,
            revision=self._feed.revision,
            credential=0 if self._papers is None else self._papers.credential,
        )
        if self._publish(Word.STATUS, status, retain=True):
            self._status_s = self._clock.now_s()
            self._said_waiting = status.waiting

    def _waiting(self) -> int:
        return self._events.last - self._courier.acknowledged

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
        self._courier.connected(self._clock.now_s())
        self._status_s = NEVER_S
        self._elsewhere.connected()
        self._wake.set()

    def _lost(self, reason: str) -> None:
        log.log(logging.DEBUG if self._line_down_said else logging.WARNING, "the line is down: %s", reason)
        self._line_down_said = True
        self._hub_online = False
        if self._papers is not None:
            self._papers.line_lost(reason)
        self._wake.set()
