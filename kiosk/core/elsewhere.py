"""What happened at the other doors: what to tell of this one, and when each thing happened.

Pure.  `kiosk.core.rounds` decides what is said when.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

import msgspec

from community.clock import NEAR_US, Stamp, steadied
from community.events import Event, Record, for_other_doors
from community.ids import Epoch, KioskId
from community.wire.codec import content_hash, encode
from community.wire.messages import (
    LARGEST_BATCH,
    LARGEST_BATCH_BYTES,
    LATELY_US,
    DoorEvent,
    DoorEvents,
)

Dated = tuple[datetime, Event]


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of another door, as this kiosk holds it."""

    kiosk: KioskId
    record: Record
    heard: Stamp
    """When, by this kiosk's clocks."""
    age_us: int
    """How old it was then."""
    guess: bool
    """Whether that is only the least it can have been."""
    content: str
    """`content_of` the record: the same for the same event, whatever number a restored kiosk gave it."""


def content_of(record: Record) -> str:
    """Return what tells one event of a kiosk from its others: when it happened, and what."""
    return content_hash(encode(Record(1, record.at, record.event)))


def dated(held: Sequence[Heard], new: Collection[Heard], now: Stamp) -> tuple[Dated, ...]:
    """Say when events of other doors happened, by this kiosk's clock: oldest first.

    Where both clocks are good and agree, an event's time is what its own door says: every door and the hub
    then have the same.  Otherwise it is as long ago as was said when it was heard: that needs no clock.

    Args:
        held: Everything known of other doors, in the order in which it was heard.
        new: Those among it to be dated, in any order.
        now: What this kiosk's clocks say.
    """
    here = _heard_when(held, now) if any(not event.heard.synced for event in new) else {}
    theirs = _corrected(held, now) if any(not event.record.at.synced for event in new) else {}

    def when(event: Heard) -> Stamp:
        heard = here.get(event.heard, event.heard)
        at = theirs.get((event.kiosk, event.record.at), event.record.at)
        aged_us = max(0, heard.wall_us - event.age_us)
        if at.synced and heard.synced and (event.guess or abs(at.wall_us - aged_us) <= NEAR_US):
            return at
        return msgspec.structs.replace(heard, wall_us=aged_us)

    timed = [(when(event), event) for event in new]
    timed.sort(key=lambda pair: (pair[0].wall_us, pair[1].kiosk, pair[1].record.seq))
    return tuple((at.at, event.record.event) for at, event in timed)


def redates(held: Sequence[Heard], new: Collection[Heard]) -> bool:
    """Say whether something new is the first to tell when a boot began that other events are of, too.

    Args:
        held: Everything known of other doors, what is new included.
        new: What has just come.
    """
    fresh = {(event.kiosk, event.content) for event in new}
    good = {(event.kiosk, event.record.at.boot) for event in new if event.record.at.synced}
    undated: set[tuple[KioskId, str]] = set()
    for event in held if good else ():
        boot = (event.kiosk, event.record.at.boot)
        if not event.record.at.synced:
            undated.add(boot)
        elif (event.kiosk, event.content) not in fresh:
            good.discard(boot)
    return not good.isdisjoint(undated)


def in_order(own: Iterable[Record], elsewhere: Sequence[Dated]) -> tuple[Dated, ...]:
    """Put what happened here and elsewhere together, oldest first; what happened here keeps its order."""
    return tuple(
        (at, event)
        for _, at, event in merge(_rising(own), ((at, at, event) for at, event in elsewhere), key=_key)
    )


def _rising(own: Iterable[Record]) -> Iterator[tuple[datetime, datetime, Event]]:
    latest: datetime | None = None
    for record in own:
        at = record.at.at
        latest = at if latest is None else max(latest, at)
        yield latest, at, record.event


def _key(entry: tuple[datetime, datetime, Event]) -> datetime:
    return entry[0]


def _heard_when(held: Sequence[Heard], now: Stamp) -> Mapping[Stamp, Stamp]:
    """Return when each was heard, put right by what this kiosk's clocks say of that boot."""
    stamps = [event.heard for event in held]
    return dict(zip(stamps, steadied([*stamps, now]), strict=False))


def _corrected(held: Sequence[Heard], now: Stamp) -> Mapping[tuple[KioskId, Stamp], Stamp]:
    """Return every stamp of other doors, put right by the earliest good one of its boot.

    What this kiosk wrote in this boot, before it lost its disk, is put right by `now`.
    """
    stamps = {(event.kiosk, event.record.at) for event in held}
    stamps |= {(kiosk, now) for kiosk, at in stamps if at.boot == now.boot}
    ordered = sorted(stamps, key=lambda pair: (pair[0], pair[1].boot, pair[1].up_us, pair[1].wall_us))
    return dict(zip(ordered, _by_kiosk(ordered), strict=True))


def _by_kiosk(ordered: Sequence[tuple[KioskId, Stamp]]) -> Iterator[Stamp]:
    for kiosk in dict.fromkeys(kiosk for kiosk, _ in ordered):
        yield from steadied(at for whose, at in ordered if whose == kiosk)


@dataclass(frozen=True, slots=True)
class Lately:
    """One event of this kiosk's log, as it is to be told."""

    place: int
    at: Stamp
    """Corrected."""
    record: Record
    """As it was written."""


def tellings(
    kiosk: KioskId,
    count: Epoch,
    lately: Sequence[Lately],
    after: int,
    upto: int,
    now: Stamp,
    begins: int = 0,
) -> tuple[DoorEvents, ...]:
    """Return what to tell of this kiosk's log after place `after`, up to and including `upto`.

    Args:
        kiosk: This one.
        count: The name of this run of the program: places are counted in it.
        lately: Every event in between that is still kept, oldest first.
        after: A place.
        upto: A later one.
        now: What the clocks say.
        begins: A place up to which nothing is of the day, as far as is known.
    """
    recent = [event for event in lately if now.wall_us - event.at.wall_us <= LATELY_US]
    first = recent[0].place - 1 if recent else upto
    begins = max(begins, first) if first > after else begins
    found: list[DoorEvents] = []
    at = max(after, first)
    for end, events in _batches(upto, recent, now):
        found.append(DoorEvents(kiosk, count, at, end, events, begins))
        at = end
    return tuple(found)


def _batches(upto: int, recent: Sequence[Lately], now: Stamp) -> Iterator[tuple[int, tuple[DoorEvent, ...]]]:
    """Yield the events of each message, and the place up to which it tells everything."""
    batch: list[DoorEvent] = []
    size = 0
    for lately in recent:
        event = for_other_doors(lately.record.event)
        if event is None:
            continue
        raw = encode(msgspec.structs.replace(lately.record, event=event))
        if batch and (len(batch) == LARGEST_BATCH or size + len(raw) > LARGEST_BATCH_BYTES):
            yield lately.place - 1, tuple(batch)
            batch, size = [], 0
        guess = not lately.at.synced and lately.at.boot != now.boot
        batch.append(DoorEvent(max(0, now.wall_us - lately.at.wall_us), msgspec.Raw(raw), guess))
        size += len(raw)
    yield upto, tuple(batch)
