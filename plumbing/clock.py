"""Read the machine's clocks: wall, monotonic, boot, and whether the wall can be trusted."""

import ctypes
import time
from datetime import UTC, datetime
from pathlib import Path

from community.clock import Stamp

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
STA_UNSYNC = 0x40
"""Bit of `timex.status`: the kernel's clock is not synchronised.  Source: adjtimex(2)."""


class _Timex(ctypes.Structure):
    """The front of the kernel's `struct timex`; the rest is only room for it to write into."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


class Clock:
    """The clocks of this machine.  One for a program's life."""

    def __init__(self) -> None:
        self.boot = BOOT_ID.read_text().strip()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def at(self) -> datetime:
        """Return the wall clock's time, aware, UTC."""
        return datetime.now(UTC)

    def now_s(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def stamp(self) -> Stamp:
        """Return all readings of this moment."""
        return Stamp(
            wall_us=time.time_ns() // 1_000,
            boot=self.boot,
            up_us=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000,
            synced=self.synchronised(),
        )

    def synchronised(self) -> bool:
        """Say whether the kernel holds its clock to be synchronised; `False` if it cannot be asked."""
        reading = _Timex()
        return self._libc.adjtimex(ctypes.byref(reading)) >= 0 and not reading.status & STA_UNSYNC
