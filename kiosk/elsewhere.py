"""Tell the other doors of the space what happens here, and hear from them what happens there.

A shell on the uplink's line; `kiosk.core.rounds` decides what to say when.  The doors speak to each other
through the broker, whether or not the hub is there; the hub passes on what nobody on the line knows.  Nothing
heard here is ever sent to the hub as this kiosk's own.
"""

import logging
import secrets
from collections.abc import Callable, Sequence

import msgspec

from community.ids import Epoch, KioskId
from community.wire.codec import Unreadable, decode
from community.wire.messages import DoorEvents, DoorsHeard
from community.wire.topics import Word
from kiosk.core.elsewhere import Heard, tellings
from kiosk.core.rounds import Rounds
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from plumbing.clock import Clock

log = logging.getLogger(__name__)

MOST_COMPLAINTS = 100
"""Complaints remembered so that their repeats are said more quietly."""

COUNT_BYTES = 8
"""64 random bits: no two runs of a program share the name of their count by chance."""

Publish = Callable[[Word, msgspec.Struct], bool]
"""Say something on one of this kiosk's topics; `False` if the line is down."""


class Elsewhere:
    """This kiosk's part in the conversation of the doors.  On the event loop; the uplink calls it."""

    def __init__(
        self,
        kiosk: KioskId,
        *,
        events: Log,
        store: ElsewhereStore,
        clock: Clock,
        on_heard: Callable[[Sequence[Heard]], None],
    ) -> None:
        """Prepare it.

        Args:
            kiosk: This one's name.
            events: Its log.
            store: What is held of the other doors.
            clock: The machine's clocks.
            on_heard: Gets what is new, once it is stored.
        """
        self._kiosk = kiosk
        self._events, self._store, self._clock = events, store, clock
        self._on_heard = on_heard
        self._rounds = Rounds(kiosk, Epoch(secrets.token_hex(COUNT_BYTES)), events.last)
        self._complained: set[tuple[KioskId, str]] = set()

    def connected(self) -> None:
        """The line is up: say what is known, and hear what is not."""
        self._rounds.connected(self._events.last, self._clock.now_s())

    def ask(self) -> None:
        """Say soon what is known here: the hub has come back, and may know more."""
        self._rounds.missing(self._clock.now_s())

    def due_s(self) -> float:
        """Return in how many seconds `speak` has something to do."""
        return self._rounds.due_s(self._clock.now_s())

    async def speak(self, publish: Publish) -> None:
        """Say what is due; only while the line is up.

        Raises:
            DatabaseError: The log cannot be read.
        """
        now_s, last = self._clock.now_s(), self._events.last
        after = self._rounds.tells_after(last, now_s)
        if after is not None:
            now = self._clock.stamp()
            lately = await self._events.lately(after, now)
            last = max(last, lately[-1].place) if lately else last
            rounds = self._rounds
            for telling in tellings(self._kiosk, rounds.count, lately, after, last, now, rounds.begins):
                if not publish(Word.TOLD, telling):
                    return
                self._rounds.begins = max(self._rounds.begins, telling.since)
            self._rounds.has_told(after, last, now_s)
        if self._rounds.says(now_s) and publish(Word.HEARD, self._rounds.word(self._events.spans)):
            self._rounds.said(now_s)

    async def hear(self, whose: KioskId, word: Word, payload: bytes) -> None:
        """Take what another door says, or what the hub passes on to this one.

        Args:
            whose: From the topic: the broker lets nobody speak on another's.
            word: `TOLD`, `HEARD` or `PASSED`.
            payload: As it came.

        Raises:
            DatabaseError: It could not be stored; it is asked for again.
        """
        passed = word is Word.PASSED
        if passed is not (whose == self._kiosk):
            return  # our own word comes back to us, and what is passed on to others is not ours to hear
        said = decode(payload, DoorsHeard) if word is Word.HEARD else decode(payload, DoorEvents)
        if isinstance(said, Unreadable):
            self._complain(whose, f"says what cannot be read: {said.reason}")
        elif isinstance(said, DoorsHeard):
            self._rounds.heard(whose, said, self._events.last, self._clock.now_s())
        elif not passed and said.kiosk != whose:
            self._complain(whose, "speaks for another door: it is not believed")
        else:
            await self._take(said, passed=passed)

    async def forget_erased(self) -> None:
        """Forget whom the feed calls erased, at the other doors too."""
        await self._store.forget_erased()

    async def let_go(self) -> None:
        """Forget what is too old to matter; only with a synchronised clock."""
        gone = await self._store.let_go(self._clock.stamp())
        if gone:
            log.info("%s events of other doors are of another day: they are forgotten", gone)

    async def _take(self, said: DoorEvents, *, passed: bool) -> None:
        new = await self._store.take(said, self._clock.stamp())
        if new is None:
            self._complain(said.kiosk, "says more than there is room for: it is left to the hub")
            return
        if passed:
            self._rounds.takes_passed(said, self._events.spans, self._clock.now_s())
        else:
            self._rounds.takes(said, self._clock.now_s())
        if new:
            self._on_heard(new)

    def _complain(self, whose: KioskId, what: str) -> None:
        known = (whose, what) in self._complained
        if len(self._complained) < MOST_COMPLAINTS:
            self._complained.add((whose, what))
        log.log(logging.DEBUG if known else logging.WARNING, "kiosk %s %s", whose, what)
