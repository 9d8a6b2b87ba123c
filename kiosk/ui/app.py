"""The kiosk's Textual app: shows the view it is given, and hands keys and touches up as plain strings.

It decides nothing and reads nothing.  Everything here runs on the app's event loop.
"""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from typing_extensions import override

from kiosk.core.aside import Aside
from kiosk.core.keys import TOUCH_KEY
from kiosk.core.views import Typing, View
from kiosk.ui import lettering
from kiosk.ui.hangup import HangupWatch
from kiosk.ui.keys import KeyGuard, TypingGuard
from kiosk.ui.look import USUAL, Look
from kiosk.ui.screen import KioskScreen
from kiosk.ui.widgets.board import Touched
from kiosk.ui.widgets.paged import NEXT_KEY, PagedBoard

log = logging.getLogger(__name__)

Key = str
"""A printable character ("1", "u"), a key's name ("enter"), or `views.TOUCH_KEY`."""


class KioskApp(App[None]):
    """The whole screen at the door.

    Args:
        on_key: Called with each key that a person pressed or touched.
        on_ready: Called once, when the first `show` is allowed.
        on_painted: Called with a view when it has been written to the terminal.
        look: Glyphs, theme, motion and distance; a terminal with 16 colours only gets a look of its own.
    """

    CSS_PATH = "kiosk.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ENABLE_SELECT_AUTO_SCROLL = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", show=False, priority=True),
        # Textual would explain how to quit; at a door nobody should be told, and the kiosk ignores this key.
        Binding("ctrl+c", "interrupted", show=False, priority=True),
    ]

    def __init__(
        self,
        on_key: Callable[[Key], None],
        on_ready: Callable[[], None] | None = None,
        on_painted: Callable[[View], None] | None = None,
        look: Look = USUAL,
    ) -> None:
        super().__init__()
        self._on_key_up = on_key
        self._on_ready_up = on_ready
        self._on_painted_up = on_painted
        self._look = look
        self._kiosk_screen = KioskScreen()
        self._guard = KeyGuard()
        self._typing_guard = TypingGuard()
        self._view: View | None = None
        self._hangup: HangupWatch | None = None
        self.failure: Exception | None = None
        """What the screen broke on, if it did: the app has then ended."""

    @property
    def view(self) -> View | None:
        """What is shown; `None` before the first `show`."""
        return self._view

    @property
    def kiosk_screen(self) -> KioskScreen:
        """The screen with all boards."""
        return self._kiosk_screen

    @override
    def get_default_screen(self) -> Screen[None]:
        return self._kiosk_screen

    def on_load(self) -> None:
        """Read the fonts before anything is shown."""
        lettering.warm_up(self._look.blocks)

    def on_mount(self) -> None:
        """Choose the look, now that there is a terminal to ask for its colours."""
        # Without one (tests, pictures) there is nothing to ask.
        self.look_is(self._look if self.is_headless else self._look.on(self.console.color_system))
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            self._hangup = HangupWatch(lambda: loop.call_soon_threadsafe(self.exit))
            self._hangup.start()

    def on_unmount(self) -> None:
        """Look after the terminal no longer."""
        if self._hangup is not None:
            self._hangup.stop()

    def look_is(self, look: Look) -> None:
        """Draw everything in another look from now on."""
        self._look = look
        # Textual would turn the 16 colours into others that it takes them for.
        self.ansi_color = look.theme.sixteen
        self._kiosk_screen.look_is(look)

    def on_ready(self) -> None:
        """Tell the owner that views may be shown."""
        if self._on_ready_up is not None:
            self._on_ready_up()

    def show(self, view: View) -> None:
        """Replace what is shown, at once.  Call it on the app's event loop, after `on_ready`."""
        if not isinstance(view, Typing):
            self._typing_guard.drop()
        self._view = view
        with self.batch_update():
            self._kiosk_screen.show(view)
        if self._on_painted_up is not None:
            self.call_after_refresh(self._on_painted_up, view)

    @override
    def _handle_exception(self, error: Exception) -> None:
        # Textual would print the failure with every local variable, and so with members' names, and
        # then end as if nothing had happened.  It has no public hook for this.
        if self.failure is None:
            self.failure = error
            log.error("the screen failed", exc_info=error)
        self.exit(return_code=1)

    def hint_is(self, text: str) -> None:
        """Show a line at the top of every view but the lobby, which has a place for it; empty for none."""
        self._kiosk_screen.hint_is(text)

    def aside_is(self, aside: Aside) -> None:
        """Draw a door's microcontroller beside the kiosk, where there is room for it."""
        self._kiosk_screen.aside_is(aside)

    def acknowledge(self, text: str) -> None:
        """Say one thing over what is shown ("Entrée notée"); the next view replaces it."""
        self._kiosk_screen.acknowledge(text)

    def on_key(self, event: events.Key) -> None:
        """Hold a key until it is known to be a person's, and not a reader typing a number."""
        event.stop()
        event.prevent_default()
        printable = event.character if event.is_printable else None
        guard = self._typing_guard if isinstance(self._view, Typing) else self._guard
        # when it was pressed, not when the loop came round to it: keys that had to wait are no burst
        guard.receive(printable or event.key, event.time)
        self.set_timer(guard.quiet_s, self._release_key)

    def on_touched(self, message: Touched) -> None:
        """A touch counts at once: no machine touches the screen."""
        self._on_key_up(message.key)

    def action_interrupted(self) -> None:
        """Hand Ctrl-C up like any key."""
        self._on_key_up("ctrl+c")

    def _release_key(self) -> None:
        now_s = monotonic()
        key = self._guard.tick(now_s)
        board = self._kiosk_screen.board
        if key == NEXT_KEY and isinstance(board, PagedBoard) and board.turn():
            key = TOUCH_KEY
        if key is not None:
            self._on_key_up(key)
        for typed in self._typing_guard.tick(now_s):
            self._on_key_up(typed)
