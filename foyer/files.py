"""Where settings files usually are, and which one a command reads."""

from pathlib import Path

from foyer.errors import UsageError
from plumbing.words import Sentence

KIOSK_FILE = Path("/etc/foyer/kiosk.toml")
HUB_FILE = Path("/etc/foyer/hub.toml")
LOBBY_FILE = Path("/etc/foyer/lobby.toml")


def named_or(named: Path | None, usual: Path) -> Path | None:
    """Return the file that was named, else the usual one if it is there, else `None`."""
    return named if named is not None else (usual if usual.exists() else None)


def hub_file(named: Path | None) -> Path:
    """Return the hub's settings file.

    Raises:
        UsageError: None was named, and there is none in the usual place.
    """
    found = named_or(named, HUB_FILE)
    if found is None:
        raise UsageError(
            Sentence("there is no {file}: name the hub's settings file with --settings", file=HUB_FILE)
        )
    return found
