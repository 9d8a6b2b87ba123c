"""A kiosk that was never let in, by the settings that say where it asks."""

import asyncio
from pathlib import Path

import pytest

from community.ids import KioskId, SpaceId
from kiosk.bootstrap import Kiosk
from kiosk.core.pairing import Place
from kiosk.core.views import Typing
from kiosk.errors import EnrolmentError
from kiosk.pairing import Pairing
from kiosk.settings import KioskSettings, ReaderSettings
from plumbing.places import BrokerSettings, SpaceSettings
from tests.fakes.brokers import free_port
from tests.fakes.rooms import CATALOGUES
from tests.fakes.screens import FakeScreen

CODE = "7KQ2MXWD4FABCDEFGHJKMNPQRS"


def settings(folder: Path, hub: str) -> KioskSettings:
    return KioskSettings(
        id=KioskId("front-door"),
        space=SpaceSettings(id=SpaceId("nook")),
        data_folder=str(folder),
        badge_key_file=str(folder / "badge.key"),
        reader=ReaderSettings("none"),
        broker=BrokerSettings(port=free_port()),
        hub=hub,
    )


async def test_without_a_screen_it_says_so_and_makes_no_key_of_its_own(tmp_path: Path):
    kiosk = Kiosk(settings(tmp_path, "https://hub.local"))
    with pytest.raises(EnrolmentError, match="has no screen to type a code on"):
        await kiosk.run_headless(asyncio.Event())
    assert not (tmp_path / "badge.key").exists()


async def test_without_that_setting_nothing_is_asked(tmp_path: Path):
    kiosk, stop = Kiosk(settings(tmp_path, "")), asyncio.Event()
    stop.set()
    await kiosk.run_headless(stop)
    assert (tmp_path / "badge.key").exists()


async def test_a_hub_that_does_not_answer_is_said_and_the_code_can_be_given_again(tmp_path: Path):
    screen = FakeScreen()
    pairing = Pairing(
        f"https://127.0.0.1:{free_port()}",
        tmp_path,
        lambda: Place("front-door", ()),
        (CATALOGUES["en"], CATALOGUES["fr"]),
        clock_is_right=lambda: True,
    )
    task = asyncio.create_task(pairing.run(screen))
    try:
        for key in (*CODE, "enter", "enter", "x"):
            pairing.press(key)
        views = await screen.views.until(lambda seen: isinstance(seen[-1], Typing) and seen[-1].wrong)
        assert "No hub answers" in views[-1].line
        assert views[-1].typed.replace("-", "") == CODE
        before = len(views)
        pairing.press("enter")
        again = await screen.views.until(lambda seen: len(seen) >= before + 2 and seen[-1].wrong)
        assert any("One moment" in view.line for view in again[before:])
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert not (tmp_path / "enrolment.json").exists()
