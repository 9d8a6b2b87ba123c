"""What the three buttons at the door answer, and how the screen says so.

Pure.  Only where there are buttons: otherwise every view stays as it is.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from kiosk.core.keys import ANSWER_KEYS, HOST_KEY, MOOD_KEYS, TOUCH_KEY, UNDO_KEY
from kiosk.core.pieces import Choice
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

BUTTONS = 3

MOODS = (MOOD_KEYS[0], MOOD_KEYS[2], MOOD_KEYS[3])
"""Three of the four moods, from the most open to the most closed: a chat, just hello, heads-down."""

NONE = ("", "", "")


def keys_on(view: View) -> tuple[str, str, str]:
    """Return the key each button stands for on a view, from the left; empty where a button means nothing."""
    match view:
        case Greeting(moods=moods) | OwnCard(moods=moods):
            return MOODS if moods else NONE
        case Farewell(answers=answers, undo_line=undo):
            keys = [*ANSWER_KEYS[: len(answers)], "", "", ""]
            last = keys[2] or (UNDO_KEY if undo else "")
            return keys[0], keys[1], last
        case MetNotice(undo_line=undo):
            return ("", "", UNDO_KEY) if undo else NONE
        case HostPage(choices=choices):
            keys = [*(choice.key for choice in choices[: BUTTONS - 1]), "", ""]
            return keys[0], keys[1], choices[-1].key if len(choices) >= BUTTONS else ""
        case (
            Lobby()
            | GuestNotice()
            | HoldStill()
            | Typing()
            | UnknownBadge()
            | RandomBadge()
            | RefusedBadge()
            | TroubleScreen()
        ):
            return NONE
        case _:
            assert_never(view)


def key_of(view: View | None, button: int) -> str | None:
    """Return the key that a button presses.

    Args:
        view: What is on the screen.
        button: 1, 2 or 3, from the left; any other presses nothing.
    """
    if view is None or not 1 <= button <= BUTTONS:
        return None
    return keys_on(view)[button - 1] or TOUCH_KEY


def marked(view: View) -> View:
    """Return a view that says which button does what."""
    keys = keys_on(view)
    match view:
        case Greeting(moods=moods) | OwnCard(moods=moods) if moods:
            return replace(view, moods=_signed(moods, keys))
        case Farewell(answers=answers, undo_line=undo):
            return replace(view, answers=_signed(answers, keys), undo_line=_undo(undo, keys))
        case MetNotice(undo_line=undo) if undo:
            return replace(view, undo_line=_undo(undo, keys))
        case HostPage(choices=choices):
            return replace(view, choices=_signed(choices, keys, ""))
        case _:
            return view


def _signed(choices: Sequence[Choice], keys: tuple[str, str, str], none: str = "·") -> tuple[Choice, ...]:
    return tuple(
        replace(choice, sign=_sign(keys.index(choice.key)) if choice.key in keys else _unsigned(choice, none))
        for choice in choices
    )


def _unsigned(choice: Choice, none: str) -> str:
    return "" if choice.key == HOST_KEY else none  # whoever has a keyboard sees its key


def _undo(line: str, keys: tuple[str, str, str]) -> str:
    return f"{_sign(keys.index(UNDO_KEY))} {line}" if UNDO_KEY in keys else line


def _sign(place: int) -> str:
    return f"[{place + 1}]"
