"""`foyer sound`: files that play, sounds that are heard, one sentence where nothing can be."""

import wave
from pathlib import Path

import pytest

from tests.fakes.loudspeaker import loudspeaker, samples


def test_all_five_are_written_as_files_that_play(foyer, tmp_path: Path):
    ran = foyer("sound", "--save", str(tmp_path / "sounds"))
    assert ran.code == 0
    files = sorted((tmp_path / "sounds").glob("*.wav"))
    assert [file.stem for file in files] == ["in", "met", "out", "problem", "quiet"]
    for file in files:
        with wave.open(str(file)) as sound:
            assert sound.getnframes() > 4_000


def test_one_can_be_chosen_and_heard(foyer, tmp_path: Path, monkeypatch):
    file = loudspeaker(tmp_path, monkeypatch)
    ran = foyer("sound", "met", "--volume", "30")
    assert (ran.code, ran.out.split()) == (0, ["met"])
    assert abs(samples(file)).max() > 0


def test_words_can_be_heard_too(foyer, tmp_path: Path, monkeypatch):
    file = loudspeaker(tmp_path, monkeypatch)
    ran = foyer("sound", "--say", "Bonjour à tous", "--language", "fr")
    assert (ran.code, ran.out) == (0, "")
    assert len(samples(file)) > 10_000


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--volume", "101"), "--volume must be 0 to 100"),
        (("--player", "nothing-of-the-kind"), "alsa-utils"),
        (("in", "--player", "/bin/false"), "no player found a sound device"),
        (("--save", "/proc/nowhere"), "cannot be written"),
    ],
)
def test_what_cannot_be_heard_is_one_sentence(foyer, arguments, says):
    ran = foyer("sound", *arguments)
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err
