"""A thin line at the foot of the screen that shortens until the view goes away."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from typing_extensions import override

from kiosk.ui import palette
from kiosk.ui.look import USUAL, Motion

SHORTEST_STEP_S = 0.25
"""4 Hz: finer steps cost a Pi more than they show."""


class Countdown(Widget):
    """One row.  Counts only while started: a screen at rest has no timer."""

    can_focus = False
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.look = USUAL
        """Whose colours it has, and whether it moves at all."""
        self._timer: Timer | None = None
        self._left_s = 0.0
        self._whole_s = 0.0
        self._ground = palette.INK

    def start(self, seconds: float | None, ground: str) -> None:
        """Show a full line that runs out in so many seconds; `None`, and a still screen, show none."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._ground = ground
        still = self.look.motion is Motion.NONE
        self._whole_s = self._left_s = 0.0 if still else seconds or 0.0
        self.display = self._whole_s > 0
        if self._whole_s > 0:
            # Not more often than the line gets a cell shorter.
            step_s = max(SHORTEST_STEP_S, self._whole_s / max(1, self.app.size.width))
            self._timer = self.set_interval(step_s, lambda: self._step(step_s))
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.size.width
        share = self._left_s / self._whole_s if self._whole_s else 0.0
        left = round(width * share)
        ink, ground = self.look.theme.pair(palette.ORANGE, self._ground, shape=True)
        return Strip(
            [
                Segment("▁" * left, Style(color=ink, bgcolor=ground)),
                Segment(" " * (width - left), Style(bgcolor=ground)),
            ],
            width,
        )

    def _step(self, step_s: float) -> None:
        self._left_s = max(0.0, self._left_s - step_s)
        if not self._left_s and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.refresh()
