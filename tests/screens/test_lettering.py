"""Pixel lettering has every letter French needs, on its grid, in two colours a cell."""

import hashlib
import tomllib
import unicodedata

import pytest

from kiosk.core.pieces import Span
from kiosk.ui import lettering, paragraphs
from kiosk.ui.blocks import Blocks, cells, dots_of
from kiosk.ui.lettering import FACES, FONTS, JERSEY_10, JERSEY_20, JERSEY_25, TINY_5

FRENCH = "àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’«»…!?:;,.-'0123456789"
faces = pytest.mark.parametrize("face", FACES, ids=lambda face: face.file)


@faces
def test_every_french_letter_is_there(face):
    assert [letter for letter in FRENCH if not lettering.covers(face, letter)] == []


@faces
@pytest.mark.parametrize("letter", FRENCH)
def test_every_french_letter_is_drawn_inside_its_box(face, letter):
    left, top, right, bottom = lettering._ink_box(face, letter)
    assert right > left
    assert top >= -face.above
    assert bottom <= face.below


@faces
def test_accents_are_drawn_and_not_dropped(face):
    for bare, accented in zip("aceEiou", "àçéÊïôü", strict=True):
        assert lettering.dots(face, bare) != lettering.dots(face, accented)


@faces
def test_a_letter_the_font_lacks_is_known_to_be_missing(face):
    assert not lettering.covers(face, "李")
    assert not lettering.covers(face, "ف")
    assert not lettering.covers(face, "Léa \U0001f469")


@faces
def test_base_lines_never_jump(face):
    plain, tall, deep = (lettering.lettered(face, text, Blocks.SEXTANT) for text in ("nn", "ÉÊ", "gç"))
    assert len(plain) == len(tall) == len(deep) == face.rows()


@faces
def test_dots_are_on_or_off(face):
    assert {dot for row in lettering.dots(face, FRENCH) for dot in row} == {0, 1}


@faces
def test_strokes_lie_on_the_grid(face):
    # A font off its grid rounds its stems to different widths; here both stems of an H are alike.
    row = lettering.dots(face, "H")[face.above - 1]
    runs = [len(run) for run in row.replace(b"\1", b"#").split(b"\0") if run]
    assert len(runs) == 2
    assert runs[0] == runs[1]


@faces
def test_a_capital_is_as_high_as_stated(face):
    _left, top, _right, bottom = lettering._ink_box(face, "H")
    assert (top, bottom) == (-face.cap, 0)


def test_composed_and_combining_accents_look_the_same():
    assert lettering.dots(JERSEY_10, "Le\u0301a") == lettering.dots(JERSEY_10, "Léa")


def test_the_narrow_space_of_french_typography_is_a_space():
    assert lettering.covers(JERSEY_10, "Bonne discussion\u202f!")


def test_the_largest_face_that_fits_is_chosen():
    assert lettering.largest_face("Léa", 200, 20) is JERSEY_25
    assert lettering.largest_face("Léa", 200, 13) is JERSEY_20
    assert lettering.largest_face("Bonjour Léa", 40, 20) is JERSEY_10
    assert lettering.largest_face("Bonjour Léa", 22, 20) is TINY_5
    assert lettering.largest_face("Bonjour Léa", 5, 20) is None
    assert lettering.largest_face("Léa", 200, 2) is None
    assert lettering.largest_face("欧阳", 200, 20) is None
    assert lettering.largest_face("  ", 200, 20) is None


def test_lettering_is_never_wider_than_announced():
    for face in FACES:
        for text in ("Bonjour Léa", "j", "Ww", FRENCH):
            assert len(lettering.lettered(face, text, Blocks.SEXTANT)[0]) <= lettering.width(face, text)


def test_the_64_sextants_are_all_different_and_can_be_read_back():
    glyphs = Blocks.SEXTANT.glyphs
    assert len(set(glyphs)) == 64
    assert glyphs[1] == "\U0001fb00"
    assert glyphs[62] == "\U0001fb3b"
    assert [dots_of(glyph) for glyph in glyphs[1:21]] == [(bits, 2, 3) for bits in range(1, 21)]


def test_half_blocks_draw_the_same_word_where_sextants_are_missing():
    drawn = lettering.lettered(JERSEY_10, "Léa", Blocks.HALF)
    assert {cell.glyph for row in drawn for cell in row} <= set(" ▀▄█")
    assert len(drawn) == JERSEY_10.rows(Blocks.HALF)


def test_a_cell_never_needs_a_third_colour():
    drawn = cells((b"\0\1", b"\1\2", b"\2\2"), Blocks.SEXTANT)
    assert drawn == ((drawn[0][0],),)
    assert (drawn[0][0].ground, drawn[0][0].ink) == (0, 1)


def test_a_disc_keeps_a_free_edge_at_its_right_and_foot():
    disc = lettering.disc(6, 3, "A", Blocks.SEXTANT)
    assert all(row[-1].glyph != "█" for row in disc)
    assert all(cell.glyph != "█" for cell in disc[-1])


def test_an_initial_no_font_has_leaves_the_disc_whole():
    disc = lettering.disc(10, 5, "李", Blocks.SEXTANT)
    assert {cell.ink for row in disc for cell in row} == {0, 1}
    assert {cell.ground for row in disc for cell in row} == {0, 1}


def test_an_initial_is_drawn_in_a_disc_of_three_rows():
    grounds = {cell.ground for row in lettering.disc(6, 3, "É", Blocks.SEXTANT) for cell in row}
    assert 2 in grounds, "the letter is the ground of the disc's own colour"


def test_every_font_is_the_one_that_was_vendored():
    listed = tomllib.loads((FONTS / "VENDOR.toml").read_text())["font"]
    assert {font["file"] for font in listed} == {path.name for path in FONTS.glob("*.ttf")}
    for font in listed:
        assert hashlib.sha256((FONTS / font["file"]).read_bytes()).hexdigest() == font["sha256"]
        assert "SIL OPEN FONT LICENSE" in (FONTS / font["licence_file"]).read_text().upper()


def test_the_256_octants_are_all_different_and_can_be_read_back():
    glyphs = Blocks.OCTANT.glyphs
    assert len(set(glyphs)) == 256
    named = {"SPACE": 0, "FULL BLOCK": 255, "UPPER HALF BLOCK": 15, "LOWER ONE QUARTER BLOCK": 0xC0}
    for name, bits in named.items():
        assert unicodedata.name(glyphs[bits]) == name
    for bits in range(1, 255):
        assert dots_of(glyphs[bits]) is not None
        # Python names octants from Unicode 16 on; before, only the first and the last of the run are known.
        name = unicodedata.name(glyphs[bits], "")
        if name.startswith("BLOCK OCTANT-"):
            assert sum(1 << int(dot) - 1 for dot in name.removeprefix("BLOCK OCTANT-")) == bits
    assert (glyphs[0b100], glyphs[0b11111110]) == ("\U0001cd00", "\U0001cde5")  # OCTANT-3, OCTANT-2345678
    assert dots_of("\U0001cd00") == (0b100, 2, 4)


def test_octants_draw_the_same_word_in_fewer_rows():
    drawn = lettering.lettered(JERSEY_10, "Léa", Blocks.OCTANT)
    assert len(drawn) == JERSEY_10.rows(Blocks.OCTANT) < JERSEY_10.rows(Blocks.SEXTANT)


def test_a_paragraph_keeps_its_words_and_their_emphasis():
    spans = (Span("Tu cherches une "), Span("traduction", strong=True), Span(", elle en propose."))
    lines = paragraphs.set_lines(spans, TINY_5, 40, Blocks.SEXTANT)
    assert lines is not None
    assert len(lines) > 1
    assert " ".join("".join(span.text for span in line) for line in lines) == "".join(s.text for s in spans)
    assert [span.text for line in lines for span in line if span.strong] == ["traduction"]
    inks = {cell.ink for row in paragraphs.drawn(lines, TINY_5, Blocks.SEXTANT) for cell in row}
    assert inks == {0, 1, 2}
    assert paragraphs.rows(lines, TINY_5, Blocks.SEXTANT) == 3 * len(lines)


def test_a_paragraph_that_cannot_be_lettered_is_none():
    assert paragraphs.set_lines((Span("欧阳"),), TINY_5, 40, Blocks.SEXTANT) is None
    assert paragraphs.set_lines((Span("anticonstitutionnellement"),), TINY_5, 10, Blocks.SEXTANT) is None
    assert paragraphs.set_lines((Span("  "),), TINY_5, 10, Blocks.SEXTANT) in {(), ((),)}
    assert paragraphs.drawn((), TINY_5, Blocks.SEXTANT) == ()
