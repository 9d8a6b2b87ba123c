"""Boards that show a view a page at a time, for whoever asked for large letters."""

from typing import TypeVar

from textual.timer import Timer
from typing_extensions import override

from kiosk.core.keys import TOUCH_KEY
from kiosk.ui.widgets.board import Board

V = TypeVar("V")

NEXT_KEY = "right"
"""Turns to the next page; so does a touch that touches nothing else."""

SHORTEST_PAGE_S = 5.0
"""A page stays at least so long, however many there are."""


class PagedBoard(Board[V]):
    """Turns its pages by itself, by key and by touch; after the last comes the first.

    Pages are the screen's own matter: what turns them tells the owner only that somebody is there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.page = 0
        """Which page is shown, from 0."""
        self._turning: Timer | None = None

    def pages(self, view: V) -> int:
        """How many pages there are, 1 or more; 1 where everything stands on one."""
        del view
        return 1

    @override
    def show(self, view: V) -> None:
        again = view == self._view
        super().show(view)
        pages = self.pages(view)
        self.page = self.page % pages if again else 0
        if pages > 1:
            whole_s = getattr(view, "shown_for_s", None) or SHORTEST_PAGE_S * pages
            self._turning = self.set_interval(max(SHORTEST_PAGE_S, whole_s / pages), self.turn)

    def turn(self) -> bool:
        """Show the next page.

        Returns:
            Whether there is one.
        """
        view = self.view
        if view is None or self.pages(view) == 1:
            return False
        self.page = (self.page + 1) % self.pages(view)
        self._canvas = None
        self.refresh()
        return True

    @override
    def rest(self) -> None:
        super().rest()
        if self._turning is not None:
            self._turning.stop()
            self._turning = None

    @override
    def touched(self, key: str | None) -> str:
        if key in {None, NEXT_KEY}:
            self.turn()
            return TOUCH_KEY
        return super().touched(key)
