"""What the doors of a space say to each other, and when.

Pure.  Each door tells the others the events of its own log that concern them, as they are written.  Now
and then each says how far it has heard every door, and how far there is something to hear of itself: who
has heard less asks in the same way, and is told from there.  Nothing depends on a message arriving, or on
arriving once or in order.  How far is remembered for one run of the program only: what is told again is known
by its content, and no number outlives a file that was restored from an old copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from community.ids import Epoch, KioskId
from community.wire.messages import MOST_STANDS, DoorEvents, DoorsHeard, DoorStand
from kiosk.core.lineage import Span

SAY_S = 60.0
"""Seconds between two words about what is known here when nothing is missing."""

AGAIN_S = 1.0
"""Seconds between two questions, and between two answers: many doors that ask at once are told once."""


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
