"""Can it be read, by whom, and from where: contrast, angles, places for a finger, and nothing cut."""

from dataclasses import dataclass
from math import atan, degrees

import pytest
import samples
from test_every_size import drawn, drawn_as

from kiosk.core.pieces import Attention
from kiosk.core.views import Greeting, HostPage, Lobby, MetNotice, OwnCard, Typing, UnknownBadge, View
from kiosk.ui.blocks import dots_of
from kiosk.ui.canvas import Written
from kiosk.ui.look import Look
from kiosk.ui.styles import pair_of
from kiosk.ui.themes import LEAST_CONTRAST, THEMES, contrast
from kiosk.ui.widgets import measures

GRIDS = ((40, 12), (80, 25), (120, 33), (160, 45), (200, 60))
grids = pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: f"{grid[0]}x{grid[1]}")
every_view = pytest.mark.parametrize("name", samples.EVERY_VIEW)
themes = pytest.mark.parametrize("theme", THEMES)


def code_of(colour):
    """What the theme called a colour of a strip."""
    return f"color({colour.number})" if colour.is_system_defined else colour.triplet.hex


def lettered_pairs(canvas):
    """The colours of pixel lettering: its glyphs alone do not tell it from shapes."""
    pairs = set()
    for word in canvas.written:
        for j, row in enumerate(word.cells):
            for i, cell in enumerate(row):
                x, y = word.x + i, word.y + j
                if cell.ink and 0 <= x < canvas.width and 0 <= y < canvas.height:
                    pairs.add((canvas._hands[y][x], canvas._grounds[y][x]))
    return {
        pair_of(canvas.theme, hand.ink, ground, canvas._dimmed, shape=hand.shape) for hand, ground in pairs
    }


@themes
@every_view
@grids
def test_every_word_has_a_contrast_of_seven(name, grid, theme):
    pairs = set()
    for view in samples.EVERY_VIEW[name].values():
        canvas = drawn_as(view, *grid, Look(theme=THEMES[theme]))
        for y in range(grid[1]):
            for segment in canvas.strip(y):
                if any(letter.strip() and dots_of(letter) is None for letter in segment.text):
                    pairs.add((code_of(segment.style.color), code_of(segment.style.bgcolor)))
        pairs |= lettered_pairs(canvas)
    low = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < LEAST_CONTRAST}
    assert low == {}


@every_view
@grids
def test_sixteen_colours_are_enough_for_the_rescue_console(name, grid):
    for view in samples.EVERY_VIEW[name].values():
        canvas = drawn_as(view, *grid, Look(theme=THEMES["sixteen"]))
        for y in range(grid[1]):
            for segment in canvas.strip(y):
                for colour in (segment.style.color, segment.style.bgcolor):
                    assert colour.is_system_defined
                # a bright ground falls back to a dark one on the Linux console
                assert segment.style.bgcolor.number < 8


@dataclass(frozen=True)
class Screen:
    """A screen of `docs/screens.md`."""

    grid: tuple[int, int]
    high_mm: float
    """Of the panel."""
    wide_mm: float
    arm_m: float
    """From where a greeting is read."""
    across_m: float
    """From where the lobby is read."""

    def cap_arcmin(self, word: Written, at_m: float) -> float:
        """The angle of a capital of a word, seen from so far."""
        row_mm = self.high_mm / self.grid[1]
        # a capital of a monospaced font is about 0.53 of its cell
        high_mm = 0.53 * row_mm if word.face is None else word.face.cap / 3 * row_mm
        return 2 * degrees(atan(high_mm / 2 / (at_m * 1000))) * 60


TABLET = Screen((80, 25), 136, 217, arm_m=0.6, across_m=1.5)
DESK = Screen((120, 33), 299, 531, arm_m=1.0, across_m=2.5)
TELEVISION = Screen((160, 45), 535, 952, arm_m=1.2, across_m=3.0)
SCREENS = {"10.1 inches": TABLET, "24 inches": DESK, "43 inches": TELEVISION}
screens = pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)

READ, SEEN = 16.0, 20.0
"""Arcminutes of a capital: to be read at arm's length, to be seen from across.  Source: ISO 9241-3."""


def headlines(view: View) -> list[str]:
    """What must be seen from across."""
    match view:
        case Lobby():
            return [view.clock, view.present_line, view.tap_title]
        case MetNotice():
            return [f"{view.first.name} + {view.second.name}"]
        case UnknownBadge():
            return [view.headline, view.code]
        case _:
            return [view.headline]


def word_of(canvas, text) -> list[Written]:
    return [word for word in canvas.written if " ".join(word.text.split()) == " ".join(text.split())]


@screens
@every_view
def test_headlines_are_seen_and_sentences_read_at_the_stated_distance(name, screen):
    for view in samples.EVERY_VIEW[name].values():
        canvas = drawn(view, *screen.grid)
        far_m = screen.across_m if isinstance(view, Lobby) else screen.arm_m
        for text in headlines(view):
            found = word_of(canvas, text)
            assert found, text
            # the longest names of all may be plain: then they are read, and not seen from across
            assert any(screen.cap_arcmin(word, far_m) >= SEEN for word in found), text
        for word in canvas.written:
            assert screen.cap_arcmin(word, screen.arm_m) >= READ, word.text


@screens
@pytest.mark.parametrize("name", ["greeting", "celebrating_greeting", "own_card", "second_greeting"])
def test_names_of_people_to_meet_are_seen(name, screen):
    for view in samples.EVERY_VIEW[name].values():
        canvas = drawn(view, *screen.grid)
        for card in view.cards:
            assert all(screen.cap_arcmin(word, screen.arm_m) >= SEEN for word in word_of(canvas, card.name))


@pytest.mark.parametrize("screen", [DESK, TELEVISION], ids=["24 inches", "43 inches"])
def test_names_in_the_lobby_are_seen_from_across(screen):
    for view in samples.LOBBY.values():
        canvas = drawn(view, *screen.grid)
        for chip in view.names:
            assert [
                screen.cap_arcmin(word, screen.across_m) >= SEEN for word in word_of(canvas, chip.name)
            ] == [True]


@pytest.mark.parametrize("screen", [DESK, TELEVISION], ids=["24 inches", "43 inches"])
@pytest.mark.parametrize("distance_m", [3, 5])
@pytest.mark.parametrize("name", ["lobby", "full_lobby", "table_lobby", "forgotten_lobby"])
def test_a_lobby_for_far_eyes_has_nothing_small_but_its_foot(name, screen, distance_m):
    for view in samples.EVERY_VIEW[name].values():
        canvas = drawn_as(view, *screen.grid, Look(distance_m=distance_m))
        lettered = [word for word in canvas.written if word.y < screen.grid[1] - 1]
        assert {view.clock, view.present_line} <= {word.text for word in lettered}
        assert any(view.tap_title in word.text for word in lettered)
        for word in lettered:
            assert screen.cap_arcmin(word, distance_m) >= SEEN, word.text
        shown = sum(any(word.text == chip.name for word in lettered) for chip in view.names)
        assert (shown > 0) == (distance_m == 3)
        if distance_m == 3 and shown < view.present_count:
            assert any(word.text == f"+{view.present_count - shown}" for word in lettered)


def test_who_stands_before_a_far_screen_reads_what_is_near():
    view = samples.AWAKE_LOBBY["fr"]
    assert view.attention is Attention.AWAKE
    near = drawn_as(view, 120, 33, Look())
    assert drawn_as(view, 120, 33, Look(distance_m=5)).words == near.words


@every_view
@grids
def test_nothing_the_house_says_is_cut(name, grid):
    for view in samples.EVERY_VIEW[name].values():
        whole = own_words(view)
        for word in drawn(view, *grid).words:
            if word.endswith("…") and not any(text.endswith(word) for text in whole):
                # members' own words, and at 40x12 what is not essential, may be shortened
                assert grid == (40, 12) or any(word[:-1] in text for text in members_words(view)), word


def own_words(view: View) -> list[str]:
    moods = getattr(view, "moods", ()) or getattr(view, "answers", ())
    lines: tuple[str, str] = (getattr(view, "line", ""), getattr(view, "line_secondary", ""))
    return [*(choice.label for choice in moods), *lines]


def members_words(view: View) -> list[str]:
    said = [moment.title for moment in getattr(view, "moments", ())]
    for card in getattr(view, "cards", ()):
        said += ["".join(span.text for span in spans) for spans in (card.reason, card.brief)]
    return said


@pytest.mark.parametrize("view", [*samples.GREETING.values(), *samples.OWN_CARD.values()])
def test_the_smallest_screen_says_the_name_what_was_noted_and_the_first_person(view):
    words = drawn(view, 40, 12).words
    noted = f"✓ {view.noted}" if isinstance(view, Greeting) else view.leave_line
    assert view.headline in words
    assert noted in words
    assert any(word.startswith(f"● {view.cards[0].name}") for word in words)


@every_view
def test_a_finger_finds_twenty_millimetres_on_the_smallest_panel(name):
    column_mm, row_mm = TABLET.wide_mm / 80, TABLET.high_mm / 25
    for view in samples.EVERY_VIEW[name].values():
        if isinstance(view, Typing):
            continue  # its keys are a keyboard's
        listed = {row.key for row in view.rows} if isinstance(view, HostPage) else set()
        for touch in drawn(view, 80, 25).touches:
            if touch.key in listed:
                continue  # a list to tick: its lines are as wide as half the screen
            assert touch.region.width * column_mm >= 20, touch
            assert touch.region.height * row_mm >= 20, touch


@grids
@pytest.mark.parametrize("name", ["greeting", "own_card"])
def test_nothing_in_a_card_touches_its_foot_where_there_is_room(name, grid):
    if grid[1] < measures.TALL_ROWS:
        return
    for view in samples.EVERY_VIEW[name].values():
        assert isinstance(view, Greeting | OwnCard)
        canvas = drawn(view, *grid)
        for card in canvas.steps:
            foot = canvas.plain_row(card.bottom - 1)[card.x : card.right]
            assert foot.strip() == ""
