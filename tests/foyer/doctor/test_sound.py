"""Sound: each state, with its cure."""

from pathlib import Path

import pytest

from foyer.doctor import sound
from foyer.doctor.findings import Level
from kiosk.settings import SoundSettings

CARDS = """ 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones
                      bcm2835 Headphones
 1 [Device         ]: USB-Audio - USB Audio Device
                      C-Media USB Audio Device at usb-0000:01:00.0-1.4, full speed
"""


def cards(root: Path, text: str) -> Path:
    (root / "proc/asound").mkdir(parents=True)
    (root / "proc/asound/cards").write_text(text)
    return root


def test_where_there_is_no_kiosk_or_no_sound_nothing_is_said(say):
    assert sound.check(None, say) == []
    assert sound.check(SoundSettings(player="none"), say) == []


def test_everything_there_is_three_lines_that_all_is_well(tmp_path, say, monkeypatch):
    for name in ("aplay", "espeak-ng"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = sound.check(SoundSettings(), say, cards(tmp_path, CARDS))
    assert [finding.level for finding in found] == [Level.WORKS] * 3
    assert "aplay" in found[0].what
    assert "USB Audio Device" in found[1].what


def test_what_is_missing_comes_with_the_package_that_has_it(tmp_path, say, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = sound.check(SoundSettings(), say, tmp_path)
    assert [finding.level for finding in found] == [Level.NOTICE] * 3
    assert "apt-get install alsa-utils" in found[0].cure
    assert "apt-get install espeak-ng" in found[2].cure


@pytest.mark.parametrize("text", ["--- no soundcards ---\n", ""])
def test_a_machine_without_a_device_is_told_what_to_plug_in(tmp_path, say, text):
    found = sound.of_cards(cards(tmp_path, text), say)
    assert (found.level, "USB" in found.cure) == (Level.NOTICE, True)


def test_a_player_that_was_named_and_is_not_there_is_broken(say):
    assert sound.of_players([], "mine", say).level is Level.BROKEN
