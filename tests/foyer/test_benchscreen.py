"""`foyer bench screen` measures two real programs in two real terminals; here only that it does."""

import json
from dataclasses import replace

import pytest

from foyer.benchscreen import FLOOR, Figure
from foyer.benchterminal import Terminal
from foyer.benchviews import LAST_WORDS
from foyer.errors import BenchError


@pytest.mark.timeout(480)
def test_the_table_has_every_aim_and_what_no_busy_machine_changes_is_met(foyer, tmp_path):
    file = tmp_path / "screen.json"
    ran = foyer("bench", "screen", "--taps", 3, "--idle-s", 0.5, "--json", file)
    assert ran.code == 0, ran.err
    figures = {row["name"]: row for row in json.loads(file.read_text(encoding="utf-8"))}
    assert [row["aim"] for row in figures.values()] == [2.0, 1.2, 1.2, 3.0, 60.0, 1.0, 30.0]
    assert all(name in ran.out for name in figures)
    assert figures["memory of the screens"]["met"]
    assert figures["written for a greeting"]["met"]
    assert figures["written for a greeting"]["value"] > 5


def test_more_than_the_aim_is_missed():
    figure = Figure("memory", 60.0, "MB", 60.0, "")
    assert figure.is_met
    assert not replace(figure, value=60.1).is_met


def test_one_tap_is_too_few(foyer):
    assert "--taps must be 2 or more" in foyer("bench", "screen", "--taps", 1).sentence


@pytest.mark.timeout(480)
def test_both_programs_draw_the_same_words():
    drawn = []
    for arguments in (["-m", "foyer.benchui"], [str(FLOOR)]):
        with Terminal(arguments) as screen:
            screen.ready()
            screen.press(b"g", until=LAST_WORDS)
            drawn.append(bytes(screen._written))
    for words in ("Entrée notée", "tarifs de licence", "Pour briser la glace", LAST_WORDS):
        assert all(words.encode() in each for each in drawn)


def test_a_program_that_ends_at_once_is_said(tmp_path):
    nothing = tmp_path / "nothing.py"
    nothing.write_text("")
    with Terminal([str(nothing)]) as screen, pytest.raises(BenchError):
        screen.ready()
