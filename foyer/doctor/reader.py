"""Whether the badge reader can be used: it is opened as the kiosk would open it, and closed again."""

import os
import queue
from pathlib import Path
from typing import Literal, TypeAlias, assert_never

from foyer.doctor import obstacles, plugged, ports
from foyer.doctor.findings import Finding, Say, broken, notice, works
from foyer.doctor.premises import SERVICE_USER
from foyer.doctor.processes import Process, a_kiosk, holder_of
from hardware.errors import ReaderFault
from hardware.reader import ReaderLost, ReaderReady, ReaderState
from kiosk.readers import reader_of
from kiosk.settings import ReaderKind, ReaderSettings

LATEST_S = 15.0
"""Seconds a reader may take to answer or to fail; a late USB adapter and every speed need three."""

_OnUsb: TypeAlias = Literal[
    ReaderFault.NO_SERVICE, ReaderFault.REFUSED, ReaderFault.NO_SUCH_READER, ReaderFault.NOT_INSTALLED
]

CONSOLES = {"agetty", "getty", "login", "mgetty"}


def check(settings: ReaderSettings | None, say: Say) -> list[Finding]:
    """Say whether the kiosk's reader answers; without settings, which ports there are."""
    found = obstacles.check(settings, SERVICE_USER, say)
    if settings is None:
        found += plugged.check(say)
        here = ports.listed(ports.DEV)
        found.append(
            notice(say("No badge reader is set up yet. Serial ports here: {ports}.").format(ports=here))
            if here
            else notice(say("No badge reader is set up yet, and no serial port was found."))
        )
        return found
    match settings.kind:
        case ReaderKind.NONE:
            found += plugged.check(say)
            found.append(
                notice(
                    say("The settings say that there is no badge reader."),
                    say('Set [reader] device = "pn532:/dev/foyer-reader" once it is plugged in.'),
                )
            )
        case ReaderKind.PN532:
            found += _of_port(settings, say)
        case ReaderKind.WEDGE:
            found += _of_device(settings, say)
        case ReaderKind.PCSC | ReaderKind.USB:
            found.append(of_state(_ask(settings), settings.device, say))
        case _:
            assert_never(settings.kind)
    return found


def of_holder(port: str, holder: Process | None, say: Say) -> Finding | None:
    """Say who has the port; `None` if nobody is known to."""
    if holder is None:
        return None
    if holder.is_kiosk:
        return works(
            say(
                "The badge reader at {port} is in use: the kiosk is using it (process {pid}), "
                "so it was left alone."
            ).format(port=port, pid=holder.pid)
        )
    if holder.name in CONSOLES:
        return _console(port, say)
    return broken(
        say("The port {port} is held by another program: {name} (process {pid}).").format(
            port=port, name=holder.name, pid=holder.pid
        ),
        say("End that program: only one can use the reader."),
    )


def of_state(state: ReaderState | None, port: str, say: Say) -> Finding:
    """Say what the reader answered; `None` if it said nothing in time."""
    match state:
        case None:
            return _lost(ReaderFault.MUTE, port, say)
        case ReaderReady(firmware=firmware, baud=0):
            return works(
                say("The badge reader {port} answers: {firmware}.").format(port=port, firmware=firmware)
            )
        case ReaderReady(firmware=firmware, baud=baud):
            return works(
                say("The badge reader at {port} answers: {firmware}, {baud} baud.").format(
                    port=port, firmware=firmware, baud=baud
                )
            )
        case ReaderLost(kind=kind):
            return _lost(kind, port, say)
        case _:
            assert_never(state)


def _of_port(settings: ReaderSettings, say: Say) -> list[Finding]:
    port = settings.path
    held = of_holder(port, holder_of(Path(port)), say)
    if held is not None:
        return [held]
    device = Path(port).resolve().name
    if Path(port).exists() and obstacles.is_console(_read("/proc/cmdline"), device):
        return [_console(port, say)]
    return _of_device(settings, say)


def _of_device(settings: ReaderSettings, say: Say) -> list[Finding]:
    """Open the reader behind a device file, and say what came of it."""
    port = settings.path
    state = _ask(settings)
    if isinstance(state, ReaderLost) and state.kind is ReaderFault.BUSY:
        # Whose it is cannot be seen without the administrator's rights; a running kiosk can.
        held = of_holder(port, a_kiosk(), say)
        return [held or of_state(state, port, say)]
    found = [of_state(state, port, say)]
    if isinstance(state, ReaderReady) and os.geteuid() == 0:
        found += ports.of_rights(Path(port), say)
    return found


def _ask(settings: ReaderSettings) -> ReaderState | None:
    """Open the reader, note the first thing that is known of it, and close it."""
    states: queue.SimpleQueue[ReaderState] = queue.SimpleQueue()
    reader = reader_of(settings, on_tap=lambda _tap: None, on_state=states.put)
    if reader is None:
        return None
    reader.start()
    try:
        return states.get(timeout=LATEST_S)
    except queue.Empty:
        return None
    finally:
        reader.stop()


def _lost(kind: ReaderFault, port: str, say: Say) -> Finding:
    match kind:
        case ReaderFault.NO_SUCH_PORT:
            here = ports.listed(ports.DEV)
            what = say("There is no port {port}.").format(port=port)
            if port.startswith("/dev/input/"):
                cure = say("Plug the reader in; what is plugged in stands in /dev/input/by-id.")
            elif here:
                cure = say("Plug the reader in, or set [reader] device to one of these: {ports}").format(
                    ports=here
                )
            else:
                cure = say("Plug the reader in; this machine shows no serial port at all.")
            return broken(what, cure)
        case ReaderFault.NOT_ALLOWED:
            return ports.not_allowed(port, say)
        case ReaderFault.BUSY:
            return ports.busy(port, say)
        case ReaderFault.MUTE:
            return broken(
                say("The port {port} is there, but nothing answers on it.").format(port=port),
                say("Check the power, that TX and RX are crossed, and that the board's switches say HSU."),
            )
        case ReaderFault.NOT_A_READER:
            return broken(
                say("What speaks at {port} is not a PN532 badge reader.").format(port=port),
                say("Check [reader] device in the settings, and that no console runs on this port."),
            )
        case (
            ReaderFault.NO_SERVICE
            | ReaderFault.REFUSED
            | ReaderFault.NO_SUCH_READER
            | ReaderFault.NOT_INSTALLED
        ):
            return _lost_on_usb(kind, port, say)
        case ReaderFault.GARBLED | ReaderFault.SLOW | ReaderFault.UNPLUGGED:
            return broken(
                say("The badge reader at {port} answers, but badly.").format(port=port),
                say("Check the cable and the ground wire, shorten the wires, or set baud = 115200."),
            )
        case _:
            assert_never(kind)


def _lost_on_usb(kind: _OnUsb, port: str, say: Say) -> Finding:
    user = ports.user()
    match kind:
        case ReaderFault.NO_SERVICE:
            return broken(
                say("The PC/SC service cannot be reached."),
                say("Run: {command}").format(command="sudo systemctl enable --now pcscd.socket"),
            )
        case ReaderFault.REFUSED:
            return broken(
                say("The PC/SC service does not let the user {user} use the reader.").format(
                    user=ports.user()
                ),
                say("Run: {command}").format(command=obstacles.polkit_command(user)),
            )
        case ReaderFault.NO_SUCH_READER:
            return broken(
                say("There is no badge reader {port}.").format(port=port),
                say("Plug it in; if it is, see what the system says of it: {command}").format(
                    command="lsusb; pcsc_scan -r"
                ),
            )
        case ReaderFault.NOT_INSTALLED:
            return broken(
                say("The part of Foyer that speaks to PC/SC readers is not installed."),
                say("Run: {command}").format(
                    command="sudo apt-get install pcscd libccid swig gcc python3-dev libpcsclite-dev && "
                    "sudo /opt/foyer/current/bin/pip install --require-hashes -r requirements/pcsc.txt"
                ),
            )
        case _:
            assert_never(kind)


def _console(port: str, say: Say) -> Finding:
    return broken(
        say("A login console runs on {port}: it and the reader talk into each other.").format(port=port),
        say("Run: sudo raspi-config nonint do_serial_cons 1 && sudo reboot"),
    )


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
