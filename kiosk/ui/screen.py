"""The one screen: all boards lie in it, and one of them is displayed."""

from typing import Any, TypeVar, assert_never

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from kiosk.core.aside import Aside
from kiosk.core.views import (
    Farewell,
    Greeting,
    GuestNotice,
    HoldStill,
    HostPage,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    Typing,
    UnknownBadge,
    View,
)
from kiosk.ui import palette
from kiosk.ui.look import USUAL, Look
from kiosk.ui.widgets import measures
from kiosk.ui.widgets.aside import LEAST_COLUMNS, LEAST_ROWS, AsideBoard
from kiosk.ui.widgets.board import Board
from kiosk.ui.widgets.countdown import Countdown
from kiosk.ui.widgets.greeting import GreetingBoard
from kiosk.ui.widgets.host_page import HostPageBoard
from kiosk.ui.widgets.keyboard import KeyboardBoard
from kiosk.ui.widgets.lobby import LobbyBoard
from kiosk.ui.widgets.notices import (
    FarewellBoard,
    GuestNoticeBoard,
    HoldStillBoard,
    MetBoard,
    RandomBadgeBoard,
    RefusedBadgeBoard,
    TroubleBoard,
    UnknownBadgeBoard,
)
from kiosk.ui.widgets.own_card import OwnCardBoard

V = TypeVar("V")

SHOWN = "-shown"
"""The style class of the one board that is displayed."""


class Pill(Static):
    """A word said at once, over whatever is shown: "noted"."""

    can_focus = False
    ALLOW_SELECT = False


class Hint(Static):
    """One quiet line at the top, in the row that tall screens leave empty: which keys there are."""

    can_focus = False
    ALLOW_SELECT = False


class KioskScreen(Screen[None]):
    """Holds every board.  Lives as long as the app; nothing is mounted or removed after the start."""

    AUTO_FOCUS = ""
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._look = USUAL
        self._lobby = LobbyBoard()
        self._greeting = GreetingBoard()
        self._own_card = OwnCardBoard()
        self._farewell = FarewellBoard()
        self._met = MetBoard()
        self._unknown = UnknownBadgeBoard()
        self._random = RandomBadgeBoard()
        self._refused = RefusedBadgeBoard()
        self._guest = GuestNoticeBoard()
        self._hold_still = HoldStillBoard()
        self._keyboard = KeyboardBoard()
        self._host_page = HostPageBoard()
        self._trouble = TroubleBoard()
        self._aside = AsideBoard()
        self._countdown = Countdown()
        self._pill = Pill(markup=False)
        self._hint = Hint(markup=False)
        self._hint_text = ""
        self._shown: Board[Any] | None = None  # a board of any view; only `show` below knows which

    @override
    def compose(self) -> ComposeResult:
        yield from (self._lobby, self._greeting, self._own_card, self._farewell, self._met)
        yield from (self._unknown, self._random, self._refused, self._hold_still, self._keyboard)
        yield from (self._guest, self._host_page, self._trouble, self._aside)
        yield self._countdown
        yield self._pill
        yield self._hint

    def on_mount(self) -> None:
        """Colour what the style sheet places."""
        self.look_is(self._look)

    def look_is(self, look: Look) -> None:
        """Draw everything in another look from now on."""
        self._look = look
        for board in self._boards:
            board.look_is(look)
        self._countdown.look = look
        ground, quiet = look.theme.ground(palette.INK), look.theme.ink(palette.MUTED)
        self.styles.background = self._hint.styles.background = css(ground)
        self._hint.styles.color = css(quiet)
        self._pill.styles.background = css(look.theme.ground(palette.SKY))
        self._pill.styles.color = css(look.theme.ink(palette.INK))

    @property
    def _boards(self) -> list[Board[Any]]:
        return [each for each in vars(self).values() if isinstance(each, Board)]

    @property
    def board(self) -> Board[Any] | None:
        """The board that is displayed; `None` before the first view."""
        return self._shown

    def words(self) -> list[str]:
        """Everything legible that is shown now, lettering included, in drawing order."""
        canvas = self._shown.canvas() if self._shown is not None else None
        return canvas.words if canvas is not None else []

    def hint_is(self, text: str) -> None:
        """Take the line for the top of every view but the lobby; empty for none."""
        self._hint_text = text

    def aside_is(self, aside: Aside) -> None:
        """Draw a door's microcontroller beside the kiosk, where there is room for it."""
        room = self.size.width >= LEAST_COLUMNS and self.size.height >= LEAST_ROWS
        self._aside.display = room
        if room:
            self._aside.show(aside)

    def acknowledge(self, text: str) -> None:
        """Say one thing at once, over whatever is shown; the next view takes its place."""
        self._pill.update(text)
        self._pill.display = True

    def show(self, view: View) -> None:  # noqa: C901, PLR0912 - one branch a view, closed by assert_never
        """Draw a view, and display its board."""
        self._pill.display = False
        self._say_hint(view)
        if self._shown is not None:
            self._shown.rest()
        match view:
            case Lobby():
                self._display(self._lobby, view)
            case Greeting():
                self._display(self._greeting, view)
            case OwnCard():
                self._display(self._own_card, view)
            case Farewell():
                self._display(self._farewell, view)
            case MetNotice():
                self._display(self._met, view)
            case UnknownBadge():
                self._display(self._unknown, view)
            case RandomBadge():
                self._display(self._random, view)
            case RefusedBadge():
                self._display(self._refused, view)
            case GuestNotice():
                self._display(self._guest, view)
            case HoldStill():
                self._display(self._hold_still, view)
            case Typing():
                self._display(self._keyboard, view)
            case HostPage():
                self._display(self._host_page, view)
            case TroubleScreen():
                self._display(self._trouble, view)
            case _:
                assert_never(view)

    def _say_hint(self, view: View) -> None:
        room = self.size.height >= measures.TALL_ROWS
        self._hint.display = room and bool(self._hint_text) and not isinstance(view, Lobby)
        if self._hint.display:
            self._hint.update(self._hint_text)

    def _display(self, board: Board[V], view: V) -> None:
        board.show(view)
        if self._shown is not board:
            if self._shown is not None:
                self._shown.display = False
            board.display = True
            self._shown = board
        board.enter()
        self._countdown.start(getattr(view, "shown_for_s", None), board.ground(view))


_ANSI = (
    *("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"),
    *("bright_black", "bright_red", "bright_green", "bright_yellow"),
    *("bright_blue", "bright_magenta", "bright_cyan", "bright_white"),
)


def css(colour: str) -> str:
    """What Textual calls a colour of a theme."""
    return f"ansi_{_ANSI[int(colour[6:-1])]}" if colour.startswith("color(") else colour
