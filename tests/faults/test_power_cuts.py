"""The power is cut while events are written: what was said to be committed is there, byte for byte.

The disk is `tests.fakes.power`: what was not synced is dropped, kept at random or torn, by seed.  A few
cuts in the suite; `make chaos SECONDS=…` keeps it going.
"""

import itertools
import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from tests.fakes.brokers import running_mosquitto
from tests.fakes.counting import LONGEST_S, share_s
from tests.fakes.power import Change, File, Loss, Power, powered
from tests.fakes.programs import Count, count, is_whole, log_end, wait_until
from tests.fakes.scribe import Scribe
from tests.fakes.stage import stage

pytestmark = pytest.mark.faults

KIOSK_CUTS, HUB_CUTS = 6, 3
"""In the suite; each kind of loss the same number of times."""

KIOSK_SHARE, HUB_SHARE = 0.2, 0.12
"""Of a long run."""

HEAL_S = 90.0
"""The limit for healing."""

FEW, MANY = (1, 60), (400, 500)
"""Commits before a cut: after about 410 SQLite carries its write-ahead log over into the file."""


def commits(chance: random.Random) -> int:
    """How many commits to wait for before the next cut."""
    return chance.randint(*(MANY if chance.random() < 0.3 else FEW))


@pytest.fixture
def power(tmp_path: Path) -> Iterator[Power]:
    with powered(tmp_path / "disk") as made:
        yield made


def cuts(power: Power, at_least: int, share: float) -> Iterator[tuple[Loss, random.Random]]:
    """How each cut ends, in turn, and chance for whatever else it needs."""
    until_s = time.monotonic() + share_s(share, 0)
    chance = random.Random(2)  # noqa: S311 - a test that can be run again
    for loss in itertools.cycle(Loss):
        if power.cuts >= at_least and time.monotonic() >= until_s:
            return
        yield loss, chance


@pytest.mark.chaos
@pytest.mark.timeout(LONGEST_S)
def test_what_a_kiosk_said_was_committed_survives_every_power_cut(
    tmp_path: Path, virtual: VirtualPn532, power: Power, counts: list[str], total: list[Count]
):
    healed_s = []
    with running_mosquitto(tmp_path) as broker, stage(tmp_path, virtual, broker.port) as door:
        door.hub.start()
        scribe = Scribe(power.folder / "kiosk", "scribe", broker.port, every_ms=1, said=tmp_path)
        try:
            for loss, chance in cuts(power, KIOSK_CUTS, KIOSK_SHARE):
                ends, began_s = log_end(scribe.file), time.monotonic()
                scribe.start()
                scribe.writes(commits(chance))
                if power.cuts:
                    wait_until(lambda e=ends: door.hub.rows.have(e), "the hub to have everything", HEAL_S)
                    healed_s.append(time.monotonic() - began_s)
                power.cut(loss, seed=power.cuts)
                scribe.kill()
                power.restore()
                with closing(open_database(scribe.file)) as database:
                    assert Log(database).count() == Log(database).last, "the log has gaps"
                assert is_whole(scribe.file)
                assert scribe.missing() == [], f"committed, and lost in cut {power.cuts} ({loss})"
            scribe.start(writing=False)
            wait_until(lambda: door.hub.rows.have(log_end(scribe.file)), "the hub to have everything", HEAL_S)
            counted = count(scribe.rows(), door.hub.rows) + Count(
                0, 0, 0, 0, 0, cuts=power.cuts, healed_s=tuple(healed_s)
            )
        finally:
            scribe.kill()
    assert counted.is_whole(), counted
    total.append(counted)
    counts.append(f"a kiosk's power is cut: {counted}; {len(scribe.committed())} were said to be committed")


@pytest.mark.chaos
@pytest.mark.timeout(LONGEST_S)
def test_a_hub_on_sqlite_has_after_every_power_cut_what_it_acknowledged(
    tmp_path: Path, virtual: VirtualPn532, power: Power, counts: list[str], total: list[Count]
):
    file = power.folder / "hub.db"
    healed_s = []
    with (
        running_mosquitto(tmp_path) as broker,
        stage(tmp_path, virtual, broker.port, database=f"sqlite:///{file}") as door,
    ):
        scribe = Scribe(tmp_path / "scribe", "scribe", broker.port, every_ms=5)
        try:
            scribe.start()
            scribe.writes()
            for loss, chance in cuts(power, HUB_CUTS, HUB_SHARE):
                ends, began_s = log_end(scribe.file), time.monotonic()
                door.hub.start()
                wait_until(lambda e=ends: door.hub.rows.have(e), "the hub to have everything", HEAL_S)
                if power.cuts:
                    healed_s.append(time.monotonic() - began_s)
                scribe.writes(chance.randint(1, 60))
                power.cut(loss, seed=power.cuts)
                door.hub.kill()
                power.restore()
                assert is_whole(file)
            door.hub.start()
            scribe.kill()
            scribe.start(writing=False)
            wait_until(lambda: door.hub.rows.have(log_end(scribe.file)), "the hub to have everything", HEAL_S)
            counted = count(scribe.rows(), door.hub.rows) + Count(
                0, 0, 0, 0, 0, cuts=power.cuts, healed_s=tuple(healed_s)
            )
        finally:
            scribe.kill()
    assert scribe.err.read_text().count("the hub went back") == 0, "the hub had acknowledged what it lost"
    assert counted.is_whole(), counted
    total.append(counted)
    counts.append(f"a hub's power is cut: {counted}")


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_log_that_syncs_less_than_ours_is_seen_to_lose_what_it_said(
    tmp_path: Path, power: Power, synchronous: str
):
    scribe = Scribe(power.folder, "scribe", None, synchronous=synchronous, said=tmp_path)
    try:
        scribe.start()
        scribe.writes(5)
        power.cut(Loss.DROP, seed=0)
    finally:
        scribe.kill()
    power.restore()
    assert scribe.missing()


def test_a_write_is_safe_once_it_is_synced_and_torn_at_sectors_if_not():
    file = File()
    file.change(Change(0, b"a" * 1_000))
    file.sync()
    file.change(Change(500, b"b" * 1_000))
    assert [(piece.offset, len(piece.data)) for piece in file.unsynced[0].sectors()] == [
        (500, 12),
        (512, 512),
        (1_024, 476),
    ]
    seen = set()
    for seed in range(64):
        torn = File(bytearray(file.now), bytearray(file.safe), list(file.unsynced))
        torn.cut(Loss.TEAR, random.Random(seed))  # noqa: S311 - a test that can be run again
        seen.add(bytes(torn.now))
        assert torn.now[:500] == b"a" * 500
    assert len(seen) == 8  # each of three sectors, there or gone
    file.cut(Loss.DROP, random.Random(0))  # noqa: S311 - a test that can be run again
    assert file.now == b"a" * 1_000
