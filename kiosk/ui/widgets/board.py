"""What all boards share: a view drawn on a canvas when the view or the size changes, and never otherwise."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from typing_extensions import override

from kiosk.core.keys import TOUCH_KEY
from kiosk.ui import palette
from kiosk.ui.canvas import Canvas
from kiosk.ui.look import USUAL, Look, Motion

V = TypeVar("V")

STEP_S = 0.1
"""Seconds from one step of an entrance to the next: with three cards it is over after 0.3."""


@dataclass
class Touched(Message):
    """A place on the screen was touched; `key` is what the keyboard would have sent."""

    key: str


class Board(Widget, Generic[V]):
    """Draws one kind of view.  Lives as long as the screen; is hidden while another view is shown.

    It cannot take the focus, so no key can press anything on it.
    """

    can_focus = False
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.look = USUAL
        """How to draw; the screen sets it before anything is shown, and calls `look_is` when it changes."""
        self._view: V | None = None
        self._canvas: Canvas | None = None
        self._strips: dict[int, Strip] = {}
        """Rows of the canvas as they were asked for: one change on the screen asks for them several times."""
        self._coming: list[Region] = []
        """What of an entrance is not shown yet, in its order."""
        self._entrance: Timer | None = None

    def look_is(self, look: Look) -> None:
        """Draw in another look from now on."""
        self.look = look
        self._canvas = None
        self.refresh()

    @property
    def view(self) -> V | None:
        """What is shown, or was shown last."""
        return self._view

    def show(self, view: V) -> None:
        """Draw another view at the next refresh."""
        self.rest()
        self._view = view
        self._canvas = None
        self.refresh()

    def enter(self) -> None:
        """Let what the canvas has as steps come one after the other, where motion is wanted."""
        drawn = self.canvas() if self.look.motion is Motion.FULL else None
        if drawn is not None and drawn.steps:
            self._coming = list(drawn.steps)
            self._entrance = self.set_interval(STEP_S, self.next_step)

    def next_step(self) -> None:
        """Show the next part of an entrance."""
        if self._coming:
            self.refresh(self._coming.pop(0))
        if not self._coming:
            self.rest()

    def rest(self) -> None:
        """Stop whatever moves: another view is shown, or this one is whole."""
        self._coming = []
        if self._entrance is not None:
            self._entrance.stop()
            self._entrance = None

    @abstractmethod
    def draw(self, view: V, canvas: Canvas) -> None:
        """Draw the view on an empty canvas of the board's size."""

    def ground(self, view: V) -> str:
        """The colour of the empty canvas."""
        del view
        return palette.INK

    def canvas(self) -> Canvas | None:
        """The drawn canvas at the present size; `None` before the first view or the first size."""
        if self._view is None or not self.size.area:
            return None
        drawn = self._canvas
        if drawn is None or (drawn.width, drawn.height) != (self.size.width, self.size.height):
            drawn = Canvas(
                self.size.width,
                self.size.height,
                self.ground(self._view),
                self.look.blocks,
                self.look.theme,
            )
            self._coming = []  # of another size
            self.draw(self._view, drawn)
            self._canvas = drawn
            self._strips.clear()
        return drawn

    def repaint(self, region: Region, ground: str) -> None:
        """Change the ground of a region of what is drawn already, and redraw only that."""
        drawn = self._canvas
        if drawn is not None:
            drawn.shade(region, ground)
            self.redraw(region)

    def redraw(self, region: Region) -> None:
        """Show what has changed on the canvas in a region, and only that."""
        for y in range(region.y, region.bottom):
            self._strips.pop(y, None)
        self.refresh(region)

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows of the canvas, for Textual, without its box of borders and padding, which boards have not."""
        drawn = self.canvas()
        if drawn is None:
            return [Strip.blank(crop.width, self.rich_style)] * crop.height
        blank = Strip.blank(drawn.width, self.rich_style)
        strips = [self._strip(drawn, y) if y < drawn.height else blank for y in range(crop.y, crop.bottom)]
        for region in self._coming:
            strips = [
                drawn.without(strip, region) if region.y <= y < region.bottom else strip
                for y, strip in enumerate(strips, crop.y)
            ]
        if crop.x == 0 and crop.width == drawn.width:
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _strip(self, drawn: Canvas, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = drawn.strip(y)
        return strip

    def on_click(self, event: events.Click) -> None:
        """Send up the key of the place that was touched; any other place says "still here"."""
        event.stop()
        drawn = self.canvas()
        key = drawn.key_at(event.x, event.y) if drawn is not None else None
        self.post_message(Touched(self.touched(key)))

    def touched(self, key: str | None) -> str:
        """What a touch on a place of this key, or on none, tells the owner."""
        return key or TOUCH_KEY
