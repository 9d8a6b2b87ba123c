"""How memory is taken and given back: a Pi has little, and a kiosk runs for months."""

import contextlib
import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""glibc's numbers for the settings.  Source: `malloc.h`."""

LARGE = 128 * 1024
"""Bytes from which on a piece of memory is the system's own again as soon as it is freed."""


def be_frugal() -> None:
    """Keep little of what is freed; call it once, at the start.  Does nothing where it cannot.

    glibc raises its thresholds by itself when large pieces come and go, and then keeps what was freed:
    thinking introductions over among thousands, and the tap after it, left 60 MB behind.  It also gives each
    thread a heap of its own, of which 12 MB stood half empty; the interpreter lets one thread work at a time.
    """
    with contextlib.suppress(AttributeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(MMAP_THRESHOLD, LARGE)
        libc.mallopt(TRIM_THRESHOLD, 2 * LARGE)
        libc.mallopt(ARENA_MAX, 1)


def give_back() -> None:
    """Hand what was freed in small pieces back to the system; takes some milliseconds."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
