"""A screen that only remembers, for tests of what is shown and when."""

from collections.abc import Callable
from typing import TypeVar

from kiosk.core.views import View
from tests.fakes.waiting import Seen

V = TypeVar("V")


class FakeScreen:
    """Takes views as the real screen does; `views` can be waited on."""

    def __init__(self, on_show: Callable[[View], None] = lambda _view: None) -> None:
        self.views: Seen[View] = Seen()
        self._on_show = on_show

    def show(self, view: View) -> None:
        self._on_show(view)
        self.views.add(view)

    @property
    def last(self) -> View:
        return self.views.all[-1]

    def kinds(self) -> list[str]:
        """The names of all views shown, in order."""
        return [type(view).__name__ for view in self.views.all]

    async def shows(self, kind: type[V], count: int = 1) -> V:
        """Wait until a view of this kind was shown `count` times; return the last of them."""
        await self.views.until(lambda all_: sum(isinstance(view, kind) for view in all_) >= count)
        return [view for view in self.views.all if isinstance(view, kind)][-1]
