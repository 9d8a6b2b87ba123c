"""Whether the real firmware can run here: it needs a MicroPython for this machine."""

import platform

import pytest

from firmware_bridge.errors import InterpreterMissingError
from firmware_bridge.virtual.board import interpreter


def _has_interpreter() -> bool:
    try:
        interpreter()
    except InterpreterMissingError:
        return False
    return True


needs_micropython = pytest.mark.skipif(
    not _has_interpreter() and platform.machine() != "x86_64",
    reason="there is no MicroPython here, and no wheel of it for this machine",
)
"""On x86-64 it is installed with the tests' requirements: missing, it is a failure, not a skip."""
