"""Read the machine's clocks: wall, monotonic, boot, and whether the wall can be trusted."""

import ctypes
import time
from datetime import UTC, datetime
from pathlib import Path

from typing_extensions import override

from community.clock import NEAR_US, Stamp, Steady, us_of

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

    corrections = 0
    """How often the time was set right so far: what was dated before is dated otherwise from then on."""

    def __init__(self) -> None:
        self.boot = BOOT_ID.read_text().strip()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def at(self) -> datetime:
        """Return the wall clock's time, aware, UTC."""
        return datetime.now(UTC)

    def now_us(self) -> int:
        """Return the same in microseconds since 1970 UTC."""
        return us_of(self.at())

    def now_s(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def stamp(self) -> Stamp:
        """Return all readings of this moment."""
        return Stamp(
            wall_us=self._wall_us(),
            boot=self.boot,
            up_us=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000,
            synced=self._kernel_is_synchronised(),
        )

    def synchronised(self) -> bool:
        """Say whether the time can be trusted."""
        return self._kernel_is_synchronised()

    def _wall_us(self) -> int:
        """Return what the wall clock says, jumps and all; microseconds since 1970 UTC."""
        return time.time_ns() // 1_000

    def _kernel_is_synchronised(self) -> bool:
        """Say whether the kernel holds its clock to be synchronised; `False` if it cannot be asked."""
        reading = _Timex()
        return self._libc.adjtimex(ctypes.byref(reading)) >= 0 and not reading.status & STA_UNSYNC


class SteadyClock(Clock):
    """This machine's clocks, with a wall clock that jumps neither back nor forth: for a kiosk.

    A Pi has no battery clock: it begins with a wrong time, and is set right while members tap.
    """

    def __init__(self) -> None:
        super().__init__()
        self._steady = Steady()

    @override
    def at(self) -> datetime:
        return self.stamp().at

    @override
    def stamp(self) -> Stamp:
        read = super().stamp()
        before, self._steady = self._steady, self._steady.told(read)
        if before.began_us is not None and self._steady.began_us is not None:
            moved_us = abs(self._steady.began_us - before.began_us)
            if moved_us > NEAR_US or self._steady.good is not before.good:
                self.corrections += 1
        return self._steady.stamp(read)

    @override
    def synchronised(self) -> bool:
        return self.stamp().synced
