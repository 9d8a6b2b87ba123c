"""What is on the screen, in time: shows a view, and brings the lobby back when its time is over.

A shell: it waits and decides nothing.  Lives as long as the kiosk, on its event loop.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from kiosk.core.troubles import Fault
from kiosk.core.views import Farewell, HoldStill, HostPage, Lobby, MetNotice, RandomBadge, TroubleScreen, View

MINUTE_S = 60.0


class Screen(Protocol):
    """Whatever can draw a view."""

    def show(self, view: View) -> None:
        """Draw `view`; called on the event loop."""


class Scene:
    """The one view on the screen, and the timer that ends it."""

    def __init__(
        self,
        screen: Screen,
        *,
        lobby: Callable[[], Lobby],
        trouble: Callable[[Fault], TroubleScreen],
        cleared: Callable[[], None],
        seconds_of_minute: Callable[[], float],
        minute_over: Callable[[], None] = lambda: None,
    ) -> None:
        """Args are asked when needed: the lobby as it is now, a fault's screen, the wall clock's seconds.

        `cleared` is called when a view's time was over and the screen went back to rest, `minute_over`
        at every minute.
        """
        self._screen = screen
        self._lobby = lobby
        self._trouble = trouble
        self._cleared = cleared
        self._seconds_of_minute = seconds_of_minute
        self._on_minute = minute_over
        self._fault: Fault | None = None
        self._view: View | None = None
        self._end: asyncio.TimerHandle | None = None
        self._minute: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Show the lobby, and again at every minute."""
        self.rest()
        self._next_minute()

    def stop(self) -> None:
        """Leave no timer behind."""
        for timer in (self._end, self._minute):
            if timer is not None:
                timer.cancel()

    @property
    def view(self) -> View | None:
        """What is on the screen; `None` before the first view."""
        return self._view

    @property
    def offers_typing(self) -> bool:
        """Whether the screen offers the way in without a badge."""
        return isinstance(self._view, Lobby | RandomBadge) and self._view.forgotten is not None

    def end(self) -> None:
        """End the view before its time: the screen goes back to rest."""
        self._over()

    def show(self, view: View) -> None:
        """Show a view now; it goes away by itself if it says so."""
        self._view = view
        self._screen.show(view)
        self._end_in(view.shown_for_s)

    def more_time(self) -> None:
        """Begin the view's time again: somebody is still reading.

        What can be undone for so long stays no longer than that.
        """
        if self._view is not None and not isinstance(self._view, Farewell | MetNotice):
            self._end_in(self._view.shown_for_s)

    def rest(self) -> None:
        """Show the lobby, or the trouble that keeps the kiosk from working."""
        self.show(self._lobby() if self._fault is None else self._trouble(self._fault))

    @property
    def is_at_rest(self) -> bool:
        """Whether nobody's card is shown."""
        return isinstance(self._view, Lobby | HoldStill)

    def refresh(self) -> None:
        """Draw the screen at rest anew; a card somebody is reading stays."""
        if isinstance(self._view, Lobby | TroubleScreen):
            self.rest()

    def fault(self, fault: Fault | None) -> None:
        """Note that taps cannot be recorded (or can again), and say so at once.

        A host's page stays until its time is over: a roll call is read in an alarm, when cables come loose.
        """
        if fault is self._fault:
            return
        self._fault = fault
        if isinstance(self._view, HostPage) and fault is not Fault.SHUT_OUT:
            return
        if fault is not None:
            self.rest()
        else:
            self.refresh()

    def _end_in(self, seconds: float | None) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if seconds is not None:
            self._end = asyncio.get_running_loop().call_later(seconds, self._over)

    def _over(self) -> None:
        self._end = None
        self._cleared()
        self.rest()

    def _next_minute(self) -> None:
        wait_s = MINUTE_S - self._seconds_of_minute() % MINUTE_S
        self._minute = asyncio.get_running_loop().call_later(wait_s, self._minute_over)

    def _minute_over(self) -> None:
        self._on_minute()
        self.refresh()
        self._next_minute()
