"""Whether the kiosk can be heard: a player, a sound device, a voice for those who want to be read to.

Only looks, at files below `root` and at programs on the path.
"""

import shutil
from pathlib import Path

from foyer.doctor.findings import Finding, Say, broken, notice, works
from kiosk.player import VOICE, found_players
from kiosk.settings import SoundSettings

ROOT = Path("/")

NO_CARDS = "--- no soundcards ---"
"""What the kernel's list says where there is none.  Source: Linux, sound/core/info.c."""


def check(settings: SoundSettings | None, say: Say, root: Path = ROOT) -> list[Finding]:
    """Say whether the kiosk can be heard; nothing where it is not to be.

    Args:
        settings: `None` where there is no kiosk.
        say: Turns a sentence into the operator's language.
        root: Where the system's files begin.
    """
    if settings is None or settings.player == "none":
        return []
    players = [Path(path).name for path in found_players(settings.player)]
    return [
        of_players(players, settings.player, say),
        of_cards(root, say),
        of_voice(shutil.which(VOICE) is not None, say),
    ]


def of_players(players: list[str], wanted: str, say: Say) -> Finding:
    """Say what sounds are played with."""
    if players:
        return works(say("Sounds are played with {players}.").format(players=", ".join(players)))
    if wanted == "auto":
        return notice(
            say("There is no program that plays sounds: the kiosk is silent."),
            say("Run: {command}").format(command="sudo apt-get install alsa-utils"),
        )
    return broken(
        say("There is no program {name} to play sounds with.").format(name=wanted),
        say("Install it, or set [sound] player to auto or none."),
    )


def of_cards(root: Path, say: Say) -> Finding:
    """Say whether the kernel knows a sound device."""
    try:
        cards = (root / "proc/asound/cards").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        cards = ""
    names = [line.partition("]: ")[2].strip() for line in cards.splitlines() if "]: " in line]
    if names:
        return works(say("There is a sound device: {names}.").format(names=", ".join(names)))
    return notice(
        say("There is no sound device: the kiosk is silent."),
        say(
            "Plug in a speaker, by USB for example. On a Raspberry Pi, dtparam=audio=on in "
            "/boot/firmware/config.txt switches its own on. Without sound, set [sound] player = none."
        ),
    )


def of_voice(there: bool, say: Say) -> Finding:  # noqa: FBT001 - the one thing there is to say
    """Say whether members who asked for it can be read to."""
    if there:
        return works(say("A voice reads to members who asked for it: {name}.").format(name=VOICE))
    return notice(
        say("There is no voice to read to members who asked for it."),
        say("Run: {command}").format(command="sudo apt-get install espeak-ng"),
    )
