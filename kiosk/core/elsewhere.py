"""What happened at the other doors: what to ask for, what to tell, and when each thing happened.

Pure.  Each door tells the others the events of its own log that concern them, as they are written.  Now
and then each says how far it knows every log, its own included: who has less than that asks in the same way,
and is told from there.  Nothing depends on a message arriving, or on arriving once or in order.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    MOST_STANDS,
    DoorEvent,
    DoorEvents,
    DoorsHeard,
    DoorStand,
)
from kiosk.core.lineage import Span

SAY_S = 60.0
"""Seconds between two words about what is known here when nothing is missing."""

AGAIN_S = 1.0
"""Seconds between two questions, and between two answers: many doors that ask at once are told once."""

LogId = tuple[KioskId, Epoch]
Dated = tuple[datetime, Event]


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of another door, as this kiosk holds it."""

    kiosk: KioskId
    epoch: Epoch
    record: Record
    heard: Stamp
    """When, by this kiosk's clocks."""
    age_us: int
    """How old it was then."""
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
        if at.synced and heard.synced and abs(at.wall_us - aged_us) <= NEAR_US:
            return at
        return msgspec.structs.replace(heard, wall_us=aged_us)

    timed = [(when(event), event) for event in new]
    timed.sort(key=lambda pair: (pair[0].wall_us, pair[1].kiosk, pair[1].epoch, pair[1].record.seq))
    return tuple((at.at, event.record.event) for at, event in timed)


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
    kiosk: KioskId, spans: Sequence[Span], lately: Sequence[Lately], after: int, now: Stamp
) -> tuple[DoorEvents, ...]:
    """Return what to tell of this kiosk's log after a place, epoch by epoch.

    Args:
        kiosk: This one.
        spans: Of its log.
        lately: Every event after `after`, oldest first.
        after: A place.
        now: What the clocks say.
    """
    found: list[DoorEvents] = []
    for span in spans:
        if span.upto <= after:
            continue
        inside = [event for event in lately if max(after, span.after) < event.place <= span.upto]
        recent = [event for event in inside if now.wall_us - event.at.wall_us <= LATELY_US]
        begins = recent[0].place - 1 if recent else span.upto
        since = span.number(begins) if begins > max(after, span.after) else 0
        at = span.number(max(after, span.after, begins))
        for upto, events in _batches(span, recent, now):
            found.append(DoorEvents(kiosk, span.epoch, at, upto, events, since))
            at = upto
    return tuple(found)


def _batches(span: Span, recent: Sequence[Lately], now: Stamp) -> Iterator[tuple[int, tuple[DoorEvent, ...]]]:
    """Yield the events of each message, and the number up to which it tells everything."""
    batch: list[DoorEvent] = []
    size = 0
    for lately in recent:
        event = for_other_doors(lately.record.event)
        if event is None:
            continue
        raw = encode(msgspec.structs.replace(lately.record, event=event))
        if batch and (len(batch) == LARGEST_BATCH or size + len(raw) > LARGEST_BATCH_BYTES):
            yield span.number(lately.place) - 1, tuple(batch)
            batch, size = [], 0
        batch.append(DoorEvent(max(0, now.wall_us - lately.at.wall_us), msgspec.Raw(raw)))
        size += len(raw)
    yield span.number(span.upto), tuple(batch)


@dataclass(slots=True)
class Rounds:
    """What this kiosk says to the others, and when.  Lives as long as its uplink."""

    kiosk: KioskId
    told: int
    """The place up to which the others were told of this log."""
    back_to: int | None = None
    """A place from which somebody is to be told again."""
    ends: dict[LogId, int] = field(default_factory=dict)
    """How far each log reaches, as far as was said since the connect."""
    _say_s: float = 0.0
    """When to say what is known here."""
    _said_s: float | None = None
    _answered_s: float | None = None

    def connected(self, last: int, now_s: float) -> None:
        """Begin again: who lacks something says so once it has heard where this log ends."""
        self.told, self.back_to = last, None
        self.ends.clear()
        self._say_s, self._said_s, self._answered_s = now_s, None, None

    def due_s(self, now_s: float) -> float:
        """Return in how many seconds there is something to do; 0 for now."""
        waits = [self._say_s - now_s]
        if self.back_to is not None:
            waits.append(self._answer_s() - now_s)
        return max(0.0, min(waits))

    def says(self, now_s: float) -> bool:
        """Return whether what is known here is to be said now."""
        return now_s >= self._say_s

    def said(self, now_s: float) -> None:
        """Note that it was said."""
        self._said_s, self._say_s = now_s, now_s + SAY_S

    def tells_after(self, last: int, now_s: float) -> int | None:
        """Return the place after which to tell of this log, which ends at `last`; `None` for nothing."""
        after = self.told
        if self.back_to is not None and now_s >= self._answer_s():
            after = min(after, self.back_to)
        return after if after < last else None

    def has_told(self, after: int, upto: int, now_s: float) -> None:
        """Note what was told."""
        self.told = max(self.told, upto)
        if self.back_to is not None and after <= self.back_to:
            self.back_to, self._answered_s = None, now_s

    def missing(self, now_s: float) -> None:
        """Note that something told does not join on to what is known here: it is asked for."""
        soonest_s = now_s if self._said_s is None else self._said_s + AGAIN_S
        self._say_s = min(self._say_s, max(now_s, soonest_s))

    def heard(
        self,
        whose: KioskId,
        said: DoorsHeard,
        spans: Sequence[Span],
        known: Mapping[LogId, int],
        now_s: float,
    ) -> None:
        """Take what another kiosk says it knows.

        Args:
            whose: Which.
            said: Its word.
            spans: Of this kiosk's log.
            known: How far every other log is known here.
            now_s: Monotonic seconds.
        """
        stands = {(stand.kiosk, stand.epoch): stand.upto for stand in said.stands}
        for (kiosk, epoch), upto in stands.items():
            if kiosk == whose and upto > max(known.get((kiosk, epoch), 0), self.ends.get((kiosk, epoch), 0)):
                if len(self.ends) < MOST_STANDS:
                    self.ends[kiosk, epoch] = upto
                self.missing(now_s)
        for span in spans:
            end = span.number(span.upto)
            stand = stands.get((self.kiosk, span.epoch), 0)
            if stand == end or (stand > end and span is not spans[-1]):
                continue
            # Beyond our end: this file was restored from an old copy, and they have another life of it.
            place = span.after if stand > end else span.place(stand)
            self.back_to = place if self.back_to is None else min(self.back_to, place)

    def _answer_s(self) -> float:
        return 0.0 if self._answered_s is None else self._answered_s + AGAIN_S


def word_of(kiosk: KioskId, spans: Sequence[Span], known: Mapping[LogId, int]) -> DoorsHeard:
    """Return what to say of what is known here."""
    own = [DoorStand(kiosk, s.epoch, max(s.number(s.upto), known.get((kiosk, s.epoch), 0))) for s in spans]
    others = [DoorStand(whose, epoch, upto) for (whose, epoch), upto in known.items()]
    mine = {span.epoch for span in spans}
    others = [stand for stand in others if stand.kiosk != kiosk or stand.epoch not in mine]
    return DoorsHeard(tuple([*own[-MOST_STANDS // 2 :], *others][:MOST_STANDS]))
