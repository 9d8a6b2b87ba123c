"""From the MQTT line to the log: batches in, one commit, cursors out.

A shell: it waits, logs and retries; what a message means is decided in `store`.  Nothing here
keeps an event: what is lost before the commit, to a full queue, a full disk or a kill, has had no
cursor, so the kiosk sends it again.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import Connection

from community.ids import Epoch, KioskId, SpaceId
from community.wire.codec import Unreadable, decode, encode
from community.wire.messages import Cursor, Status
from community.wire.topics import Word, kiosk_topic, parse
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync.overtaken import REORDER_S, Overdue, Overtaken
from sync.patience import FIRST_S, Patience
from sync.store import cursors, kiosks
from sync.store import log as event_log
from sync.store.batches import UNSTORABLE
from sync.store.cursors import Asked
from sync.store.log import Appended, Arrived, Stored, Strange
from sync.trust import Trust

log = logging.getLogger(__name__)

LARGEST_QUEUE = 2_000
"""Messages waiting for the database; at 64 KB each at most 128 MB.  More is let go: kiosks resend."""

LARGEST_COMMIT = 1_000
LARGEST_COMMIT_BYTES = 1_000_000
"""Messages, and bytes of them, in one transaction: about 4,000 events, a fraction of a second."""

MOST_COMPLAINTS = 1_000
"""Complaints remembered so that their repeats are said more quietly."""

Publish = Callable[[str, bytes], bool]
"""Hand a message to the line; `False` if the line is down."""


@dataclass(frozen=True, slots=True)
class Message:
    """What came over the line."""

    kiosk: KioskId
    """Empty if the topic names no kiosk we could know."""
    word: Word | None
    """`None` for a topic that is none of ours."""
    payload: bytes


@dataclass(frozen=True, slots=True)
class Hello:
    """Tell every kiosk where its log stands here: the line has come up."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one transaction did, to be told once it is safe on disk."""

    log: Appended
    heard: tuple[tuple[KioskId, Status], ...]
    """What kiosks said of themselves, and was believed."""
    greeted: tuple[tuple[KioskId, Cursor], ...]
    """The cursors of kiosks that came online."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Whom ingest tells, on the event loop, after the commit."""

    committed: Callable[[Sequence[Stored]], None]
    """Events the hub did not have before."""
    heard: Callable[[KioskId, Status], None]
    """A kiosk's word about itself."""
    quarantined: Callable[[Sequence[Strange]], None] = lambda _strange: None
    """Something could not be understood, for the first time."""
    repeated: Callable[[int], None] = lambda _count: None
    """So many events came again."""


class Ingest:
    """One space's way in.  `receive` from the line's callback, `run` as a task until cancelled."""

    def __init__(
        self,
        space: SpaceId,
        database: Database,
        clock: Clock,
        publish: Publish,
        tell: Tell,
        *,
        trust: Trust | None = None,
        queue_size: int = LARGEST_QUEUE,
        retry_first_s: float = FIRST_S,
        reorder_s: float = REORDER_S,
    ) -> None:
        self._overtaken = Overtaken(self._put, reorder_s)
        self._space, self._trust = space, trust or Trust(space)
        self._database, self._clock = database, clock
        self._publish, self._tell = publish, tell
        self._queue: asyncio.Queue[Message | Hello | Overdue] = asyncio.Queue(queue_size)
        self._patience = Patience(
            log,
            "nothing can be stored: %s",
            "events can be stored again",
            mistaken="a message could not be stored",
            first_s=retry_first_s,
        )
        self._overflowing = False
        self._complained: set[tuple[KioskId, str]] = set()

    def receive(self, topic: str, payload: bytes) -> None:
        """Take one message from the line; never waits."""
        place = parse(topic)
        if place is None:
            message = Message(KioskId(""), None, payload)
        else:
            message = Message(place.kiosk, place.word, payload)
        self._put(message)

    def connected(self) -> None:
        """The line is up: kiosks are told where their logs stand."""
        self._put(Hello())

    async def run(self) -> None:
        """Commit what comes, until cancelled."""
        try:
            while True:
                waiting = [await self._queue.get()]
                size = _size(waiting[0])
                while (
                    len(waiting) < LARGEST_COMMIT and size < LARGEST_COMMIT_BYTES and not self._queue.empty()
                ):
                    waiting.append(self._queue.get_nowait())
                    size += _size(waiting[-1])
                await self._handle(waiting)
        finally:
            self._overtaken.close()

    def _put(self, item: Message | Hello | Overdue) -> None:
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            level = logging.DEBUG if self._overflowing else logging.WARNING
            log.log(level, "more messages than the database can take: letting go, kiosks send them again")
            self._overflowing = True

    async def _handle(self, waiting: Sequence[Message | Hello | Overdue]) -> None:
        messages = [item for item in waiting if isinstance(item, Message)]
        if messages:
            await self._commit(messages)
        if any(isinstance(item, Hello) for item in waiting):
            stand = await self._patience.until_done(lambda: self._database.read(cursors.cursors_of))
            self._say((kiosk, msgspec.structs.replace(cursor, again=True)) for kiosk, cursor in stand)
        late = {(item.kiosk, item.epoch) for item in waiting if isinstance(item, Overdue)}
        late -= self._overtaken.given_time  # something came meanwhile
        for kiosk in sorted({kiosk for kiosk, _ in late}):
            stands = partial(cursors.cursors_of, kiosk=kiosk)
            stand = await self._patience.until_done(partial(self._database.read, stands))
            self._say(
                (name, msgspec.structs.replace(cursor, again=True))
                for name, cursor in stand
                if (name, cursor.epoch) in late
            )

    async def _commit(self, messages: Sequence[Message]) -> None:
        """Commit messages at once if possible, one by one if one of them cannot be stored."""
        received_us = self._clock.stamp().wall_us
        done = await self._patience.until_done(lambda: self._stored(messages, received_us))
        if done is None:
            if len(messages) > 1:
                for message in messages:
                    await self._commit([message])
                return
            done = await self._patience.until_done(
                lambda: self._database.write(lambda c: _set_aside(c, messages[0], received_us))
            )
        self._overflowing = False
        self._report(done)

    async def _stored(self, messages: Sequence[Message], received_us: int) -> Committed | None:
        """Store messages; `None` if it is not the database that is at fault, it is what it was given.

        Raises:
            DatabaseError: The database refused.
        """
        try:
            return await self._database.write(lambda c: _store(c, messages, received_us, self._trust))
        except DatabaseError as error:
            if error.trouble is not DatabaseTrouble.UNREADABLE:
                raise
        except Exception:  # a message nobody thought of must not stop the others
            log.exception("a message could not be stored")
        return None

    def _report(self, done: Committed) -> None:
        """Tell what is safe on disk: kiosks first, for they wait for it."""
        self._say((*done.log.cursors, *done.greeted))
        self._overtaken.watch({(kiosk, cursor.epoch) for kiosk, cursor in done.log.cursors}, done.log.waiting)
        for gap in done.log.gaps:
            log.warning(
                "kiosk %s: events %s to %s of epoch %s are gone: the kiosk let go of them long ago, "
                "and this hub was restored from a copy that lacks them",
                *(gap.kiosk, gap.first, gap.last, gap.epoch),
            )
        for strange in done.log.quarantined:
            self._complain(strange)
        if done.log.new:
            self._tell.committed(done.log.new)
        if done.log.repeated:
            self._tell.repeated(done.log.repeated)
        if done.log.quarantined:
            self._tell.quarantined(done.log.quarantined)
        for kiosk, status in done.heard:
            self._tell.heard(kiosk, status)

    def _say(self, cursors: Iterable[tuple[KioskId, Cursor]]) -> None:
        for kiosk, cursor in dict.fromkeys(cursors):
            self._publish(kiosk_topic(self._space, kiosk, Word.CURSOR), encode(cursor))

    def _complain(self, strange: Strange) -> None:
        known = (strange.kiosk, strange.reason) in self._complained
        if len(self._complained) < MOST_COMPLAINTS:
            self._complained.add((strange.kiosk, strange.reason))
        log.log(
            logging.DEBUG if known else logging.WARNING,
            "kiosk %s: put into quarantine: %s",
            strange.kiosk or "unknown",
            strange.reason,
        )


def _store(connection: Connection, messages: Sequence[Message], received_us: int, trust: Trust) -> Committed:
    """Do everything these messages ask for, in the caller's transaction."""
    judge = trust.judge(connection, (each.kiosk for each in messages if each.word is Word.EVENTS))
    items: list[Arrived | Strange | Asked] = []
    heard: list[tuple[KioskId, Status]] = []
    for message in messages:
        match message.word:
            case Word.EVENTS:
                items += judge.read(message.kiosk, message.payload)
            case Word.STATUS if message.payload:  # an empty one only clears what was retained
                status = decode(message.payload, Status)
                if isinstance(status, Unreadable):
                    items.append(_whole(message, status.reason))
                elif kiosks.put(connection, message.kiosk, status, received_us):
                    heard.append((message.kiosk, status))
            case None:
                items.append(_whole(message, "it came on a topic that names no kiosk"))
            case _:
                pass
    arrived = [item for item in items if isinstance(item, Arrived)]
    strange = [item for item in items if isinstance(item, Strange)]
    asked = [item for item in items if isinstance(item, Asked)]
    appended = event_log.append(connection, arrived, strange, received_us, asked)
    judge.note_breaks(received_us)
    online = dict.fromkeys(kiosk for kiosk, status in heard if status.online)
    greeted = tuple(cursor for kiosk in online for cursor in cursors.cursors_of(connection, kiosk))
    return Committed(appended, tuple(heard), greeted)


def _set_aside(connection: Connection, message: Message, received_us: int) -> Committed:
    """Keep a whole message that cannot be stored in any other way."""
    strange = _whole(message, UNSTORABLE)
    return Committed(event_log.append(connection, (), (strange,), received_us), (), ())


def _size(item: Message | Hello | Overdue) -> int:
    return len(item.payload) if isinstance(item, Message) else 0


def _whole(message: Message, reason: str) -> Strange:
    return Strange(message.kiosk, Epoch(""), None, reason, message.payload)
