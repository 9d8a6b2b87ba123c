"""Notices as a running part of the hub: looks what has become true, and sends what waits.

A shell: it waits, reads and writes.  What is to be told is in the database before anybody tries to send it,
so a hub that was killed goes on; a service that hangs holds up nobody but those whom it would have told.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta

from sqlalchemy import Connection

from community.clock import us_of
from community.members import Space
from plumbing.ballast import used_percent
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import SOURCE
from sync.live import Live, Woken
from sync.notices.apart import send_apart
from sync.notices.asked import Batch, Told
from sync.notices.kinds import Kind, lasts, wait_after
from sync.notices.letters import KINDS, Held, Ready, finish, letters
from sync.notices.texts import Texts
from sync.notices.watch import (
    Seen,
    changed_troubles,
    due_both_in,
    due_changes,
    due_guests,
    put_both_in,
    put_changes,
    put_guests,
    put_troubles,
)
from sync.patience import Patience
from sync.presence import Presence
from sync.store import notice_outbox as outbox
from sync.store.notice_outbox import Waiting
from sync.store.tries import Outcome

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""Seconds between two looks though nothing was said: a kiosk that is silent says nothing."""

GAP_S = 1.0
"""Seconds between two looks at least: a rush of taps is one look."""

MOST_IN_A_BATCH = 8
"""Notices sent by one process at once."""

MOST_LOOKED_AT = 200
"""Rows of the outbox looked at for those that can be sent."""

MOST_PROCESSES = 3
"""Processes that send at the same time: one that waits for a service that hangs leaves two."""

FOR_GOOD = frozenset({Outcome.ADDRESS, Outcome.INWARD})
"""What another try does not change."""

Send = Callable[[Batch], AsyncGenerator[Told, None]]
Target = tuple[int | None, str | None]


class Notices:
    """One space's notices.  Everything on the event loop; `run` as a task until cancelled."""

    def __init__(
        self,
        space: Space,
        *,
        database: Database,
        presence: Presence,
        live: Live,
        clock: Clock,
        send: Send = send_apart,
    ) -> None:
        """Prepare; nothing is looked at before `run`.

        Args:
            space: What it is called, and its languages.
            database: Where everything is.
            presence: Who is in; only asked.
            live: Rung at each change.
            clock: The machine's clocks.
            send: Sends, and says what came of it.
        """
        self._database, self._presence, self._live, self._clock = database, presence, live, clock
        self._send, self._texts = send, Texts(space.name)
        self._language = space.languages[0] if space.languages[0] in self._texts.spoken else SOURCE
        self._patience = Patience(
            log,
            "notices wait: %s",
            "notices go on",
            mistaken="what is to be told could not be worked out; it is tried again",
        )
        self._busy: set[Target] = set()
        """Who is being told something: what else there is for them waits."""
        self._sending: set[asyncio.Task[None]] = set()
        self._troubles_s: float | None = None

    async def run(self) -> None:
        """Look and send until cancelled or the hub stops."""
        try:
            with self._live.subscribe() as changes:
                while True:
                    await self._patience.until_done(self.look)
                    await self._patience.until_done(self.send_due)
                    await asyncio.sleep(GAP_S)
                    if await changes.wait(LOOK_S) is Woken.ENDED:
                        return
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def look(self) -> int:
        """Put what has become true into the outbox, and return how much that is.

        Raises:
            DatabaseError: Nothing was put there; it is as true the next time.
        """
        visits, now_s = self._visits(), self._clock.now_s()
        now_and_then = self._troubles_s is None or not 0 <= now_s - self._troubles_s < LOOK_S
        file = self._database.file
        hub_disk = used_percent(file.parent) if now_and_then and file is not None else 0

        def news(connection: Connection) -> bool:
            return bool(
                due_both_in(connection, visits)
                or due_guests(connection, visits.at)
                or (now_and_then and any(changed_troubles(connection, visits.at, hub_disk)))
                or (now_and_then and due_changes(connection, visits))
            )

        # Nearly every look finds nothing: it must cost little, and a writing transaction makes taps wait.
        count = 0
        if await self._database.read(news):
            seen = self._seen()

            def work(connection: Connection) -> int:
                found = put_both_in(connection, seen) + put_guests(connection, seen.at)
                if now_and_then:
                    found += put_troubles(connection, seen.at, hub_disk) + put_changes(connection, seen)
                return found

            count = await self._database.write(work)
        if now_and_then:
            self._troubles_s = now_s
        return count

    async def send_due(self) -> None:
        """Begin to send what is due; returns before it is sent.

        Raises:
            DatabaseError: Nothing more was begun.
        """
        while len(self._sending) < MOST_PROCESSES:
            found = await self._due(self._clock.now_us())
            if not found:
                return
            for each in found:
                if isinstance(each, Held):
                    await self._came(each.row, each.outcome)
            for outward in (False, True):
                batch = [each for each in found if isinstance(each, Ready) and each.outward is outward]
                if batch:
                    self._begin(batch, outward=outward)

    async def sent(self) -> None:
        """Wait until nothing is being sent."""
        while self._sending:
            await asyncio.gather(*self._sending)

    async def _due(self, now_us: int) -> tuple[Ready | Held, ...]:
        """Return what can be begun now: of each who is to be told the first, of a batch's length at most."""
        rows = await self._database.read(lambda c: outbox.due(c, now_us, MOST_LOOKED_AT))
        first = self._first_for_each(rows)[:MOST_IN_A_BATCH]
        if not first:
            return ()
        seen = self._seen()
        return await self._database.read(lambda c: letters(c, first, seen, self._texts, self._language))

    def _visits(self) -> Seen:
        """Return who is in, without what happened today, which takes longer to say."""
        at = self._clock.at()
        return Seen(at, self._presence.hours, self._presence.present(at))

    def _seen(self) -> Seen:
        at = self._clock.at()
        return Seen(at, self._presence.hours, self._presence.present(at), self._presence.today(at))

    def _first_for_each(self, rows: tuple[Waiting, ...]) -> list[Waiting]:
        """Return the first row for each who is to be told, and is not being told something already."""
        first: dict[Target, Waiting] = {}
        for row in rows:
            target = _target(row)
            if target not in self._busy:
                first.setdefault(target, row)
        return list(first.values())

    def _begin(self, batch: list[Ready], *, outward: bool) -> None:
        self._busy |= {_target(each.row) for each in batch}
        task = asyncio.create_task(self._send_batch(batch, outward=outward), name="notices-sending")
        self._sending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("notices could not be sent; they are tried again", exc_info=error)
        self._live.changed()  # what waits may be sent now, and pages show how it went

    async def _send_batch(self, batch: list[Ready], *, outward: bool) -> None:
        waiting = {each.row.id: each.row for each in batch}
        try:
            answers = self._send(Batch(tuple(each.message for each in batch), outward))
            async with contextlib.aclosing(answers):
                async for told in answers:
                    if told.id in waiting:
                        await self._came(waiting.pop(told.id), told.outcome)
            for row in list(waiting.values()):
                await self._came(waiting.pop(row.id), Outcome.SLOW)
        finally:
            self._busy -= {_target(row) for row in waiting.values()}

    async def _came(self, row: Waiting, outcome: Outcome) -> None:
        """Note what came of one try; what cannot be noted is tried again."""
        at, kind = self._clock.at(), KINDS.get(row.kind, Kind.TEST)
        at_us, next_us = us_of(at), us_of(at + wait_after(row.tries + 1))
        over = next_us > row.made_us + lasts(kind) // timedelta(microseconds=1)

        def work(connection: Connection) -> None:
            if over or outcome in {Outcome.SENT, Outcome.UNTRUE, *FOR_GOOD}:
                finish(connection, row, outcome, at_us)
            else:
                outbox.again(connection, row.id, outcome, next_us)

        await self._patience.until_done(lambda: self._database.write(work))
        self._busy.discard(_target(row))
        if outcome not in {Outcome.SENT, Outcome.UNTRUE}:
            log.log(
                logging.WARNING if over or outcome in FOR_GOOD else logging.DEBUG,
                "a notice (%s) was not sent (%s)%s",
                kind.value,
                outcome.value,
                ": it is given up" if over or outcome in FOR_GOOD else "; it is tried again",
            )


def _target(row: Waiting) -> Target:
    return row.channel_id, row.member_id
