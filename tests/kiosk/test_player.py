"""The kiosk's own speaker, with Debian's real player and voice: into a file, for want of a sound device."""

import io
import logging
import shutil
import threading
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from kiosk.core.chimes import RATE_HZ, Chime, wav_of
from kiosk.player import PLAYERS, VOICE, Player, Speech, found_players, speech_command
from tests.fakes.loudspeaker import loudspeaker, samples

APLAY, ESPEAK = shutil.which("aplay"), shutil.which(VOICE)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What was played."""
    return loudspeaker(tmp_path, monkeypatch)


def player_of(folder: Path, name: str, text: str) -> str:
    """A player of the test's own: a shell script."""
    program = folder / name
    program.write_text("#!/bin/sh\n" + text)
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def stopped():
    """Players that are stopped at the end."""
    made: list[Player] = []
    yield made
    for player in made:
        player.stop()


def started(stopped: list[Player], *args, **kwargs) -> Player:
    player = Player(*args, **kwargs)
    stopped.append(player)
    player.start()
    return player


def test_a_chime_reaches_the_sound_device_as_it_was_made(written: Path, stopped):
    player = started(stopped, [str(APLAY)])
    player.play(wav_of(Chime.MET, 0.5))
    assert player.wait(10)
    with wave.open(io.BytesIO(wav_of(Chime.MET, 0.5))) as file:
        made = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    played = samples(written)
    assert np.array_equal(played[: len(made)], made)
    assert not played[len(made) :].any()


def test_the_voice_speaks_into_the_same_player(written: Path, stopped):
    assert ESPEAK, "apt-get install espeak-ng"
    player = started(stopped, [str(APLAY)], ESPEAK)
    player.say(Speech("Bonjour Léa. Entrée notée, 9 h 42.", "fr", 0.8))
    assert player.wait(20)
    played = samples(written)
    assert len(played) > RATE_HZ
    assert np.abs(played).max() > 1_000


def test_each_language_has_its_own_voice_and_its_own_loudness(written: Path, stopped):
    def spoken(language: str, gain: float) -> bytes:
        player = started(stopped, [str(APLAY)], ESPEAK)
        player.say(Speech("Nation, station, question", language, gain))
        assert player.wait(20)
        return written.read_bytes()[44:]

    french, english, soft = spoken("fr", 1.0), spoken("en", 1.0), spoken("en", 0.1)
    assert french != english
    loud_peak, soft_peak = (np.abs(np.frombuffer(s, dtype="<i2")).max() for s in (english, soft))
    assert soft_peak < 0.3 * loud_peak


def test_what_is_said_stands_in_no_list_of_processes(tmp_path: Path, stopped):
    seen = tmp_path / "seen"
    voice = player_of(
        tmp_path, "voice", f'cat /proc/$$/cmdline > "{seen}"; cat > "{tmp_path}/said"; exit 1\n'
    )
    player = started(stopped, [str(APLAY)], voice)
    player.say(Speech("Bonjour Léa", "fr", 1.0))
    player.wait(10)
    assert "Léa" not in seen.read_text()
    assert (tmp_path / "said").read_text() == "Bonjour Léa"
    assert "Léa" not in repr(Speech("Bonjour Léa", "fr", 1.0))
    assert not [word for word in speech_command("v", Speech("Bonjour Léa", "fr", 1.0)) if "Léa" in word]


def test_a_new_sound_cuts_the_old_one(tmp_path: Path, stopped):
    begun = tmp_path / "begun"
    slow = player_of(tmp_path, "slow", f'echo x >> "{begun}"\nexec sleep 60\n')
    player = started(stopped, [slow], late_s=60)
    chime = wav_of(Chime.IN, 0.1)
    player.play(chime)
    until(begun.exists)
    first = time.monotonic()
    player.play(chime)
    until(lambda: begun.read_text() == "x\nx\n")
    player.cut()
    player.wait(10)
    assert time.monotonic() - first < 20


def test_a_player_that_hangs_is_ended_and_said_once(tmp_path: Path, stopped, caplog):
    hangs = player_of(tmp_path, "hangs", "exec sleep 60\n")
    player = started(stopped, [hangs], late_s=0.05, rest_s=0)
    with caplog.at_level(logging.DEBUG, "kiosk.player"):
        for _ in range(3):
            player.play(wav_of(Chime.QUIET, 0.1))
            assert not player.wait(10)
    loud = [record.message for record in caplog.records if record.levelno >= logging.WARNING]
    assert len([line for line in loud if "hung" in line]) == 1
    assert len([line for line in loud if "silent" in line]) == 1


def test_a_player_that_fails_gives_way_to_the_next(tmp_path: Path, stopped, caplog):
    fails = player_of(tmp_path, "fails", "exit 1\n")
    heard = tmp_path / "heard.wav"
    works = player_of(tmp_path, "works", f'cat "$1" > "{heard}"\n')
    player = started(stopped, [str(tmp_path / "gone"), fails, works])
    player.play(wav_of(Chime.OUT, 0.1))
    assert player.wait(10)
    assert heard.read_bytes() == wav_of(Chime.OUT, 0.1)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_silence_is_said_once_and_its_end_too(tmp_path: Path, stopped, caplog):
    works = tmp_path / "ok"
    program = player_of(tmp_path, "sometimes", f'test -e "{works}"\n')
    player = started(stopped, [program], rest_s=0)
    with caplog.at_level(logging.INFO, "kiosk.player"):
        for _ in range(2):
            player.play(wav_of(Chime.QUIET, 0.1))
            assert not player.wait(10)
        works.touch()
        player.play(wav_of(Chime.QUIET, 0.1))
        assert player.wait(10)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_in_vain_is_not_tried_at_every_tap(tmp_path: Path, stopped):
    tried = tmp_path / "tried"
    player = started(stopped, [player_of(tmp_path, "fails", f'echo x >> "{tried}"\nexit 1\n')])
    for _ in range(3):
        player.play(wav_of(Chime.QUIET, 0.1))
        assert not player.wait(10)
    assert tried.read_text() == "x\n"


def test_a_voice_that_has_no_such_language_says_nothing_and_the_chime_still_sounds(
    written: Path, stopped, caplog
):
    player = started(stopped, [str(APLAY)], ESPEAK)
    player.say(Speech("hello", "xx-nowhere", 1.0))
    player.wait(20)
    assert "xx-nowhere" in caplog.text
    player.play(wav_of(Chime.IN, 0.5))
    player.wait(10)
    assert len(samples(written))


def test_without_a_player_or_a_voice_nothing_starts(stopped):
    silent = started(stopped, [], ESPEAK)
    silent.play(wav_of(Chime.IN, 1.0))
    silent.say(Speech("hello", "en", 1.0))
    assert silent.wait(0.01)
    assert not [thread for thread in threading.enumerate() if thread.name == "player"]
    mute = started(stopped, ["/bin/true"])
    mute.say(Speech("hello", "en", 1.0))
    assert mute.wait(0.01)
    mute.stop()
    mute.stop()


def test_a_machine_without_descriptors_is_silent_and_goes_on(stopped, monkeypatch, caplog):
    player = started(stopped, ["/bin/true"])

    def none_left(_name: str) -> int:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr("os.memfd_create", none_left)
        player.play(wav_of(Chime.IN, 0.1))
        assert not player.wait(10)
    assert "nothing can be played for now" in caplog.text
    player.play(wav_of(Chime.IN, 0.1))
    assert player.wait(10)


def test_players_are_tried_in_order_and_by_name(tmp_path: Path, monkeypatch):
    for name in ("aplay", "pw-play", "mine"):
        player_of(tmp_path, name, "exit 0\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [Path(path).name for path in found_players("auto")] == ["pw-play", "aplay"]
    assert found_players("none") == ()
    assert found_players("mine") == (str(tmp_path / "mine"),)
    assert found_players(str(tmp_path / "mine")) == (str(tmp_path / "mine"),)
    assert found_players("nothing-of-the-kind") == ()
    assert next(iter(PLAYERS)) == "pw-play"


def test_no_descriptor_is_left_open(stopped):
    player = started(stopped, ["/bin/true"])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        player.play(wav_of(Chime.QUIET, 0.1))
        player.wait(10)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def until(done, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        threading.Event().wait(0.01)
