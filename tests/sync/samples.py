"""Plain values the hub's tests share."""

from datetime import UTC, datetime, timedelta

import msgspec

from community.badges import BadgeKey
from community.clock import Stamp
from community.events import CheckedIn, Event, Record
from community.ids import Epoch, KioskId, MemberId, SpaceId
from community.members import Member, Visibility
from community.wire.codec import encode
from community.wire.messages import EventBatch
from sync.store.log import Stored

SPACE = SpaceId("loft")
DOOR = KioskId("door")
EPOCH = Epoch("e1")
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
"""A Monday, 12:00 in Paris."""
KEY = BadgeKey(1, bytes(32))


def us(at: datetime) -> int:
    """Microseconds since 1970."""
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def stamp(at: datetime = NOON, *, boot: str = "b1", up_s: float | None = None, synced: bool = True) -> Stamp:
    up_us = us(at) - us(NOON) + 3_600_000_000 if up_s is None else int(up_s * 1_000_000)
    return Stamp(us(at), boot, max(0, up_us), synced)


def record(seq: int, event: Event | None = None, at: datetime = NOON, **clock: object) -> Record:
    return Record(seq, stamp(at, **clock), event or CheckedIn(MemberId(f"m{seq}")))


def raw(seq: int, event: Event | None = None, at: datetime = NOON, **clock: object) -> bytes:
    return encode(record(seq, event, at, **clock))


def batch(*raws: bytes, epoch: str = EPOCH) -> bytes:
    return encode(EventBatch(Epoch(epoch), tuple(map(msgspec.Raw, raws))))


def stored(seq: int, event: Event, at: datetime, received: datetime | None = None, **clock: object) -> Stored:
    return Stored(DOOR, EPOCH, record(seq, event, at, **clock), us(received or at))


def member(name: str = "Ada", member_id: str = "m1", **more: object) -> Member:
    return Member(
        MemberId(member_id), name, visibility=Visibility(lobby=True, members=True), introductions=True, **more
    )
