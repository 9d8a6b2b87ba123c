"""A kiosk as the hub hears it: plain messages over a real line, and what comes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from community.ids import KioskId
from community.wire.codec import decode, encode
from community.wire.messages import Cursor, FeedHave, FeedPage, Status
from community.wire.topics import Word, hub_topic, kiosk_topic, parse
from plumbing.mqtt import Broker, Callbacks, Line, Will
from tests.fakes.waiting import Seen
from tests.sync.samples import DOOR, SPACE


class TalkingKiosk:
    """Says what it is told to and keeps what it hears; decides nothing."""

    def __init__(self, broker: Broker, kiosk: KioskId = DOOR) -> None:
        self.kiosk = kiosk
        self.ups: Seen[bool] = Seen()
        self.cursors: Seen[Cursor] = Seen()
        self.pages: Seen[FeedPage] = Seen()
        self.hub: Seen[Status] = Seen()
        self.line = Line(
            broker,
            f"kiosk-{kiosk}",
            filters=[
                kiosk_topic(SPACE, kiosk, Word.CURSOR),
                kiosk_topic(SPACE, kiosk, Word.FEED),
                hub_topic(SPACE),
            ],
            will=Will(kiosk_topic(SPACE, kiosk, Word.STATUS), encode(Status(online=False, boot="b1"))),
            callbacks=Callbacks(self._heard, lambda: self.ups.add(True), lambda _reason: None),
        )

    def events(self, payload: bytes) -> None:
        assert self.line.publish(kiosk_topic(SPACE, self.kiosk, Word.EVENTS), payload)

    def say(self, word: Word, message: msgspec.Struct) -> None:
        assert self.line.publish(kiosk_topic(SPACE, self.kiosk, word), encode(message))

    def online(self, *, revision: int = 0, boot: str = "b1") -> None:
        self.say(Word.STATUS, Status(online=True, boot=boot, revision=revision))

    def have(self, revision: int) -> None:
        self.say(Word.HAVE, FeedHave(revision))

    def _heard(self, topic: str, payload: bytes) -> None:
        place = parse(topic)
        if place is None:
            status = decode(payload, Status)
            assert isinstance(status, Status)
            self.hub.add(status)
        elif place.word is Word.CURSOR:
            cursor = decode(payload, Cursor)
            assert isinstance(cursor, Cursor)
            self.cursors.add(cursor)
        else:
            page = decode(payload, FeedPage)
            assert isinstance(page, FeedPage)
            self.pages.add(page)


@asynccontextmanager
async def talking(broker: Broker, kiosk: KioskId = DOOR) -> AsyncIterator[TalkingKiosk]:
    """A kiosk on the line for the length of a block."""
    one = TalkingKiosk(broker, kiosk)
    one.line.start()
    try:
        await one.ups.count(1)
        yield one
    finally:
        await one.line.stop()
