"""`foyer sound`: hear what the kiosk says without words, or write it down as WAV files."""

import shutil
from pathlib import Path

from foyer.errors import UsageError
from foyer.language import tell
from kiosk.core.chimes import Chime, wav_of
from kiosk.core.loudness import gain_of
from kiosk.player import VOICE, Player, Speech, found_players
from plumbing.words import Sentence, why

LONGEST_S = 20.0
"""Seconds until what is heard has ended: five chimes last three."""


def save(chimes: tuple[Chime, ...], folder: Path, volume: int) -> None:
    """Write one WAV file a chime.

    Raises:
        UsageError: They cannot be written.
    """
    for chime in chimes:
        file = folder / f"{chime.value}.wav"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(wav_of(chime, gain_of(volume)))
        except OSError as error:
            raise UsageError(
                Sentence("{file}: the sound cannot be written: {why}", file=file, why=why(error))
            ) from error
        tell(Sentence("{file}: written", file=file))


def play(chimes: tuple[Chime, ...], wanted: str, volume: int, words: str = "", language: str = "en") -> None:
    """Play chimes one after the other, and say a few words if there are any.

    Raises:
        UsageError: There is nothing to play them with, or no sound device.
    """
    players, voice = found_players(wanted), shutil.which(VOICE)
    if not players:
        raise UsageError(
            Sentence("there is no player; install one: {command}", command="sudo apt-get install alsa-utils")
        )
    if words and voice is None:
        raise UsageError(
            Sentence("there is no voice; install one: {command}", command="sudo apt-get install espeak-ng")
        )
    player = Player(players, voice)
    played = True
    player.start()
    try:
        for chime in chimes:
            tell(chime.value)
            player.then(wav_of(chime, gain_of(volume)))
            played = player.wait(LONGEST_S)
        if words:
            player.say(Speech(words, language, gain_of(volume)))
            played = player.wait(LONGEST_S)
    finally:
        player.stop()
    if not played:
        raise UsageError(
            Sentence("nothing was heard: no player found a sound device; `foyer doctor` says more")
        )
