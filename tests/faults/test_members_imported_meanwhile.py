"""Members imported from the command line while the hub runs: the kiosk learns of them by itself."""

from pathlib import Path

import pytest

from foyer.members import import_members
from hardware.virtual.port import VirtualPn532
from kiosk import uplink
from kiosk.core.views import Greeting
from tests.fakes.brokers import free_port
from tests.fakes.members import AMINA, CARDS, write
from tests.fakes.programs import Hub
from tests.fakes.witness import kiosk_on_screen

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


async def test_a_member_imported_while_the_hub_runs_is_greeted_without_anybody_starting_anything_again(
    tmp_path: Path, virtual: VirtualPn532, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uplink, "STATUS_S", 0.5)
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    hub.start()
    try:
        async with kiosk_on_screen(
            tmp_path, virtual, broker_port=hub.broker_port, badge_key=hub.badge_key
        ) as witness:
            await witness.ready()
            assert (await witness.tap(virtual, CARDS[AMINA])).outcome == "Unknown"
            assert not import_members(hub.settings, write(hub.folder)).problems
            while (await witness.tap(virtual, CARDS[AMINA])).outcome != "Arrived":
                pass
            view, _ = await witness.shows(Greeting)
            assert view.headline == "Bonjour Amina"
    finally:
        hub.stop()
