"""From a host's second click to the screen at the door: a badge is revoked, a member is erased."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from foyer.members import import_members
from hardware.virtual.port import VirtualPn532
from kiosk.core.views import Greeting, Lobby, RefusedBadge, UnknownBadge
from tests.fakes.brokers import free_port
from tests.fakes.members import AMINA, CARDS, LEA, PAUL, write
from tests.fakes.programs import Hub, revision
from tests.fakes.witness import Witness, kiosk_on_screen
from tests.sync.dashboard.house import Answer, Browser


@dataclass
class Dashboard:
    """Where the dashboard of a running hub is, as a `Browser` asks it."""

    port: int
    codes: list[str]


@pytest.fixture
def small_hub(tmp_path: Path, nothing_is_left: None) -> Iterator[Hub]:
    """A running hub with its own broker and three members."""
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    assert not import_members(hub.settings, write(hub.folder)).problems
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def host(small_hub: Hub) -> Browser:
    """A browser in which the first host is logged in."""
    said = [json.loads(line) for line in small_hub.program.out.read_text().splitlines()]
    browser = Browser(Dashboard(small_hub.dashboard_port, [line["code"] for line in said if "code" in line]))
    assert browser.set_up().status == 303
    return browser


def change(host: Browser, name: str, what: str) -> Answer:
    """Find a member and press the second button of a change, as the page would."""
    page = host.post("/members", {"form_token": host.form_token("/members"), "typed": name})
    fields = {
        field: re.search(rf'name="{field}" value="([^"]*)"', page.text)[1]
        for field in ("member", "badge", "seen")
    }
    return host.post("/members", {**fields, "form_token": page.form_token, "change": what})


async def heard(witness: Witness, before: int) -> None:
    """Wait until the kiosk has stored a newer directory, and a moment for it to take it in."""
    async with asyncio.timeout(30):
        while await asyncio.to_thread(revision, witness.log) <= before:  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.01)


@pytest.mark.timeout(300)
async def test_a_badge_revoked_on_the_dashboard_is_asked_to_see_the_host_at_the_door(
    tmp_path: Path, small_hub: Hub, host: Browser, virtual: VirtualPn532
):
    async with kiosk_on_screen(
        tmp_path, virtual, broker_port=small_hub.broker_port, badge_key=small_hub.badge_key
    ) as witness:
        await witness.until(lambda: any(view.space_name == "Le Nook" for view, _ in witness.seen(Lobby)))
        assert (await witness.tap(virtual, CARDS[AMINA])).outcome == "Arrived"

        before = revision(witness.log)
        answer = await asyncio.to_thread(change, host, "lea", "revoked")
        assert "is revoked. At the door it now says: “Please see the host”." in answer.text
        await heard(witness, before)
        since = len(witness.painted)
        await witness.tap(virtual, CARDS[LEA])
        _, words = await witness.shows(RefusedBadge, since)
        assert "Please see the host" in words
        assert "Léa" not in words

        before = revision(witness.log)
        answer = await asyncio.to_thread(change, host, "paul", "erased")
        assert "Paul is erased" in answer.text
        await heard(witness, before)
        since = len(witness.painted)
        await witness.tap(virtual, CARDS[PAUL])
        await witness.shows(UnknownBadge, since)
        assert not witness.seen(Greeting, since)
