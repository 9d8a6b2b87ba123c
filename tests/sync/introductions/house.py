"""The hub's introductions with a real database, real presence, and a clock that can be set."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from typing_extensions import override

from community.clock import Hours
from community.events import CheckedIn, Event
from community.ids import Epoch, MemberId
from community.introductions.pairing import DayPlan
from community.introductions.vectors import item_key, pack
from community.introductions.wording import ItemVectors, TextModel
from community.members import Intent, Member, Space, Visibility
from community.wire.codec import encode
from plumbing.clock import Clock
from plumbing.database import Database
from sync.introductions.service import Introductions
from sync.introductions.timing import Timing
from sync.presence import Presence
from sync.settings import IntroductionsSettings
from sync.store import directory, feed, introductions, log
from sync.store.feed import Change, Kind
from sync.store.log import Arrived
from tests.fakes.waiting import Seen
from tests.sync.samples import DOOR, SPACE, record, us

PARIS = ZoneInfo("Europe/Paris")
HOURS = Hours(PARIS)
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=PARIS)
"""A Monday."""

MODEL = TextModel("test", size=32, intercept=-6.0, slope=12.0, least=0.5, least_alike=0.8)


class SetClock(Clock):
    """A clock that shows what it is set to."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.shown = at
        self.shown_s = 1000.0

    @override
    def at(self) -> datetime:
        return self.shown

    @override
    def now_s(self) -> float:
        return self.shown_s


def person(name: str, needs: str = "", offers: str = "", **more: object) -> Member:
    """Return a member who agreed; each word of needs and offers is an item."""
    return Member(
        MemberId(name.lower()),
        name,
        visibility=Visibility(lobby=True, members=True),
        introductions=True,
        intents=(Intent.BUSINESS, Intent.ADVISE),
        needs=tuple(needs.split()),
        offers=tuple(offers.split()),
        **more,
    )


def vectors_of(member: Member) -> ItemVectors:
    """Return vectors by which equal words are alike, and no others."""
    items = (*member.needs, *member.offers, *member.interests)
    return ItemVectors("test", {item_key(item): pack(_one_hot(item)) for item in items})


def _one_hot(item: str) -> np.ndarray:
    vector = np.zeros(32, np.float32)
    vector[sum(item.encode()) % 32] = 1.0
    return vector


class House:
    """One hub's introductions; told of events as the hub would tell them."""

    def __init__(
        self,
        database: Database,
        *people: Member,
        at: datetime = MORNING,
        settings: IntroductionsSettings | None = None,
        space: Space | None = None,
        epoch: str = "e1",
    ) -> None:
        self.database = database
        self.clock = SetClock(at)
        self.presence = Presence(HOURS)
        self.revisions: Seen[int] = Seen()
        self.seq = 0
        self.epoch = Epoch(epoch)
        for one in people:
            self.put(one)
        database.write_now(lambda c: feed.write(c, [Change(Kind.TEXT, Kind.TEXT.value, MODEL)]))
        self.presence.load(database.read_now(lambda c: log.since(c, 0)), at)
        self.service = Introductions(
            SPACE,
            space or Space(),
            settings or IntroductionsSettings(),
            database,
            self.presence,
            self.clock,
            self.revisions.add,
            Timing(join_s=0.0, settle_s=20.0, look_s=0.02, retry_first_s=0.001),
        )

    def put(self, member: Member) -> None:
        """Write a member and the vectors of their items."""

        def work(connection):
            directory.put_member(connection, member)
            return feed.write(connection, [Change(Kind.WORDS, member.id, vectors_of(member))])

        self.database.write_now(work)

    def tell(self, *events: Event) -> None:
        """Let events happen now at the door, as the hub commits them."""
        arrived = []
        for event in events:
            self.seq += 1
            one = record(self.seq, event, self.clock.shown)
            arrived.append(Arrived(DOOR, self.epoch, one, encode(one)))
        at = self.clock.shown
        appended = self.database.write_now(lambda c: log.append(c, arrived, (), us(at)))
        self.presence.add(appended.new, self.clock.shown)
        self.service.happened(appended.new)

    def arrive(self, *names: str) -> None:
        """Let people check in."""
        self.tell(*(CheckedIn(MemberId(name)) for name in names))

    async def later(self, **step: float) -> None:
        """Let time pass, and the hub look."""
        self.clock.shown += timedelta(**step)
        self.clock.shown_s += timedelta(**step).total_seconds()
        await self.service.look()

    async def until(self, hour: int, minute: int = 0) -> None:
        """Let the clock come to a time of this day, and the hub look."""
        then = self.clock.shown.astimezone(PARIS).replace(hour=hour, minute=minute)
        await self.later(seconds=(then - self.clock.shown).total_seconds())

    @property
    def plan(self) -> DayPlan:
        """What kiosks are told of today."""
        day = HOURS.day_of(self.clock.shown)
        return self.database.read_now(lambda c: introductions.plan_of(c, day))

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Who is to be shown whom today."""
        return {pairing.pair for pairing in self.plan.pairings}

    def feed(self, kind: Kind) -> dict[str, bytes]:
        """What kiosks have of one kind."""
        items = self.database.read_now(feed.everything)
        return {item.key: bytes(item.body) for item in items if item.kind == kind.value and item.body}
