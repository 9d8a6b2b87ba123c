"""`foyer enrol`: the command around `kiosk.enrolment`."""

import os
from importlib.metadata import version
from pathlib import Path

import msgspec

from community.wire.enrolment import read_code
from foyer.errors import UsageError
from foyer.language import tell
from kiosk import enrolment
from kiosk.settings import PREFIX, KioskSettings
from plumbing.clock import Clock
from plumbing.secrets import put
from plumbing.settings import load
from plumbing.words import Sentence, why

ONLY_HERE = 0o600


def enrol_kiosk(file: Path | None, usual: Path, data_folder: Path | None, hub: str, typed: str) -> None:
    """Let this machine's kiosk in, and say what comes next.

    Args:
        file: The kiosk's settings, if there are any.
        usual: Where they are made if there are none.
        data_folder: Where its notebook is; as the settings say if `None`.
        hub: The hub's address.
        typed: The code.

    Raises:
        UsageError, SettingsError, EnrolmentError: It is not let in; the message says what to do.
    """
    code = read_code(typed, pinned=True)
    if code is None:
        raise UsageError(
            Sentence(
                "this is no code: it has 26 letters and digits, like {example}, "
                "and there is no I, L, O or U in it",
                example="7K-Q2MX-WD4F-ABCD-EFGH-JKMN-PQRS",
            )
        )
    folder = data_folder or _folder(file)
    _can_be_written(folder)  # before the code is used up
    if file is None:
        _can_be_written(usual.parent)
    done = enrolment.enrol(hub, code, program=version("foyer-kiosk"), clock_is_right=Clock().synchronised())
    enrolment.keep(folder, done)
    if file is None:
        _begin_settings(usual, folder, done)
    tell(
        Sentence(
            "This kiosk is let in as {kiosk} of the space {space}. Its papers are in {file}.",
            kiosk=done.kiosk,
            space=done.space,
            file=folder / enrolment.FILE,
        )
    )
    tell(Sentence("Now start it again: sudo systemctl restart foyer-kiosk"))


def _folder(file: Path | None) -> Path:
    """Return where the notebook is; the ids that settings lack come from the hub."""
    overrides = {"id": "not-yet", "space.id": "not-yet"}
    settings = load(KioskSettings, file=file, environment=os.environ, prefix=PREFIX, overrides=overrides)
    return Path(settings.data_folder)


def _can_be_written(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        probe = folder / ".foyer-enrol"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            Sentence(
                "{folder}: nothing can be written there ({why}); put sudo before the command",
                folder=folder,
                why=why(error),
            )
        ) from error


def _begin_settings(file: Path, folder: Path, done: enrolment.Enrolment) -> None:
    """Write the least settings a kiosk can have; every other key has its default."""
    text = "\n".join(
        [
            f"id = {_quoted(done.kiosk)}",
            f"data_folder = {_quoted(str(folder))}",
            "[space]",
            f"id = {_quoted(done.space)}",
        ]
    )
    put(file, text + "\n", ONLY_HERE)
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(file, owner.st_uid, owner.st_gid)


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
