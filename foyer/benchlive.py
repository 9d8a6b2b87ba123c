"""A real kiosk's log and uplink at a real hub: how fast a backlog goes, when a host's page shows a tap."""

import asyncio
import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager

import msgspec

from community.clock import Stamp
from community.events import CheckedIn, CheckedOut, Event
from community.ids import KioskId, MemberId
from foyer.benchhouse import SPACE, Place
from foyer.errors import BenchError
from foyer.fleet import FleetKiosk, kiosk_without_door, sending
from plumbing.clock import Clock
from plumbing.mqtt import Broker

LONGEST_S = 300.0
"""Seconds a backlog may take; far more than it should."""

YEAR_US = 365 * 86_400 * 1_000_000

SETTLE_S = 2.0
"""Seconds before the first tap, while pages open and the hub answers the kiosk's greeting."""

SEEN_S = 30.0
"""Seconds a tap may take to be seen at all."""


async def drain(where: Place, name: str, events: int) -> float:
    """Return the seconds from a kiosk's first word to the hub's cursor over all of a backlog."""
    here = Clock().stamp()
    backlog = [(_long_ago(here, n, events), CheckedIn(_member(n))) for n in range(events)]
    async with _kiosk(where, name) as one:
        await one.write(backlog)
        began_s = time.monotonic()
        try:
            async with sending([one]), asyncio.timeout(LONGEST_S):
                await one.told.wait()
                return time.monotonic() - began_s
        except TimeoutError as error:
            raise BenchError(f"a backlog of {events} was not sent in {LONGEST_S:.0f} s") from error


def _kiosk(where: Place, name: str) -> AbstractAsyncContextManager[FleetKiosk]:
    return kiosk_without_door(where.folder, Broker(port=where.broker_port), SPACE, KioskId(name))


async def tap_to_page(
    where: Place,
    dashboard_port: int,
    people: Sequence[MemberId],
    *,
    taps: int,
    per_second: float,
    viewers: int,
) -> list[float]:
    """Return the milliseconds from each tap, before its commit, to a host's open page that shows it.

    Args:
        where: The broker.
        dashboard_port: Of the hub.
        people: Who come and go in turn; more than pass within the time a tap takes.
        taps: How many.
        per_second: How many a second.
        viewers: Open pages; one of them is looked at.
    """
    page = Page(people)
    async with _kiosk(where, "live") as door, sending([door]):
        with ExitStack() as open_pages:
            for number in range(viewers):
                seen = page.shows if number == 0 else _nobody
                open_pages.enter_context(_open_page(dashboard_port, where.token, seen))
            await asyncio.sleep(SETTLE_S)
            clock, began_s = Clock(), time.monotonic()
            for number in range(taps):
                await asyncio.sleep(max(0.0, began_s + number / per_second - time.monotonic()))
                member = people[number % len(people)]
                comes = number // len(people) % 2 == 0
                event: Event = CheckedIn(member) if comes else CheckedOut(member)
                page.expect(number, member, comes=comes)
                await door.write([(msgspec.structs.replace(clock.stamp(), synced=True), event)])
            await asyncio.to_thread(page.saw_all.wait, SEEN_S)
    if page.awaited:
        raise BenchError(f"{len(page.awaited)} of {taps} taps were not seen on the page")
    return page.took_ms


class Page:
    """What the host looked at shows, and which taps it does not show yet.  Two threads use it."""

    def __init__(self, people: Sequence[MemberId]) -> None:
        self._ids = {member: f'id="m-{member}"' for member in people}
        self._lock = threading.Lock()
        self.awaited: dict[int, tuple[MemberId, bool, float]] = {}
        """By tap: who, whether they come, and when (monotonic seconds)."""
        self.took_ms: list[float] = []
        self.saw_all = threading.Event()

    def expect(self, tap: int, member: MemberId, *, comes: bool) -> None:
        """Note that a tap is about to be made."""
        now_s = time.monotonic()
        with self._lock:
            for earlier, (who, _, began_s) in list(self.awaited.items()):
                if who == member:  # nobody will tell the two apart: it took this long at least
                    del self.awaited[earlier]
                    self.took_ms.append((now_s - began_s) * 1_000)
            self.awaited[tap] = (member, comes, now_s)
            self.saw_all.clear()

    def shows(self, data: str) -> None:
        """Take the part of the page that says who is here."""
        now_s = time.monotonic()
        with self._lock:
            for tap, (member, comes, began_s) in list(self.awaited.items()):
                if (self._ids[member] in data) is comes:
                    del self.awaited[tap]
                    self.took_ms.append((now_s - began_s) * 1_000)
            if not self.awaited:
                self.saw_all.set()


def _nobody(_data: str) -> None:
    pass


@contextmanager
def _open_page(port: int, token: str, shows: Callable[[str], None]) -> Iterator[None]:
    """Keep a host's page open, as a browser does: each message's part about who is here goes to `shows`."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=SEEN_S)
    line.request("GET", "/live", headers={"Authorization": f"Bearer {token}", "Accept": "text/event-stream"})
    answer = line.getresponse()
    if answer.status != http.HTTPStatus.OK:
        raise BenchError(f"the dashboard answers {answer.status}")

    def read() -> None:
        lines: list[str] = []
        try:
            while raw := answer.readline():
                text = raw.decode()
                if text.startswith("data:"):
                    lines.append(text)
                elif not text.strip():
                    whole, lines = "".join(lines), []
                    if 'hx-target="#presence"' in whole:
                        shows(whole)
        except (OSError, ValueError, AttributeError):
            return  # the page was closed

    reader = threading.Thread(target=read, name="bench-page", daemon=True)
    reader.start()
    try:
        yield
    finally:
        if line.sock is not None:
            line.sock.shutdown(2)
        line.close()
        reader.join(SEEN_S)


def _member(number: int) -> MemberId:
    return MemberId(f"m{number * 7919 % 300:04d}")


def _long_ago(here: Stamp, number: int, count: int) -> Stamp:
    """Return a moment of the last year, evenly spread."""
    up_us = number * (YEAR_US // 2 // count)
    return msgspec.structs.replace(
        here, wall_us=here.wall_us - YEAR_US + up_us, boot="long-ago", up_us=up_us, synced=True
    )
