"""The reader's cable is pulled and put back: the screen says so, and then badges work again."""

from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from kiosk.core.views import Lobby, TroubleScreen
from tests.fakes.brokers import free_port
from tests.fakes.members import STRANGE
from tests.fakes.programs import kiosk_rows
from tests.fakes.witness import kiosk_on_screen

pytestmark = [pytest.mark.faults]


async def test_a_reader_pulled_and_plugged_in_again_is_said_and_then_reads(
    tmp_path: Path, virtual: VirtualPn532
):
    async with kiosk_on_screen(
        tmp_path, virtual, broker_port=free_port(), badge_key=tmp_path / "badge.key"
    ) as witness:
        await witness.ready()
        virtual.unplug()
        _, words = await witness.shows(TroubleScreen)
        assert "lecteur" in words
        assert "reader" in words
        seen = len(witness.painted)
        virtual.plug()
        await witness.shows(Lobby, since=seen)
        trace = await witness.tap(virtual, STRANGE)
    assert (trace.outcome, trace.seqs) == ("Unknown", (1,))
    assert len(kiosk_rows(tmp_path / "kiosk.db")) == 1


async def test_a_kiosk_started_without_its_reader_says_so_and_reads_once_it_is_there(
    tmp_path: Path, virtual: VirtualPn532
):
    virtual.unplug()
    async with kiosk_on_screen(
        tmp_path, virtual, broker_port=free_port(), badge_key=tmp_path / "badge.key"
    ) as witness:
        await witness.shows(TroubleScreen)
        virtual.plug()
        await witness.ready()
        trace = await witness.tap(virtual, STRANGE)
    assert trace.outcome == "Unknown"
