"""A blank chip becomes a badge and is believed at the door; its copies are not: the real programs."""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from community.proofs import Level
from foyer import badges
from foyer.members import import_members
from hardware.virtual.cards import IsoDepCard, Ntag213, SecureBadge
from hardware.virtual.ntag424 import Ntag424
from hardware.virtual.port import BRISK, VirtualPn532
from kiosk.core.views import Greeting, HoldStill, Lobby, RefusedBadge
from tests.fakes.brokers import free_port
from tests.fakes.members import LEA, write
from tests.fakes.programs import Hub
from tests.fakes.witness import Witness, kiosk_on_screen, lift

UID = bytes.fromhex("04A1B2C3D4E5F6")


@pytest.fixture
def small_hub(tmp_path: Path, nothing_is_left: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A running hub with its own broker, three members, and a secret for badges."""
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    monkeypatch.setenv("FOYER_HUB_BADGE_MASTERS_FILE", str(hub.folder / "badge-masters.keys"))
    assert not import_members(hub.settings, write(hub.folder)).problems
    badges.keys(hub.settings, another=True)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def desk(nothing_is_left: None) -> Iterator[VirtualPn532]:
    """A second reader, on the host's desk."""
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()


async def made_a_badge(hub: Hub, desk: VirtualPn532, chip: Ntag424, level: Level) -> None:
    """Program a chip while the hub runs."""
    desk.present(SecureBadge(chip))
    command = ["foyer", "badges", "provision", "--member", LEA, "--reader", f"pn532:{desk.path}"]
    more = ["--level", level.value, "--settings", str(hub.settings)]
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, *more, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await program.communicate()
    assert program.returncode == 0
    assert b"cannot be copied" in said or "copié".encode() in said
    desk.lift()


def on_the_hub(hub: Hub, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{hub.folder}/hub.db?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


async def until(true) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.02)


class Hasty(SecureBadge):
    """A badge whose owner takes it away after one command."""

    def __init__(self, chip: Ntag424, reader: VirtualPn532) -> None:
        super().__init__(chip)
        self._reader, self._heard = reader, 0

    def exchange(self, frame: bytes) -> bytes | None:
        self._heard += frame[:1] in {b"\x02", b"\x03"}
        return None if self._heard > 1 else super().exchange(frame)


@pytest.mark.timeout(480)
@pytest.mark.parametrize("level", [Level.SUN, Level.MUTUAL])
async def test_a_badge_from_the_host_s_desk_to_the_door_and_its_copies(
    tmp_path: Path, small_hub: Hub, virtual: VirtualPn532, desk: VirtualPn532, level: Level
):
    chip = Ntag424(UID)
    await made_a_badge(small_hub, desk, chip, level)
    async with kiosk_on_screen(
        tmp_path, virtual, broker_port=small_hub.broker_port, badge_key=small_hub.badge_key
    ) as witness:
        await witness.until(lambda: any(view.space_name == "Le Nook" for view, _ in witness.seen(Lobby)))
        await shows_after_lifting(witness, virtual, Hasty(chip, virtual))
        since = len(witness.painted)
        assert (await witness.tap(virtual, SecureBadge(chip))).outcome == "Arrived"
        await witness.shows(Greeting, since)

        for copy in (IsoDepCard(UID), SecureBadge(Ntag424(UID)), Ntag213(UID)):
            since = len(witness.painted)
            assert (await witness.tap(virtual, copy)).outcome == "NotProven"
            _, words = await witness.shows(RefusedBadge, since)
            assert "Please see the host" in words
            assert "Léa" not in words

        kinds = "SELECT kind, count(*) FROM events GROUP BY kind ORDER BY kind"
        proved = [("badge_proved", 1)] if level is Level.SUN else []
        wanted = [*proved, ("checked_in", 1), ("unproven_badge", 3)]
        await until(lambda: on_the_hub(small_hub, kinds) == wanted)
        (counted,) = on_the_hub(small_hub, "SELECT upto FROM badge_counters")
        assert counted == ((2,) if level is Level.SUN else (1,))


async def shows_after_lifting(witness: Witness, virtual: VirtualPn532, badge: SecureBadge) -> None:
    """Lay a badge on the reader that is taken away too soon: the screen says so, and nothing is noted."""
    taps, since = len(witness.traces), len(witness.painted)
    virtual.present(badge)
    _, words = await witness.shows(HoldStill, since)
    assert "Hold your badge still" in words
    await lift(virtual)
    assert len(witness.traces) == taps
