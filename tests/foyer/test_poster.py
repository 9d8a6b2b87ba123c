"""The page for the door: one page, in every language, with nothing cut off."""

from pathlib import Path

import pytest

from foyer.language import DOMAIN, LOCALE, speaker
from foyer.poster import MARGIN, SIZE, drawn, lines
from plumbing.words import languages


@pytest.mark.parametrize("code", languages(DOMAIN, LOCALE))
def test_it_is_one_page_in_every_language(code: str):
    page = drawn("L’Atelier des Possibles", "bonjour@atelier.example", 90, speaker(code))
    assert page.size == SIZE
    ink = page.point(lambda dot: 255 - dot).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert min(left, top) >= MARGIN - 4
    assert right <= SIZE[0] - MARGIN + 4
    assert SIZE[1] // 2 < bottom <= SIZE[1] - MARGIN


def test_every_language_says_its_own():
    said = {code: lines("Nook", "x@y.example", 90, speaker(code)) for code in languages(DOMAIN, LOCALE)}
    everything = [text for title, steps, kept in said.values() for text in (title, *steps, *kept)]
    assert len(everything) == len(set(everything)) == 11 * len(said)


def test_it_is_a_pdf_of_one_page(foyer, tmp_path: Path):
    file = tmp_path / "poster.pdf"
    ran = foyer("poster", file, "--name", "Le Nook", "--language", "fr")
    assert ran.code == 0, ran.err
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 1


def test_where_it_cannot_be_written_is_said(foyer, tmp_path: Path):
    assert "cannot be written to" in foyer("poster", tmp_path / "missing" / "poster.pdf").sentence
