"""The microcontroller at the door as the command sees it: asked what it is, made to let go, and written to.

Its files are copied by mpremote, in a process of its own: it speaks to MicroPython's prompt, which a board
shows only once the firmware has let go of the line.
"""

import ast
import logging
import queue
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from firmware_bridge import mcu
from firmware_bridge.bridge import SerialBridge
from firmware_bridge.door import BridgeFault, BridgeLost, BridgeReady, BridgeState
from firmware_bridge.release import release
from foyer.errors import BoardError
from plumbing.words import Sentence, why

FIRMWARE = Path(mcu.__file__).parent
"""The folder of the firmware's files."""

NOT_FOR_THE_BOARD = {"__init__.py", "hal_unix.py"}
WIRING = "wiring.py"
"""What is fitted to which pin: whoever runs the space may have changed it on the board."""
LAST = ("version.py", "main.py")
"""Copied last: a board that was unplugged half-way shows its old version, and stays at its prompt."""

ANSWER_S = 10.0
"""Seconds that a board may take to answer or to be given up."""
BACK_S = 15.0
"""Seconds that a board may take to be there again after a reset."""
COPY_S = 120.0
"""Seconds that copying may take; about twenty on a Pico."""
_LOOK_S = 0.1


def ask(port: str) -> BridgeState:
    """Open the port, return the first thing that is known of who is there, and close it again."""
    states: queue.SimpleQueue[BridgeState] = queue.SimpleQueue()
    bridge = SerialBridge(port, on_sensed=lambda _sensed: None, on_state=states.put)
    # What it logs, the command says in a sentence.
    silent, said = logging.NullHandler(), logging.getLogger("firmware_bridge")
    said.addHandler(silent)
    bridge.start()
    try:
        return states.get(timeout=ANSWER_S)
    except queue.Empty:
        # A bridge says something within three seconds, unless the port itself is stuck.
        return BridgeLost(BridgeFault.MUTE, "")
    finally:
        bridge.stop()
        said.removeHandler(silent)


def let_go(port: str) -> None:
    """Have the firmware let go of its board, if there is one that answers, and wait until the board is back.

    Raises:
        PortGone: The port cannot be used.
        BoardError: The board did not come back.
    """
    release(port)
    wait_for(port)


def ask_until_back(port: str) -> BridgeState:
    """Ask a board that is starting anew; return what it is, or why it is not there after all that time."""
    end_s = time.monotonic() + BACK_S
    while True:
        state = ask(port)
        if isinstance(state, BridgeReady) or time.monotonic() > end_s:
            return state
        time.sleep(_LOOK_S)


def wait_for(port: str) -> None:
    """Wait until there is such a port.

    Raises:
        BoardError: It took too long.
    """
    end_s = time.monotonic() + BACK_S
    while not Path(port).exists():
        if time.monotonic() > end_s:
            raise BoardError(
                Sentence("{port}: the board did not come back. Unplug it and plug it in again.", port=port)
            )
        time.sleep(_LOOK_S)


def files(*, with_wiring: bool) -> list[Path]:
    """Return the files a board needs, in the order in which they are copied."""
    unwanted = NOT_FOR_THE_BOARD if with_wiring else NOT_FOR_THE_BOARD | {WIRING}
    wanted = [file for file in sorted(FIRMWARE.glob("*.py")) if file.name not in unwanted]
    return sorted(wanted, key=lambda file: LAST.index(file.name) if file.name in LAST else -1)


def check_wiring(file: Path) -> None:
    """Look whether a wiring file says of every part whether and where it is fitted; it is not run.

    Raises:
        BoardError: It does not.
    """
    try:
        said = _names(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BoardError(Sentence("{file}: it cannot be read: {why}", file=file, why=why(error))) from error
    except (SyntaxError, ValueError) as error:
        raise BoardError(Sentence("{file}: it is no Python: {why}", file=file, why=str(error))) from error
    missing = sorted(_names((FIRMWARE / WIRING).read_text(encoding="utf-8")) - said)
    if missing:
        raise BoardError(
            Sentence(
                "{file}: it does not say where these are: {names}. Write None for what is not fitted.",
                file=file,
                names=", ".join(missing),
            )
        )


def arguments(port: str, wanted: Sequence[Path], wiring: Path | None = None) -> list[str]:
    """Return how mpremote is told to copy files onto the board at `port`, and to start it anew."""
    own = [] if wiring is None else ["fs", "cp", str(wiring), f":{WIRING}", "+"]
    return ["connect", port, *own, "fs", "cp", *map(str, wanted), ":", "+", "reset"]


def copy(port: str, wanted: Sequence[Path], wiring: Path | None = None) -> None:
    """Copy files onto a board that shows its prompt, and start it.

    Args:
        port: Where it is.
        wanted: The files, in this order.
        wiring: A space's own wiring file, by whatever name.

    Raises:
        BoardError: mpremote says that it could not.
    """
    command = [sys.executable, "-m", "mpremote", *arguments(port, wanted, wiring)]
    try:
        ran = subprocess.run(  # noqa: S603 - our own list of arguments, no shell
            command, capture_output=True, text=True, timeout=COPY_S, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as late:
        raise BoardError(_not_written(port, Sentence("it took too long"))) from late
    if ran.returncode != 0:
        lines = (ran.stderr or ran.stdout).strip().splitlines()
        raise BoardError(_not_written(port, lines[-1] if lines else str(ran.returncode)))


def _names(text: str) -> set[str]:
    """Return the names that a file of plain assignments gives values to."""
    return {
        target.id
        for line in ast.parse(text).body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def _not_written(port: str, reason: str) -> Sentence:
    return Sentence(
        "{port}: the firmware could not be written ({why}). Hold the left button while you plug the "
        "board in, and try again. If it has no MicroPython yet: hold BOOTSEL while you plug it in, and copy "
        "the file for it from micropython.org onto the drive that appears.",
        port=port,
        why=reason,
    )
