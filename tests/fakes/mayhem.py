"""Programs that are killed at random, by seed, while events are written: what is lost, and how fast it heals.

A `Mayhem` is a `Stage` (a kiosk with a reader, a hub) with scribes beside it, and whatever else can
be killed.  After most blows it waits until the hub has everything written before the restart; after
the others the next blow falls while it heals.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from statistics import median

from tests.fakes.programs import Count, count, log_end, wait_until
from tests.fakes.scribe import Scribe
from tests.fakes.stage import Stage

HEAL_S = 90.0
"""The limit for healing: it says that something hangs, never how long healing may take."""

TWO_AT_ONCE = 0.3
"""How often two are killed at once."""

IMPATIENT = 0.3
"""How often the next blow falls before the last has healed."""


@dataclass(frozen=True, slots=True)
class Victim:
    """What can be killed and started again."""

    name: str
    kill: Callable[[], None]
    start: Callable[[], None]
    """Need not wait until it is of any use."""


@dataclass
class Mayhem:
    """A door, scribes, and those who are killed; all of it runs when `rage` begins."""

    door: Stage
    scribes: list[Scribe]
    seed: int
    others: list[Victim] = field(default_factory=list)
    """Killed too, besides the kiosk, the scribes and the hub."""
    kills: dict[str, int] = field(default_factory=dict)
    healed_s: dict[str, list[float]] = field(default_factory=dict)
    """By who was killed; several under all their names."""
    _ill: set[str] = field(default_factory=set)
    """Killed, and not yet known to have healed."""

    def rage(self, seconds: float) -> Count:
        """Kill for so long, everybody at least once; let it heal, and count.

        What was said to be committed, or shown, is checked against the logs.
        """
        chance = random.Random(self.seed)  # noqa: S311 - a test that can be run again
        victims = self._victims()
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s or len(self.kills) < len(victims):
            self.door.hold()
            _pause(chance.uniform(0.05, 0.6))
            spared = [victim for victim in victims if victim.name not in self.kills]
            first = chance.choice(spared or victims)
            chosen = [first]
            if chance.random() < TWO_AT_ONCE:
                chosen.append(chance.choice([victim for victim in victims if victim is not first]))
            self._strike(chosen, chance)
            self.door.lift_blindly()
        return self._end()

    def by_victim(self) -> str:
        """How often each was killed, and how fast it healed when it was alone."""
        said = []
        for name, times in self.kills.items():
            alone = self.healed_s.get(name)
            healed = f", {median(alone):.1f} s p50, {max(alone):.1f} s at most" if alone else ""
            said.append(f"{name} {times}{healed}")
        return "; ".join(said)

    def ends(self) -> dict[str, int]:
        """Up to where every log reaches now, by epoch."""
        files = [self.door.kiosk.file, *(scribe.file for scribe in self.scribes)]
        return {epoch: end for file in files for epoch, end in log_end(file).items()}

    def heals(self, ends: dict[str, int], why: str) -> None:
        """Wait until the hub has everything up to `ends`."""
        wait_until(lambda: self.door.hub.rows.have(ends), f"the hub to have everything after {why}", HEAL_S)

    def _victims(self) -> list[Victim]:
        return [
            Victim("hub", self.door.hub.kill, self.door.hub.start),
            Victim("kiosk", self.door.kiosk.kill, self.door.kiosk.start),
            *(Victim(scribe.kiosk, scribe.kill, scribe.start) for scribe in self.scribes),
            *self.others,
        ]

    def _strike(self, chosen: list[Victim], chance: random.Random) -> None:
        for victim in chosen:
            victim.kill()
            self._ill.add(victim.name)
            self.kills[victim.name] = self.kills.get(victim.name, 0) + 1
        _pause(chance.choice([0.0, chance.uniform(0, 0.5)]))
        ends, began_s = self.ends(), time.monotonic()
        for victim in sorted(chosen, key=lambda victim: victim.name == "hub"):  # it wants its broker
            victim.start()
        if chance.random() >= IMPATIENT:
            who = " and ".join(sorted(self._ill))
            self.heals(ends, who)
            self._ill.clear()
            self.healed_s.setdefault(who, []).append(time.monotonic() - began_s)

    def _end(self) -> Count:
        for scribe in self.scribes:
            scribe.kill()
            scribe.start(writing=False)
        self.heals(self.ends(), "everything")
        log = self.door.kiosk.rows()
        for scribe in self.scribes:
            assert scribe.missing() == [], f"{scribe.kiosk}: committed, and not in the log"
            rows = scribe.rows()
            assert sorted(seq for _, seq in rows) == list(range(1, len(rows) + 1)), "the log has gaps"
            log |= rows
        self.door.nothing_was_shown_that_is_not_so()
        counted = count(log, self.door.hub.rows, sum(self.kills.values()))
        return counted + Count(0, 0, 0, 0, 0, healed_s=tuple(chain.from_iterable(self.healed_s.values())))


@contextmanager
def mayhem(door: Stage, seed: int, others: list[Victim], number: int = 2) -> Iterator[Mayhem]:
    """A door that runs, with so many scribes that write."""
    folder = door.kiosk.folder.parent
    names = [f"scribe-{n}" for n in range(1, number + 1)]
    made = Mayhem(door, [Scribe(folder / name, name, door.hub.broker_port) for name in names], seed, others)
    door.hub.start()
    door.start_kiosk()
    door.waits_for_members()
    try:
        for scribe in made.scribes:
            scribe.start()
        for scribe in made.scribes:
            scribe.writes()
        yield made
    finally:
        for scribe in made.scribes:
            scribe.kill()


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)
