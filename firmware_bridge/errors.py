"""What can go wrong with the door's microcontroller, in words an operator can act on.

Pure.  No error of a library leaves this package: it becomes one of these, with the library's own as
its cause.
"""

from firmware_bridge.door import BridgeFault

_SENTENCES = {
    BridgeFault.NO_SUCH_PORT: (
        "There is no port {port}. Check that the door's microcontroller is plugged in, and the port in the "
        "settings."
    ),
    BridgeFault.NOT_ALLOWED: (
        "This user may not open {port}. Add the user to the group that owns the port (usually dialout), "
        "then log in again."
    ),
    BridgeFault.BUSY: (
        "The door's microcontroller at {port} is in use by another program. Stop the other program first "
        "(another kiosk, a serial console)."
    ),
    BridgeFault.MUTE: (
        "The door's microcontroller at {port} does not answer. Unplug it and plug it in again; if it stays "
        "mute, write its firmware anew with: foyer mcu flash"
    ),
    BridgeFault.UNPLUGGED: (
        "The door's microcontroller at {port} went away. Check its cable; it is used again as soon as it is "
        "back."
    ),
    BridgeFault.VERSION: (
        "The door's microcontroller at {port} speaks another version of the protocol ({detail}). Write the "
        "firmware that belongs to this kiosk with: foyer mcu update"
    ),
}


class BridgeError(Exception):
    """Base of every error this package raises on purpose."""


class PortGone(BridgeError):  # noqa: N818 - a state of the world, named as in the design
    """The microcontroller cannot be used now; opening its port again may help.

    Attributes:
        kind: Why.
        port: Path of the device file, as configured.
    """

    def __init__(self, kind: BridgeFault, port: str, detail: str = "") -> None:
        super().__init__(_SENTENCES[kind].format(port=port, detail=detail))
        self.kind = kind
        self.port = port

    @property
    def sentence(self) -> str:
        """What happened, where, and what to do: fit to be shown to the operator."""
        return str(self)


class InterpreterMissingError(BridgeError):
    """There is no MicroPython on this machine to run the firmware without a board."""
