"""`foyer mcu`: what the microcontroller at the door is, and its firmware written onto it."""

import sys
from pathlib import Path
from typing import assert_never

from cyclopts import App

from firmware_bridge.door import BridgeFault, BridgeLost, BridgeReady, Capability
from firmware_bridge.errors import PortGone
from firmware_bridge.mcu.version import FIRMWARE
from foyer.errors import BoardError
from foyer.language import tell
from plumbing.words import Sentence

PORT = Path("/dev/foyer-door")
"""The name that udev gives to a Pico (deploy/raspberrypi)."""

mcu_app = App(name="mcu", help="The microcontroller at the door: presence, light, sound, buttons.")


@mcu_app.command
def status(port: Path = PORT) -> None:
    """Say what the microcontroller is, what is fitted to it, and whether its firmware belongs to this Foyer.

    Args:
        port: Its serial port.
    """
    from foyer import board

    state = board.ask(str(port))
    match state:
        case BridgeReady():
            tell(answers(state))
            tell(fitted(state.capabilities))
            tell(compared(state.firmware, FIRMWARE))
            sys.exit(0 if state.firmware == FIRMWARE else 1)
        case BridgeLost(kind=kind):
            raise BoardError(lost(kind, str(port)))
        case _:
            assert_never(state)


@mcu_app.command
def update(port: Path = PORT, *, again: bool = False, wiring: Path | None = None) -> None:
    """Write the firmware shipped here onto a microcontroller that runs another; its wiring.py is kept.

    Args:
        port: Its serial port.
        again: Write it even if it is there already.
        wiring: A file of your own in place of its wiring.py; with it, it is always written.
    """
    from foyer import board

    if wiring is not None:
        board.check_wiring(wiring)
    state = board.ask(str(port))
    match state:
        case BridgeReady(firmware=firmware) if firmware == FIRMWARE and not again and wiring is None:
            tell(compared(firmware, FIRMWARE))
            return
        case BridgeReady():
            pass
        case BridgeLost(kind=BridgeFault.VERSION):
            pass  # that is what an update is for
        case BridgeLost(kind=kind):
            raise BoardError(lost(kind, str(port)))
        case _:
            assert_never(state)
    _write(port, wiring, with_wiring=False)


@mcu_app.command
def flash(port: Path = PORT, *, wiring: Path | None = None) -> None:
    """Write firmware and wiring.py onto a board with MicroPython, whatever was on it.

    Args:
        port: Its serial port.
        wiring: Your own wiring.py: what is fitted to which pin; `foyer mcu wiring` shows the usual one.
    """
    from foyer import board

    if wiring is not None:
        board.check_wiring(wiring)
    _write(port, wiring, with_wiring=wiring is None)


@mcu_app.command(name="wiring")
def show_wiring() -> None:
    """Print the usual wiring.py, to be changed and given to --wiring: what is fitted to which pin."""
    from foyer import board

    print((board.FIRMWARE / board.WIRING).read_text(encoding="utf-8"), end="")


def answers(ready: BridgeReady) -> Sentence:
    """Say what answered."""
    return Sentence(
        "{port}: a microcontroller answers ({board}, firmware {firmware}, protocol {protocol}).",
        port=ready.port,
        board=ready.board,
        firmware=ready.firmware,
        protocol="{}.{}".format(*ready.protocol),
    )


def fitted(capabilities: frozenset[Capability]) -> Sentence:
    """Say what it has."""
    names = [name for capability, name in _NAMES.items() if capability in capabilities]
    if not names:
        return Sentence("Nothing is fitted to it.")
    listed = names[0]
    for name in names[1:]:
        listed = Sentence("{one}, {more}", one=listed, more=name)
    return Sentence("Fitted to it: {parts}.", parts=listed)


def compared(theirs: str, ours: str) -> Sentence:
    """Say how a board's firmware compares with the one shipped here."""
    if theirs == ours:
        return Sentence("Its firmware is the one that belongs to this Foyer.")
    if _numbers(theirs) > _numbers(ours):
        return Sentence(
            "Its firmware is newer than the one that belongs to this Foyer ({ours}): update Foyer.", ours=ours
        )
    return Sentence("This Foyer brings another firmware ({ours}). Run: foyer mcu update", ours=ours)


def lost(kind: BridgeFault, port: str) -> Sentence:
    """Say why a board cannot be used, and what to do."""
    match kind:
        case BridgeFault.NO_SUCH_PORT:
            return Sentence(
                "There is no port {port}. Plug the microcontroller in, or name its port at the end of the "
                "command, like /dev/ttyACM0",
                port=port,
            )
        case BridgeFault.NOT_ALLOWED:
            return Sentence(
                "{port} may not be opened by this user. Put sudo before the command, or join the group that "
                "owns the port (usually dialout).",
                port=port,
            )
        case BridgeFault.BUSY:
            return Sentence(
                "{port} is in use, by the kiosk most likely. Stop it first: sudo systemctl stop foyer-kiosk",
                port=port,
            )
        case BridgeFault.MUTE:
            return Sentence(
                "{port} is there, but no firmware of Foyer answers. Write it with: foyer mcu flash {port}",
                port=port,
            )
        case BridgeFault.UNPLUGGED:
            return Sentence(
                "{port} went away while it was being asked. Check the cable, and try again.", port=port
            )
        case BridgeFault.VERSION:
            return Sentence(
                "The firmware at {port} speaks another version of the protocol. Run: foyer mcu update {port}",
                port=port,
            )
        case _:
            assert_never(kind)


_NAMES = {
    Capability.RADAR: Sentence("radar"),
    Capability.PIR: Sentence("PIR sensor"),
    Capability.BEAM: Sentence("light barrier"),
    Capability.RING: Sentence("light ring"),
    Capability.BUZZER: Sentence("buzzer"),
    Capability.BUTTONS: Sentence("buttons"),
}


def _write(port: Path, wiring: Path | None, *, with_wiring: bool) -> None:
    from foyer import board

    path = str(port)
    try:
        board.let_go(path)
    except PortGone as gone:
        raise BoardError(lost(gone.kind, path)) from gone
    tell(Sentence("{port}: the firmware is being written. Leave the board plugged in.", port=path))
    board.copy(path, board.files(with_wiring=with_wiring), wiring)
    state = board.ask_until_back(path)
    if not isinstance(state, BridgeReady) or state.firmware != FIRMWARE:
        raise BoardError(
            Sentence(
                "{port}: the files were written, but the firmware does not answer. Unplug the board, plug it "
                "in again, and run: foyer mcu status {port}",
                port=path,
            )
        )
    tell(Sentence("{port}: it is written, and it answers (firmware {ours}).", port=path, ours=FIRMWARE))


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers to compare; what is none counts as the oldest."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()
