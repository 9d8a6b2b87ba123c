"""`foyer lobby`: the lobby on a second screen, a machine without a reader."""

import os
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from foyer.ending import run
from foyer.errors import UsageError
from foyer.files import LOBBY_FILE, named_or
from foyer.terminals import has_terminal
from plumbing import logs
from plumbing.settings import load
from plumbing.words import Sentence


def lobby(
    *,
    settings: Path | None = None,
    screen_id: Annotated[str | None, Parameter(name="--id")] = None,
    space: str | None = None,
    data_folder: Path | None = None,
    distance: Literal[1, 3, 5] | None = None,
    demo: bool = False,
) -> None:
    """Show the lobby on a screen of its own: who is here, what they look for, what is on.  Ctrl-Q ends it.

    Args:
        settings: The settings file; /etc/foyer/lobby.toml if there is one.
        screen_id: This device's name in the space: not a kiosk's.
        space: The space's id.
        data_folder: Where its notebook is kept: not a kiosk's.
        demo: Of the demo that runs in another terminal.
        distance: From how many metres it is read, if that is not set: the farther, the less and the larger.
    """
    from foyer.demolobby import running
    from foyer.programs import run_lobby
    from kiosk.settings import PREFIX, KioskSettings, ReaderSettings

    found = load(
        KioskSettings,
        file=running() if demo else named_or(settings, LOBBY_FILE),
        environment=os.environ,
        prefix=PREFIX,
        overrides={
            "id": screen_id,
            "space.id": space,
            "data_folder": None if data_folder is None else str(data_folder),
            "screen.distance": distance,
        },
    )
    if found.reader not in {ReaderSettings(), ReaderSettings(device="none")}:
        raise UsageError(
            Sentence(
                "these are the settings of a kiosk with a reader: a lobby screen has a name and a folder of "
                "its own (kiosk/lobby.example.toml shows a file)"
            )
        )
    if not has_terminal():
        raise UsageError(Sentence("the lobby needs a terminal to draw in"))
    logs.to_file(found.log_file)
    run(run_lobby(found))
