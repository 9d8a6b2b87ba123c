"""What keeps the kiosk from taking taps, as screen and light show it: the worst first."""

import logging

from kiosk.core.troubles import Fault
from kiosk.doorstep import Doorstep
from kiosk.scene import Scene
from plumbing.errors import DatabaseError, DatabaseTrouble

log = logging.getLogger(__name__)


class Faults:
    """Every fault there is now.  Lives as long as the kiosk, on its event loop."""

    def __init__(self, scene: Scene, doorstep: Doorstep) -> None:
        self._scene, self._doorstep = scene, doorstep
        self._unwritable: Fault | None = None
        self._reader_lost = False
        self.reader = ""
        """How the badge reader does: `ready`, `lost`, or empty before it spoke."""
        self.is_shut_out = False
        """Whether a host shut this kiosk out."""

    def reader_is(self, *, ready: bool) -> None:
        """Note how the badge reader does."""
        self._reader_lost = not ready
        self.reader = "ready" if ready else "lost"
        self._show()

    def shut_out(self) -> None:
        """Note that a host shut this kiosk out."""
        self.is_shut_out = True
        self._show()

    def noted(self) -> None:
        """Note that something could be written."""
        self._unwritable = None
        self._show()

    def not_noted(self, error: DatabaseError) -> None:
        """Note that a tap could not be written, and say why in the log."""
        log.error("a tap could not be noted: %s", error)
        full = error.trouble is DatabaseTrouble.FULL
        self._unwritable = Fault.DISK_FULL if full else Fault.DATABASE
        self._show()

    def _show(self) -> None:
        lost = Fault.READER if self._reader_lost else None
        fault = Fault.SHUT_OUT if self.is_shut_out else self._unwritable or lost
        self._scene.fault(fault)
        self._doorstep.trouble_is(there=fault is not None)
