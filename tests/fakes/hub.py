"""A small hub for the kiosk's uplink: on a real broker, it says only what a test tells it to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec

from community.ids import Epoch, KioskId, SpaceId
from community.wire.codec import digest_of, encode
from community.wire.messages import Cursor, EventBatch, FeedHave, FeedItem, FeedPage, Status
from community.wire.topics import Word, all_kiosks, hub_topic, kiosk_topic, parse
from plumbing.mqtt import Broker, Callbacks, Line, Will
from tests.fakes.waiting import Seen

SPACE, KIOSK = SpaceId("nook"), KioskId("front-door")


class FakeHub:
    """Hears what kiosks say to it, and answers only when asked to."""

    def __init__(self, broker: Broker) -> None:
        self.batches: Seen[EventBatch] = Seen()
        self.haves: Seen[int] = Seen()
        self.statuses: Seen[Status] = Seen()
        self.questions: Seen[EventBatch] = Seen()
        """Batches that hold nothing: they ask where the hub stands, and are answered by themselves."""
        self.answers = True
        self.stands: dict[Epoch, int] = {}
        self.contents: dict[tuple[Epoch, int], str] = {}
        """What it says of each event's content if it is asked."""
        self._up: Seen[bool] = Seen()
        self._line = Line(
            broker,
            "fake-hub",
            filters=[all_kiosks(SPACE, word) for word in (Word.EVENTS, Word.STATUS, Word.HAVE)],
            will=Will(hub_topic(SPACE), encode(Status(online=False))),
            callbacks=Callbacks(self._heard, lambda: self._up.add(True), lambda _reason: None),
        )

    def seqs(self, batch: int) -> list[int]:
        """The numbers of the events of one batch."""
        return [msgspec.json.decode(bytes(raw))["seq"] for raw in self.batches.all[batch].events]

    def all_seqs(self) -> list[int]:
        """The numbers of all events heard, in order, repeats included."""
        return [seq for batch in range(len(self.batches.all)) for seq in self.seqs(batch)]

    def cursor(self, epoch: Epoch, upto: int) -> None:
        """Say what the hub has committed."""
        self.stands[epoch] = upto
        self.say(
            Word.CURSOR, encode(Cursor(epoch, upto, at=upto, content=self.contents.get((epoch, upto), "")))
        )

    def _asked(self, question: EventBatch) -> None:
        self.questions.add(question)
        if self.answers:
            upto = self.stands.get(question.epoch, 0)
            at = question.asks or upto
            told = Cursor(question.epoch, upto, at=at, content=self.contents.get((question.epoch, at), ""))
            self.say(Word.CURSOR, encode(told))

    def page(self, items: Sequence[FeedItem], since: int, upto: int, digest: str | None = None) -> None:
        """Send a part of the feed, in one page."""
        found = digest_of(items) if digest is None else digest
        self.say(Word.FEED, encode(FeedPage(since, upto, 1, 1, tuple(items), found)))

    def say(self, word: Word, payload: bytes) -> None:
        """Say anything to the kiosk."""
        assert self._line.publish(kiosk_topic(SPACE, KIOSK, word), payload)

    def say_online(self, *, online: bool = True, revision: int = 0) -> None:
        """Say the hub's own status."""
        self.say_raw(encode(Status(online=online, revision=revision)))

    def say_raw(self, payload: bytes) -> None:
        """Say anything as the hub's status."""
        assert self._line.publish(hub_topic(SPACE), payload, retain=True)

    def _heard(self, topic: str, payload: bytes) -> None:
        place = parse(topic)
        match place.word if place is not None else None:
            case Word.EVENTS:
                batch = msgspec.json.decode(payload, type=EventBatch)
                if batch.events:
                    self.batches.add(batch)
                else:
                    self._asked(batch)
            case Word.HAVE:
                self.haves.add(msgspec.json.decode(payload, type=FeedHave).revision)
            case Word.STATUS if payload:
                self.statuses.add(msgspec.json.decode(payload, type=Status))
            case _:
                pass


@asynccontextmanager
async def fake_hub(broker: Broker) -> AsyncIterator[FakeHub]:
    """A fake hub on the line for the length of a block."""
    hub = FakeHub(broker)
    hub._line.start()
    try:
        await hub._up.count(1)
        yield hub
    finally:
        await hub._line.stop()
