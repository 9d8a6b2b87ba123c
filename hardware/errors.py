"""What can go wrong with a device, in words an operator can act on.

Pure.  No error of a library leaves this package: it becomes one of these,
with the library's own as its cause.
"""

from enum import Enum


class ReaderFault(Enum):
    """Why a badge reader cannot be used."""

    UNPLUGGED = "unplugged"
    """The line hung up while it was in use."""
    MUTE = "mute"
    """The port is there; not a byte comes back."""
    GARBLED = "garbled"
    """Answers come, and do not add up, several times in a row."""
    SLOW = "slow"
    """Polls still succeed, but take far longer than they can in good health."""
    BUSY = "busy"
    """Another process holds the port."""
    NOT_A_READER = "not a reader"
    """The port cannot be a serial line, or what speaks on it is something else."""
    NO_SUCH_PORT = "no such port"
    """The device file does not exist."""
    NOT_ALLOWED = "not allowed"
    """The device file exists; its permissions say no."""
    NO_SERVICE = "no service"
    """The system's PC/SC service does not run."""
    REFUSED = "refused"
    """The PC/SC service runs; its rules say no."""
    NO_SUCH_READER = "no such reader"
    """The service or the bus knows no reader of this name."""
    NOT_INSTALLED = "not installed"
    """The part of Foyer that speaks to such readers was not installed."""


_SENTENCES = {
    ReaderFault.UNPLUGGED: (
        "The badge reader at {port} went away. Check its cable; it is used again as soon as it is back."
    ),
    ReaderFault.MUTE: (
        "Nothing answers at {port}. Check that the reader has power, that TX and RX are not swapped, "
        "and that its switches select HSU (serial)."
    ),
    ReaderFault.GARBLED: (
        "The badge reader at {port} answers with broken frames. Check the length and the ground of its "
        "wires, or set a lower speed."
    ),
    ReaderFault.SLOW: (
        "The badge reader at {port} has become very slow and is being opened again. If this repeats, "
        "check its power supply."
    ),
    ReaderFault.BUSY: (
        "The badge reader at {port} is in use by another program. Stop the other program first "
        "(another kiosk, a serial console)."
    ),
    ReaderFault.NOT_A_READER: (
        "What is at {port} is not a PN532 badge reader. Check the port in the settings, and that no "
        "login console runs on it."
    ),
    ReaderFault.NO_SUCH_PORT: (
        "There is no port {port}. Check that the badge reader is plugged in, and the port in the settings."
    ),
    ReaderFault.NOT_ALLOWED: (
        "This user may not open {port}. Add the user to the group that owns the port (usually dialout), "
        "then log in again."
    ),
    ReaderFault.NO_SERVICE: (
        "The badge reader {port} cannot be reached: the PC/SC service does not run. Start it "
        "(systemctl start pcscd.socket); the reader is used as soon as it is there."
    ),
    ReaderFault.REFUSED: (
        "The PC/SC service does not let this user use the badge reader {port}. Install Foyer's polkit rule "
        "(`foyer doctor --reader` shows it)."
    ),
    ReaderFault.NO_SUCH_READER: (
        "There is no badge reader {port}. Check that it is plugged in, and its name in the settings; "
        "`foyer doctor --reader` says what keeps it away."
    ),
    ReaderFault.NOT_INSTALLED: (
        "The badge reader {port} needs a part of Foyer that is not installed. Install foyer-kiosk[pcsc] "
        "(install.sh does it for a kiosk that is set to pcsc:)."
    ),
}


class HardwareError(Exception):
    """Base of every error this package raises on purpose."""


class ReaderGone(HardwareError):  # noqa: N818 - a state of the world, named as in the design
    """The badge reader cannot be used now; opening it again may help.

    Attributes:
        kind: Why.
        port: Path of the device file, as configured.
    """

    def __init__(self, kind: ReaderFault, port: str) -> None:
        super().__init__(_SENTENCES[kind].format(port=port))
        self.kind = kind
        self.port = port

    @property
    def sentence(self) -> str:
        """What happened, where, and what to do: fit to be shown to the operator."""
        return str(self)


class CardLifted(HardwareError):  # noqa: N818 - an event of every day, not a mistake
    """The card left the field before it had said everything."""

    def __init__(self) -> None:
        super().__init__("the badge was taken away too soon: hold it still until the light changes")
