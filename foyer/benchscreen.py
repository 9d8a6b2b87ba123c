"""`foyer bench screen`: what the kiosk's screens cost beside the least that Textual can do, in one run.

Two programs draw in terminals of the same size and take turns, so that the ratios hold on a noisy machine
where times do not: the kiosk's screens alone (`foyer.benchui`), and an app of one label and one widget
(`bench/screen_floor.py`) that draws the same greeting with the same pens.  Times are from the word that
stands for a committed tap to bytes at the terminal.
"""

import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from foyer.benchterminal import Drawn, Terminal
from foyer.benchviews import LAST_WORDS
from foyer.errors import BenchError

FLOOR = Path(__file__).parent.parent / "bench" / "screen_floor.py"

LOBBY_WORDS = "Saturday 21 November"
"""What the lobby's picture holds."""

WARM = 5
"""Turns before anything counts: fonts and caches are filled."""

MINUTE_S = 60.0
"""The lobby is drawn anew so often, and otherwise rests."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    aim: float
    """At most this."""
    beside: str
    """What the value was made of."""

    @property
    def is_met(self) -> bool:
        """Whether it is no more than it should be."""
        return self.value <= self.aim


def bench(*, taps: int, idle_s: float, json_file: Path | None) -> None:
    """Measure, print the table, and write the figures.

    Raises:
        BenchError: A measured program did not start, or there is no checkout.
    """
    if not FLOOR.exists():
        raise BenchError(
            "the floor is measured from a checkout: bench/screen_floor.py is not part of the wheel"
        )
    figures = measured(taps=taps, idle_s=idle_s)
    for each in figures:
        mark = "met" if each.is_met else "MISSED"
        print(
            f"{each.name:<34} {each.value:>8.2f} {each.unit:<3} aim {each.aim:>5.1f}  {mark:<7} {each.beside}"
        )
    if json_file is not None:
        rows = [{**asdict(each), "met": each.is_met} for each in figures]
        json_file.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def measured(*, taps: int, idle_s: float) -> list[Figure]:
    """Return the table.

    Args:
        taps: How many of each are timed.
        idle_s: Seconds over which a lobby at rest is watched.

    Raises:
        BenchError: A measured program did not start, or ended.
    """
    with Terminal(["-m", "foyer.benchui"]) as kiosk, Terminal([str(FLOOR)]) as floor:
        kiosk.ready()
        floor.ready()
        for _ in range(WARM):
            _greet(floor)
            _greet(kiosk)
        labels, pills, drawn, greetings = [], [], [], []
        for _ in range(taps):
            labels.append(floor.press(b"u"))
            floor.rest()
            pills.append(kiosk.press(b"a"))
            kiosk.rest()
            drawn.append(_greet(floor))
            greetings.append(_greet(kiosk))
        cpu = _cpu_ms(floor, taps), _cpu_ms(kiosk, taps)
        idle, minute_ms = _idle(kiosk, idle_s)
        rss_mb = kiosk.rss_mb()
    label, pill = _median(labels, first=True), _median(pills, first=True)
    least, whole = _median(drawn), _median(greetings)
    last = statistics.quantiles([each.whole_ms for each in greetings], n=100, method="inclusive")[98]
    size = statistics.median(each.bytes for each in greetings) / 1_000
    return [
        Figure("acknowledged / a bare label", pill / label, "x", 2.0, f"{pill:.1f} ms, {label:.1f} ms"),
        Figure("greeted / a minimal app", whole / least, "x", 1.2, f"{whole:.1f} ms, {least:.1f} ms (p50)"),
        Figure("the same in processor time", cpu[1] / cpu[0], "x", 1.2, f"{cpu[1]:.1f} ms, {cpu[0]:.1f} ms"),
        Figure("greeted, p99 / p50", last / whole, "x", 3.0, f"{last:.1f} ms, collector running"),
        Figure("memory of the screens", rss_mb, "MB", 60.0, f"after {5 * taps} views"),
        Figure(
            "idle, clock running", idle, "%", 1.0, f"of a core; {minute_ms:.1f} ms a minute for the clock"
        ),
        Figure("written for a greeting", size, "kB", 30.0, "until the picture is whole"),
    ]


def _greet(screen: Terminal) -> Drawn:
    """From the lobby to a greeting, and back."""
    screen.press(b"l", until=LOBBY_WORDS)
    screen.rest()
    drawn = screen.press(b"g", until=LAST_WORDS)
    screen.rest()
    return drawn


def _cpu_ms(screen: Terminal, turns: int) -> float:
    """Processor time of going to a greeting and back, for one of the two views."""
    before_s = screen.cpu_s()
    for _ in range(turns):
        screen.press(b"l", until=LOBBY_WORDS)
        screen.press(b"g", until=LAST_WORDS)
    return (screen.cpu_s() - before_s) / turns / 2 * 1_000


def _idle(kiosk: Terminal, seconds: float) -> tuple[float, float]:
    """How much of a core the lobby takes, in percent; what a minute of its clock costs, in milliseconds."""
    kiosk.press(b"l", until=LOBBY_WORDS)
    kiosk.rest()
    before_s = kiosk.cpu_s()
    turns = 20
    for _ in range(turns):
        kiosk.press(b"l")
        kiosk.rest()
    minute_s = (kiosk.cpu_s() - before_s) / turns
    before_s, began_s = kiosk.cpu_s(), time.monotonic()
    time.sleep(seconds)
    still = (kiosk.cpu_s() - before_s) / (time.monotonic() - began_s)
    return (still + minute_s / MINUTE_S) * 100, minute_s * 1_000


def _median(drawn: Sequence[Drawn], *, first: bool = False) -> float:
    return statistics.median(each.first_ms if first else each.whole_ms for each in drawn)
