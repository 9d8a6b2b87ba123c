"""What of the log is to be sent next, and what the hub's cursors say about it.

Pure: it is told the time and the log's ends, and answers with what to publish.  All places are those
of the kiosk's file (`kiosk.core.lineage`).

Nothing is sent after a connect before the hub has said where it stands: a file that was restored from
an old copy would send other events under numbers the hub has given away, and what lies beyond the hub's
would be stored twice, under its old number and its new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from community.wire.messages import Cursor
from kiosk.core.lineage import Search, Span

WINDOW = 4_000
"""Events sent but not acknowledged, at most: bounds what a resend repeats."""

RESEND_S = 3.0
"""Seconds without progress after which everything from the cursor on is sent again."""

RESEND_LAST_S = 24.0
"""It doubles up to this while nothing is answered at all: the hub is away, and says so when it is back."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the hub where it stands, with a batch that holds nothing."""

    span: Span
    number: int
    """The number whose content to tell; 0 for that of its cursor."""


@dataclass(frozen=True, slots=True)
class Run:
    """Send events after `after`, none beyond `upto`: they are one epoch's."""

    span: Span
    after: int
    upto: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Events after this number of the present epoch need a new one: begin it, then say `forked`."""

    number: int


@dataclass(slots=True)
class Courier:
    """One kiosk's sending.  Lives as long as its uplink; `spans` and `acknowledged` begin as the log's."""

    spans: Sequence[Span]
    """As the log has them; set it again whenever the log has grown or begun an epoch."""
    acknowledged: int
    """The hub has every event up to this place."""
    oldest: int = 1
    """The place of the oldest event that is kept."""
    sent: int = 0
    """Everything up to this place was handed to the line."""
    went_back: bool = False
    """Whether the last cursor took something back."""
    _believed: bool = False
    """Whether the hub has said since the connect that it has the same log."""
    _asked_s: float | None = None
    _progress_s: float = 0.0
    _patience_s: float = field(default_factory=lambda: RESEND_S)
    _search: Search | None = None

    @property
    def last(self) -> int:
        """The place of the newest event."""
        return self.spans[-1].upto

    @property
    def searching(self) -> bool:
        """Whether it is being found out where this log and the hub's part."""
        return self._search is not None

    def connected(self, now_s: float) -> None:
        """Begin again: what was in flight may be lost, and the hub may be another one."""
        self._believed, self._search = False, None
        self.begin_again(now_s)

    def begin_again(self, now_s: float) -> None:
        """Send everything that is not acknowledged once more, or ask again: the hub is there."""
        self._asked_s = None
        self.sent = self.acknowledged
        self._progress_s, self._patience_s = now_s, RESEND_S

    def due_s(self, now_s: float) -> float | None:
        """Return in how many seconds `overdue` has something to do; `None` if nothing is awaited."""
        waits = []
        if self._asked_s is not None:
            waits.append(self._asked_s + RESEND_S - now_s)
        if self.sent > self.acknowledged:
            waits.append(self._progress_s + self._patience_s - now_s)
        return max(0.0, min(waits)) if waits else None

    def overdue(self, now_s: float) -> bool:
        """Give up waiting for what stayed away; return whether everything is to be sent again."""
        if self._asked_s is not None and now_s - self._asked_s >= RESEND_S:
            self._asked_s = None
        if self.sent > self.acknowledged and now_s - self._progress_s >= self._patience_s:
            self.sent = self.acknowledged
            self._progress_s = now_s
            self._patience_s = min(2 * self._patience_s, max(RESEND_S, RESEND_LAST_S))
            return True
        return False

    def next(self) -> Ask | Run | None:
        """Return what to publish now; `None` if there is nothing, or the answer must come first."""
        here = self.spans[-1]
        if self._search is not None or not self._believed:
            number = 0 if self._search is None else self._search.asks
            return None if self._asked_s is not None else Ask(here, number)
        if self.sent >= self.last or self.sent - self.acknowledged >= WINDOW:
            return None
        span = next(span for span in self.spans if span.upto > self.sent)
        return Run(span, max(self.sent, span.after), span.upto)

    def asked(self, now_s: float) -> None:
        """Note that a question was published."""
        self._asked_s = now_s

    def published(self, upto: int, now_s: float) -> None:
        """Note that everything up to a place was published."""
        if self.sent == self.acknowledged:
            self._progress_s = now_s
        self.sent = upto

    def heard(self, cursor: Cursor, mine: str, now_s: float) -> Fork | None:
        """Take the hub's cursor.

        Args:
            cursor: Of any epoch.
            mine: The content hash of our own event at `cursor.at` of the present epoch; empty if it is
                not kept or the cursor is another epoch's.
            now_s: Monotonic seconds.

        Returns:
            Where a new epoch must begin, if one must.
        """
        self.went_back = False
        here = self.spans[-1]
        if cursor.epoch != here.epoch:
            self._former(cursor, now_s)
            return None
        if self._search is not None:
            return self._found(cursor, mine, now_s)
        other = cursor.at == cursor.upto and bool(cursor.content and mine) and cursor.content != mine
        if cursor.upto > here.number(here.upto) or other:
            self._begin_search(here, cursor)
            return None
        self._take(here.place(cursor.upto), cursor, now_s)
        return None

    def forked(self, now_s: float) -> None:
        """Go on under the new epoch: the log has begun it, and `spans` is what it is now.

        The hub has what is before it, unless an earlier epoch is still being sent again.
        """
        begins = self.spans[-1].after
        ended = self.spans[-2] if len(self.spans) > 1 else None
        if ended is None or self.acknowledged >= ended.after:
            self.acknowledged = begins
        self.connected(now_s)

    def _take(self, place: int, cursor: Cursor, now_s: float) -> None:
        self._believed, self._asked_s = True, None
        if self.acknowledged < self.spans[-1].after:
            return  # an earlier epoch is being sent again: one thing after the other
        self._move(place, cursor, now_s)

    def _former(self, cursor: Cursor, now_s: float) -> None:
        span = next((span for span in self.spans[:-1] if span.epoch == cursor.epoch), None)
        if span is None:
            return
        place = span.place(cursor.upto)
        goes_back = place < min(self.acknowledged, span.upto) and span.upto >= self.oldest
        if goes_back or span.after <= self.acknowledged < span.upto:
            self._move(place, cursor, now_s)

    def _move(self, place: int, cursor: Cursor, now_s: float) -> None:
        if place < self.acknowledged:
            self.went_back = True
        if place < self.acknowledged or cursor.again:
            self.sent = place
        if place != self.acknowledged:
            self._progress_s, self._patience_s = now_s, RESEND_S
        self.acknowledged = place
        self.sent = max(self.sent, place)

    def _begin_search(self, here: Span, cursor: Cursor) -> None:
        low = max(0, here.number(self.oldest) - 1)
        end = here.number(here.upto)
        high = min(cursor.upto, end)
        self._search, self._asked_s = Search(min(low, high), high), None

    def _found(self, cursor: Cursor, mine: str, now_s: float) -> Fork | None:
        """Take an answer while it is being searched where the two logs part."""
        search, here = self._search, self.spans[-1]
        if search is None or (cursor.at != search.asks and search.asks > 0):
            return None
        if cursor.upto < search.asks:  # it stands where our log reaches: is it ours up to there?
            self._search, self._asked_s = None, None
            if cursor.upto > search.low:
                self._search = Search(search.low, cursor.upto)
            else:
                self._take(here.place(cursor.upto), cursor, now_s)
            return None
        # What the hub does not have before its cursor is a gap: it says nothing against it.
        missing = not cursor.content or not mine
        same = missing or search.asks == 0 or cursor.content == mine
        left = search.told(same=same)
        if left.found is None:
            self._search, self._asked_s = left, None
            return None
        self._search, self._asked_s = None, None
        if search.whole and same and cursor.upto <= here.number(here.upto):
            self._take(here.place(cursor.upto), cursor, now_s)  # it was a mistake, or somebody lied
            return None
        return Fork(left.found)
