"""Keep a vector of every member's items in the feed, whoever changed them.

A shell.  It follows the feed itself, so a profile saved on the dashboard and one imported by another program
are seen alike, and a hub that starts again encodes only what is missing.  A thread of its own waits for the
encoder (`sync.text.apart`); kiosks learn of the words a moment after the member.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import msgspec
from sqlalchemy import Connection

from community.ids import MemberId
from community.introductions.vectors import item_key
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member
from community.wire.messages import FeedItem
from plumbing.database import Database
from sync.errors import TextError
from sync.patience import FIRST_S, Patience
from sync.store import directory, feed
from sync.store.feed import Change, Kind
from sync.text.pipeline import Pipeline, items_of

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How often the database is asked for its revision: `foyer members import` writes from outside."""

MEMBERS_AT_ONCE = 100
"""Members whose words are written in one transaction: the first of many need not wait for the last."""

IDLE_S = 30.0
"""Seconds without anything to read after which the encoder gives its memory back: a host who enters one
member after the other waits for it once."""

TEXTS_AT_ONCE = 32
"""Texts encoded in one go: the hub may stop in between."""

_member = msgspec.json.Decoder(Member)
_vectors = msgspec.json.Decoder(ItemVectors)


@dataclass(slots=True)
class _Known:
    """What the worker has read of the feed, up to a revision."""

    revision: int = -1
    items: dict[MemberId, dict[str, str]] = field(default_factory=dict)
    """Of every member, what is to be encoded, by `item_key`."""
    made: dict[MemberId, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """Of whom vectors are in the feed: their model's name, and the keys of the items."""
    model: TextModel | None = None

    def add(self, item: FeedItem) -> None:
        """Take one thing of the feed in, or note that it is gone."""
        who = MemberId(item.key)
        match item.kind:
            case Kind.MEMBER.value:
                self.items.pop(who, None)
                if item.body is not None:
                    items = items_of(_member.decode(item.body))
                    self.items[who] = {item_key(text): text for text in items}
            case Kind.WORDS.value:
                self.made.pop(who, None)
                if item.body is not None:
                    words = _vectors.decode(item.body)
                    self.made[who] = (words.model, frozenset(words.vectors))
            case Kind.TEXT.value:
                self.model = None if item.body is None else msgspec.json.decode(item.body, type=TextModel)
            case _:
                pass

    def missing(self, name: str) -> dict[MemberId, tuple[str, ...]]:
        """Return whose words have to be written anew, and which items have no vector of this model."""
        found: dict[MemberId, tuple[str, ...]] = {}
        for who, items in self.items.items():
            model, made = self.made.get(who, (name, frozenset[str]()))
            if model != name:
                found[who] = tuple(items.values())
            elif made != items.keys():
                found[who] = tuple(text for key, text in items.items() if key not in made)
        return found | {who: () for who in self.made if who not in self.items}


class TextWorker:
    """The text understanding of the running hub.  Call `run` as a task until cancelled."""

    def __init__(
        self,
        database: Database,
        pipeline: Pipeline,
        tell: Callable[[int], None],
        *,
        retry_first_s: float = FIRST_S,
        look_s: float = LOOK_S,
        idle_s: float = IDLE_S,
    ) -> None:
        """Prepare the worker.

        Args:
            database: Where the feed is.
            pipeline: Used on the worker's own thread only.
            tell: Called with the latest revision after each change, on the event loop.
            retry_first_s: Seconds before a refused transaction is tried again for the first time.
            look_s: Seconds between two looks for changes made by another program.
            idle_s: Seconds without work after which the pipeline is told to rest.
        """
        self._database = database
        self._pipeline = pipeline
        self._tell = tell
        self._patience = Patience(
            log, "the words cannot be kept: %s", "the words can be kept again", first_s=retry_first_s
        )
        self._look_s = look_s
        self._idle_s = idle_s
        self._busy_until_s: float | None = None
        """When it last had something to read, by the event loop's clock; `None` while the pipeline rests."""
        self._known = _Known()
        self._bell = asyncio.Event()

    def changed(self, _revision: int) -> None:
        """The directory has a new revision."""
        self._bell.set()

    async def run(self) -> None:
        """Encode what is there and what comes, until cancelled."""
        if not self._pipeline.has_encoder:
            log.warning("no sentence encoder: needs and offers are compared by their letters only")
        thread = ThreadPoolExecutor(1, thread_name_prefix="text")
        try:
            while True:
                self._bell.clear()
                await self._catch_up(thread)
                await self._rest_if_idle(thread)
                try:
                    async with asyncio.timeout(self._look_s):
                        await self._bell.wait()
                except TimeoutError:
                    pass
        finally:
            await asyncio.to_thread(thread.shutdown, cancel_futures=True)
            await asyncio.to_thread(self._pipeline.rest)

    async def _catch_up(self, thread: ThreadPoolExecutor) -> None:
        """Bring the words in the feed up to date with the members in it."""
        missing = await self._patience.until_done(lambda: self._database.read(self._read_on))
        model = self._pipeline.model
        people = tuple(missing)
        lots = [people[at : at + MEMBERS_AT_ONCE] for at in range(0, len(people), MEMBERS_AT_ONCE)]
        if not lots and self._known.made and self._known.model != model:
            lots = [()]  # the same vectors, to be read another way
        for some in lots:
            try:
                made = await self._encoded(thread, [item for who in some for item in missing[who]])
            except TextError as error:
                log.warning("%s: needs and offers are compared by their letters only", error)
                self._pipeline = self._pipeline.without_encoder()
                self._bell.set()
                return
            before = self._known.revision
            write = partial(put_words, model=model, people=some, made=made)
            revision = await self._patience.until_done(partial(self._database.write, write))
            if revision != before:
                self._tell(revision)
        if lots:
            self._bell.set()  # whoever changed meanwhile is looked at at once

    async def _rest_if_idle(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        if self._busy_until_s is not None and loop.time() - self._busy_until_s >= self._idle_s:
            self._busy_until_s = None
            await loop.run_in_executor(thread, self._pipeline.rest)

    async def _encoded(self, thread: ThreadPoolExecutor, items: Sequence[str]) -> dict[str, str]:
        loop = asyncio.get_running_loop()
        made: dict[str, str] = {}
        for start in range(0, len(items), TEXTS_AT_ONCE):
            some = items[start : start + TEXTS_AT_ONCE]
            made |= await loop.run_in_executor(thread, self._pipeline.packed, some)
            self._busy_until_s = loop.time()
        return made

    def _read_on(self, connection: Connection) -> dict[MemberId, tuple[str, ...]]:
        """Read what is new in the feed, and return what is missing; on a reader's thread, the loop waits."""
        latest = feed.revision(connection)
        if latest < self._known.revision:  # another database, or an older one
            self._known = _Known()
        if latest > self._known.revision:
            for item in feed.items_since(connection, self._known.revision):
                self._known.add(item)
            self._known.revision = latest
        return self._known.missing(self._pipeline.model.name)


def put_words(
    connection: Connection, model: TextModel, people: Collection[MemberId], made: Mapping[str, str]
) -> int:
    """Write some members' vectors to the feed, and the model they are of.

    Args:
        connection: In a writing transaction.
        model: How to read the vectors.
        people: Whose; who has been erased meanwhile is left out, and what was left of their words removed.
        made: New vectors by `item_key`; those in the feed are kept for the other items.

    Returns:
        The latest revision of the feed.
    """
    changes = [Change(Kind.TEXT, Kind.TEXT.value, model)]
    for who in people:
        member = directory.member_of(connection, who)
        items = () if member is None else items_of(member)
        stored = feed.find(connection, Kind.WORDS, who, ItemVectors)
        vectors = {**(stored.vectors if stored is not None and stored.model == model.name else {}), **made}
        kept = {key: vectors[key] for key in map(item_key, items) if key in vectors}
        changes.append(Change(Kind.WORDS, who, ItemVectors(model.name, kept) if kept else None))
    return feed.write(connection, changes)
