"""The command `foyer sound`: hear the kiosk's sounds, or write them down."""

from pathlib import Path
from typing import Literal

from foyer.errors import UsageError
from plumbing.words import Sentence

Chime = Literal["in", "out", "met", "quiet", "problem"]
"""What is played, by name: the sounds themselves are loaded when they are wanted."""

MOST_VOLUME = 100


def sound(
    *chime: Chime,
    save: Path | None = None,
    volume: int = 60,
    player: str = "auto",
    say: str = "",
    language: str = "en",
) -> None:
    """Play what the kiosk says without words: in, out, met, quiet, problem; all of them if none is named.

    Args:
        chime: Which.
        save: Write them into this folder as WAV files instead.
        volume: In percent, as it is set for a space.
        player: auto, or the name of a program that plays a WAV file.
        say: Words to be read aloud after them.
        language: Of those words: fr, en.
    """
    from foyer.sound import play
    from foyer.sound import save as save_chimes
    from kiosk.core.chimes import Chime as Known

    named = {known.value: known for known in Known}
    wanted = tuple(named[each] for each in chime) or (() if say else tuple(Known))
    if not 0 <= volume <= MOST_VOLUME:
        raise UsageError(
            Sentence("--volume must be 0 to {most}, not {given}", most=MOST_VOLUME, given=volume)
        )
    if save is not None:
        save_chimes(wanted, save, volume)
    else:
        play(wanted, player, volume, say, language)
