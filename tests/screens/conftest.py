"""An app without a terminal, and samples, for every test of the screens."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.pilot import Pilot

from kiosk.core.views import View
from kiosk.ui.app import KioskApp
from tests.fakes.counting import counts, pytest_terminal_summary

__all__ = ["counts", "pytest_terminal_summary"]

# The samples are a module beside the tests; importlib mode does not put their folder on the path.
sys.path.insert(0, str(Path(__file__).parent))


@dataclass
class Stage:
    """A running app and what it has sent up."""

    app: KioskApp
    pilot: Pilot[None]
    keys: list[str] = field(default_factory=list)
    painted: list[View] = field(default_factory=list)

    async def show(self, view: View) -> None:
        """Put a view on the screen and wait until it is painted."""
        self.app.show(view)
        await self.pilot.pause()

    def words(self) -> str:
        """Everything legible on the screen, with single spaces."""
        return " ".join(" ".join(self.app.kiosk_screen.words()).split())

    def rows(self) -> list[str]:
        """The screen as the terminal gets it, a string a row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]


Open = Callable[[tuple[int, int]], AbstractAsyncContextManager[Stage]]


@pytest.fixture
def stage() -> Open:
    """Give the way to open a stage of some columns and rows."""

    @asynccontextmanager
    async def open_stage(size: tuple[int, int]) -> AsyncIterator[Stage]:
        keys: list[str] = []
        painted: list[View] = []
        app = KioskApp(on_key=keys.append, on_painted=painted.append)
        async with app.run_test(size=size) as pilot:
            yield Stage(app, pilot, keys, painted)

    return open_stage
