"""Whatever people are called, and however large the screen is, every view in every state is drawn whole."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, get_args

import pytest
import states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.geometry import Region

from kiosk.ui.canvas import Canvas
from kiosk.ui.widgets.board import Board

NAMES = {
    "one letter": "Z",
    "forty letters": "Maximilienne-Alexandrine de la Rochefouc",
    "one long word": "Wolfeschlegelsteinhausenbergerdorffwelch",
    "Arabic": "فاطمة الزهراء",
    "Hebrew with points": "שָׁלוֹם",
    "Chinese": "欧阳娜娜",
    "Devanagari": "क्षत्रिय",
    "combining accents": "Le\u0301a Zoe\u0308 N\u0303in\u0303o\u0301",
    "a tower of accents": "L" + "\u0301" * 40 + "éa",
    "emoji": "Léa \U0001f469\u200d\U0001f4bb \U0001f1eb\U0001f1f7 ✔\ufe0f",
    "control characters": "Lé\x1b[31ma\r\n\x07",
    "right to left override": "\u202eaéL",
    "nothing": "",
    "blanks": " \u00a0\u202f ",
}

NOT_SHOWN = {"key", "language", "sign", "own_page"}
"""What a view holds for whoever draws it, not for whoever reads it."""

FORBIDDEN = "\x1b\r\n\x07\t\u202e\u200d\u200b\x00"

NAMES_OF_STATES = sorted(states.EVERY_STATE)


def called(view: Any, name: str) -> Any:
    """The same view with another text in every place where a text is shown."""
    if is_dataclass(view) and not isinstance(view, type):
        changes = {
            field.name: called(getattr(view, field.name), name)
            for field in fields(view)
            if field.name not in NOT_SHOWN
        }
        if "initial" in changes:
            changes["initial"] = (name.strip() or "?")[0]
        return replace(view, **changes)
    if isinstance(view, tuple):
        return tuple(called(each, name) for each in view)
    return name if isinstance(view, str) and not isinstance(view, Enum) else view


def boards() -> dict[type, type[Board[Any]]]:
    """Which board draws which kind of view."""
    found: dict[type, type[Board[Any]]] = {}
    waiting = Board.__subclasses__()
    while waiting:
        board = waiting.pop()
        waiting += board.__subclasses__()
        for base in getattr(board, "__orig_bases__", ()):
            found[get_args(base)[0]] = board
    return found


def draws_whole(view: Any, columns: int, rows: int) -> None:
    """Draw a view and insist that no row is longer or shorter than the screen, and no touch outside of it."""
    board = boards()[type(view)]()
    canvas = Canvas(columns, rows, board.ground(view))
    board.draw(view, canvas)
    for y in range(rows):
        text = canvas.strip(y).text
        assert sum(map(cell_len, text)) == columns
        assert not any(sign in text for sign in FORBIDDEN)
    for touch in canvas.touches:
        assert Region(0, 0, columns, rows).contains_region(touch.region)


SIZES = st.tuples(st.integers(40, 200), st.integers(12, 60))

ANYTHING = st.one_of(st.sampled_from(sorted(NAMES.values())), st.text(max_size=60))

PATIENT = settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("state", NAMES_OF_STATES)
@PATIENT
@given(language=st.sampled_from(states.LANGUAGES), size=SIZES)
def test_every_state_is_drawn_whole_at_any_size(state, language, size):
    draws_whole(states.EVERY_STATE[state][language], *size)


@pytest.mark.parametrize("state", NAMES_OF_STATES)
@PATIENT
@given(name=ANYTHING, size=SIZES)
def test_no_name_breaks_a_row_of_any_view(state, name, size):
    draws_whole(called(states.EVERY_STATE[state]["fr"], name), *size)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_the_known_awkward_names_are_drawn_whole_everywhere(name):
    for versions in states.EVERY_STATE.values():
        for size in ((40, 12), (120, 33)):
            draws_whole(called(versions["fr"], name), *size)


async def test_the_screen_follows_every_size_of_its_terminal(stage):
    async with stage((40, 12)) as on:
        for size in ((40, 12), (200, 60), (57, 16), (91, 24), (200, 12), (40, 60)):
            await on.pilot.resize_terminal(*size)
            for versions in states.EVERY_STATE.values():
                await on.show(versions["en"])
                rows = on.rows()
                assert len(rows) == size[1]
                assert {sum(map(cell_len, row)) for row in rows} == {size[0]}


@pytest.mark.parametrize("size", states.GRIDS, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_three_hundred_people_are_named_or_counted(stage, size):
    async with stage(size) as on:
        view = states.EVERY_STATE["crowded_lobby"]["en"]
        await on.show(view)
        words = on.words().split()
        more = [word for word in words if word.startswith("+")]
        assert len(more) == 1
        named = sum(words.count(name) for name in {chip.name for chip in view.names})
        assert named + int(more[0]) == len(view.names) == 300
