"""The way down: tell kiosks what changed in the directory, in pages.

A shell: it waits, reads and publishes; what has changed is decided in `store`.  A kiosk says
which revision it has and is sent the way from there; one whose revision the hub never gave is
sent everything.  Nothing depends on a page arriving: a kiosk that misses one asks again.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from community.ids import KioskId, MemberId, SpaceId
from community.wire.codec import Unreadable, decode, digest_of, encode
from community.wire.messages import (
    LARGEST_BATCH_BYTES,
    LARGEST_PAGE,
    Erasure,
    FeedHave,
    FeedItem,
    FeedPage,
    Status,
)
from community.wire.topics import Word, hub_topic, kiosk_topic
from plumbing.database import Database
from plumbing.mqtt import Will
from sync.patience import FIRST_S, Patience, Result
from sync.store import directory
from sync.store import feed as store

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How often the database is asked for its revision: `foyer members import` writes from outside."""

MOST_KIOSKS = 1_000
"""Kiosks remembered; a space has a handful, and a name costs nothing to invent."""

ITEM_BYTES = 80
"""Bytes of an item on a page beside its key and its body, rounded up."""

Publish = Callable[[str, bytes, bool], bool]
"""Hand a message to the line, retained or not; `False` if the line is down."""


@dataclass(frozen=True, slots=True)
class Now:
    """The feed at one moment."""

    revision: int
    changed: tuple[FeedItem, ...]
    """All items with all their revisions, the gone included, oldest change first."""
    digest: str
    """`digest_of` everything: it takes a while where there is much, so it is taken once, off the loop."""

    @classmethod
    def of(cls, revision: int, changed: tuple[FeedItem, ...]) -> "Now":
        """Return the feed with its digest."""
        return cls(revision, changed, digest_of(changed))

    @property
    def everything(self) -> tuple[FeedItem, ...]:
        """What there is, without what is gone."""
        return tuple(item for item in self.changed if item.body is not None)


def pages(now: Now, have: int) -> tuple[FeedPage, ...]:
    """Return the way from revision `have` to now; empty if there is nothing to say.

    A revision of 0, or one that the hub never gave (it was restored from a backup), is answered
    with everything.
    """
    if have == now.revision and have > 0:
        return ()
    since = have if 0 < have < now.revision else 0
    items = tuple(i for i in now.changed if i.revision > since) if since else now.everything
    chunks = tuple(_chunks(items)) or ((),)
    return tuple(
        FeedPage(since, now.revision, part, len(chunks), chunk, now.digest if part == len(chunks) else "")
        for part, chunk in enumerate(chunks, 1)
    )


def _chunks(items: Iterable[FeedItem]) -> Iterator[tuple[FeedItem, ...]]:
    """Yield the items of each page: as many as a broker surely takes, at least one."""
    chunk: list[FeedItem] = []
    filled = 0
    for item in items:
        size = ITEM_BYTES + len(item.key) + (0 if item.body is None else len(memoryview(item.body)))
        if chunk and (len(chunk) == LARGEST_PAGE or filled + size > LARGEST_BATCH_BYTES):
            yield tuple(chunk)
            chunk, filled = [], 0
        chunk.append(item)
        filled += size
    if chunk:
        yield tuple(chunk)


def last_will(space: SpaceId, boot: str) -> Will:
    """Return what the broker says when the hub vanishes."""
    return Will(hub_topic(space), encode(Status(online=False, boot=boot)))


class Feed:
    """One space's way down.  Call the rest from the event loop, `run` as a task until cancelled."""

    def __init__(
        self,
        space: SpaceId,
        database: Database,
        publish: Publish,
        status: Status,
        *,
        retry_first_s: float = FIRST_S,
        look_s: float = LOOK_S,
    ) -> None:
        """Prepare the feed.

        Args:
            space: Whose it is.
            database: Where it is.
            publish: Of the line.
            status: What the hub says of itself; the revision is filled in here.
            retry_first_s: Seconds before a refused read is tried again for the first time.
            look_s: Seconds between two looks for changes made by another program.
        """
        self._space = space
        self._database = database
        self._publish = publish
        self._status = status
        self._patience = Patience(
            log, "the feed cannot be read: %s", "the feed can be read again", first_s=retry_first_s
        )
        self._look_s = look_s
        self._have: dict[KioskId, int] = {}
        self._digests: dict[KioskId, str] = {}
        """What kiosks that asked say they have; only until they are answered."""
        self._erased: dict[MemberId, Erasure] = {}
        self._asked: set[KioskId] = set()
        self._puzzled_by: set[KioskId] = set()
        self._said = -1
        self._announce = False
        self._bell = asyncio.Event()

    def asked(self, kiosk: KioskId, payload: bytes) -> None:
        """A kiosk said `FeedHave`: it is answered even if it was told before."""
        have = decode(payload, FeedHave)
        if isinstance(have, Unreadable):
            level = logging.DEBUG if kiosk in self._puzzled_by else logging.WARNING
            log.log(level, "kiosk %s: its question about the feed cannot be read: %s", kiosk, have.reason)
            self._puzzled_by = {*self._puzzled_by, kiosk} if len(self._puzzled_by) < MOST_KIOSKS else {kiosk}
            return
        if self._note(kiosk, have.revision):
            self._asked.add(kiosk)
            self._digests[kiosk] = have.digest
            self._erased.update((erasure.member, erasure) for erasure in have.erased)
            self._bell.set()

    def heard(self, kiosk: KioskId, status: Status) -> None:
        """A kiosk's status says which revision it has."""
        if status.online:
            self._note(kiosk, status.revision)
        else:
            self._have.pop(kiosk, None)

    def changed(self, _revision: int) -> None:
        """The directory has a new revision: kiosks that are behind are told."""
        self._bell.set()

    def look(self) -> None:
        """What came from a door may have changed the directory: look now."""
        self._bell.set()

    def connected(self) -> None:
        """The line is up: the hub's own status is said, and what there is."""
        self._announce = True
        self._bell.set()

    async def run(self) -> None:
        """Answer and tell, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(self._look_s):
                    await self._bell.wait()
            except TimeoutError:
                if await self._read(store.revision) == self._said:
                    continue
            self._bell.clear()
            await self._erase_again()
            self._speak(await self._read(_now))

    def goodbye(self) -> None:
        """Say that the hub leaves in good order; the last will says it otherwise."""
        status = Status(online=False, boot=self._status.boot, program=self._status.program)
        self._publish(hub_topic(self._space), encode(status), True)

    def _note(self, kiosk: KioskId, revision: int) -> bool:
        if kiosk not in self._have and len(self._have) >= MOST_KIOSKS:
            return False
        self._have[kiosk] = revision
        return True

    async def _erase_again(self) -> None:
        """Forget whom a kiosk was told to forget, before anybody is told of them once more."""
        told, self._erased = self._erased, {}
        if told:
            before = await self._read(store.revision)
            forget = partial(directory.erase_again, told=tuple(told.values()))
            after = await self._patience.until_done(lambda: self._database.write(forget))
            if after != before:
                log.warning(
                    "kiosks remember erasures that this database does not know: it was restored from an "
                    "older copy, and they were erased again"
                )

    async def _read(self, work: Callable[[Connection], Result]) -> Result:
        return await self._patience.until_done(lambda: self._database.read(work))

    def _speak(self, now: Now) -> None:
        for kiosk, digest in self._digests.items():
            if digest and digest != now.digest and self._have.get(kiosk) == now.revision:
                log.warning(
                    "kiosk %s has another feed under revision %s: sending all of it", kiosk, now.revision
                )
                self._have[kiosk] = 0
        self._digests.clear()
        behind = self._have if now.revision != self._said else self._asked
        for kiosk in tuple(behind):
            topic = kiosk_topic(self._space, kiosk, Word.FEED)
            answer = [encode(page) for page in pages(now, self._have.get(kiosk, 0))]
            if all(self._publish(topic, page, False) for page in answer):
                self._have[kiosk] = now.revision  # if it missed one, it hears of the revision and asks
        self._asked.clear()
        if self._announce or now.revision != self._said:
            self._announce = False
            self._said = now.revision
            status = Status(
                online=True,
                boot=self._status.boot,
                program=self._status.program,
                revision=now.revision,
            )
            self._publish(hub_topic(self._space), encode(status), True)


def _now(connection: Connection) -> Now:
    return Now.of(store.revision(connection), store.items_since(connection, 0))
