"""What happened at the other doors: what to ask for, what to tell, and when each thing happened.

Pure.  Each door tells the others the events of its own log that concern them, as they are written.  Now
and then each says how far it has heard every door, and how far there is something to hear of itself: who
has heard less asks in the same way, and is told from there.  Nothing depends on a message arriving, or on
arriving once or in order.  How far is remembered for one run of the program only: what is told again is known
by its content, and no number outlives a file that was restored from an old copy.
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


@dataclass(slots=True)
class Rounds:
    """What this kiosk says to the others, and when.  Lives as long as its program."""

    kiosk: KioskId
    count: Epoch
    """The name of this run of the program."""
    told: int
    """The place up to which the others were told of this log."""
    begins: int = 0
    """A place before which nothing is of the day."""
    back_to: int | None = None
    """A place from which somebody is to be told again."""
    heard_of: dict[KioskId, DoorStand] = field(default_factory=dict)
    """How far each other door was heard, in its latest count."""
    passed: dict[tuple[KioskId, Epoch], int] = field(default_factory=dict)
    """How far the hub has passed on each log, as it counts it."""
    _ends: dict[KioskId, DoorStand] = field(default_factory=dict)
    """How far each other door said that there is something to hear: it is asked for once."""
    _say_s: float = 0.0
    """When to say what is known here."""
    _said_s: float | None = None
    _answered_s: float | None = None

    def connected(self, last: int, now_s: float) -> None:
        """Begin again: who lacks something says so once it has heard where this log ends."""
        self.told, self.back_to = last, None
        self._ends.clear()
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

    def word(self, spans: Sequence[Span]) -> DoorsHeard:
        """Return what to say of what is known here; `spans` are this kiosk's log's."""
        own = DoorStand(self.kiosk, self.count, spans[-1].upto)
        passed = {(self.kiosk, span.epoch): span.number(span.upto) for span in spans}
        for log, upto in self.passed.items():
            passed[log] = max(upto, passed.get(log, 0))
        stands = [DoorStand(kiosk, epoch, upto) for (kiosk, epoch), upto in passed.items()]
        return DoorsHeard((own, *self.heard_of.values()), tuple(stands[-MOST_STANDS:]))

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
        """Ask soon: something told does not join on to what is known here, or the hub has come back."""
        soonest_s = now_s if self._said_s is None else self._said_s + AGAIN_S
        self._say_s = min(self._say_s, max(now_s, soonest_s))

    def takes(self, telling: DoorEvents, now_s: float) -> None:
        """Note how far another door's telling reaches, once its events are held; ask if there is a gap."""
        upto = self._known(telling)
        if telling.after > max(upto, telling.since):
            self.missing(now_s)
        elif telling.kiosk in self.heard_of or len(self.heard_of) < MOST_STANDS - 1:
            reached = DoorStand(telling.kiosk, telling.count, max(upto, telling.upto))
            self.heard_of[telling.kiosk] = reached

    def takes_passed(self, telling: DoorEvents, spans: Sequence[Span], now_s: float) -> None:
        """Note how far the hub has passed on a log, once its events are held; ask if there is a gap.

        Of this kiosk's own present epoch it is not noted: until it has begun another one, the same numbers
        may stand for other events here.
        """
        own = {span.epoch: span.number(span.upto) for span in spans} if telling.kiosk == self.kiosk else {}
        if telling.kiosk == self.kiosk and telling.count == spans[-1].epoch:
            return
        log = (telling.kiosk, telling.count)
        upto = max(self.passed.get(log, 0), own.get(telling.count, 0))
        if telling.after > max(upto, telling.since):
            self.missing(now_s)
        else:
            self.passed.pop(log, None)  # the latest stand last
            self.passed[log] = max(upto, telling.upto)

    def heard(self, whose: KioskId, said: DoorsHeard, last: int, now_s: float) -> None:
        """Take what another kiosk says it knows.

        Args:
            whose: Which.
            said: Its word.
            last: The place of the newest event here.
            now_s: Monotonic seconds.
        """
        stands = {stand.kiosk: stand for stand in said.told}
        theirs = stands.get(whose)
        if theirs is not None and theirs != self._ends.get(whose) and self._known(theirs) < theirs.upto:
            if whose in self._ends or len(self._ends) < MOST_STANDS:
                self._ends[whose] = theirs
            self.missing(now_s)
        mine = stands.get(self.kiosk)
        place = mine.upto if mine is not None and mine.count == self.count else 0
        place = max(place, self.begins)
        if place < last:
            self.back_to = place if self.back_to is None else min(self.back_to, place)

    def _known(self, what: DoorEvents | DoorStand) -> int:
        """Return how far a door was heard in the count that it speaks of."""
        known = self.heard_of.get(what.kiosk)
        return known.upto if known is not None and known.count == what.count else 0

    def _answer_s(self) -> float:
        return 0.0 if self._answered_s is None else self._answered_s + AGAIN_S
