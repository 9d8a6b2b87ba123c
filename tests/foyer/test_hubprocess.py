"""The demo's hub: what it says while it runs, and that it ends with whoever waits for it."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from foyer.hubprocess import HubProcess
from tests.fakes.programs import wait_until
from tests.sync.dashboard.house import PASSWORD, Browser

LIMIT_S = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "hub.toml"
    file.write_text(
        f'database = "sqlite:///{tmp_path}/hub.db"\nbadge_key_file = "{tmp_path}/badge.key"\n'
        '[space]\nid = "nook"\n[broker]\nembedded = true\nport = 0\n[dashboard]\nport = 0\n'
    )
    return file


def guess_until(heard: list[str], port: int) -> None:
    """Type wrong codes, as patiently as the dashboard asks, until there is a new one."""
    browser = Browser(SimpleNamespace(port=port))
    until = time.monotonic() + LIMIT_S
    while not heard:
        assert time.monotonic() < until, "no new code came"
        token = browser.form_token("/welcome")
        fields = {"form_token": token, "code": "WRONG", "login": "x", "password": PASSWORD, "again": PASSWORD}
        browser.post("/welcome", fields)
        time.sleep(0.1)


async def test_a_code_that_wrong_tries_wore_out_is_followed_by_the_new_one(settings: Path):
    heard: list[str] = []
    hub = HubProcess(settings, on_code=heard.append)
    running = await hub.start()
    try:
        await asyncio.to_thread(guess_until, heard, running.dashboard_port)
    finally:
        await hub.stop()
    assert heard != [running.code]
    assert len(heard) == 1


async def test_a_code_that_was_used_is_told_to_be_gone(settings: Path):
    heard: list[str] = []
    hub = HubProcess(settings, on_code=heard.append)
    running = await hub.start()

    def use() -> None:
        browser = Browser(SimpleNamespace(port=running.dashboard_port))
        fields = {"code": running.code, "login": "camille", "password": PASSWORD, "again": PASSWORD}
        browser.post("/welcome", {"form_token": browser.form_token("/welcome"), **fields})
        wait_until(lambda: heard, "the word that it was used")

    try:
        await asyncio.to_thread(use)
    finally:
        await hub.stop()
    assert heard == [""]


async def test_a_hub_whose_end_nobody_waits_for_any_longer_is_killed(settings: Path):
    hub = HubProcess(settings)
    await hub.start()
    process = psutil.Process(hub.pid)
    process.suspend()  # it cannot end by itself
    stopping = asyncio.create_task(hub.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    await asyncio.to_thread(
        wait_until, lambda: not process.is_running() or process.status() == "zombie", "its end"
    )
    await hub.kill()
