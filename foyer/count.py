"""`foyer demo --headless`: tap by itself, and count what really happened.

Every figure is counted from where it happened: the kiosk's log, the hub's database, the
dashboard's own answer over HTTP, and the words on the rendered screen.
"""

import asyncio
import logging
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from community.desk_rules import Rules
from community.events import CheckedIn
from community.ids import Epoch, MemberId
from foyer.demo import STRANGER
from foyer.house import House
from foyer.village.life import Act, Life, Move
from hardware.virtual.cards import Card, Ntag213, Phone
from kiosk.bootstrap import USUAL_SIZE, Kiosk
from kiosk.core.inbox import Trace
from kiosk.core.views import Greeting, Lobby, View
from kiosk.observers import Observers
from kiosk.telling import SAME_TAP
from plumbing import logs

log = logging.getLogger(__name__)

TAP_S = 20.0
"""Seconds after which a tap that led to nothing counts as lost and the run as failed."""

SETTLE_S = 60.0
"""Seconds the hub may take to have everything at the end."""

LOOK_AGAIN_S = 0.05

CROWD = 8
"""People who are in when the run begins."""


@dataclass(slots=True)
class Screen:
    """What was seen on the rendered screen."""

    greetings: int = 0
    at_rest: bool = False
    painted: asyncio.Event = field(default_factory=asyncio.Event)
    painted_s: float = 0.0
    traces: list[Trace] = field(default_factory=list)
    traced: asyncio.Event = field(default_factory=asyncio.Event)

    def paint(self, view: View, words: Sequence[str]) -> None:
        """Note a painted view; an arrival's greeting counts when its headline can be read."""
        arrived = bool(self.traces) and self.traces[-1].outcome == "Arrived"
        if arrived and isinstance(view, Greeting) and view.headline in " ".join(words):
            self.greetings += 1
        self.at_rest = isinstance(view, Lobby)
        if not self.at_rest:
            self.painted_s = time.monotonic()
            self.painted.set()

    def trace(self, trace: Trace) -> None:
        """Note what a tap led to."""
        self.traces.append(trace)
        self.traced.set()


async def count(folder: Path, *, taps: int, seed: int, port: int) -> dict[str, object]:
    """Run the demo's parts without a terminal and return the counts.

    Args:
        folder: Where everything is written; the caller removes it.
        taps: Presentations of a badge, 1 or more.
        seed: Of the village.
        port: Of the dashboard; 0 takes a free one.

    Raises:
        HubStartError: The hub did not start.
        TimeoutError: A tap led to nothing, or the hub never had everything.
    """
    house = House(folder, seed, dashboard_port=port, crowd=CROWD)
    logs.to_file(house.folder / "kiosk.log", logging.WARNING)
    screen = Screen()
    async with house:
        kiosk = await house.kiosk(Observers(trace=screen.trace, painted=screen.paint))
        before = kiosk.log.last
        stop = asyncio.Event()
        figures: dict[str, object] = {}
        async with asyncio.TaskGroup() as group:
            group.create_task(kiosk.run_on_screen(stop, without_terminal=USUAL_SIZE), name="kiosk")
            took_ms = await _tap_all(house, screen, taps, house.inside(kiosk))
            figures = await _settled(house, kiosk, screen, before)
            stop.set()
    painted_ms = [each for each in took_ms if each is not None]
    return {"taps": len(took_ms), **figures, "tap_to_screen_ms": _percentiles(painted_ms)}


async def _tap_all(house: House, screen: Screen, taps: int, present: set[MemberId]) -> list[float | None]:
    """Tap `taps` times; return how long each took from the card in the field to the paint, in ms."""
    await _until(lambda: screen.at_rest)
    hands = _Hands(house, taps)
    took_ms: list[float | None] = []
    while hands.left:
        for card, wait_s in hands.next(present):
            await asyncio.sleep(wait_s)
            took_ms.append(await _tap(house, screen, card))
        for trace in screen.traces:
            if trace.member is not None and trace.outcome == "Left":
                present.discard(trace.member)
            elif trace.member is not None:
                present.add(trace.member)
        screen.traces.clear()
    return took_ms


async def _tap(house: House, screen: Screen, card: Card) -> float | None:
    """Hold one card to the reader; return how long the paint took, `None` for a repeat, which may not."""
    screen.painted.clear()
    screen.traced.clear()
    began_s = time.monotonic()
    house.door.present(card)
    async with asyncio.timeout(TAP_S):
        await screen.traced.wait()
        repeated = screen.traces[-1].outcome == SAME_TAP
        if not repeated:
            await screen.painted.wait()
    took_ms = None if repeated else (screen.painted_s - began_s) * 1_000
    house.door.lift()
    await asyncio.sleep(GONE_S)
    return took_ms


GONE_S = 0.25
"""Seconds between two cards, so that the reader sees the first one go."""


class _Hands:
    """Turns the village's moves into cards held to the reader, one presentation a tap."""

    def __init__(self, house: House, taps: int) -> None:
        self.left = taps
        self._house = house
        self._life = Life(house.people, house.chance, crowd=30)
        self._quiet_s: dict[MemberId, float] = {}

    def next(self, present: set[MemberId]) -> list[tuple[Card, float]]:
        """Return the next cards, each with the seconds to wait before it; never more than are left."""
        cards = self._cards(self._life.next(present))[: self.left]
        self.left -= len(cards)
        return cards

    def _cards(self, move: Move) -> list[tuple[Card, float]]:
        door = self._house.door
        match move:
            case Move(act=Act.UNKNOWN):
                return [(Ntag213(STRANGER), 0.0)]
            case Move(act=Act.PHONE):
                return [(Phone(), 0.0)]
            case Move(act=Act.LEAVE, people=(member,)):
                answer_s = Rules().answer_s + 0.1
                return [(door.card(member), 0.0), (door.card(member), answer_s)]
            case Move(people=people):
                return [(door.card(member), 0.0) for member in people]


async def _settled(house: House, kiosk: Kiosk, screen: Screen, before: int) -> dict[str, object]:
    """Return the figures of a moment at which the hub had everything and the kiosk wrote nothing.

    What a tap sets off (an introduction shown, a plan) may be written a moment after its view.
    """
    last = -1
    figures: dict[str, object] = {}
    while last != kiosk.log.last:
        last = kiosk.log.last
        await _until(partial(_at_hub, house, kiosk.log.epoch, last))
        figures = await asyncio.to_thread(_figures, house, kiosk, screen, before)
    return figures


def _at_hub(house: House, epoch: Epoch, seq: int) -> bool:
    with closing(sqlite3.connect(f"file:{house.hub_database}?mode=ro", uri=True)) as hub:
        found = hub.execute("SELECT 1 FROM events WHERE epoch = ? AND seq = ?", (epoch, seq)).fetchone()
    return found is not None


def _figures(house: House, kiosk: Kiosk, screen: Screen, before: int) -> dict[str, object]:
    records = kiosk.log.since(0)
    at_kiosk = {record.seq for record in records}
    with closing(sqlite3.connect(f"file:{house.hub_database}?mode=ro", uri=True)) as hub:
        rows = hub.execute("SELECT epoch, seq FROM events").fetchall()
        quarantined = hub.execute("SELECT count(*) FROM quarantine").fetchone()[0]
    at_hub = [seq for epoch, seq in rows if epoch == kiosk.log.epoch]
    dashboard = house.present()
    return {
        "arrivals": sum(r.seq > before and isinstance(r.event, CheckedIn) for r in records),
        "greetings": screen.greetings,
        "events_at_kiosk": len(at_kiosk),
        "events_at_hub": len(rows),
        "lost": len(at_kiosk - set(at_hub)),
        "doubled": len(rows) - len(at_kiosk & set(at_hub)),
        "quarantined": quarantined,
        "present_at_kiosk": len(house.inside(kiosk)),
        "present_on_dashboard": dashboard.count,
    }


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    if len(values) == 1:
        return dict.fromkeys(("p50", "p95", "p99"), round(values[0], 1))
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(SETTLE_S):
        while not done():  # noqa: ASYNC110 - what is waited for is counted in several places
            await asyncio.sleep(LOOK_AGAIN_S)
